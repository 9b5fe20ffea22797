"""Messages in OpenAI's shape become messages of the core. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workbench.api.faults import RequestError
from workbench.messages import Message, Part, Reasoning, Role, Text, ToolCall, ToolResult

MOST_MESSAGES = 10_000
ROLES = {
    "system": Role.SYSTEM,
    "developer": Role.SYSTEM,
    "user": Role.USER,
    "assistant": Role.ASSISTANT,
    "tool": Role.TOOL,
}
WORDS_OF = {"image_url": "pictures", "input_audio": "sound", "file": "files"}


def messages_of(given: Any) -> tuple[Message, ...]:
    """At least one. Raises `RequestError` naming the message and field."""
    if not isinstance(given, list) or not given:
        raise RequestError("messages must be a list with at least one message.", param="messages")
    if len(given) > MOST_MESSAGES:
        raise RequestError(f"messages may have {MOST_MESSAGES} messages.", param="messages")
    names: dict[str, str] = {}  # of the tools that were called, by the call's id: a result names only that
    return tuple(_message(one, f"messages[{place}]", names) for place, one in enumerate(given))


def _message(one: Any, where: str, names: dict[str, str]) -> Message:
    if not isinstance(one, dict):
        raise RequestError(f"{where} must be an object.", param=where)
    role = ROLES.get(str(one.get("role")))
    if role is None:
        raise RequestError(f"{where}.role must be one of {', '.join(ROLES)}.", param=f"{where}.role")
    text = _text(one.get("content"), f"{where}.content")
    if role is Role.TOOL:
        return Message(role, (_result(one, text, where, names),))
    if role is not Role.ASSISTANT:
        if text is None:
            raise RequestError(f"{where}.content is missing.", param=f"{where}.content")
        return Message(role, (Text(text),))
    return Message(role, _said(one, text, where, names))


def _said(one: Mapping[str, Any], text: str | None, where: str, names: dict[str, str]) -> tuple[Part, ...]:
    """What the model said earlier: its thoughts, its words, its calls."""
    thoughts = one.get("reasoning_content") or one.get("reasoning")
    parts: list[Part] = [Reasoning(thoughts)] if isinstance(thoughts, str) else []
    if text:
        parts.append(Text(text))
    calls = one.get("tool_calls") or []
    if not isinstance(calls, list):
        raise RequestError(f"{where}.tool_calls must be a list.", param=f"{where}.tool_calls")
    for place, call in enumerate(calls):
        made = _call(call, f"{where}.tool_calls[{place}]")
        names[made.id] = made.name
        parts.append(made)
    if one.get("function_call"):
        raise RequestError("function_call is not supported here; use tool_calls.", param=f"{where}.function_call")
    if text is None and not calls:
        raise RequestError(f"{where} has neither content nor tool_calls.", param=f"{where}.content")
    return tuple(parts) or (Text(""),)


def _call(call: Any, where: str) -> ToolCall:
    function = call.get("function") if isinstance(call, dict) else None
    if not isinstance(function, dict):
        raise RequestError(f"{where} must be the call of a function.", param=where)
    texts = (call.get("id"), function.get("name"), function.get("arguments", ""))
    if not all(isinstance(text, str) for text in texts):
        raise RequestError(f"{where} needs an id, a name and arguments, all texts.", param=where)
    return ToolCall(*(str(text) for text in texts))


def _result(one: Mapping[str, Any], text: str | None, where: str, names: Mapping[str, str]) -> ToolResult:
    call = one.get("tool_call_id")
    if not isinstance(call, str) or call not in names:
        raise RequestError(f"{where}.tool_call_id belongs to no earlier call.", param=f"{where}.tool_call_id")
    return ToolResult(call, names[call], text or "")


def _text(content: Any, where: str) -> str | None:
    """A text, or a list of parts that are texts; None when there is none."""
    if content is None or isinstance(content, str):
        return content
    if not isinstance(content, list):
        raise RequestError(f"{where} must be a text or a list of parts.", param=where)
    return "".join(_part(part, f"{where}[{place}]") for place, part in enumerate(content))


def _part(part: Any, where: str) -> str:
    kind = part.get("type") if isinstance(part, dict) else None
    text = part.get(kind) if kind in ("text", "refusal") else None
    if isinstance(text, str):
        return text
    if kind in WORDS_OF:
        raise RequestError(
            f"{where}: the local API takes text only, no {WORDS_OF[str(kind)]}.",
            param=where,
            code="unsupported_content",
        )
    raise RequestError(f"{where} must be a part with a text.", param=where)

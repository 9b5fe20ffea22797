"""Chats that are lists: the messages of OpenAI's requests, and LM Studio's conversations. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from workbench.chat.importing.values import (
    Draft,
    ForeignChat,
    Skipped,
    a_dict,
    a_list,
    assemble,
    joined,
    key_of,
    text_of,
    time_of,
    title_from,
)
from workbench.messages import Part, Reasoning, Role, Text, ToolCall, ToolResult

_ROLES = {"user": Role.USER, "assistant": Role.ASSISTANT, "tool": Role.ASSISTANT, "function": Role.ASSISTANT}
_INSTRUCTIONS = ("system", "developer")


def read_openai(value: Mapping[str, Any] | Sequence[Any]) -> ForeignChat | None:
    """The messages of one request. It has no id: the same messages are the same chat."""
    whole = value if isinstance(value, Mapping) else {}
    listed = [a_dict(one) for one in (a_list(whole.get("messages")) if whole else value)]
    digest = hashlib.sha256(json.dumps(listed[:2], sort_keys=True).encode("utf-8", "replace")).hexdigest()[:32]
    skipped: list[Skipped] = []
    drafts: list[Draft] = []
    for place, message in enumerate(listed):
        before = drafts[-1].key if drafts else None
        drafts.append(_openai_draft(message, f"{place}", before, text_of(whole.get("model")), skipped))
    messages, _went = joined(drafts)
    return assemble(
        f"openai:{key_of(whole.get('id')) or digest}",
        whole.get("title"),
        messages,
        created_at=time_of(whole.get("created")) or time_of(whole.get("created_at")),
        skipped=skipped,
    )


def _openai_draft(
    message: Mapping[str, Any], key: str, before: str | None, model: str, skipped: list[Skipped]
) -> Draft:
    told = text_of(message.get("role"))
    role = _ROLES.get(told, Role.SYSTEM)
    if role is Role.SYSTEM and (before or told not in _INSTRUCTIONS):
        skipped.append(Skipped("Messages", f"a message of {told[:40] or 'nobody'} within the chat"))
        return Draft(key, before, role, ())
    text = _openai_text(message.get("content"), skipped)
    parts: list[Part] = []
    if told in ("tool", "function"):
        parts.append(
            ToolResult(key_of(message.get("tool_call_id")), text_of(message.get("name")), text, untrusted=True)
        )
    else:
        thought = text_of(message.get("reasoning_content"))
        parts += [Reasoning(thought)] if thought else []
        parts += [Text(text)] if text else []
        parts += [_openai_call(a_dict(call)) for call in a_list(message.get("tool_calls"))]
    return Draft(key, before, role, tuple(parts), model=model if role is Role.ASSISTANT else "")


def _openai_text(content: Any, skipped: list[Skipped]) -> str:
    if isinstance(content, str):
        return text_of(content)
    texts: list[str] = []
    for part in map(a_dict, a_list(content)):
        if isinstance(part.get("text"), str):
            texts.append(text_of(part["text"]))
        else:
            skipped.append(Skipped("Messages", f"a part of the kind {text_of(part.get('type'))[:40]!r}"))
    return "\n\n".join(texts)


def _openai_call(call: Mapping[str, Any]) -> ToolCall:
    function = a_dict(call.get("function"))
    return ToolCall(key_of(call.get("id")), text_of(function.get("name")), text_of(function.get("arguments")))


def read_lm_studio(chat: Mapping[str, Any], name: str = "") -> ForeignChat | None:
    """One conversation. Earlier versions of a message become branches that end there."""
    title = title_from(chat.get("name"))
    skipped: list[Skipped] = []
    drafts: list[Draft] = []
    before: str | None = None
    instructions = text_of(chat.get("systemPrompt"))
    if instructions.strip():
        drafts.append(Draft("system", None, Role.SYSTEM, (Text(instructions),)))
        before = "system"
    for place, message in enumerate(map(a_dict, a_list(chat.get("messages")))):
        versions = [a_dict(one) for one in a_list(message.get("versions"))]
        chosen = message.get("currentlySelected")
        shown = chosen if isinstance(chosen, int) and 0 <= chosen < len(versions) else 0
        drafts += [_lm_draft(one, f"{place}.{at}", before, title, skipped) for at, one in enumerate(versions)]
        before = f"{place}.{shown}" if versions else before
    begun = time_of(chat.get("createdAt"))
    return assemble(
        f"lmstudio:{name or key_of(chat.get('createdAt')) or title}",
        chat.get("name"),
        drafts,
        tip=before or "",
        created_at=begun,
        updated_at=time_of(chat.get("assistantLastMessagedAt")) or time_of(chat.get("userLastMessagedAt")) or begun,
        pinned=chat.get("pinned") is True,
        skipped=skipped,
    )


def _lm_draft(version: Mapping[str, Any], key: str, before: str | None, title: str, skipped: list[Skipped]) -> Draft:
    role = _ROLES.get(text_of(version.get("role")), Role.USER)
    steps = [a_dict(one) for one in a_list(version.get("steps"))] or [version]
    parts: list[Part] = []
    model = ""
    for step in steps:
        model = text_of(a_dict(step.get("genInfo")).get("indexedModelIdentifier")) or model
        thinks = text_of(a_dict(step.get("style")).get("type")) == "thinking"
        for content in map(a_dict, a_list(step.get("content"))):
            if isinstance(content.get("text"), str):
                text = text_of(content["text"])
                parts.append(Reasoning(text) if thinks else Text(text))
            else:
                skipped.append(Skipped(title, f"a part of the kind {text_of(content.get('type'))[:40]!r}"))
    model = text_of(a_dict(version.get("senderInfo")).get("senderName")) or model
    return Draft(key, before, role, tuple(parts), model=model if role is Role.ASSISTANT else "")

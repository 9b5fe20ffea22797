"""Renders the messages of a request into the prompt that the model reads, as llama.cpp's server does."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from workbench.engine.worker.sandbox import RefusedError, TemplateError, TooMuchError, compile_template

# What llama.cpp takes for a model without a template.
CHATML = (
    "{%- for message in messages -%}"
    "{{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' -}}"
    "{%- endfor -%}"
    "{%- if add_generation_prompt -%}{{- '<|im_start|>assistant\\n' -}}{%- endif -%}"
)
# Gemma 4's template ends the turn behind what was said before a call, and opens none: the server does it in its place.
_CLOSED, _REOPENED = "<turn|>\n", "<|turn>model\n"
_NEEDLE, _RULE = "needle 7f3a", "rule 91c2"

Message = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a chat asks. ``arguments``: further variables of the template, such as ``enable_thinking``. ``continues``: the
    last message is a partial answer, which the prompt ends with."""

    messages: Sequence[Message]
    tools: Sequence[Mapping[str, Any]] = ()
    arguments: Mapping[str, Any] = field(default_factory=dict)
    continues: bool = False
    open_turn: bool = True  # begin the model's turn


class ChatTemplate:
    """Making one raises `TemplateError` for a template that cannot be read, or takes too much for a short message."""

    def __init__(self, source: str, *, bos: str = "", eos: str = "", continued: str = "") -> None:
        """``continued``: what stands between the model's turn and a partial answer that is gone on with."""
        self.source = source or CHATML
        self._continued = continued
        self._tokens = {"bos_token": bos, "eos_token": eos}
        self._run = compile_template(self.source)
        self._typed = not self._shows(_user(_NEEDLE)) and self._shows(_user(_typed(_NEEDLE)))
        self._system = self._shows({"role": "system", "content": self._content(_RULE)}, _user(self._content(_NEEDLE)))

    @property
    def takes_tools(self) -> bool:
        return self._system

    def render(self, prompt: Prompt) -> str:
        """Raises `TemplateError`."""
        messages = [dict(message) for message in prompt.messages]
        begun = ""
        if prompt.continues and messages:
            begun = self._continued + text_of(messages.pop().get("content"))
        opened = prompt.open_turn or prompt.continues
        if prompt.tools and not self._system:
            raise TemplateError("it has no place for tools")
        rendered = self._rendered(messages, prompt, opened=opened)
        return rendered + (_REOPENED if opened and rendered.endswith(_CLOSED) else "") + begun

    def _rendered(self, messages: list[dict[str, Any]], prompt: Prompt, *, opened: bool) -> str:
        prepared = [self._prepared(message, json_object) for message in self._with_system(messages)]
        # The server says so to every template: some think only when they are told to.
        variables = {"enable_thinking": True, **prompt.arguments, "add_generation_prompt": opened}
        if prompt.tools:
            variables["tools"] = list(prompt.tools)
        try:
            return self._all(prepared, variables)
        except (RefusedError, TooMuchError):
            raise
        except TemplateError:
            if not any(message.get("tool_calls") for message in messages):
                raise
        # Older templates join the arguments of calls as text.
        return self._all([self._prepared(message, str) for message in self._with_system(messages)], variables)

    def _all(self, messages: Sequence[Message], variables: Mapping[str, Any]) -> str:
        return self._run({**self._tokens, **variables, "messages": list(messages)})

    def _prepared(self, message: Mapping[str, Any], arguments: Callable[[Any], Any]) -> dict[str, Any]:
        prepared = {**message, "content": self._content(text_of(message.get("content")))}
        if calls := message.get("tool_calls"):
            prepared["tool_calls"] = [_call(call, arguments) for call in calls]
            if "reasoning_content" in message:
                prepared["thinking"] = message["reasoning_content"]  # harmony's name for it
        return prepared

    def _content(self, text: str) -> Any:
        return _typed(text) if self._typed else text

    def _with_system(self, messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Where a template has no instructions, they stand at the head of the first message."""
        if self._system or not messages or messages[0].get("role") != "system":
            return messages
        first = text_of(messages[0].get("content"))
        if len(messages) == 1:
            return [_user(first)]
        second = {**messages[1], "content": f"{first}\n{text_of(messages[1].get('content'))}"}
        return [second, *messages[2:]]

    def _shows(self, *messages: Message) -> bool:
        """Whether the first of ``messages`` is seen in the prompt. Raises only what no honest template does."""
        wanted = _RULE if messages[0]["role"] == "system" else _NEEDLE
        try:
            return wanted in self._all(messages, {"add_generation_prompt": True})
        except TooMuchError:
            raise
        except TemplateError:
            return False


def text_of(content: Any) -> str:
    """Of a message's content: a text, or parts, which stand on lines of their own but for the ``marker`` of a picture.
    Raises `TemplateError` for what is no text."""
    if content is None:
        return ""
    if isinstance(content, str):
        return content
    if isinstance(content, list) and all(isinstance(part, dict) and part.get("type") == "text" for part in content):
        return _joined(content)
    raise TemplateError("this engine reads only text")


def _joined(parts: Sequence[Mapping[str, Any]]) -> str:
    """As llama.cpp's server does it."""
    text, after_marker = "", False
    for part in parts:
        marker = part.get("marker") is True
        if text and not marker and not after_marker:
            text += "\n"
        text += str(part.get("text", ""))
        after_marker = marker
    return text


def json_object(arguments: Any) -> Any:
    """Arguments as most templates expect them; what is no JSON object stays as it is."""
    if not isinstance(arguments, str):
        return arguments
    try:
        found = json.loads(arguments or "{}")
    except ValueError:
        return arguments
    return found if isinstance(found, dict) else arguments


def _user(content: Any) -> dict[str, Any]:
    return {"role": "user", "content": content}


def _typed(text: str) -> list[dict[str, str]]:
    return [{"type": "text", "text": text}]


def _call(call: Mapping[str, Any], arguments: Callable[[Any], Any]) -> dict[str, Any]:
    function = dict(call.get("function") or {})
    function["arguments"] = arguments(function.get("arguments", ""))
    return {**call, "type": "function", "function": function}

"""The body of a chat completion, checked, as what the worker has to do. Pure but for the template and the tokenizer."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import import_module
from typing import Any

from workbench.engine.parsing.formats import CallFormat
from workbench.engine.worker.call_grammar import call_grammar
from workbench.engine.worker.faults import BadRequest, ContextExceeded
from workbench.engine.worker.model import Model
from workbench.engine.worker.pictures import Shown, shown
from workbench.engine.worker.sampling import Sampling
from workbench.engine.worker.sandbox import TemplateError
from workbench.engine.worker.sight import Picture, Row, Sight
from workbench.engine.worker.template import ChatTemplate, Prompt

_TAIL_CHARACTERS = 512
_UNUSABLE = (AssertionError, AttributeError, KeyError, RecursionError, TypeError, ValueError)  # of a schema


@dataclass(frozen=True, slots=True)
class Question:
    """``tail``: the end of the prompt, which may have begun the answer's reasoning. ``grammar``: GBNF, empty for none;
    ``calls``: it is one for calls of tools, in which the reasoning of harmony stands too. ``thinking_tokens``: the most of
    reasoning; None: no limit. ``most_tokens`` None: until the model stops. ``slot`` None: the one that was used last.
    ``pictures``: by where they begin in ``prompt``."""

    prompt: tuple[int, ...]
    tail: str
    sampling: Sampling
    tools: Sequence[Mapping[str, Any]] = ()
    stops: tuple[str, ...] = ()
    grammar: str = ""
    calls: bool = False
    most_tokens: int | None = None
    thinking_tokens: int | None = None
    slot: int | None = None
    stream: bool = False
    progress: bool = False
    pictures: Mapping[int, Picture] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """Turns bodies into questions. ``stops``: texts that end every answer. ``sight`` None: the model sees nothing."""

    model: Model
    template: ChatTemplate
    stops: tuple[str, ...] = field(default=())
    sight: Sight | None = None
    calls: CallFormat = ""

    def prompt(self, body: Mapping[str, Any]) -> str:
        """The rendered prompt, with a marker for each picture. Raises `BadRequest`."""
        return self._rendered(body, self._shown(body))

    def _shown(self, body: Mapping[str, Any]) -> Shown:
        return shown(_messages(body), self.sight.marker if self.sight is not None else "")

    def _rendered(self, body: Mapping[str, Any], seen: Shown) -> str:
        prompt = _prompt(body, seen.messages)
        if body.get("tool_choice") == "none" and not self.template.takes_tools:
            prompt = replace(prompt, tools=())
        try:
            return self.model.without_ends(self.template.render(prompt))
        except TemplateError as error:
            raise BadRequest(f"The model's chat template does not take these messages: {error}") from error

    def question(self, body: Mapping[str, Any]) -> Question:
        """Raises `BadRequest`, `ContextExceeded`."""
        seen = self._shown(body)
        rendered = self._rendered(body, seen)
        row = self._row(rendered, seen.pictures)
        if len(row.tokens) >= self.model.context_tokens:
            raise ContextExceeded(len(row.tokens), self.model.context_tokens)
        try:
            sampling = Sampling.of(body)
        except ValueError as error:
            raise BadRequest(str(error)) from error
        answer = _grammar(body.get("response_format"))
        calls = "" if answer else self._call_grammar(body)
        return Question(
            row.tokens,
            rendered[-_TAIL_CHARACTERS:],
            sampling,
            tools=[] if body.get("tool_choice") == "none" else _tools(body),
            stops=self.stops + _stops(body.get("stop")),
            grammar=answer or calls,
            calls=bool(calls),
            most_tokens=_count(body, "n_predict", "max_tokens", "max_completion_tokens"),
            thinking_tokens=_count(body, "thinking_budget_tokens"),
            slot=_count(body, "id_slot"),
            stream=body.get("stream") is True,
            progress=body.get("return_progress") is True,
            pictures=row.pictures,
        )

    def _call_grammar(self, body: Mapping[str, Any]) -> str:
        """What makes it call a tool, where a tool is demanded: `auto` leaves that to the model. Raises `BadRequest`."""
        demanded = body.get("tool_choice") == "required" or isinstance(body.get("tool_choice"), dict)
        if not demanded or body.get("continue_final_message") is True:
            return ""
        try:
            return call_grammar(self.calls, _tools(body), parallel=body.get("parallel_tool_calls") is not False)
        except _UNUSABLE as error:
            raise BadRequest(f"The schema of a tool cannot be used: {_why(error)}") from error

    def _row(self, rendered: str, pictures: Sequence[bytes]) -> Row:
        """Raises `BadRequest`."""
        if pictures and self.sight is not None:
            row = self.sight.row(rendered, pictures)
        else:
            row = Row(tuple(self.model.tokenize(rendered)))
        if not row.tokens:
            raise BadRequest("The prompt is empty.")
        if row.tokens[-1] < 0:
            raise BadRequest("The prompt ends with a picture: there is nothing to go on from.")
        return row


def _messages(body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    messages = body.get("messages")
    if not isinstance(messages, list) or not messages or not all(isinstance(message, dict) for message in messages):
        raise BadRequest("'messages' must be a list of messages.")
    return messages


def _prompt(body: Mapping[str, Any], messages: Sequence[Mapping[str, Any]]) -> Prompt:
    arguments = body.get("chat_template_kwargs") or {}
    if not isinstance(arguments, dict):
        raise BadRequest("'chat_template_kwargs' must be an object.")
    return Prompt(
        messages,
        _tools(body),
        arguments,
        continues=body.get("continue_final_message") is True,
        open_turn=body.get("add_generation_prompt") is not False,
    )


def _tools(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """As the model is shown them, also where it shall call none, as the server does: so what was read before, which stands
    behind them, is found again."""
    tools = body.get("tools") or []
    if not isinstance(tools, list) or not all(isinstance(tool, dict) for tool in tools):
        raise BadRequest("'tools' must be a list of tools.")
    choice = body.get("tool_choice")
    if isinstance(choice, dict):
        name = (choice.get("function") or {}).get("name")
        tools = [tool for tool in tools if (tool.get("function") or {}).get("name") == name]
        if not tools:
            raise BadRequest(f"There is no tool {name!r}.")
    return tools


def _stops(stop: Any) -> tuple[str, ...]:
    stops = [stop] if isinstance(stop, str) else stop or []
    if not isinstance(stops, list) or not all(isinstance(text, str) for text in stops):
        raise BadRequest("'stop' must be a text, or a list of texts.")
    return tuple(text for text in stops if text)


def _count(body: Mapping[str, Any], *names: str) -> int | None:
    """The first of ``names`` that is there; a negative number means no limit."""
    for name in names:
        value = body.get(name)
        if value is None:
            continue
        if not isinstance(value, int) or isinstance(value, bool):
            raise BadRequest(f"{name!r} must be a whole number.")
        return value if value >= 0 else None
    return None


def _grammar(wanted: Any) -> str:
    """GBNF for a ``response_format``; empty for text."""
    if wanted is None:
        return ""
    kind = wanted.get("type") if isinstance(wanted, dict) else None
    if kind == "text":
        return ""
    if kind == "json_object":
        schema = wanted.get("schema") or {"type": "object"}
    elif kind == "json_schema":
        schema = (wanted.get("json_schema") or {}).get("schema")
    else:
        raise BadRequest("'response_format' must be text, json_object or json_schema.")
    if not isinstance(schema, dict):
        raise BadRequest("The answer's schema is missing.")
    try:
        return str(import_module("llama_cpp.llama_grammar").json_schema_to_gbnf(json.dumps(schema)))
    except _UNUSABLE as error:
        raise BadRequest(f"The answer's schema cannot be used: {_why(error)}") from error


def _why(error: Exception) -> str:
    return str(error)[:200] or type(error).__name__

"""The body of a chat completion, checked, as what the worker has to do. Pure but for the template and the tokenizer."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from workbench.engine.worker.faults import BadRequest, ContextExceeded
from workbench.engine.worker.model import Model
from workbench.engine.worker.sampling import Sampling
from workbench.engine.worker.sandbox import TemplateError
from workbench.engine.worker.template import ChatTemplate, Prompt

_TAIL_CHARACTERS = 512


@dataclass(frozen=True, slots=True)
class Question:
    """``tail``: the end of the prompt, which may have begun the answer's reasoning. ``grammar``: GBNF, empty for none.
    ``thinking_tokens``: the most of reasoning; None: no limit. ``most_tokens`` None: until the model stops.
    ``slot`` None: the one that was used last."""

    prompt: tuple[int, ...]
    tail: str
    sampling: Sampling
    tools: Sequence[Mapping[str, Any]] = ()
    stops: tuple[str, ...] = ()
    grammar: str = ""
    most_tokens: int | None = None
    thinking_tokens: int | None = None
    slot: int | None = None
    stream: bool = False
    progress: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """Turns bodies into questions. ``stops``: texts that end every answer of this model."""

    model: Model
    template: ChatTemplate
    stops: tuple[str, ...] = field(default=())

    def prompt(self, body: Mapping[str, Any]) -> str:
        """The rendered prompt. Raises `BadRequest`."""
        try:
            return self.model.without_ends(self.template.render(_prompt(body)))
        except TemplateError as error:
            raise BadRequest(f"The model's chat template does not take these messages: {error}") from error

    def question(self, body: Mapping[str, Any]) -> Question:
        """Raises `BadRequest`, `ContextExceeded`."""
        rendered = self.prompt(body)
        tokens = self.model.tokenize(rendered)
        if not tokens:
            raise BadRequest("The prompt is empty.")
        if len(tokens) >= self.model.context_tokens:
            raise ContextExceeded(len(tokens), self.model.context_tokens)
        try:
            sampling = Sampling.of(body)
        except ValueError as error:
            raise BadRequest(str(error)) from error
        return Question(
            tuple(tokens),
            rendered[-_TAIL_CHARACTERS:],
            sampling,
            tools=_tools(body),
            stops=self.stops + _stops(body.get("stop")),
            grammar=_grammar(body.get("response_format")),
            most_tokens=_count(body, "max_tokens", "max_completion_tokens", "n_predict"),
            thinking_tokens=_count(body, "thinking_budget_tokens"),
            slot=_count(body, "id_slot"),
            stream=body.get("stream") is True,
            progress=body.get("return_progress") is True,
        )


def _prompt(body: Mapping[str, Any]) -> Prompt:
    messages = body.get("messages")
    if not isinstance(messages, list) or not messages or not all(isinstance(message, dict) for message in messages):
        raise BadRequest("'messages' must be a list of messages.")
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
    """None where the model shall call none."""
    tools = body.get("tools") or []
    if not isinstance(tools, list) or not all(isinstance(tool, dict) for tool in tools):
        raise BadRequest("'tools' must be a list of tools.")
    choice = body.get("tool_choice")
    if choice == "none":
        return []
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
    except (AssertionError, AttributeError, KeyError, RecursionError, TypeError, ValueError) as error:
        raise BadRequest(f"The answer's schema cannot be used: {str(error)[:200] or type(error).__name__}") from error

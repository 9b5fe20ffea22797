"""What each kind of server is sent: only fields that it is known to understand. Pure."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import replace
from typing import Any

from workbench.engine.asking import wire
from workbench.engine.remote.server import Kind
from workbench.messages import ChatRequest, Effort, Message, user

_EVERYWHERE = frozenset(
    ("model", "messages", "max_tokens", "temperature", "top_p", "presence_penalty", "frequency_penalty", "seed", "stop",
     "tools", "tool_choice", "response_format", "stream", "stream_options")
)  # fmt: skip
_TEMPLATE = frozenset(("chat_template_kwargs", "continue_final_message", "add_generation_prompt"))
_MORE = {
    Kind.LLAMA: _TEMPLATE
    | {"top_k", "min_p", "repeat_penalty", "return_progress", "cache_prompt", "thinking_budget_tokens"},
    Kind.VLLM: _TEMPLATE | {"top_k", "min_p", "repetition_penalty"},
    Kind.OLLAMA: frozenset(("reasoning_effort",)),
    Kind.LM_STUDIO: frozenset(("top_k", "repeat_penalty", "reasoning_effort")),
    Kind.OTHER: frozenset[str](),
}
_EFFORTS = {
    Kind.OLLAMA: {Effort.OFF: "none", Effort.ON: "medium"},
    Kind.LM_STUDIO: dict[Effort, str](),
}
_LEVELS = (Effort.LOW, Effort.MEDIUM, Effort.HIGH)
GO_ON = "Go on exactly where you stopped. Do not repeat anything and do not comment on it."


def chat_body(kind: Kind, model_id: str, request: ChatRequest) -> dict[str, Any]:
    """The body of a streaming chat completion for a server of this ``kind``."""
    return _allowed(kind, wire.chat_body(_continued(kind, request)) | {"model": model_id} | _renamed(kind, request))


def template_body(kind: Kind, model_id: str, request: ChatRequest) -> dict[str, Any]:
    """What decides the rendered prompt, for a server that counts."""
    body = wire.template_body(_continued(kind, request)) | {"model": model_id}
    return _allowed(kind, body | {"chat_template_kwargs": body.get("chat_template_kwargs", {})})


def efforts_seen(rendered: Callable[[Effort], Hashable]) -> tuple[Effort, ...]:
    """The efforts that change what the model reads. ``rendered``: the prompt, or its tokens, at an effort."""
    levels = (Effort.LOW, Effort.HIGH)
    if len({rendered(effort) for effort in levels}) == len(levels):
        return _LEVELS
    return (Effort.OFF, Effort.ON) if rendered(Effort.OFF) != rendered(Effort.ON) else ()


def _continued(kind: Kind, request: ChatRequest) -> ChatRequest:
    """Where a server cannot go on inside a message, it is asked to in words."""
    if kind in (Kind.LLAMA, Kind.VLLM) or not wire.continues(request):
        return request
    go_on: Message = user(GO_ON)
    return replace(request, messages=(*request.messages, go_on))


def _renamed(kind: Kind, request: ChatRequest) -> dict[str, Any]:
    named: dict[str, Any] = {}
    if request.sampling.repeat_penalty is not None:
        named["repetition_penalty"] = request.sampling.repeat_penalty
    if request.effort is not None and kind in _EFFORTS:
        effort = request.effort.value if request.effort in _LEVELS else _EFFORTS[kind].get(request.effort)
        if effort is not None:
            named["reasoning_effort"] = effort
    return named


def _allowed(kind: Kind, body: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name in _EVERYWHERE or name in _MORE[kind]}

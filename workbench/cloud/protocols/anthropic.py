"""A request in the words of Anthropic's messages. Pure."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Iterator, Sequence
from typing import Any

from workbench.cloud.protocols.asked import check, effort_of, most_tokens, spoken
from workbench.cloud.provider import CloudModel
from workbench.messages import ChatRequest, Effort, Image, Message, Role, Tool, ToolCall, ToolResult

PATH = "/messages"
VERSION = "2026-10-21"
Json = dict[str, Any]
USUAL_MOST_TOKENS = 8192  # it must be said; where neither the request nor the model knows
_OPENING = "(What was said before is left out.)"
# These are told a number of tokens to think with; all later ones choose it by themselves.
_BUDGETED = re.compile(r"claude-3-|claude-(opus|sonnet|haiku)-4(-[0-5])?(-\d{8})?$")
_BUDGETS = {Effort.LOW: 2048, Effort.MEDIUM: 8192, Effort.HIGH: 24_576, Effort.ON: 8192}
_LEAST_BUDGET = 1024
_NOT_OF_AN_ID = re.compile(r"[^A-Za-z0-9_-]")


def body_of(model: CloudModel, request: ChatRequest) -> Json:
    """The body of a streaming message. Raises `UsageError` for what cannot be asked."""
    check(model, request)
    most = most_tokens(model, request) or model.most_output_tokens or USUAL_MOST_TOKENS
    body: Json = {"model": model.id, "max_tokens": most}
    if system := "\n\n".join(message.text for message in spoken(request) if message.role is Role.SYSTEM):
        body["system"] = system
    body["messages"] = _turns(request)
    body |= _thinking(model, request, most)  # how tokens are drawn is no longer for the asker to say
    if stops := [text for text in request.stop if text.strip()]:
        body["stop_sequences"] = stops
    if request.tools:
        body |= {"tools": [_tool(tool) for tool in request.tools]} | _tool_choice(request.tool_choice)
    if request.schema is not None:
        wanted = {"format": {"type": "json_schema", "schema": dict(request.schema)}}
        body["output_config"] = body.get("output_config", {}) | wanted
    return body | {"stream": True}


def _turns(request: ChatRequest) -> list[Json]:
    """Those of the person and of the model by turns, the person's first: what a tool gave is the person's."""
    turns: list[Json] = []
    for message in spoken(request):
        if message.role is Role.SYSTEM:
            continue
        role = "assistant" if message.role is Role.ASSISTANT else "user"
        blocks = list(_blocks(message, tools=bool(request.tools)))
        if turns and turns[-1]["role"] == role:
            turns[-1]["content"] += blocks
        else:
            turns.append({"role": role, "content": blocks})
    if turns[0]["role"] == "assistant":
        turns.insert(0, {"role": "user", "content": [_text(_OPENING)]})
    return turns


def _blocks(message: Message, *, tools: bool) -> Iterator[Json]:
    """Calls and results are only allowed where tools are offered: else they are told in words."""
    if message.role is Role.TOOL:
        for result in message.parts:
            if isinstance(result, ToolResult):
                yield _result(result) if tools else _text(f"{result.name}: {result.text}")
        return
    for part in message.parts:
        if isinstance(part, Image):
            data = b64encode(part.content).decode("ascii")
            yield {"type": "image", "source": {"type": "base64", "media_type": part.media_type, "data": data}}
    if message.text.strip():
        yield _text(message.text)
    for call in message.tool_calls:
        yield _call(call) if tools else _text(call.text)


def _text(text: str) -> Json:
    return {"type": "text", "text": text}


def _call(call: ToolCall) -> Json:
    return {"type": "tool_use", "id": _id(call.id), "name": call.name, "input": _arguments(call.arguments)}


def _result(result: ToolResult) -> Json:
    said: Json = {"type": "tool_result", "tool_use_id": _id(result.id), "content": result.text}
    return said | ({"is_error": True} if result.failed else {})


def _id(call_id: str) -> str:
    return _NOT_OF_AN_ID.sub("_", call_id) or "call"


def _arguments(text: str) -> Json:
    """An object is wanted; a model may have written anything."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    return found if isinstance(found, dict) else {"arguments": text}


def _thinking(model: CloudModel, request: ChatRequest, most: int) -> Json:
    effort = effort_of(model, request)
    if effort is None:
        return {}
    if effort is Effort.OFF:
        return {"thinking": {"type": "disabled"}}
    if request.tools and request.tool_choice not in ("auto", "none"):
        return {}  # a demanded tool and thinking exclude each other
    if _BUDGETED.search(model.id):
        return _budget(request, _BUDGETS[effort], most)
    thinking: Json = {"thinking": {"type": "adaptive", "display": "summarized"}}
    return thinking if effort is Effort.ON else thinking | {"output_config": {"effort": effort.value}}


def _budget(request: ChatRequest, usual: int, most: int) -> Json:
    """Thoughts are a part of the longest answer: half of it at most. Between a call and its result these models want their
    signed thoughts back, which are not kept: there they do not think."""
    budget = min(request.reasoning_tokens or usual, most // 2)
    if budget < _LEAST_BUDGET or _awaits_result(request.messages):
        return {}
    return {"thinking": {"type": "enabled", "budget_tokens": budget}}


def _awaits_result(messages: Sequence[Message]) -> bool:
    return messages[-1].role is Role.TOOL


def _tool(tool: Tool) -> Json:
    return {"name": tool.name, "description": tool.description, "input_schema": dict(tool.parameters)}


def _tool_choice(choice: str) -> Json:
    kinds = {"auto": {}, "none": {"tool_choice": {"type": "none"}}, "required": {"tool_choice": {"type": "any"}}}
    return kinds.get(choice, {"tool_choice": {"type": "tool", "name": choice}})

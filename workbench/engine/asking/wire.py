"""The engine's OpenAI-compatible JSON: requests out, stream events in. Pure."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from workbench.errors import ContextFullError, EngineError, UsageError
from workbench.messages import (
    ChatRequest,
    Effort,
    Finish,
    Finished,
    Image,
    Message,
    PromptProgress,
    ReasoningDelta,
    Role,
    TextDelta,
    Timings,
    Tool,
    ToolCallDelta,
    ToolResult,
    Usage,
)

MOST_RAW_TOKENS = 2048
_SCHEMA_FAULT = "JSON schema error"
_FINISHES = {"length": Finish.LENGTH, "tool_calls": Finish.TOOL_CALLS}


class EngineGoneError(EngineError):
    """The connection to the engine failed or broke: it is gone, or it was never there."""


class FormatBrokenError(EngineError):
    """The model's text broke its own format. ``raw``: all that it wrote, where the engine tells it."""

    def __init__(self, detail: str, raw: str = "") -> None:
        super().__init__(
            "The model's text broke its own format, so the engine ended the answer.",
            hint="Regenerate the answer; if it happens often, choose another file of this model.",
            detail=detail,
        )
        self.raw = raw


class SchemaRefusedError(EngineError, UsageError):
    """The engine can make nothing of the JSON schema: what was asked is wrong, not the engine."""

    kind = "usage"


def template_body(request: ChatRequest) -> dict[str, Any]:
    """What decides the rendered prompt: the same for asking, for rendering and for counting.

    A last message of the assistant is continued; a model that thinks first must not start to think again inside it. Said
    in so many words, all builds answer with the rest alone; otherwise some repeat the message before it.
    """
    body: dict[str, Any] = {"messages": [_message(message) for message in request.messages]}
    arguments = _effort(request.effort)
    if continues(request):
        arguments["enable_thinking"] = False
        body |= {"continue_final_message": True, "add_generation_prompt": False}
    if arguments:
        body["chat_template_kwargs"] = arguments
    if request.tools:
        body["tools"] = [_tool(tool) for tool in request.tools]
        body["tool_choice"] = _tool_choice(request.tool_choice)
    return body


def only_demanded(body: Mapping[str, Any]) -> dict[str, Any]:
    """``body`` for an engine of ours: llama.cpp's server knows that some tool is required, and not that this one is. So it
    is shown no other."""
    choice = body.get("tool_choice")
    if not isinstance(choice, dict):
        return dict(body)
    name = choice["function"]["name"]
    tools = [tool for tool in body.get("tools", ()) if tool["function"]["name"] == name]
    return {**body, "tools": tools, "tool_choice": "required"}


def continues(request: ChatRequest) -> bool:
    """Whether the last message is a partial answer, to be gone on with."""
    last = request.messages[-1] if request.messages else None
    return last is not None and last.role is Role.ASSISTANT and not last.tool_calls


def chat_body(request: ChatRequest) -> dict[str, Any]:
    """The body of a streaming chat completion. Nothing in it names files or other servers."""
    body = template_body(request) | request.sampling.chosen()
    if request.max_tokens is not None:
        body["max_tokens"] = request.max_tokens
    if request.stop:
        body["stop"] = list(request.stop)
    if request.reasoning_tokens is not None:
        body["thinking_budget_tokens"] = request.reasoning_tokens
    if request.schema is not None:
        body["response_format"] = {
            "type": "json_schema",
            "json_schema": {"name": "answer", "schema": dict(request.schema), "strict": True},
        }
    return body | {
        "stream": True,
        "stream_options": {"include_usage": True},
        "return_progress": True,
        "cache_prompt": True,
    }


def _message(message: Message) -> dict[str, Any]:
    """Reasoning is sent with the calls that it led to: the model goes on from there. Else templates drop it."""
    results = [part for part in message.parts if isinstance(part, ToolResult)]
    if message.role is Role.TOOL and results:
        return {"role": "tool", "tool_call_id": results[0].id, "name": results[0].name, "content": results[0].text}
    body: dict[str, Any] = {"role": message.role.value, "content": _content(message)}
    if message.tool_calls:
        body["tool_calls"] = [
            {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}
            for call in message.tool_calls
        ]
        if message.reasoning:
            body["reasoning_content"] = message.reasoning
    return body


def _content(message: Message) -> str | list[dict[str, Any]]:
    """A text alone; with pictures a list, they stand before it."""
    pictures = [part for part in message.parts if isinstance(part, Image)]
    if not pictures:
        return message.text
    urls = (f"data:{one.media_type};base64,{b64encode(one.content).decode('ascii')}" for one in pictures)
    shown: list[dict[str, Any]] = [{"type": "image_url", "image_url": {"url": url}} for url in urls]
    return [*shown, {"type": "text", "text": message.text}] if message.text else shown


def _tool(tool: Tool) -> dict[str, Any]:
    function = {"name": tool.name, "description": tool.description, "parameters": dict(tool.parameters)}
    return {"type": "function", "function": function}


def _tool_choice(choice: str) -> Any:
    return choice if choice in ("auto", "none", "required") else {"type": "function", "function": {"name": choice}}


def _effort(effort: Effort | None) -> dict[str, Any]:
    """For all kinds of templates at once: each takes the argument that it knows."""
    if effort is None:
        return {}
    arguments: dict[str, Any] = {"enable_thinking": effort is not Effort.OFF}
    if effort in (Effort.LOW, Effort.MEDIUM, Effort.HIGH):
        arguments["reasoning_effort"] = effort.value
    return arguments


@dataclass(frozen=True, slots=True)
class Speeds:
    """Tokens per second, measured by the engine."""

    prompt: float | None = None
    generation: float | None = None


Piece = PromptProgress | ReasoningDelta | TextDelta | ToolCallDelta | Finish | Usage | Speeds


def pieces(payload: str) -> Iterator[Piece]:
    """What one data payload of the stream says. Raises `EngineError` for an error that the engine sent in it."""
    try:
        chunk = json.loads(payload)
    except ValueError as error:
        raise EngineError("The engine sent something that is not JSON.", detail=payload[:2000]) from error
    if isinstance(chunk, dict) and chunk.get("error"):
        raise failure(chunk, payload)
    try:
        yield from tuple(_pieces(chunk))
    except (AttributeError, KeyError, OverflowError, TypeError, ValueError) as error:
        raise EngineError("The engine sent something unexpected.", detail=payload[:2000]) from error


def _pieces(chunk: Mapping[str, Any]) -> Iterator[Piece]:
    yield from _progress(chunk.get("prompt_progress"))
    for choice in chunk.get("choices") or ():
        yield from _choice(choice)
    yield from _usage(chunk.get("usage"))
    yield from _speeds(chunk.get("timings"))


def _progress(progress: Any) -> Iterator[Piece]:
    """Cached tokens count as read."""
    if progress:
        yield PromptProgress(int(progress.get("processed", 0)), int(progress.get("total", 0)))


def _choice(choice: Mapping[str, Any]) -> Iterator[Piece]:
    delta = choice.get("delta") or {}
    if thought := delta.get("reasoning_content"):
        yield ReasoningDelta(str(thought))
    if text := delta.get("content"):
        yield TextDelta(str(text))
    for call in delta.get("tool_calls") or ():
        yield _call(call)
    if reason := choice.get("finish_reason"):
        yield _FINISHES.get(reason, Finish.STOP)


def _call(call: Mapping[str, Any]) -> ToolCallDelta:
    function = call.get("function") or {}
    texts = (call.get("id"), function.get("name"), function.get("arguments"))
    return ToolCallDelta(int(call.get("index") or 0), *(str(text or "") for text in texts))


def _usage(usage: Mapping[str, Any] | None) -> Iterator[Usage]:
    if usage:
        details = usage.get("prompt_tokens_details") or {}
        yield Usage(usage.get("prompt_tokens"), details.get("cached_tokens"), usage.get("completion_tokens"))


def _speeds(timings: Mapping[str, Any] | None) -> Iterator[Speeds]:
    """One token has no speed: the engine reports its time as zero or near it."""
    if timings:
        generation = timings.get("predicted_per_second") if timings.get("predicted_n", 0) > 1 else None
        yield Speeds(timings.get("prompt_per_second") or None, generation or None)


def raw_body(request: ChatRequest, prompt: str) -> dict[str, Any]:
    """The body that has the rendered ``prompt`` gone on with, and nothing taken apart."""
    body: dict[str, Any] = {"prompt": prompt, "stream": True, "cache_prompt": True, **request.sampling.chosen()}
    return body | {"n_predict": request.max_tokens or MOST_RAW_TOKENS, "stop": list(request.stop)}


def raw_piece(payload: str) -> str:
    """The text of one payload of such a stream. Raises `EngineError` for anything else."""
    try:
        said = json.loads(payload)
        return str(said["content"])
    except (KeyError, TypeError, ValueError) as error:
        raise EngineError("The engine sent something unexpected.", detail=payload[:2000]) from error


def finished(answer: Mapping[str, Any]) -> Finished:
    """The usage and speeds of a whole answer. Raises `EngineError` when they cannot be read."""
    try:
        usage = next(_usage(answer.get("usage")), Usage())
        speeds = next(_speeds(answer.get("timings")), Speeds())
    except (AttributeError, TypeError, ValueError) as error:
        raise EngineError("The engine sent something unexpected.", detail=str(answer)[:2000]) from error
    return Finished(Finish.STOP, usage, Timings(None, speeds.prompt, speeds.generation))


def failure(answer: Any, body: str, status: int | None = None) -> EngineError:
    """The error that an engine's answer means. ``answer``: its JSON, or None when it is none."""
    said = answer.get("error") if isinstance(answer, dict) else None
    said = said if isinstance(said, dict) else {"message": said if isinstance(said, str) else ""}
    message, detail = str(said.get("message", "")), body[:4000]
    if said.get("type") == "exceed_context_size_error" or "exceeds the available context size" in message:
        return context_full(said.get("n_prompt_tokens"), said.get("n_ctx"), detail)
    if "Context size has been exceeded" in message:
        return context_full(None, None, detail)
    if status == 401 or said.get("type") == "authentication_error":
        return EngineError(
            "The engine refused the key.", hint="Close the other Workbench, and try again.", detail=detail
        )
    if "does not match the expected" in message:
        raw = said.get("raw")
        return FormatBrokenError(detail, raw if isinstance(raw, str) else "")
    if _SCHEMA_FAULT in message:
        fault = message.rpartition(_SCHEMA_FAULT)[2].strip(" :")
        return SchemaRefusedError(
            f"The JSON schema cannot be used: {fault[:300]}.",
            hint="Correct the schema; it may refer only to its own parts.",
            detail=detail,
        )
    where = f" (HTTP {status})" if status else ""
    return EngineError(f"The engine answered with an error{where}: {message[:300] or 'no reason given'}", detail=detail)


def context_full(prompt_tokens: Any, context_tokens: Any, detail: str = "") -> ContextFullError:
    """Both numbers, when the engine told them."""
    if not prompt_tokens or not context_tokens:
        return ContextFullError("This chat no longer fits into the model's context.", detail=detail)
    return ContextFullError(
        f"This chat has {prompt_tokens:,} tokens, and the model's context holds {context_tokens:,}.", detail=detail
    )

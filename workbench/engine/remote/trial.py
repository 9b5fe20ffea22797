"""Short questions to one model of a server, to see what it can. Each costs it a few tokens."""

from __future__ import annotations

from workbench.cancel import CancelToken
from workbench.engine.remote.backend import RemoteBackend
from workbench.engine.remote.errors import UnreachableError, WrongKeyError
from workbench.engine.remote.failures import parsed
from workbench.engine.remote.server import Trial
from workbench.errors import EngineError
from workbench.messages import (
    ChatRequest,
    Finished,
    ReasoningDelta,
    Sampling,
    Text,
    TextDelta,
    Tool,
    ToolCall,
    fold_events,
    user,
)

_COLD = Sampling(temperature=0.0)
_COUNT = ChatRequest((user("Count from 1 to 20 in words."),), max_tokens=48, sampling=_COLD)
_SCHEMA = ChatRequest(
    (user("Is the sky blue? Answer in JSON."),),
    max_tokens=64,
    sampling=_COLD,
    schema={
        "type": "object",
        "properties": {"answer": {"type": "boolean"}},
        "required": ["answer"],
        "additionalProperties": False,
    },
)
_TIME = Tool(
    "current_time", "Tells the time in a city.", {"type": "object", "properties": {"city": {"type": "string"}}}
)
_TOOLS = ChatRequest(
    (user("What time is it in Rome? Use the tool."),),
    max_tokens=256,
    sampling=_COLD,
    tools=(_TIME,),
    tool_choice="auto",
)


def try_out(backend: RemoteBackend, cancel: CancelToken) -> Trial:
    """Raises what the first question raises; what the others meet is an answer of its own."""
    events = list(backend.stream(_COUNT, cancel))
    last = events[-1]
    finished = last if isinstance(last, Finished) else None
    return Trial(
        backend.info.model,
        streaming=sum(isinstance(event, TextDelta | ReasoningDelta) for event in events) > 1,
        usage=finished is not None and finished.usage.completion_tokens is not None,
        reasoning=any(isinstance(event, ReasoningDelta) for event in events),
        tools=_calls(backend, cancel),
        schema=_keeps_to_schema(backend, cancel),
        first_token_seconds=finished.timings.first_token_seconds if finished else None,
        tokens_per_second=finished.timings.generation_tokens_per_second if finished else None,
    )


def _calls(backend: RemoteBackend, cancel: CancelToken) -> bool:
    try:
        parts = fold_events(backend.stream(_TOOLS, cancel))
    except (UnreachableError, WrongKeyError):
        raise
    except EngineError:
        return False
    return any(isinstance(part, ToolCall) and part.name == _TIME.name for part in parts)


def _keeps_to_schema(backend: RemoteBackend, cancel: CancelToken) -> bool:
    try:
        parts = fold_events(backend.stream(_SCHEMA, cancel))
        answer = parsed("".join(part.text for part in parts if isinstance(part, Text)))
    except (UnreachableError, WrongKeyError):
        raise
    except (EngineError, ValueError):
        return False
    return isinstance(answer, dict) and isinstance(answer.get("answer"), bool)

"""The answers of a chat completion, as llama.cpp's server sends them. Pure."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from workbench.engine.parsing.events import AnswerText, CallArguments, CallStart, ReasoningText
from workbench.engine.worker.generation import Figures, News, Progress

MODEL = "model"


@dataclass(frozen=True, slots=True)
class Chunks:
    """Of one streamed answer. ``progress``: tell how much of the prompt is read."""

    progress: bool = False
    id: str = field(default_factory=lambda: f"chatcmpl-{secrets.token_hex(16)}")
    created: int = field(default_factory=lambda: int(time.time()))

    def of(self, news: News) -> list[dict[str, Any]]:
        if isinstance(news, Progress):
            return [self._chunk({}, prompt_progress=_progress(news))] if self.progress else []
        if isinstance(news, Figures):
            return [self._chunk({}, news.finish), self._end(news)]
        return [self._chunk(_delta(news))]

    def first(self) -> dict[str, Any]:
        return self._chunk({"role": "assistant", "content": None})

    def _chunk(self, delta: dict[str, Any], finish: str | None = None, **more: Any) -> dict[str, Any]:
        return self._frame([{"index": 0, "delta": delta, "finish_reason": finish}]) | more

    def _end(self, figures: Figures) -> dict[str, Any]:
        return self._frame([]) | {"usage": usage(figures), "timings": timings(figures)}

    def _frame(self, choices: list[dict[str, Any]]) -> dict[str, Any]:
        return {
            "choices": choices,
            "created": self.created,
            "id": self.id,
            "model": MODEL,
            "object": "chat.completion.chunk",
        }


def whole(news: Iterable[News]) -> dict[str, Any]:
    """The answer in one piece. The last of ``news`` are its figures."""
    texts: dict[type, list[str]] = {ReasoningText: [], AnswerText: []}
    calls: list[dict[str, Any]] = []
    figures = Figures("stop", 0, 0, 0.0, 0, 0.0)
    for piece in news:
        if isinstance(piece, ReasoningText | AnswerText):
            texts[type(piece)].append(piece.text)
        elif isinstance(piece, CallStart):
            calls.append(_call(piece))
        elif isinstance(piece, CallArguments):
            calls[piece.index]["function"]["arguments"] += piece.text
        elif isinstance(piece, Figures):
            figures = piece
    message: dict[str, Any] = {"role": "assistant", "content": "".join(texts[AnswerText])}
    if texts[ReasoningText]:
        message["reasoning_content"] = "".join(texts[ReasoningText])
    if calls:
        message["tool_calls"] = calls
    return {
        "choices": [{"index": 0, "message": message, "finish_reason": figures.finish}],
        "created": int(time.time()),
        "id": f"chatcmpl-{secrets.token_hex(16)}",
        "model": MODEL,
        "object": "chat.completion",
        "usage": usage(figures),
        "timings": timings(figures),
    }


def usage(figures: Figures) -> dict[str, Any]:
    return {
        "completion_tokens": figures.predicted_tokens,
        "prompt_tokens": figures.prompt_tokens,
        "total_tokens": figures.prompt_tokens + figures.predicted_tokens,
        "prompt_tokens_details": {"cached_tokens": figures.cached_tokens},
    }


def timings(figures: Figures) -> dict[str, Any]:
    read = figures.prompt_tokens - figures.cached_tokens
    return {
        "cache_n": figures.cached_tokens,
        "prompt_n": read,
        "prompt_ms": figures.prompt_seconds * 1000,
        "prompt_per_second": read / max(figures.prompt_seconds, 1e-6),
        "predicted_n": figures.predicted_tokens,
        "predicted_ms": figures.predicted_seconds * 1000,
        "predicted_per_second": figures.predicted_tokens / max(figures.predicted_seconds, 1e-6),
    }


def _progress(progress: Progress) -> dict[str, Any]:
    return {
        "total": progress.total,
        "cache": progress.cached,
        "processed": progress.processed,
        "time_ms": int(progress.seconds * 1000),
    }


def _delta(piece: ReasoningText | AnswerText | CallStart | CallArguments) -> dict[str, Any]:
    match piece:
        case ReasoningText():
            return {"reasoning_content": piece.text}
        case AnswerText():
            return {"content": piece.text}
        case CallStart():
            return {"tool_calls": [{"index": piece.index, **_call(piece)}]}
        case CallArguments():
            return {"tool_calls": [{"index": piece.index, "function": {"arguments": piece.text}}]}


def _call(start: CallStart) -> dict[str, Any]:
    return {"id": start.id, "type": "function", "function": {"name": start.name, "arguments": ""}}

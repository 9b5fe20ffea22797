"""Servers for models as other programs make them: vLLM, Ollama, LM Studio, and one that only knows OpenAI's routes.

What differs between them is written as their documentation and sources have it: names of fields, what is listed, how a
tool's call arrives, what a refusal looks like.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.backend import words
from tests.fakes.loopback import Asked, Handler, LoopbackServer

Json = dict[str, Any]


@dataclass
class Persona:
    """``gets`` and ``posts``: what each path answers. ``reasoning``: the name of its field for thoughts."""

    gets: dict[str, Json]
    posts: dict[str, Json] = field(default_factory=dict)
    reasoning: str = "reasoning_content"
    streams: bool = True
    whole_calls: bool = False
    context_tokens: int = 2048
    counts: bool = False


def _model_row(owner: str, model_id: str, **more: Any) -> Json:
    return {"id": model_id, "object": "model", "created": 1, "owned_by": owner, **more}


def vllm(model_id: str = "Qwen/Qwen3-8B") -> Persona:
    listed = {"object": "list", "data": [_model_row("vllm", model_id, root=model_id, max_model_len=2048)]}
    return Persona({"/v1/models": listed, "/version": {"version": "0.11.0"}}, reasoning="reasoning", counts=True)


def ollama() -> Persona:
    listed = [_model_row("library", "qwen3:8b"), _model_row("library", "nomic-embed-text:latest")]
    return Persona(
        {
            "/v1/models": {"object": "list", "data": listed},
            "/api/ps": {"models": [{"name": "qwen3:8b", "model": "qwen3:8b", "context_length": 2048}]},
            "/api/version": {"version": "0.12.0"},
        },
        {
            "/api/show qwen3:8b": {
                "capabilities": ["completion", "tools", "thinking"],
                "model_info": {"general.architecture": "qwen3", "qwen3.context_length": 40960},
            },
            "/api/show nomic-embed-text:latest": {"capabilities": ["embedding"], "model_info": {}},
        },
        reasoning="reasoning",
        whole_calls=True,
    )


def lm_studio() -> Persona:
    listed = [
        _model_row("organization_owner", "openai/gpt-oss-20b"),
        _model_row("organization_owner", "text-embedding-nomic-embed-text-v1.5"),
    ]
    details = [
        {
            "id": "openai/gpt-oss-20b", "type": "llm", "state": "loaded", "max_context_length": 131072,
            "loaded_context_length": 2048, "capabilities": ["tool_use"],
        },
        {"id": "text-embedding-nomic-embed-text-v1.5", "type": "embeddings", "state": "not-loaded"},
    ]  # fmt: skip
    return Persona(
        {"/v1/models": {"object": "list", "data": listed}, "/api/v0/models": {"object": "list", "data": details}},
        reasoning="reasoning",
    )


def plain() -> Persona:
    """No streams, no usage in them, no context told."""
    listed = {"object": "list", "data": [_model_row("somebody", "model-one")]}
    return Persona({"/v1/models": listed}, streams=False)


class OpenAiServer(LoopbackServer):
    """Says ``text``; ``thoughts`` come first; ``calls`` are tools it wants called."""

    keeps_connections = True

    def __init__(
        self,
        persona: Persona,
        text: str = "The sea is wide and blue.",
        *,
        thoughts: str = "",
        calls: Sequence[tuple[str, Json]] = (),
        key: str | None = None,
        pause_seconds: float = 0.0,
    ) -> None:
        self.persona = persona
        self.text, self.thoughts, self.calls, self.key = text, thoughts, calls, key
        self.pause_seconds = pause_seconds
        self.questions: list[Asked] = []
        self.disconnects = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def answer(self, asked: Asked, handler: Handler) -> None:
        self.questions.append(asked)
        _Exchange(asked, self, handler).answer()

    def count(self, messages: Sequence[Json]) -> int:
        return 1 + sum(4 + len(str(message["content"]).split()) for message in messages)

    def asked(self, path: str) -> list[Asked]:
        return [question for question in self.questions if question.path == path]


@dataclass
class _Exchange:
    """One request and its answer."""

    asked: Asked
    fake: OpenAiServer
    handler: Handler

    def answer(self) -> None:
        if not self._welcome():
            self._json(401, {"error": "Unauthorized"})
        elif self.asked.method == "GET":
            self._known(self.fake.persona.gets.get(self.asked.path))
        elif self.asked.path == "/v1/chat/completions":
            self._chat(self.asked.json)
        elif self.asked.path == "/tokenize" and self.fake.persona.counts:
            self._count(self.asked.json)
        else:
            self._known(self.fake.persona.posts.get(f"{self.asked.path} {self.asked.json.get('model', '')}"))

    def _welcome(self) -> bool:
        return self.fake.key is None or self.asked.headers.get("authorization") == f"Bearer {self.fake.key}"

    def _known(self, answer: Json | None) -> None:
        self._json(404 if answer is None else 200, {"detail": "Not Found"} if answer is None else answer)

    def _count(self, body: Json) -> None:
        count = self.fake.count(body["messages"])
        thinks = body.get("chat_template_kwargs", {}).get("enable_thinking", True)
        tokens = [7] * count + ([] if thinks else [9])
        self._json(200, {"count": count, "max_model_len": 2048, "tokens": tokens, "token_strs": None})

    def _chat(self, body: Json) -> None:
        asked = self.fake.count(body["messages"])
        if body["model"] not in {row["id"] for row in self.fake.persona.gets["/v1/models"]["data"]}:
            self._json(404, {"error": {"message": f"The model `{body['model']}` does not exist.", "code": 404}})
        elif asked >= self.fake.persona.context_tokens:
            message = (
                f"This model's maximum context length is {self.fake.persona.context_tokens} tokens. However, your "
                f"request has {asked} input tokens. Please reduce the length of the input messages."
            )
            self._json(400, {"object": "error", "message": message, "type": "BadRequestError", "code": 400})
        elif self.fake.persona.streams:
            self._stream(body, asked)
        else:
            self._json(200, self._whole(body, asked))

    def _stream(self, body: Json, asked: int) -> None:
        self.handler.head(200, {"Content-Type": "text/event-stream; charset=utf-8", "Connection": "close"})
        self.handler.close_connection = True
        try:
            for chunk in self._chunks(body, asked):
                self.handler.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
                self.handler.wfile.flush()
                if self.fake.closing.wait(self.fake.pause_seconds):
                    return
            self.handler.wfile.write(b"data: [DONE]\n\n")
        except OSError:
            self.fake.disconnects += 1

    def _chunks(self, body: Json, asked: int) -> Iterator[Json]:
        yield _delta({"role": "assistant", "content": ""})
        limit = body.get("max_tokens") or 10_000
        said = 0
        for piece in words(self.fake.thoughts) if self.fake.thoughts else ():
            said += 1
            yield _delta({self.fake.persona.reasoning: piece})
        for piece in words(self.fake.text)[: limit - said] if not self.fake.calls else ():
            said += 1
            yield _delta({"content": piece})
        for at, (name, arguments) in enumerate(self.fake.calls):
            yield from self._call(at, name, json.dumps(arguments))
        cut = "length" if said >= limit else "stop"
        ollama_like = self.fake.persona.whole_calls
        yield _delta({}, "tool_calls" if self.fake.calls and not ollama_like else cut)
        if body.get("stream_options", {}).get("include_usage"):
            yield {"object": "chat.completion.chunk", "choices": [], "usage": _usage(asked, said)}

    def _call(self, at: int, name: str, arguments: str) -> Iterator[Json]:
        if self.fake.persona.whole_calls:
            call = {"index": 0, "id": f"call_{name}_{at}", "type": "function"}
            yield _delta({"tool_calls": [{**call, "function": {"name": name, "arguments": arguments}}]})
            return
        yield _delta({"tool_calls": [{"index": at, "id": f"c{at}", "function": {"name": name, "arguments": ""}}]})
        for piece in (arguments[:3], arguments[3:]):
            yield _delta({"tool_calls": [{"index": at, "function": {"arguments": piece}}]})

    def _whole(self, body: Json, asked: int) -> Json:
        pieces = words(self.fake.text)[: body.get("max_tokens") or 10_000]
        choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "".join(pieces)}}
        return {"object": "chat.completion", "choices": [choice], "usage": _usage(asked, len(pieces))}

    def _json(self, status: int, answer: Json) -> None:
        self.handler.send(status, json.dumps(answer).encode())


def _delta(delta: Json, finish: str | None = None) -> Json:
    choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
    return {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}


def _usage(prompt: int, completion: int) -> Json:
    return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}

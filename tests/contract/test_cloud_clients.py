"""The official clients of OpenAI and Anthropic believe what our fake providers say: what we read of them is the protocol.

And what we send is what those clients' own types allow.
"""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import anthropic
import httpx2
import openai
import pydantic
import pytest
from anthropic.types import message_create_params as anthropic_params
from openai.types.chat import completion_create_params as openai_params

from tests.fakes.cloud_servers import KEY, CloudServer, faults
from workbench.cloud.protocols.client import ProviderClient
from workbench.cloud.provider import CloudModel, Dialect, Provider
from workbench.messages import (
    ChatRequest,
    Effort,
    Image,
    Message,
    Role,
    Sampling,
    Text,
    Tool,
    ToolCall,
    ToolResult,
    assistant,
    system,
    user,
)

SEA = "The sea is wide and blue."
THOUGHTS = "Let me see."


@pytest.fixture
def of_openai() -> Iterator[tuple[CloudServer, openai.OpenAI]]:
    with CloudServer(Dialect.OPENAI, https=True) as server, _http(server.trust) as http:
        yield server, openai.OpenAI(api_key=KEY, base_url=server.base_url, max_retries=0, http_client=http)


@pytest.fixture
def of_anthropic() -> Iterator[tuple[CloudServer, anthropic.Anthropic]]:
    with CloudServer(Dialect.ANTHROPIC, https=True) as server, _http(server.trust) as http:
        yield server, anthropic.Anthropic(api_key=KEY, base_url=server.origin, max_retries=0, http_client=http)


def _http(trust: ssl.SSLContext) -> httpx2.Client:
    return httpx2.Client(verify=trust, trust_env=False)


# OpenAI ---------------------------------------------------------------------------------------------------------------

ASKED: Any = [{"role": "user", "content": "How is the sea?"}]


def test_openai_streams(of_openai: tuple[CloudServer, openai.OpenAI]) -> None:
    server, client = of_openai
    server.thoughts = THOUGHTS
    stream = client.chat.completions.create(
        model="model-one", messages=ASKED, stream=True, stream_options={"include_usage": True}
    )
    chunks = list(stream)
    deltas = [choice.delta for chunk in chunks for choice in chunk.choices]
    assert "".join(delta.content or "" for delta in deltas) == SEA
    thoughts = ((delta.model_extra or {}).get("reasoning_content") or "" for delta in deltas)
    assert "".join(thoughts) == THOUGHTS
    assert [choice.finish_reason for chunk in chunks for choice in chunk.choices if choice.finish_reason] == ["stop"]
    usage = chunks[-1].usage
    assert usage is not None
    assert (usage.prompt_tokens, usage.completion_tokens, chunks[-1].choices) == (21, 7, [])
    assert all(chunk.usage is None for chunk in chunks[:-1])


def test_openai_streams_calls(of_openai: tuple[CloudServer, openai.OpenAI]) -> None:
    server, client = of_openai
    server.text, server.calls = "", [("look", {"where": "Brest"}), ("wait", {})]
    with client.chat.completions.stream(model="model-one", messages=ASKED) as stream:
        message = stream.get_final_completion().choices[0].message
    assert message.tool_calls is not None
    named = [call.function for call in message.tool_calls if call.type == "function"]
    assert [(one.name, json.loads(one.arguments)) for one in named] == [("look", {"where": "Brest"}), ("wait", {})]


def test_openai_answers_at_once(of_openai: tuple[CloudServer, openai.OpenAI]) -> None:
    _server, client = of_openai
    answer = client.chat.completions.create(model="model-one", messages=ASKED)
    assert answer.choices[0].message.content == SEA
    assert answer.usage is not None
    assert answer.usage.total_tokens == 28


def test_openai_refuses_in_words(of_openai: tuple[CloudServer, openai.OpenAI]) -> None:
    server, client = of_openai
    server.refusal, server.text = "I will not.", ""
    assert client.chat.completions.create(model="m", messages=ASKED).choices[0].message.refusal == "I will not."


def test_openai_lists_models(of_openai: tuple[CloudServer, openai.OpenAI]) -> None:
    _server, client = of_openai
    assert [model.id for model in client.models.list()] == ["model-one"]


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, openai.BadRequestError),
        (401, openai.AuthenticationError),
        (403, openai.PermissionDeniedError),
        (404, openai.NotFoundError),
        (422, openai.UnprocessableEntityError),
        (429, openai.RateLimitError),
        (500, openai.InternalServerError),
        (503, openai.InternalServerError),
    ],
)
def test_openai_fails(
    of_openai: tuple[CloudServer, openai.OpenAI], status: int, kind: type[openai.APIStatusError]
) -> None:
    server, client = of_openai
    server.faults[:] = [faults.status(status, "Because.", error_code="why")]
    with pytest.raises(kind) as caught:
        client.chat.completions.create(model="model-one", messages=ASKED)
    assert "Because." in caught.value.message
    assert caught.value.code == "why"


def test_openai_fails_within(of_openai: tuple[CloudServer, openai.OpenAI]) -> None:
    server, client = of_openai
    server.faults[:] = [faults.error_after(2, 500, "Overloaded")]
    stream = client.chat.completions.create(model="model-one", messages=ASKED, stream=True)
    with pytest.raises(openai.APIError, match="Overloaded"):
        list(stream)


def test_openai_knows_a_wrong_key(of_openai: tuple[CloudServer, openai.OpenAI]) -> None:
    _server, client = of_openai
    with pytest.raises(openai.AuthenticationError):
        client.with_options(api_key="wrong").chat.completions.create(model="model-one", messages=ASKED)


# Anthropic ------------------------------------------------------------------------------------------------------------


def test_anthropic_streams(of_anthropic: tuple[CloudServer, anthropic.Anthropic]) -> None:
    server, client = of_anthropic
    server.thoughts = THOUGHTS
    server.usage = {"cache_read_input_tokens": 100}
    with client.messages.stream(model="model-one", max_tokens=99, messages=ASKED) as stream:
        assert "".join(stream.text_stream) == SEA
        message = stream.get_final_message()
    thinking = message.content[0]
    assert thinking.type == "thinking"
    assert thinking.thinking == THOUGHTS
    assert message.stop_reason == "end_turn"
    usage = message.usage
    assert (usage.input_tokens, usage.output_tokens, usage.cache_read_input_tokens) == (21, 7, 100)


def test_anthropic_streams_calls(of_anthropic: tuple[CloudServer, anthropic.Anthropic]) -> None:
    server, client = of_anthropic
    server.text, server.calls = "", [("look", {"where": "Brest"}), ("wait", {})]
    with client.messages.stream(model="model-one", max_tokens=99, messages=ASKED) as stream:
        message = stream.get_final_message()
    called = [(block.name, block.input) for block in message.content if block.type == "tool_use"]
    assert called == [("look", {"where": "Brest"}), ("wait", {})]
    assert message.stop_reason == "tool_use"


def test_anthropic_answers_at_once(of_anthropic: tuple[CloudServer, anthropic.Anthropic]) -> None:
    _server, client = of_anthropic
    message = client.messages.create(model="model-one", max_tokens=99, messages=ASKED)
    assert [block.text for block in message.content if block.type == "text"] == [SEA]


def test_anthropic_holds_back(of_anthropic: tuple[CloudServer, anthropic.Anthropic]) -> None:
    server, client = of_anthropic
    server.text, server.refusal = "", "It might do harm."
    message = client.messages.create(model="model-one", max_tokens=99, messages=ASKED)
    assert message.stop_reason == "refusal"
    assert message.stop_details is not None
    assert message.stop_details.explanation == "It might do harm."


def test_anthropic_lists_models(of_anthropic: tuple[CloudServer, anthropic.Anthropic]) -> None:
    _server, client = of_anthropic
    assert [(model.id, model.display_name) for model in client.models.list()] == [("model-one", "Model One")]


@pytest.mark.parametrize(
    ("status", "kind", "word"),
    [
        (400, anthropic.BadRequestError, "invalid_request_error"),
        (401, anthropic.AuthenticationError, "authentication_error"),
        (403, anthropic.PermissionDeniedError, "permission_error"),
        (404, anthropic.NotFoundError, "not_found_error"),
        (429, anthropic.RateLimitError, "rate_limit_error"),
        (500, anthropic.InternalServerError, "api_error"),
        (529, anthropic.APIStatusError, "overloaded_error"),
    ],
)
def test_anthropic_fails(
    of_anthropic: tuple[CloudServer, anthropic.Anthropic], status: int, kind: type[anthropic.APIStatusError], word: str
) -> None:
    server, client = of_anthropic
    server.faults[:] = [faults.status(status, "Because.")]
    with pytest.raises(kind) as caught:
        client.messages.create(model="model-one", max_tokens=99, messages=ASKED)
    assert (caught.value.type, caught.value.api_message) == (word, "Because.")


def test_anthropic_fails_within(of_anthropic: tuple[CloudServer, anthropic.Anthropic]) -> None:
    server, client = of_anthropic
    server.faults[:] = [faults.error_after(4, 529, "Overloaded")]
    with (
        client.messages.stream(model="model-one", max_tokens=99, messages=ASKED) as stream,
        pytest.raises(anthropic.APIStatusError, match="Overloaded"),
    ):
        list(stream)


def test_anthropic_knows_a_wrong_key(of_anthropic: tuple[CloudServer, anthropic.Anthropic]) -> None:
    _server, client = of_anthropic
    with pytest.raises(anthropic.AuthenticationError):
        client.with_options(api_key="wrong").messages.create(model="model-one", max_tokens=99, messages=ASKED)


# What we send, by the clients' own types ------------------------------------------------------------------------------

LOOK = Tool("look", "Look there.", {"type": "object", "properties": {"where": {"type": "string"}}})
SCHEMA = {"type": "object", "properties": {}, "required": [], "additionalProperties": False}
CALLED = Message(Role.ASSISTANT, (Text("I look."), ToolCall("call_1", "look", '{"where": "Brest"}')))
REQUESTS = (
    ChatRequest((system("Be brief."), user("Hello"), assistant("Yes?"), user("How is the sea?")), max_tokens=2000),
    ChatRequest((Message(Role.USER, (Text("What is it?"), Image("image/png", b"PNG"))),), stop=("END",)),
    ChatRequest((user("Look."), CALLED, Message(Role.TOOL, (ToolResult("call_1", "look", "Blue."),))), tools=(LOOK,)),
    ChatRequest((user("Look."),), tools=(LOOK,), tool_choice="look"),
    ChatRequest((user("In JSON."),), schema=SCHEMA),
    ChatRequest((user("Think."),), max_tokens=9000, sampling=Sampling(0.5, 0.9, presence_penalty=0.1, seed=7)),
)  # fmt: skip
MODELS = ("gpt-6.1-sol", "claude-sonnet-5-5", "claude-haiku-4-5")


@cache
def _adapter(kind: Any) -> pydantic.TypeAdapter[Any]:
    return pydantic.TypeAdapter(kind)


def _check(kind: Any, body: bytes) -> None:
    """``body`` as the client's own type has it; what the type does not name is refused."""
    given = json.loads(body)
    unknown = (
        given.keys() - set(kind.__annotations__) - set().union(*(base.__annotations__ for base in kind.__orig_bases__))
    )
    assert unknown == set()
    _adapter(kind).validate_json(body)


@pytest.mark.parametrize("effort", [None, *Effort])
@pytest.mark.parametrize("request_", REQUESTS)
@pytest.mark.parametrize("model_id", MODELS)
def test_what_we_send_is_what_they_allow(request_: ChatRequest, effort: Effort | None, model_id: str) -> None:
    asked = replace(request_, effort=effort)
    client = ProviderClient()
    of_one = Provider(
        "openai", "OpenAI", "https://x.example/v1", quirks=frozenset({"max_completion_tokens", "store_false"})
    )
    of_other = Provider("anthropic", "Anthropic", "https://x.example/v1", Dialect.ANTHROPIC)
    model = CloudModel("some", model_id, efforts=tuple(Effort))
    _check(openai_params.CompletionCreateParamsStreaming, client.outgoing(of_one, model, asked).body)
    _check(anthropic_params.MessageCreateParamsStreaming, client.outgoing(of_other, model, asked).body)


@pytest.mark.parametrize(
    "body",
    [b'{"model": "m", "messages": [], "stream": true, "top_q": 1}', b'{"model": "m", "messages": 7, "stream": true}'],
)
def test_what_they_do_not_allow_is_seen(body: bytes) -> None:
    with pytest.raises((AssertionError, pydantic.ValidationError)):
        _check(openai_params.CompletionCreateParamsStreaming, body)

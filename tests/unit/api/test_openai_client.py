"""The official `openai` client, as it is, against the local API."""

from __future__ import annotations

import base64
import json
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import openai
import pytest
from openai import OpenAI
from pydantic import BaseModel

from tests.fakes.api import RunningApi
from tests.fakes.backend import Pause, ScriptedBackend
from tests.unit.api.conftest import Serve
from workbench.errors import EngineError
from workbench.messages import (
    Effort,
    Finish,
    Finished,
    Reasoning,
    ReasoningDelta,
    TextDelta,
    ToolCall,
    ToolCallDelta,
    ToolResult,
    Unparsed,
    UnparsedText,
    Usage,
)

HI: list[Any] = [{"role": "user", "content": "Hi"}]
WEATHER: Any = {
    "type": "function",
    "function": {
        "name": "weather",
        "description": "The weather in a city.",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}
CALLS = [
    ReasoningDelta("They want weather."),
    ToolCallDelta(0, "call_a", "weather"),
    ToolCallDelta(0, arguments='{"city": '),
    ToolCallDelta(0, arguments='"Oslo"}'),
    ToolCallDelta(1, "", "weather", '{"city": "Rome"}'),
    Finished(Finish.TOOL_CALLS, Usage(20, 4, 9)),
]


@contextmanager
def client(api: RunningApi, **options: Any) -> Iterator[OpenAI]:
    values = {"api_key": api.token, "max_retries": 0, "timeout": 20.0, **options}
    with OpenAI(base_url=f"{api.address}/v1", **values) as made:
        yield made


def asked(api: RunningApi) -> Any:
    backend = api.models.backend
    assert isinstance(backend, ScriptedBackend)
    return backend.requests[-1]


def test_models(serve: Serve) -> None:
    with client(serve()) as ai:
        assert [model.id for model in ai.models.list()] == ["fake-model", "folder/vectors"]
        assert ai.models.retrieve("fake-model").owned_by == "this-machine"
        assert ai.models.retrieve("folder/vectors").id == "folder/vectors"
        with pytest.raises(openai.NotFoundError):
            ai.models.retrieve("nothing")


def test_a_chat(serve: Serve) -> None:
    api = serve("Hello there, friend.")
    with client(api) as ai:
        answer = ai.chat.completions.create(
            model="default", messages=HI, temperature=0.2, seed=7, stop=["END"], max_completion_tokens=50
        )
    assert answer.choices[0].message.content == "Hello there, friend."
    assert answer.choices[0].finish_reason == "stop"
    assert answer.usage is not None
    assert answer.usage.completion_tokens == 3
    assert answer.model == "fake-model"
    request = asked(api)
    assert (request.max_tokens, request.stop, request.sampling.seed, request.background) == (50, ("END",), 7, False)


def test_an_answer_that_is_cut(serve: Serve) -> None:
    with client(serve("one two three")) as ai:
        answer = ai.chat.completions.create(model="default", messages=HI, max_tokens=2)
    assert (answer.choices[0].message.content, answer.choices[0].finish_reason) == ("one two", "length")


def test_a_stream(serve: Serve) -> None:
    api = serve([ReasoningDelta("Hm."), TextDelta("Hello"), TextDelta(" there"), Finished(Finish.STOP, Usage(9, 3, 2))])
    with client(api) as ai:
        chunks = list(
            ai.chat.completions.create(
                model="default",
                messages=HI,
                stream=True,
                stream_options={"include_usage": True},
                reasoning_effort="low",
            )
        )
    deltas = [chunk.choices[0].delta for chunk in chunks if chunk.choices]
    assert deltas[0].role == "assistant"
    assert "".join(delta.content or "" for delta in deltas) == "Hello there"
    assert "".join(getattr(delta, "reasoning_content", None) or "" for delta in deltas) == "Hm."
    assert chunks[-1].usage is not None
    assert chunks[-1].usage.total_tokens == 11
    assert [chunk.choices[0].finish_reason for chunk in chunks if chunk.choices][-1] == "stop"
    assert asked(api).effort is Effort.LOW


def test_a_stream_without_usage_has_none(serve: Serve) -> None:
    with client(serve("Hello")) as ai:
        chunks = list(ai.chat.completions.create(model="default", messages=HI, stream=True))
    assert all(chunk.usage is None and chunk.choices for chunk in chunks)


@pytest.mark.parametrize("stream", [True, False])
def test_a_tool_round_trip(serve: Serve, stream: bool) -> None:
    api = serve(CALLS, "It rains in Oslo.")
    with client(api) as ai:
        if stream:
            with ai.chat.completions.stream(model="default", messages=HI, tools=[WEATHER]) as events:
                message: Any = events.get_final_completion().choices[0].message
        else:
            message = ai.chat.completions.create(model="default", messages=HI, tools=[WEATHER]).choices[0].message
        calls = message.tool_calls
        assert [(call.function.name, json.loads(call.function.arguments)["city"]) for call in calls] == [
            ("weather", "Oslo"),
            ("weather", "Rome"),
        ]
        assert calls[0].id == "call_a"
        assert calls[1].id  # the engine gave none
        results: list[Any] = [{"role": "tool", "tool_call_id": call.id, "content": "rain"} for call in calls]
        said = message.model_dump(exclude_none=True)
        said["tool_calls"] = [
            {"id": call.id, "type": "function", "function": call.function.model_dump(include={"name", "arguments"})}
            for call in calls
        ]
        answer = ai.chat.completions.create(model="default", messages=[*HI, said, *results], tools=[WEATHER])
    assert answer.choices[0].message.content == "It rains in Oslo."
    _question, call, first, second = asked(api).messages
    assert ToolCall("call_a", "weather", '{"city": "Oslo"}') in call.parts
    assert first.parts == (ToolResult("call_a", "weather", "rain"),)
    assert second.parts[0].name == "weather"
    if not stream:
        assert Reasoning("They want weather.") in call.parts


def test_a_tool_answer_ends_with_its_reason(serve: Serve) -> None:
    with client(serve(CALLS)) as ai:
        choice = ai.chat.completions.create(model="default", messages=HI, tools=[WEATHER]).choices[0]
    assert (choice.finish_reason, choice.message.content) == ("tool_calls", None)


class City(BaseModel):
    name: str
    people: int


def test_an_answer_in_a_schema(serve: Serve) -> None:
    api = serve('{"name": "Oslo", "people": 700000}')
    with client(api) as ai:
        parsed = ai.chat.completions.parse(model="default", messages=HI, response_format=City).choices[0].message.parsed
    assert parsed == City(name="Oslo", people=700000)
    assert asked(api).schema["properties"]["people"] == {"title": "People", "type": "integer"}


def test_what_breaks_the_format_is_shown_as_it_is(serve: Serve) -> None:
    with client(serve([TextDelta("So: "), UnparsedText("<|broken")])) as ai:
        assert ai.chat.completions.create(model="default", messages=HI).choices[0].message.content == "So: <|broken"
    assert Unparsed("x").text == "x"


@pytest.mark.parametrize("form", [None, "float", "base64"])
def test_embeddings(serve: Serve, form: Any) -> None:
    options = {} if form is None else {"encoding_format": form}
    with client(serve()) as ai:
        made = ai.embeddings.create(model="folder/vectors", input=["one two", "three"], **options)
    given: Any = [one.embedding for one in made.data]
    if form == "base64":
        given = [list(struct.unpack("<2f", base64.b64decode(text))) for text in given]
    assert given == [[2.0, 7.0], [1.0, 5.0]]


def test_errors_are_the_clients_own(serve: Serve) -> None:
    api = serve([EngineError("The engine died.")])
    with client(api) as ai:
        with pytest.raises(openai.BadRequestError) as bad:
            ai.chat.completions.create(model="default", messages=HI, n=2)
        assert (bad.value.param, bad.value.code) == ("n", "unsupported_parameter")
        with pytest.raises(openai.NotFoundError) as missing:
            ai.chat.completions.create(model="gpt-5", messages=HI)
        assert missing.value.code == "model_not_found"
        with pytest.raises(openai.InternalServerError) as died:
            ai.chat.completions.create(model="default", messages=HI)
        assert died.value.status_code == 503
    with client(api, api_key="wb-wrong") as stranger, pytest.raises(openai.AuthenticationError):
        stranger.models.list()
    with (
        client(api, default_headers={"Origin": "https://evil.example"}) as page,
        pytest.raises(openai.PermissionDeniedError),
    ):
        page.models.list()


def test_an_error_in_the_stream_is_raised(serve: Serve) -> None:
    with client(serve([TextDelta("Once"), EngineError("The engine died.")])) as ai:
        stream = ai.chat.completions.create(model="default", messages=HI, stream=True)
        with pytest.raises(openai.APIError, match="The engine died"):
            list(stream)


def test_a_client_that_waits_no_longer_stops_the_model(serve: Serve) -> None:
    api = serve([Pause(60)])
    with client(api, timeout=0.3) as ai, pytest.raises(openai.APITimeoutError):
        ai.chat.completions.create(model="default", messages=HI)


def test_a_stream_that_is_closed_early_stops_the_model(serve: Serve) -> None:
    api = serve([TextDelta("Once"), Pause(60)], "again")
    with client(api) as ai:
        stream = ai.chat.completions.create(model="default", messages=HI, stream=True)
        assert next(iter(stream)).choices
        stream.close()
        assert ai.chat.completions.create(model="default", messages=HI).choices[0].message.content == "again"

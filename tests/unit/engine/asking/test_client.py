"""The client against a server that does what a healthy engine would not, and the pure mapping beneath it."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes.backend import Pause
from tests.fakes.llama_server import FakeLlamaServer, HangUp, Raw, Refusal, WireAnswer
from workbench.cancel import CancelToken
from workbench.engine.asking import wire
from workbench.engine.asking.client import LlamaBackend
from workbench.errors import Cancelled, ContextFullError, EngineError
from workbench.messages import (
    ChatRequest,
    Effort,
    Finish,
    Finished,
    PromptProgress,
    ReasoningDelta,
    Sampling,
    StreamEvent,
    TextDelta,
    Timings,
    Usage,
    assistant,
    user,
)
from workbench.ports import BackendInfo

INFO = BackendInfo("test", "test", local=True, context_tokens=4096)
ASKED = ChatRequest((user("Hi"),))
MakeServer = Callable[..., FakeLlamaServer]


@pytest.fixture
def serve() -> Iterator[MakeServer]:
    servers: list[FakeLlamaServer] = []

    def make(*answers: WireAnswer, **options: object) -> FakeLlamaServer:
        servers.append(FakeLlamaServer(*answers, **options))  # type: ignore[arg-type]
        return servers[-1]

    yield make
    for server in servers:
        server.close()


def ask(server: FakeLlamaServer, request: ChatRequest = ASKED, silence_seconds: float = 10) -> list[StreamEvent]:
    return list(LlamaBackend(server.endpoint, INFO, silence_seconds=silence_seconds).stream(request, CancelToken()))


def test_every_kind_of_event_arrives_in_order(serve: MakeServer) -> None:
    said: list[StreamEvent] = [PromptProgress(3, 9), ReasoningDelta("Hm. "), TextDelta("naïve "), TextDelta("☀")]
    end = Finished(Finish.LENGTH, Usage(9, 3, 4), Timings(None, 50.0, 20.0, None))
    events = ask(serve([*said, end]))
    assert events[:-1] == said
    last = events[-1]
    assert isinstance(last, Finished)
    assert (last.finish, last.usage) == (end.finish, end.usage)
    assert (last.timings.prompt_tokens_per_second, last.timings.generation_tokens_per_second) == (50.0, 20.0)


def test_bytes_that_travel_alone(serve: MakeServer) -> None:
    assert ask(serve([TextDelta("naïve ☀")], byte_by_byte=True))[0] == TextDelta("naïve ☀")


def test_the_first_token_is_timed_from_the_request(serve: MakeServer) -> None:
    end = ask(serve([Pause(0.3), TextDelta("a"), Pause(0.2)]))[-1]
    assert isinstance(end, Finished)
    assert end.timings.first_token_seconds == pytest.approx(0.3, abs=0.15)
    assert end.timings.total_seconds == pytest.approx(0.5, abs=0.2)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ([TextDelta("a"), HangUp()], "broke"),
        ([Raw(b"data: {not json}\n\n")], "not JSON"),
        ([Raw(b"data: [1]\n\n")], "unexpected"),
        ([Raw(b'data: {"error": {"code": 500, "message": "boom"}}\n\n')], "boom"),
        ([Raw(b'data: {"choices": 5}\n\n')], "unexpected"),
        ([Raw(b"\x00\xff garbage without end")], "broke off"),
        ([Refusal(500, '{"error": {"message": "does not match the expected peg-native format"}}')], "its own format"),
        ([Refusal(500, "<html>Oops</html>")], "HTTP 500"),
        ([Refusal(503, '{"error": {"message": "Loading model"}}')], "Loading model"),
        ([Refusal(404, "")], "HTTP 404"),
    ],
)
def test_what_an_engine_may_do_wrong(serve: MakeServer, answer: WireAnswer, words: str) -> None:
    with pytest.raises(EngineError, match=words):
        ask(serve(answer))


def test_silence_has_an_end(serve: MakeServer) -> None:
    with pytest.raises(EngineError, match="long time"):
        ask(serve([TextDelta("a"), Pause(30)]), silence_seconds=0.3)


def test_nobody_there() -> None:
    server = FakeLlamaServer()
    server.close()
    with pytest.raises(EngineError, match="connection"):
        ask(server)


def test_cancelling_before_the_headers(serve: MakeServer) -> None:
    server, cancel = serve([Pause(30), TextDelta("late")]), CancelToken()
    timer = threading.Timer(0.2, cancel.cancel)
    timer.start()
    started = time.monotonic()
    with pytest.raises(Cancelled):
        list(LlamaBackend(server.endpoint, INFO).stream(ASKED, cancel))
    assert time.monotonic() - started < 15  # of 30
    timer.join()


def test_the_key_travels_in_the_header_only(serve: MakeServer) -> None:
    server = serve("Hello.", key="s3cret")
    assert isinstance(ask(server)[-1], Finished)
    assert "s3cret" not in json.dumps(server.bodies)
    assert "s3cret" not in repr(server.endpoint)


def test_only_what_is_meant_for_it_reaches_the_engine(serve: MakeServer) -> None:
    server = serve("Hello.")
    ask(
        server,
        ChatRequest(
            (user("Hi"),),
            max_tokens=5,
            sampling=Sampling(temperature=0, top_p=0.5, seed=7),
            effort=Effort.OFF,
            prefix="c1",
        ),
    )
    body = server.bodies[0]
    assert set(body) == {
        "messages",
        "stream",
        "stream_options",
        "return_progress",
        "cache_prompt",
        "max_tokens",
        "temperature",
        "seed",
        "top_p",
        "chat_template_kwargs",
    }
    assert body["chat_template_kwargs"] == {"enable_thinking": False}


def test_nothing_unchosen_is_sent() -> None:
    assert not {"max_tokens", "temperature", "seed", "chat_template_kwargs"} & wire.chat_body(ASKED).keys()


def test_a_partial_answer_is_not_thought_about_again() -> None:
    body = wire.template_body(ChatRequest((user("Hi"), assistant("Hel")), effort=Effort.ON))
    assert body["messages"][-1] == {"role": "assistant", "content": "Hel"}
    assert body["chat_template_kwargs"]["enable_thinking"] is False


def test_context_full_names_both_numbers() -> None:
    error = wire.failure(
        {"error": {"type": "exceed_context_size_error", "n_prompt_tokens": 3031, "n_ctx": 2048, "message": "m"}},
        "",
        400,
    )
    assert isinstance(error, ContextFullError)
    assert "3,031" in error.message
    assert "2,048" in error.message


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["choices", "delta", "content", "usage", "timings", "error", "message", "prompt_progress"]),
            inner,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(JSON)
def test_any_json_gives_pieces_or_an_engine_error(value: object) -> None:
    with contextlib.suppress(EngineError):
        list(wire.pieces(json.dumps(value)))

"""What every `ChatBackend` promises, asked of the fake, of the client over a fake server, and of real engines."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from tests.fakes.backend import Pause, ScriptedBackend
from tests.fakes.histories import HISTORIES
from tests.fakes.llama_server import FakeLlamaServer
from workbench.cancel import CancelToken
from workbench.engine.asking.client import LlamaBackend
from workbench.errors import Cancelled, ContextFullError
from workbench.messages import (
    ChatRequest,
    Finish,
    Finished,
    Message,
    Sampling,
    StreamEvent,
    Text,
    TextDelta,
    assistant,
    fold_events,
    system,
    user,
)
from workbench.ports import BackendInfo, ChatBackend

# Slow enough to be stopped in the middle.
SCRIPT: list[TextDelta | Pause] = [step for i in range(400) for step in (TextDelta(f" {i}"), Pause(0.005))]
COUNTING = (user("Count from 1 to 200, with a comma between the numbers."),)


ENGINE = pytest.mark.engine


@pytest.fixture(
    scope="session",
    params=[
        "scripted",
        "http",
        pytest.param("smollm", marks=ENGINE),
        pytest.param("smollm_in_binary", marks=ENGINE),
        pytest.param("smollm_in_worker", marks=ENGINE),
        pytest.param("smollm_on_network", marks=ENGINE),
    ],
)
def backend(request: pytest.FixtureRequest) -> Iterator[ChatBackend]:
    if request.param == "scripted":
        yield ScriptedBackend(SCRIPT, context_tokens=2048)
    elif request.param == "http":
        server = FakeLlamaServer(SCRIPT, context_tokens=2048)
        yield LlamaBackend(server.endpoint, BackendInfo("http", "fake", local=True, context_tokens=2048))
        server.close()
    else:
        yield request.getfixturevalue(request.param)


def ask(backend: ChatBackend, *messages: Message, max_tokens: int | None = 8) -> list[StreamEvent]:
    return list(
        backend.stream(
            ChatRequest(messages, max_tokens=max_tokens, sampling=Sampling(temperature=0, seed=1)),
            CancelToken(),
        )
    )


def finished(events: list[StreamEvent]) -> Finished:
    assert isinstance(events[-1], Finished)
    return events[-1]


def said(events: list[StreamEvent]) -> str:
    return "".join(part.text for part in fold_events(events) if isinstance(part, Text))


def test_says_who_it_is(backend: ChatBackend) -> None:
    assert backend.info.local is not bool(backend.info.destination)
    assert backend.info.context_tokens == 2048


def test_ends_with_one_finished_and_its_numbers(backend: ChatBackend) -> None:
    events = ask(backend, user("Write one sentence about the sea."))
    end = finished(events)
    assert [type(event) for event in events].count(Finished) == 1
    assert said(events)
    assert end.usage.completion_tokens == 8
    assert end.usage.prompt_tokens
    assert end.timings.first_token_seconds is not None
    assert end.timings.total_seconds is not None
    assert 0 < end.timings.first_token_seconds <= end.timings.total_seconds
    assert end.timings.generation_tokens_per_second


def test_max_tokens_ends_with_length(backend: ChatBackend) -> None:
    assert finished(ask(backend, *COUNTING, max_tokens=3)).finish is Finish.LENGTH


@pytest.mark.parametrize("history", HISTORIES[::9])
def test_counts_what_it_will_report(backend: ChatBackend, history: tuple[Message, ...]) -> None:
    counted = backend.count_tokens(ChatRequest(history), CancelToken())
    assert finished(ask(backend, *history, max_tokens=1)).usage.prompt_tokens == counted


def test_prefix_of_the_turn_before_is_not_read_again(backend: ChatBackend) -> None:
    first = (system("You are brief."), user("What is the tallest mountain on this planet?"))
    answer = said(ask(backend, *first))
    second = finished(ask(backend, *first, assistant(answer), user("And the longest river?"))).usage
    assert second.cached_tokens
    assert second.prompt_tokens
    assert second.cached_tokens > second.prompt_tokens // 3


def test_cancelled_before_it_starts(backend: ChatBackend) -> None:
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        next(iter(backend.stream(ChatRequest(COUNTING), cancel)))
    with pytest.raises(Cancelled):
        backend.count_tokens(ChatRequest(COUNTING), cancel)


def test_cancel_stops_it_at_once_and_what_was_said_stays(backend: ChatBackend) -> None:
    cancel, events = CancelToken(), []
    cancelled_at = 0.0
    with pytest.raises(Cancelled):
        for event in backend.stream(ChatRequest(COUNTING, sampling=Sampling(temperature=0)), cancel):
            events.append(event)
            if len(events) == 6:
                cancelled_at = time.monotonic()
                threading.Thread(target=cancel.cancel).start()
    assert time.monotonic() - cancelled_at < 10.0  # it would write for minutes
    assert said(events)


def test_leaving_a_stream_early_leaves_the_backend_usable(backend: ChatBackend) -> None:
    stream = backend.stream(ChatRequest(COUNTING, sampling=Sampling(temperature=0)), CancelToken())
    for _ in range(4):
        next(stream)
    del stream
    assert said(ask(backend, user("Hello")))


def test_a_prompt_that_is_too_long_is_told_with_both_numbers(backend: ChatBackend) -> None:
    history = (user("word " * 3000),)
    with pytest.raises(ContextFullError) as raised:
        ask(backend, *history)
    counted = backend.count_tokens(ChatRequest(history), CancelToken())
    digits = raised.value.message.replace(",", "")
    assert str(counted) in digits
    assert "2048" in digits


def test_a_partial_answer_is_continued_not_repeated(backend: ChatBackend) -> None:
    partial = "1, 2, 3, 4,"
    events = ask(backend, user("Count from 1 to 10."), assistant(partial), max_tokens=6)
    assert said(events)
    assert not said(events).lstrip().startswith(partial)
    assert finished(events).usage.completion_tokens == 6

"""A person's own message goes first; what runs in the background makes way and goes on after."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from tests.fakes.backend import Pause
from tests.fakes.launcher import FakeLauncher
from tests.patience import until
from tests.unit.engine.scheduling.conftest import MakeService
from workbench.cancel import CancelToken
from workbench.engine.backend import whole
from workbench.engine.scheduling.lane import Interrupted, Lane
from workbench.errors import Cancelled
from workbench.messages import (
    ChatRequest,
    Finish,
    Finished,
    PromptProgress,
    ReasoningDelta,
    StreamEvent,
    TextDelta,
    ToolCallDelta,
    user,
)

COUNTING: list[TextDelta | Pause] = [step for i in range(100) for step in (TextDelta(f" {i}"), Pause(0.02))]


def text(events: list[StreamEvent]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextDelta))


def test_a_background_answer_makes_way_and_goes_on_from_where_it_was(
    make: MakeService, models: tuple[Path, ...]
) -> None:
    launcher = FakeLauncher(COUNTING, "Yours.", " and the rest.")
    backend = make(launcher).backend(models[0], "one", CancelToken())
    behind: list[StreamEvent] = []

    def work() -> None:
        for event in backend.stream(ChatRequest((user("Sum up"),), background=True), CancelToken()):
            behind.append(event)  # noqa: PERF402 - read while it grows

    background = threading.Thread(target=work)
    background.start()
    server = launcher.engines[0].server
    until(lambda: len(server.bodies) == 1)
    until(lambda: text(behind).startswith(" 0 1 2"))
    mine = list(backend.stream(ChatRequest((user("Mine"),)), CancelToken()))
    background.join()
    assert text(mine) == "Yours."
    until(lambda: server.disconnects == 1)  # seen when it writes the next piece
    first = server.bodies[2]["messages"][-1]
    assert first["role"] == "assistant"
    assert text(behind) == first["content"] + " and the rest."
    assert text(behind).startswith(" 0 1 2")


def test_json_by_a_schema_that_made_way_is_asked_for_anew_and_told_once(
    make: MakeService, models: tuple[Path, ...]
) -> None:
    """Gone on with, its grammar would begin a second time in the middle."""
    launcher = FakeLauncher(COUNTING, "Yours.", '{"n": 1}')
    backend = make(launcher).backend(models[0], "one", CancelToken())
    behind: list[StreamEvent] = []
    request = ChatRequest((user("Sum up"),), schema={"type": "object"}, background=True)
    background = threading.Thread(target=lambda: behind.extend(backend.stream(request, CancelToken())))
    background.start()
    server = launcher.engines[0].server
    until(lambda: len(server.bodies) == 1)
    list(backend.stream(ChatRequest((user("Mine"),)), CancelToken()))
    background.join()
    assert text(behind) == '{"n": 1}'
    assert server.bodies[2]["messages"] == server.bodies[0]["messages"]


def test_a_background_request_waits_while_a_person_is_answered() -> None:
    lane, order = Lane(), []
    with lane.first():

        def work() -> None:
            with lane.background(CancelToken()):
                order.append("background")

        thread = threading.Thread(target=work)
        thread.start()
        time.sleep(0.1)
        order.append("person")
    thread.join()
    assert order == ["person", "background"]


def test_a_waiting_background_request_can_be_cancelled() -> None:
    lane, cancel = Lane(), CancelToken()
    with lane.first():
        timer = threading.Timer(0.1, cancel.cancel)
        timer.start()
        with pytest.raises(Cancelled), lane.background(cancel):
            pytest.fail("it may not run")
        timer.join()


def test_interrupted_is_told_from_cancelled() -> None:
    lane = Lane()
    with pytest.raises(Interrupted), lane.background(CancelToken()) as token, lane.first():
        token.check()
    cancel = CancelToken()
    with pytest.raises(Cancelled), lane.background(cancel) as token:
        cancel.cancel()
        token.check()


def test_thoughts_come_with_the_text_after_them_and_calls_only_whole() -> None:
    progress, thought, word = PromptProgress(1, 2), ReasoningDelta("hm"), TextDelta("Well")
    call, end = ToolCallDelta(0, "a", "f"), Finished(Finish.STOP)
    seen: list[StreamEvent] = []

    def told(*events: StreamEvent) -> list[StreamEvent]:
        seen.clear()
        seen.extend(whole(iter(events)))
        return list(seen)

    assert told(progress, thought) == [progress]
    assert told(thought, word) == [thought, word]
    assert told(word, call, word) == [word]
    assert told(word, call, word, end) == [word, call, word, end]
    assert told(thought, end) == [thought, end]

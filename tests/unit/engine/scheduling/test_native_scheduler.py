"""Several models of the real engine, and who is answered first by it."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from workbench.cancel import CancelToken
from workbench.clock import SystemClock
from workbench.engine.connection import State
from workbench.engine.launching.launcher import NativeLauncher
from workbench.engine.launching.plan import EngineSettings
from workbench.engine.scheduling.idle import Scheduling
from workbench.engine.scheduling.pressure import Reading
from workbench.engine.scheduling.ready import swapped_bytes, touch
from workbench.engine.service import EngineService
from workbench.errors import EngineError
from workbench.events import Bus
from workbench.messages import ChatRequest, Finished, PromptProgress, Sampling, StreamEvent, TextDelta, user
from workbench.paths import Paths
from workbench.ports import ChatBackend

pytestmark = [
    pytest.mark.engine,
    pytest.mark.skipif(os.name != "posix", reason="signals of POSIX"),
    pytest.mark.timeout(240),
]

GREEDY = Sampling(temperature=0)
SHORT = ChatRequest((user("Hi"),), sampling=GREEDY, max_tokens=8)
READING = "word " * 900 + "Now say hello to me."
LONG = ChatRequest((user("Count from 1 to 300, with commas."),), sampling=GREEDY, max_tokens=100)


@pytest.fixture
def service(home: Path) -> Iterator[EngineService]:
    paths = Paths(home)
    paths.prepare()
    service = EngineService(
        NativeLauncher(paths, SystemClock()),
        paths,
        SystemClock(),
        Bus(),
        settings=lambda: EngineSettings(context_tokens=2048, slots=2),
        scheduling=lambda: Scheduling(unload_after_seconds=3600),
        pressure=lambda: Reading(1 << 34, 1 << 35),  # other work on this machine is not what is tested
    )
    yield service
    service.close()
    assert not list(paths.sockets().iterdir())


def text(events: list[StreamEvent]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextDelta))


def ask(backend: ChatBackend, request: ChatRequest = SHORT) -> str:
    events = list(backend.stream(request, CancelToken()))
    assert isinstance(events[-1], Finished)
    return text(events)


def test_two_models_answer_beside_each_other(service: EngineService, starter_model: Path, gemma_model: Path) -> None:
    smol = service.backend(starter_model, "SmolLM2", CancelToken())
    gemma = service.backend(gemma_model, "Gemma", CancelToken())
    assert ask(smol)
    assert ask(gemma)
    assert {status.model for status in service.loaded()} == {"SmolLM2", "Gemma"}
    assert all(status.takes_bytes and status.memory_bytes for status in service.loaded())
    service.unload(starter_model)
    (left,) = service.loaded()
    assert (left.model, left.state) == ("Gemma", State.READY)
    assert ask(gemma)


def test_a_persons_message_interrupts_what_reads_in_the_background(service: EngineService, starter_model: Path) -> None:
    """The background request reads a long prompt, goes on after, and says in the end what it says undisturbed."""
    backend = service.backend(starter_model, "SmolLM2", CancelToken())
    request = ChatRequest((user(READING),), sampling=GREEDY, max_tokens=12, background=True)
    events: list[StreamEvent] = []
    reading = threading.Event()

    def work() -> None:
        for event in backend.stream(request, CancelToken()):
            events.append(event)
            reading.set()

    thread = threading.Thread(target=work)
    thread.start()
    assert reading.wait(60)
    seen = len(events)
    assert ask(backend)
    assert isinstance(events[0], PromptProgress)
    assert not any(isinstance(event, Finished) for event in events[: seen + 1])
    thread.join()
    assert isinstance(events[-1], Finished)


def test_a_background_answer_goes_on_where_it_was_interrupted(service: EngineService, starter_model: Path) -> None:
    backend = service.backend(starter_model, "SmolLM2", CancelToken())
    undisturbed = ask(backend, LONG)
    events: list[StreamEvent] = []
    begun = threading.Event()

    def work() -> None:
        for event in backend.stream(replace(LONG, background=True), CancelToken()):
            events.append(event)
            if len(text(events)) > 20:
                begun.set()

    thread = threading.Thread(target=work)
    thread.start()
    assert begun.wait(60)
    assert ask(backend)
    thread.join()
    assert isinstance(events[-1], Finished)
    told = text(events)
    # Tokens may fall otherwise where it was cut; what it had said stays, and is gone on from.
    assert told[:20] == undisturbed[:20]
    assert len(told) > 60


def test_two_chats_at_once_both_get_on(service: EngineService, starter_model: Path) -> None:
    backend = service.backend(starter_model, "SmolLM2", CancelToken())
    spoken = [0, 0]
    spoken_by_then: list[list[int]] = []

    def work(number: int) -> None:
        for event in backend.stream(LONG, CancelToken()):
            spoken[number] += isinstance(event, TextDelta)
        spoken_by_then.append(list(spoken))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert min(spoken_by_then[0]) > 20, "one of them had to wait for the other"


@pytest.mark.parametrize(
    ("number", "words"), [(signal.SIGKILL, "outside"), (signal.SIGSEGV, "crashed"), (signal.SIGABRT, "gave up")]
)
def test_a_waiting_request_survives_the_death_that_ends_another(
    service: EngineService, starter_model: Path, number: int, words: str
) -> None:
    """One has begun to speak and is told why it ended; the one that reads its prompt is answered by the next engine."""
    backend = service.backend(starter_model, "SmolLM2", CancelToken())
    waiting: list[StreamEvent] = []
    reading = threading.Event()

    def wait() -> None:
        long = ChatRequest((user(READING),), sampling=GREEDY, max_tokens=4)
        for event in backend.stream(long, CancelToken()):
            waiting.append(event)
            reading.set()

    thread = threading.Thread(target=wait)
    before = service.status().process_id
    assert before is not None
    with pytest.raises(EngineError) as raised:
        for event in backend.stream(LONG, CancelToken()):
            if isinstance(event, TextDelta) and not thread.ident:
                thread.start()
                assert reading.wait(60)
                assert not text(waiting)
                os.kill(before, number)
    assert words in raised.value.message
    thread.join()
    assert isinstance(waiting[-1], Finished)
    assert service.status().process_id not in (None, before)
    assert any("is started again" in told for told in service.news())


def test_a_kept_model_is_touched_without_disturbing_it(service: EngineService, starter_model: Path) -> None:
    backend = service.backend(starter_model, "SmolLM2", CancelToken())
    (resident,) = service._residents.all()
    process_id = service.status().process_id
    assert process_id is not None
    assert touch(resident) > 0
    assert swapped_bytes(process_id) is not None or os.name != "posix"
    assert ask(backend)
    assert service.status().process_id == process_id

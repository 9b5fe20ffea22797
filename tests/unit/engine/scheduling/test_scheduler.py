"""Several models over fake engines: who stays, who goes and is told, who waits."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from tests.fakes.backend import Pause, gate
from tests.fakes.launcher import FakeLauncher
from tests.patience import PATIENCE, until
from tests.unit.engine.scheduling.conftest import GB, MakeService
from workbench.cancel import CancelToken
from workbench.engine.connection import State
from workbench.engine.launching.ground import Resources
from workbench.engine.scheduling import scheduler
from workbench.engine.scheduling.idle import Scheduling
from workbench.engine.scheduling.pressure import Reading
from workbench.engine.service import EngineService
from workbench.errors import Cancelled
from workbench.messages import ChatRequest, StreamEvent, TextDelta, user
from workbench.ports import ChatBackend

Models = tuple[Path, Path, Path]
SLOW: list[TextDelta | Pause] = [step for i in range(400) for step in (TextDelta(f" {i}"), Pause(0.02))]
ASK = ChatRequest((user("Hi"),))


def load(service: EngineService, path: Path, told: list[str] | None = None) -> ChatBackend:
    return service.backend(path, path.stem, CancelToken(), (told if told is not None else []).append)


def names(service: EngineService) -> set[str]:
    return {status.model for status in service.loaded()}


def news(service: EngineService) -> tuple[str, ...]:
    """The next that is told: what is told of an end comes right after it."""
    told: list[str] = []

    def heard() -> bool:
        told.extend(service.news())
        return bool(told)

    until(heard)
    return tuple(told)


def test_models_stay_beside_each_other_while_there_is_room(make: MakeService, models: Models) -> None:
    service = make(FakeLauncher())
    for path in models:
        load(service, path)
    assert names(service) == {"one", "two", "three"}
    assert service.status().model == "three"
    assert service.news() == ()


def test_the_least_recently_used_goes_when_there_is_none(make: MakeService, models: Models) -> None:
    """Memory for two: what is loaded still counts as available, as a file that is mapped does."""
    service = make(FakeLauncher(), resources=lambda: Resources(2, int(1.5 * GB)))
    for path in (models[0], models[1], models[0], models[2]):
        load(service, path)
    assert "two" not in names(service)
    assert "three" in names(service)
    assert any("two" in words and "three" in words for words in service.news())


def test_one_that_answers_is_waited_for_in_words(make: MakeService, models: Models) -> None:
    stop = gate()
    launcher = FakeLauncher((TextDelta("one"), stop, TextDelta("end")))
    service = make(launcher, scheduling=lambda: Scheduling(models_at_once=1))
    first = load(service, models[0])
    said: list[StreamEvent] = []
    answering = threading.Thread(target=lambda: said.extend(first.stream(ASK, CancelToken())))
    answering.start()
    assert stop.reached.wait(PATIENCE)
    told: list[str] = []
    loading = threading.Thread(target=load, args=(service, models[1], told))
    loading.start()
    until(lambda: any("Waiting until one has answered" in words for words in told))
    assert names(service) == {"one"}
    stop.opened.set()
    answering.join()
    loading.join()
    assert "".join(event.text for event in said if isinstance(event, TextDelta)) == "oneend"
    assert names(service) == {"two"}


def test_waiting_for_a_place_can_be_cancelled(make: MakeService, models: Models) -> None:
    stop = gate()
    service = make(FakeLauncher((TextDelta("one"), stop)), scheduling=lambda: Scheduling(models_at_once=1))
    stream = iter(load(service, models[0]).stream(ASK, CancelToken()))
    next(stream)
    cancel = CancelToken()
    timer = threading.Timer(0.3, cancel.cancel)
    timer.start()
    with pytest.raises(Cancelled):
        service.backend(models[1], "two", cancel)
    timer.join()
    stop.opened.set()
    list(stream)
    assert names(service) == {"one"}
    load(service, models[1])  # nothing was left locked


def test_one_loads_at_a_time_and_the_other_is_told(make: MakeService, models: Models) -> None:
    launcher = FakeLauncher(load_seconds=0.6)
    service = make(launcher)
    told: list[str] = []
    first = threading.Thread(target=load, args=(service, models[0]))
    first.start()
    until(lambda: len(launcher.plans) == 1)
    second = threading.Thread(target=load, args=(service, models[1], told))
    second.start()
    until(lambda: "Waiting until one has been loaded…" in told)
    assert len(launcher.plans) == 1
    first.join()
    second.join()
    assert names(service) == {"one", "two"}


def test_an_idle_model_is_unloaded_and_its_caretaker_ends(make: MakeService, models: Models) -> None:
    service = make(FakeLauncher(), scheduling=lambda: Scheduling(unload_after_seconds=0.3))
    load(service, models[0])
    until(lambda: service.loaded() == ())
    until(lambda: service.status().state is State.STOPPED)
    until(lambda: not [thread for thread in threading.enumerate() if thread.name == "engine-caretaker"])
    load(service, models[0])
    assert names(service) == {"one"}


def test_a_model_that_answers_longer_than_that_is_not_idle(make: MakeService, models: Models) -> None:
    service = make(FakeLauncher(SLOW[:120]), scheduling=lambda: Scheduling(unload_after_seconds=0.2))
    events = list(load(service, models[0]).stream(ASK, CancelToken()))
    assert len(events) > 60
    until(lambda: service.loaded() == ())


def test_the_model_that_is_kept_ready_stays(make: MakeService, models: Models, monkeypatch: pytest.MonkeyPatch) -> None:
    service = make(FakeLauncher(), scheduling=lambda: Scheduling(0, 0.2, models[0].absolute()))
    load(service, models[0])
    load(service, models[1])
    until(lambda: names(service) == {"one"})
    (kept,) = service.loaded()
    assert kept.kept_ready
    assert kept.takes_bytes


def test_pressure_unloads_the_least_needed_and_says_so(
    make: MakeService, models: Models, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduler, "LOOK_SECONDS", 0.05)
    short = threading.Event()
    service = make(
        FakeLauncher(),
        pressure=lambda: Reading((64 << 20) if short.is_set() else 8 * GB, 16 * GB),
        scheduling=lambda: Scheduling(kept_ready=models[0].absolute()),
    )
    for path in models[:2]:
        load(service, path)
    short.set()
    until(lambda: "two" not in names(service))
    short.clear()
    (words,) = news(service)
    assert words == "Unloaded two to free memory: the machine was running out of it."
    short.set()
    until(lambda: service.loaded() == ())
    assert "though it is kept ready" in news(service)[0]


def test_pressure_ends_no_answer(make: MakeService, models: Models, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduler, "LOOK_SECONDS", 0.05)
    service = make(FakeLauncher(SLOW[:100]), pressure=lambda: Reading(0, 16 * GB))
    backend = load(service, models[0])
    text = "".join(event.text for event in backend.stream(ASK, CancelToken()) if isinstance(event, TextDelta))
    assert text.split() == [str(number) for number in range(50)]


def test_what_is_loaded_can_be_released_by_one_call(make: MakeService, models: Models) -> None:
    service = make(FakeLauncher())
    load(service, models[0])
    service.unload(models[0])
    assert service.loaded() == ()
    service.unload(models[0])  # already gone


def test_switching_the_model_in_a_chat_and_back_loads_each_once(make: MakeService, models: Models) -> None:
    launcher = FakeLauncher("Hello.")
    service = make(launcher)
    for path in (models[0], models[1], models[0], models[1]):
        list(load(service, path).stream(ASK, CancelToken()))
    assert len(launcher.engines) == 2

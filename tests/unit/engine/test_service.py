"""The engine service over fake engines: states, restarts and their limit, sharing between processes, hangs."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from tests.fakes.backend import Pause, gate
from tests.fakes.launcher import FakeLauncher
from tests.fakes.llama_server import HangUp
from tests.patience import PATIENCE, until
from workbench.cancel import CancelToken
from workbench.clock import SystemClock
from workbench.engine.backend import the_rest
from workbench.engine.connection import State
from workbench.engine.scheduling.idle import Scheduling
from workbench.engine.service import EngineService
from workbench.engine.watchdog import WatchLimits
from workbench.errors import Cancelled, EngineError, ModelError
from workbench.events import Bus
from workbench.messages import (
    ChatRequest,
    Finished,
    Message,
    PromptProgress,
    ReasoningDelta,
    Sampling,
    StreamEvent,
    TextDelta,
    assistant,
    user,
)
from workbench.paths import Paths
from workbench.ports import ChatBackend

SLOW: list[TextDelta | Pause] = [step for i in range(400) for step in (TextDelta(f" {i}"), Pause(0.02))]
QUICK_WATCH = WatchLimits(look_seconds=0.1, answer_seconds=0.2, failures=2)  # for an engine that hangs
PATIENT_WATCH = WatchLimits(look_seconds=0.1, answer_seconds=30.0)
MakeService = Callable[..., EngineService]


class ManualClock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def now(self) -> float:
        return self.seconds

    def monotonic(self) -> float:
        return self.seconds


@pytest.fixture
def paths(home: Path) -> Paths:
    paths = Paths(home)
    paths.prepare()
    return paths


@pytest.fixture
def make(paths: Paths) -> Iterator[MakeService]:
    """Makes services over one home, as several processes would have them."""
    services: list[EngineService] = []

    def service(launcher: FakeLauncher, **options: object) -> EngineService:
        clock, bus = options.pop("clock", SystemClock()), options.pop("bus", Bus())
        watch = options.pop("watch", PATIENT_WATCH)
        made = EngineService(launcher, paths, clock, bus, watch=watch, **options)  # type: ignore[arg-type]
        services.append(made)
        return made

    yield service
    for made in services:
        made.close()


def ask(backend: ChatBackend, on_event: Callable[[int], object] = lambda _count: None) -> list[StreamEvent]:
    events: list[StreamEvent] = []
    for event in backend.stream(ChatRequest((user("Hi"),)), CancelToken()):
        events.append(event)
        on_event(len(events))
    return events


def test_starts_answers_and_publishes_each_state(make: MakeService, starter_model: Path) -> None:
    bus, states = Bus(), []
    service = make(FakeLauncher("Hello there."), bus=bus)
    bus.subscribe(lambda _changed: states.append(service.status().state))
    assert service.status().state is State.STOPPED
    assert service.ready(starter_model) is None
    told: list[str] = []
    backend = service.backend(starter_model, "Smol", CancelToken(), told.append)
    assert isinstance(ask(backend)[-1], Finished)
    assert told
    status = service.status()
    assert (status.state, status.model, status.runtime) == (State.READY, "Smol", "fake 1.0")
    assert status.context_tokens == backend.info.context_tokens == 8192
    assert service.ready(starter_model) is not None
    service.stop()
    assert states == [State.STARTING, State.READY, State.STOPPED]


def test_the_status_names_the_build_that_runs_now(make: MakeService, monkeypatch: pytest.MonkeyPatch) -> None:
    launcher = FakeLauncher("Hello")
    service = make(launcher)
    assert service.status().runtime == "fake 1.0"
    monkeypatch.setattr(launcher, "build", lambda: "faster 2.0")
    assert service.status().runtime == "faster 2.0"


def test_a_file_that_is_no_model_starts_nothing(make: MakeService, tmp_path: Path) -> None:
    launcher = FakeLauncher()
    service = make(launcher)
    with pytest.raises(ModelError):
        service.backend(tmp_path / "none.gguf", "None", CancelToken())
    assert service.status().state is State.FAILED
    assert "not there" in service.status().cause
    assert launcher.plans == []


def test_a_failed_start_is_told_and_can_be_tried_again(make: MakeService, starter_model: Path) -> None:
    service = make(FakeLauncher(failures=(EngineError("No memory.", hint="Close something."),)))
    with pytest.raises(EngineError, match="No memory"):
        service.backend(starter_model, "Smol", CancelToken())
    assert service.status().cause == "No memory."
    assert service.backend(starter_model, "Smol", CancelToken())


def test_a_start_can_be_cancelled(make: MakeService, starter_model: Path) -> None:
    service, cancel = make(FakeLauncher(load_seconds=30)), CancelToken()
    timer = threading.Timer(0.2, cancel.cancel)
    timer.start()
    with pytest.raises(Cancelled):
        service.backend(starter_model, "Smol", cancel)
    timer.join()
    assert service.status().state is State.STOPPED


def test_closing_ends_a_start(make: MakeService, starter_model: Path) -> None:
    service = make(FakeLauncher(load_seconds=30))
    timer = threading.Timer(0.2, service.close)
    timer.start()
    with pytest.raises(Cancelled):
        service.backend(starter_model, "Smol", CancelToken())
    timer.join()
    with pytest.raises(EngineError, match="closing"):
        service.backend(starter_model, "Smol", CancelToken())


def test_death_in_a_turn_is_told_with_its_cause_and_the_next_turn_gets_a_new_engine(
    make: MakeService, starter_model: Path
) -> None:
    launcher = FakeLauncher(SLOW)
    backend = make(launcher).backend(starter_model, "Smol", CancelToken())
    heard: list[int] = []

    def die_at_five(count: int) -> None:
        heard.append(count)
        if count == 5:
            launcher.engines[0].die("It crashed.", "Do this.")

    with pytest.raises(EngineError, match="It crashed") as raised:
        ask(backend, die_at_five)
    assert raised.value.hint == "Do this."
    assert "last line" in raised.value.detail
    assert len(heard) >= 5
    next(iter(backend.stream(ChatRequest((user("Hi"),)), CancelToken())))
    assert len(launcher.engines) == 2


def test_death_while_idle_is_noticed_at_once(make: MakeService, starter_model: Path) -> None:
    launcher, bus, failed = FakeLauncher(), Bus(), threading.Event()
    service = make(launcher, bus=bus)
    service.backend(starter_model, "Smol", CancelToken())
    bus.subscribe(lambda _changed: failed.set())
    launcher.engines[0].die("It crashed.")
    assert failed.wait(PATIENCE)
    assert (service.status().state, service.status().cause) == (State.FAILED, "It crashed.")


def test_three_deaths_in_three_minutes_are_enough(make: MakeService, starter_model: Path) -> None:
    launcher, clock = FakeLauncher(), ManualClock()
    service = make(launcher, clock=clock)
    for number in range(3):
        service.backend(starter_model, "Smol", CancelToken())
        launcher.engines[number].die("It crashed.")
        until(lambda: service.status().state is State.FAILED)
        clock.seconds += 50
    with pytest.raises(EngineError, match=r"3 times within three minutes.*It crashed"):
        service.backend(starter_model, "Smol", CancelToken())
    clock.seconds += 100
    assert service.backend(starter_model, "Smol", CancelToken())


def test_an_engine_that_hangs_in_a_turn_is_ended(make: MakeService, starter_model: Path) -> None:
    launcher = FakeLauncher(SLOW)
    backend = make(launcher, watch=QUICK_WATCH).backend(starter_model, "Smol", CancelToken())
    with pytest.raises(EngineError, match="stopped answering"):
        ask(backend, lambda count: launcher.engines[0].server.healthy.clear() if count == 3 else None)


def test_an_answer_that_breaks_off_is_an_error_but_no_death(make: MakeService, starter_model: Path) -> None:
    launcher = FakeLauncher((TextDelta("Half"), HangUp()), "Whole.")
    backend = make(launcher).backend(starter_model, "Smol", CancelToken())
    with pytest.raises(EngineError, match="broke"):
        ask(backend)
    assert isinstance(ask(backend)[-1], Finished)
    assert len(launcher.engines) == 1


def test_another_model_takes_the_place_of_an_idle_one(make: MakeService, starter_model: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.gguf"
    other.symlink_to(starter_model)
    launcher = FakeLauncher()
    service = make(launcher, scheduling=lambda: Scheduling(models_at_once=1))
    service.backend(starter_model, "One", CancelToken())
    service.backend(other, "Two", CancelToken())
    assert launcher.engines[0].exit_cause()
    assert launcher.engines[1].exit_cause() is None
    assert service.status().model == "Two"


def test_an_answer_that_had_not_begun_when_its_engine_died_begins_anew(make: MakeService, starter_model: Path) -> None:
    slow = gate()
    launcher = FakeLauncher((PromptProgress(1, 9), slow, TextDelta("never")), "Whole.")
    service = make(launcher)
    backend = service.backend(starter_model, "Smol", CancelToken())
    launcher.answer_later_starts_with("Whole.")

    def die() -> None:
        slow.reached.wait(PATIENCE)
        launcher.engines[0].die("It crashed.")

    killer = threading.Thread(target=die)
    killer.start()
    events = ask(backend)
    killer.join()
    slow.opened.set()
    assert "".join(event.text for event in events if isinstance(event, TextDelta)) == "Whole."
    assert service.news() == ("The engine of Smol ended and is started again. It crashed.",)
    assert service.news() == ()


def test_counting_for_the_window_starts_no_engine(make: MakeService, starter_model: Path) -> None:
    launcher = FakeLauncher()
    service = make(launcher)
    service.backend(starter_model, "Smol", CancelToken())
    shown = service.ready(starter_model)
    assert shown is not None
    service.unload(starter_model)
    with pytest.raises(EngineError, match="not loaded"):
        shown.count_tokens(ChatRequest((user("Hi"),)), CancelToken())
    assert len(launcher.engines) == 1


def test_after_three_deaths_a_smaller_plan_is_offered_and_taken(make: MakeService, starter_model: Path) -> None:
    launcher = FakeLauncher()
    service = make(launcher)
    for number in range(3):
        assert service.status().offer is None
        service.backend(starter_model, "Smol", CancelToken())
        launcher.engines[number].die("It ran out of memory.")
        until(lambda: service.status().state is State.FAILED)
    offer = service.status().offer
    assert offer is not None
    assert offer.changes
    with pytest.raises(EngineError, match="3 times"):
        service.backend(starter_model, "Smol", CancelToken())
    service.accept_smaller(starter_model)
    service.backend(starter_model, "Smol", CancelToken())
    assert launcher.plans[-1] != launcher.plans[0]
    assert service.status().offer is None


def test_a_guest_releases_an_engine_and_its_owner_does_not_take_it_for_a_death(
    make: MakeService, starter_model: Path
) -> None:
    launcher = FakeLauncher("Hello.")
    owner, guest = make(launcher), make(FakeLauncher())
    owner.backend(starter_model, "Smol", CancelToken())
    guest.backend(starter_model, "Smol", CancelToken())
    (seen,) = guest.loaded()
    assert seen.elsewhere
    guest.unload(starter_model)
    launcher.engines[0].die("Killed.")  # nothing can be killed here, so the test does what the signal would
    until(lambda: owner.status().state is State.STOPPED)
    assert owner.status().cause == ""
    assert guest.loaded() == ()


def test_a_second_process_attaches_and_takes_over_when_the_owner_leaves(make: MakeService, starter_model: Path) -> None:
    ours, theirs = FakeLauncher("Hello."), FakeLauncher("Hello again.")
    owner, guest = make(ours), make(theirs)
    owner.backend(starter_model, "Smol", CancelToken())
    backend = guest.backend(starter_model, "Smol", CancelToken())
    assert isinstance(ask(backend)[-1], Finished)
    assert (len(ours.engines), len(theirs.engines)) == (1, 0)
    owner.close()
    assert isinstance(ask(backend)[-1], Finished)
    assert len(theirs.engines) == 1


def test_the_owner_leaving_in_a_guests_turn_lets_the_answer_go_on_here(make: MakeService, starter_model: Path) -> None:
    theirs = FakeLauncher(" and the end.")
    owner, guest = make(FakeLauncher(SLOW)), make(theirs)
    owner.backend(starter_model, "Smol", CancelToken())
    backend = guest.backend(starter_model, "Smol", CancelToken())
    events = ask(backend, lambda count: owner.close() if count == 5 else None)
    text = "".join(event.text for event in events if isinstance(event, TextDelta))
    first, _, end = text.partition(" and")
    assert (first[:8], end) == (" 0 1 2 3", " the end.")
    assert [type(event) for event in events].count(Finished) == 1
    (question,) = theirs.engines[0].server.bodies
    assert [message["role"] for message in question["messages"]] == ["user", "assistant"]
    assert question["messages"][1]["content"] == first


def test_an_answer_outlives_one_short_command_after_another(make: MakeService, starter_model: Path) -> None:
    """Each loads the engine that the guest then shares, and each takes it along when it ends."""
    owner, guest = make(FakeLauncher(SLOW)), make(FakeLauncher(" and the end."))
    owner.backend(starter_model, "Smol", CancelToken())
    backend = guest.backend(starter_model, "Smol", CancelToken())
    chain = [owner, *(make(FakeLauncher(SLOW)) for _ in range(2))]

    def hop(count: int) -> None:
        if count % 5 == 0 and chain:
            chain.pop(0).close()
            if chain:
                chain[0].backend(starter_model, "Smol", CancelToken())

    events = ask(backend, hop)
    text = "".join(event.text for event in events if isinstance(event, TextDelta))
    assert not chain
    assert text.startswith(" 0 1 2 3")
    assert text.endswith(" and the end.")
    assert [type(event) for event in events].count(Finished) == 1


def test_the_owner_leaving_while_the_model_thinks_is_told(make: MakeService, starter_model: Path) -> None:
    thinking = [step for i in range(400) for step in (ReasoningDelta(f" {i}"), Pause(0.02))]
    owner, guest = make(FakeLauncher(thinking)), make(FakeLauncher("Mine now."))
    owner.backend(starter_model, "Smol", CancelToken())
    backend = guest.backend(starter_model, "Smol", CancelToken())
    with pytest.raises(EngineError, match="other Workbench process"):
        ask(backend, lambda count: owner.close() if count == 5 else None)
    assert isinstance(ask(backend)[-1], Finished)


ONCE = TextDelta("Once upon")


@pytest.mark.parametrize(
    ("messages", "said", "rest"),
    [
        ((user("Hi"),), [], (user("Hi"),)),
        ((user("Hi"),), [PromptProgress(1, 2)], (user("Hi"),)),
        ((user("Hi"),), [ONCE, TextDelta(" a")], (user("Hi"), assistant("Once upon a"))),
        ((user("Hi"), assistant("Well: ")), [ONCE], (user("Hi"), assistant("Well: Once upon"))),
        ((user("Hi"),), [ReasoningDelta("hm"), ONCE], (user("Hi"), assistant("Once upon"))),
        ((user("Hi"),), [ReasoningDelta("hm")], None),
    ],
)
def test_what_is_asked_to_go_on(
    messages: tuple[Message, ...], said: list[StreamEvent], rest: tuple[Message, ...] | None
) -> None:
    asked = the_rest(ChatRequest(messages, 10, Sampling(0.5)), said)
    assert (asked and asked.messages) == rest
    deltas = sum(not isinstance(event, PromptProgress) for event in said)
    assert asked is None or (asked.max_tokens, asked.sampling) == (10 - deltas, Sampling(0.5))


def test_json_by_a_schema_is_not_gone_on_with() -> None:
    request = ChatRequest((user("Hi"),), schema={"type": "object"})
    assert the_rest(request, [TextDelta('{"a')]) is None
    assert the_rest(request, []) is request


def test_a_guest_ends_an_engine_that_hangs_while_its_owner_is_idle(make: MakeService, starter_model: Path) -> None:
    launcher = FakeLauncher(SLOW)
    make(launcher).backend(starter_model, "Smol", CancelToken())
    backend = make(FakeLauncher("Mine now."), watch=QUICK_WATCH).backend(starter_model, "Smol", CancelToken())
    engine = launcher.engines[0]

    def hang(count: int) -> None:
        if count == 3:
            engine.server.healthy.clear()
            # Nothing can be killed here, so the test does what the signal would.
            threading.Timer(3.0, engine.die).start()

    with pytest.raises(EngineError, match="stopped answering"):
        ask(backend, hang)


def test_two_that_start_at_once_share_one_engine(make: MakeService, starter_model: Path) -> None:
    launchers = [FakeLauncher(load_seconds=0.5), FakeLauncher(load_seconds=0.5)]
    threads = [
        threading.Thread(target=make(launcher).backend, args=(starter_model, "Smol", CancelToken()))
        for launcher in launchers
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(len(launcher.engines) for launcher in launchers) == 1


def test_an_idle_engine_costs_nothing(make: MakeService, starter_model: Path) -> None:
    make(FakeLauncher()).backend(starter_model, "Smol", CancelToken())
    process = psutil.Process()
    before = process.cpu_times()
    time.sleep(1.0)
    after = process.cpu_times()
    # The fake server polls; the supervisor and its waiting thread must not.
    assert (after.user + after.system) - (before.user + before.system) < 0.1


def test_an_owner_that_announces_what_nobody_understands_is_not_waited_for_for_ever(
    make: MakeService, paths: Paths, starter_model: Path
) -> None:
    """Another version of the program, say: it holds the engine, and its record cannot be used."""
    make(FakeLauncher("Hi.")).backend(starter_model, "Smol", CancelToken())
    (record,) = paths.run.glob("engine-*.address")
    record.write_text('{"owner": "of another kind"}')
    with pytest.raises(EngineError, match="does not answer") as refused:
        make(FakeLauncher("Hi.")).backend(starter_model, "Smol", CancelToken())
    assert "Close the other Workbench" in refused.value.hint

"""Answers without an end are stopped, kept, and can be gone on with; and what an answer was computed by is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes.backend import ScriptedBackend
from tests.fakes.models import FakeModels
from tests.fakes.route import ScriptedRoute
from workbench import migrations
from workbench.cancel import CancelToken
from workbench.chat.asking.limits import AnswerLimits, AnswerRules, Limit, limit_of, new_seed
from workbench.chat.asking.made import NOT_KNOWN, Made
from workbench.chat.asking.options import AS_SET, Options
from workbench.chat.service import ChatService
from workbench.chat.store import ConversationStore
from workbench.clock import SystemClock
from workbench.db import Database
from workbench.errors import EngineError
from workbench.events import Bus
from workbench.jobs import quiet_job
from workbench.messages import (
    ChatRequest,
    Effort,
    Finish,
    Finished,
    Sampling,
    StreamEvent,
    TextDelta,
    Usage,
)

LIMITS = AnswerLimits(low_tokens=5, medium_tokens=10, high_tokens=20, minutes=30)


class EndlessBackend(ScriptedBackend):
    """Writes on until somebody stops it."""

    def stream(self, request: ChatRequest, cancel: CancelToken) -> Iterator[StreamEvent]:
        self.requests.append(request)
        for _ in range(request.max_tokens or 100_000):
            cancel.check()
            yield TextDelta("on ")
        yield Finished(Finish.LENGTH, Usage(3, 0, request.max_tokens or 100_000))


class Minutes(SystemClock):
    """Each look at it is a minute later."""

    def __init__(self) -> None:
        self._now = 0.0

    def monotonic(self) -> float:
        self._now += 60
        return self._now


Make = Callable[..., ChatService]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    opened: list[Database] = []

    def build(
        backend: ScriptedBackend,
        limits: AnswerLimits = LIMITS,
        clock: SystemClock | None = None,
        seed: Callable[[], int | None] = lambda: None,
    ) -> ChatService:
        database = Database(tmp_path / "workbench.db", migrations.workbench, backups=tmp_path)
        opened.append(database)
        bus, clock = Bus(), clock or SystemClock()
        route = ScriptedRoute(FakeModels(bus), backend)
        answers = AnswerRules(lambda: limits, seed)
        return ChatService(ConversationStore(database, SystemClock()), route, bus, clock, answers=answers)

    yield build
    for database in opened:
        database.close()


def test_an_answer_without_end_is_stopped_and_says_so_and_goes_on(make: Make) -> None:
    chat = make(EndlessBackend())
    answer = chat.send(None, "Count.", quiet_job())
    assert answer.turn is not None
    assert (answer.turn.finish, answer.message.text) == (Finish.LENGTH, "on " * 10)
    told = "Stopped after 10 tokens, the longest that the settings allow. Continue goes on with it."
    assert answer.turn.note == told
    assert answer.turn.can_continue
    longer = chat.continue_answer(answer.id, quiet_job())
    assert longer.message.text == "on " * 20


def test_the_limit_is_the_efforts(make: Make) -> None:
    backend = EndlessBackend()
    backend.info = replace(backend.info, efforts=(Effort.LOW, Effort.HIGH))
    chat = make(backend)
    for effort in (Effort.LOW, Effort.HIGH):
        chat.send(None, "Count.", quiet_job(), Options(effort=effort))
    assert [request.max_tokens for request in backend.requests] == [5, 20]


def test_what_the_person_asks_for_is_longer_and_is_not_explained(make: Make) -> None:
    answer = make(EndlessBackend()).send(None, "Count.", quiet_job(), Options(max_tokens=40))
    assert answer.turn is not None
    assert (len(answer.message.text.split()), answer.turn.note) == (40, "")


def test_time_counts_too(make: Make) -> None:
    answer = make(EndlessBackend(), AnswerLimits(minutes=3), Minutes()).send(None, "Count.", quiet_job())
    assert answer.turn is not None
    assert answer.turn.finish is Finish.LENGTH
    assert answer.turn.note.startswith("Stopped after 180 s, the longest that the settings allow.")


def test_a_limit_keeps_no_room_free(make: Make) -> None:
    """Else the documents of a chat would have less room because its answers might be long."""
    backend = ScriptedBackend("Yes.", context_tokens=4096)
    make(backend, AnswerLimits(medium_tokens=100_000)).send(None, "word " * 3000, quiet_job())
    assert backend.requests[0].max_tokens == 4096 - backend.count_tokens(backend.requests[0], CancelToken())


@pytest.mark.parametrize(
    ("effort", "tokens"),
    [(Effort.OFF, 5), (Effort.LOW, 5), (Effort.MEDIUM, 10), (None, 10), (Effort.HIGH, 20), (Effort.ON, 20)],
)
def test_each_effort_has_a_limit(effort: Effort | None, tokens: int) -> None:
    assert limit_of(Options(effort=effort), LIMITS) == Limit(tokens, seconds=1800.0)


def test_what_limits_an_answer() -> None:
    assert limit_of(AS_SET, AnswerLimits()) == Limit()
    assert limit_of(Options(max_tokens=7, most_seconds=2.0), LIMITS) == Limit(
        7, own=True, seconds=2.0, who="the rule of its choice allows"
    )
    assert Limit(10).note(Finish.LENGTH, Usage(1, 0, 9)) == ""  # its context was full
    assert Limit(10).note(Finish.STOP, Usage(1, 0, 10)) == ""
    assert Limit(10).note(Finish.LENGTH, Usage()) == ""


def test_seed_and_engine_are_kept_with_the_answer(make: Make) -> None:
    backend = ScriptedBackend("Yes.")
    backend.info = replace(backend.info, build="llama.cpp b1, cuda", devices="CUDA0: 25 of 25 layers")
    chat = make(backend, seed=lambda: 7)
    answer = chat.send(None, "Is it?", quiet_job())
    made = Made(7, "llama.cpp b1, cuda", "CUDA0: 25 of 25 layers")
    assert backend.requests[-1].sampling.seed == 7
    conversation = chat.open(chat.list()[0].id)
    for turn in (answer.turn, conversation.nodes[-1].turn):
        assert turn is not None
        assert turn.made == made
    chat.regenerate(answer.id, quiet_job(), Options(sampling=Sampling(seed=3)))
    assert backend.requests[-1].sampling.seed == 3


def test_an_answer_that_fails_tells_too_what_it_was_computed_by(make: Make) -> None:
    chat = make(ScriptedBackend([TextDelta("Well"), EngineError("It died.")]), seed=lambda: 7)
    with pytest.raises(EngineError):
        chat.send(None, "Is it?", quiet_job())
    turn = chat.open(chat.list()[0].id).nodes[-1].turn
    assert turn is not None
    assert turn.made == Made(7)


def test_another_machine_draws_its_own(make: Make) -> None:
    backend = ScriptedBackend("Yes.")
    backend.info = replace(backend.info, local=False)
    answer = make(backend, seed=lambda: 7).send(None, "Is it?", quiet_job())
    assert answer.turn is not None
    assert answer.turn.made == NOT_KNOWN
    assert backend.requests[-1].sampling.seed is None


def test_seeds_differ_and_are_such_as_engines_take() -> None:
    drawn = {new_seed() for _ in range(50)}
    assert len(drawn) > 40
    assert all(0 <= one < 1 << 31 for one in drawn)

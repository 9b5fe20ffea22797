"""A check of a model: asked, kept, stopped and gone on with; and what follows for whether it is offered tools."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes.backend import ScriptedBackend
from tests.unit.tools.checking.perfect import PerfectBackend, said
from workbench import migrations, ownership
from workbench.cancel import CancelToken
from workbench.clock import SystemClock
from workbench.db import Database
from workbench.engine.checking.checkup import CheckStep, CheckUp, Verdict
from workbench.errors import Cancelled, EngineError, ModelError, UsageError
from workbench.events import Bus, Changed, Topic
from workbench.jobs import Job, quiet_job
from workbench.messages import ChatRequest, StreamEvent
from workbench.paths import Paths
from workbench.ports import ChatBackend
from workbench.tools.checking.capability import capability
from workbench.tools.checking.case import Kind
from workbench.tools.checking.reading import all_cases
from workbench.tools.checking.report import CaseResult, CheckProgress, ToolReport, report_json
from workbench.tools.checking.service import Sources, Subject, ToolChecks
from workbench.tools.checking.store import ToolCheckStore

MODEL = Subject("Tiny", "tiny.gguf|1|2", path=Path("tiny.gguf"))
Make = Callable[..., ToolChecks]


class Failing(PerfectBackend):
    """Its engine goes at the question number ``at``."""

    def __init__(self, at: int) -> None:
        super().__init__()
        self._at = at

    def stream(self, request: ChatRequest, cancel: CancelToken) -> Iterator[StreamEvent]:
        if len(request.messages) == 1 and len(self.asked) == self._at:
            raise EngineError("It is gone.")
        return super().stream(request, cancel)


@pytest.fixture
def database(home: Path) -> Iterator[Database]:
    paths = Paths(home)
    paths.prepare()
    made = Database(paths.database, migrations.workbench, backups=paths.backups)
    yield made
    made.close()


@pytest.fixture
def make(database: Database) -> Make:
    def made(
        backend: ChatBackend, subject: Subject = MODEL, checkup: CheckUp | None = None, bus: Bus | None = None
    ) -> ToolChecks:
        def find(model: str) -> Subject:
            if model == "unknown":
                raise ModelError("There is no such model.")
            return subject

        sources = Sources(find, lambda _model, _cancel, _tell: backend, lambda _path: checkup, lambda: "b1")
        return ToolChecks(ToolCheckStore(database, SystemClock()), sources, SystemClock(), bus or Bus())

    return made


def test_all_hundred_are_asked_counted_and_kept(make: Make) -> None:
    backend, bus, heard = PerfectBackend(), Bus(), list[Changed]()
    bus.subscribe(heard.append)
    checks = make(backend, bus=bus)
    news: list[CheckProgress] = []
    report = checks.run("tiny", Job(lambda event: news.append(event.payload)))
    assert (report.success.passed, report.success.asked, report.ended, report.tells, report.able) == (
        100,
        100,
        True,
        True,
        True,
    )
    assert report.of_kind(Kind.RECOVERY).asked == 15
    assert report.validity.passed == report.validity.asked == sum(len(case.steps) for case in all_cases())
    assert [one.done for one in news] == list(range(101))
    assert news[-1].seconds_left == 0.0
    assert heard[-1].topics == {Topic.MODELS, Topic.TOOLS}
    assert checks.latest("tiny") == report
    assert report.runtime == "b1"
    told = report_json(report)
    assert json.loads(json.dumps(told))["kinds"]["none"]["passed"] == 20
    assert checks.capability("tiny").able is True
    assert "100 of 100 tasks with tools done (96 % to 100 % likely)" in checks.capability("tiny").why


def test_what_was_stopped_goes_on_and_asks_nothing_twice(make: Make) -> None:
    first = PerfectBackend()
    job = Job(lambda event: job.cancel.cancel() if event.payload.done == 7 else None)
    with pytest.raises(Cancelled):
        make(first).run("tiny", job)
    assert make(first).latest("tiny") is None
    assert make(first).capable("tiny") is None
    failing = Failing(5)
    with pytest.raises(EngineError):
        make(failing).run("tiny", quiet_job())
    last = PerfectBackend()
    report = make(last).run("tiny", quiet_job())
    asked = [*first.asked[:7], *failing.asked, *last.asked]
    assert (len(first.asked), len(failing.asked), len(asked)) == (7, 5, 100)
    assert set(asked) == {case.ask for case in all_cases()}
    assert report.success.passed == 100


def test_one_that_ended_begins_anew_and_replaces_the_one_before(make: Make) -> None:
    backend = PerfectBackend()
    make(backend).run("tiny", quiet_job(), "10")
    make(ScriptedBackend(said("No."))).run("tiny", quiet_job(), "10")
    report = make(backend).latest("tiny")
    assert report is not None
    assert (report.success.asked, report.success.passed) == (10, 0)


def test_anew_forgets_where_it_was(make: Make) -> None:
    first = PerfectBackend()
    job = Job(lambda event: job.cancel.cancel() if event.payload.done == 3 else None)
    with pytest.raises(Cancelled):
        make(first).run("tiny", job, "none")
    again = PerfectBackend()
    make(again).run("tiny", quiet_job(), "none", anew=True)
    assert len(again.asked) == 20


def test_other_cases_or_another_file_are_another_check(make: Make) -> None:
    make(PerfectBackend()).run("tiny", quiet_job(), "20")
    other = make(PerfectBackend(), replace(MODEL, key="tiny.gguf|1|3"))
    assert other.latest("tiny") is None
    backend = PerfectBackend()
    make(backend).run("tiny", quiet_job(), "pick")
    assert len(backend.asked) == 25
    report = make(backend).latest("tiny")
    assert report is not None
    assert report.success.asked == 20  # of all kinds: it tells more than the newer one


def test_two_at_once_are_refused(make: Make, database: Database) -> None:
    refused: list[UsageError] = []

    def another(event: object) -> None:
        if not refused:
            with pytest.raises(UsageError, match="being checked already") as told:
                make(PerfectBackend()).run("tiny", quiet_job(), "5")
            refused.append(told.value)

    make(PerfectBackend()).run("tiny", Job(another), "5")
    assert refused
    with database.write() as tx:
        tx.execute("UPDATE tool_checks SET ended_at = NULL, owner = ?", (ownership.of(2**22 + 7),))
    backend = PerfectBackend()
    assert make(backend).run("tiny", quiet_job(), "5").ended
    assert backend.asked == []  # its process was gone, its answers were there


def test_a_model_without_a_place_for_tools_is_not_asked(make: Make) -> None:
    backend = PerfectBackend()
    checks = make(backend, replace(MODEL, shows_tools=False))
    with pytest.raises(UsageError, match="no place for them"):
        checks.run("tiny", quiet_job())
    assert backend.asked == []
    assert checks.capable("tiny") is False
    assert checks.capability("unknown").why == "There is no such model."
    assert checks.latest("unknown") is None


# What follows ---------------------------------------------------------------------------------------------------------


def checkup(verdict: Verdict, choosing: Verdict | None = None) -> CheckUp:
    """``choosing`` None: of a time before that was looked at."""
    steps: tuple[CheckStep, ...] = (CheckStep("tools", "Calls a tool", verdict, "Seen."),)
    if choosing is not None:
        steps += (CheckStep("choosing", "Chooses its tools", choosing, "Chosen."),)
    return CheckUp("Tiny", 0.0, "b1", steps)


def report(passed: int, asked: int = 20, valid: int = 20, quiet: int | None = None) -> ToolReport:
    """``quiet``: of the tasks that need no tool those that were passed, None: as many as can be."""
    kinds = sorted((list(Kind) * asked)[:asked], key=lambda kind: kind is not Kind.NONE)
    of_none = kinds.count(Kind.NONE)
    first = min(of_none, passed) if quiet is None else quiet
    done = {*range(first), *range(of_none, of_none + passed - first)}
    results = tuple(
        CaseResult(f"{number}", kinds[number], number in done, calls=1, valid=int(number < valid))
        for number in range(asked)
    )
    return ToolReport("1", "Tiny", 0.0, "", asked, results, ended=True)


@pytest.mark.parametrize(
    ("found", "seen", "shows", "able", "why"),
    [
        (None, None, True, None, "not known"),
        (None, checkup(Verdict.OK), True, True, "Its check-up saw it call tools properly. Seen."),
        (None, checkup(Verdict.WARNING), True, False, "Its check-up saw it fail with tools. Seen."),
        (None, checkup(Verdict.PROBLEM), True, False, "fail with tools"),
        (None, checkup(Verdict.SKIPPED), True, False, "Seen."),
        (None, CheckUp("Tiny", 0.0, "", ()), True, None, "not known"),
        (None, checkup(Verdict.OK, Verdict.OK), True, True, "call tools properly"),
        (None, checkup(Verdict.OK, Verdict.WARNING), True, False, "fail with tools. Chosen."),
        (report(12), checkup(Verdict.PROBLEM), True, True, "12 of 20 tasks"),
        (report(11), checkup(Verdict.OK), True, False, "fails too often"),
        (report(19, quiet=3), None, True, True, "19 of 20 tasks"),
        (report(18, quiet=2), None, True, False, "too often where none is needed"),
        (report(80, 100, 100, quiet=0), None, True, False, "too often where none is needed"),
        (report(20, valid=17), None, True, False, "17 of 20 calls valid"),
        (report(20), checkup(Verdict.OK), False, False, "no place for tools"),
    ],
)
def test_what_was_measured_counts_most(
    found: ToolReport | None, seen: CheckUp | None, shows: bool, able: bool | None, why: str
) -> None:
    told = capability(found, seen, shows_tools=shows)
    assert told.able is able
    assert why in told.why


def test_a_few_cases_or_one_kind_tell_nothing() -> None:
    assert not report(19, 19).tells
    assert report(20, 20).tells
    only = tuple(replace(one, kind=Kind.PICK) for one in report(20).results)
    assert not replace(report(20), results=only).tells

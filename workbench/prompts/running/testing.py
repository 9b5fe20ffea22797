"""Whether a prompt does what its test cases say: each case of each step is asked, checked and counted."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from workbench.checks.check import Check, CheckKind
from workbench.errors import Cancelled, UsageError
from workbench.events import Topic
from workbench.jobs import Job
from workbench.messages import Id
from workbench.prompts.prompt import OutputKind, Prompt, SavedPrompt, Step, StepCase
from workbench.prompts.running.asking import Place, StepAsker
from workbench.prompts.running.forms import BrokenAnswerError
from workbench.prompts.running.interval import CANNOT_TELL, Share, compared
from workbench.prompts.running.line import WholeStep, whole_line
from workbench.prompts.running.ports import Surroundings
from workbench.prompts.running.run import RunOptions, RunState
from workbench.prompts.running.runner import AS_WRITTEN, PromptRunner
from workbench.prompts.running.store import RunStore


@dataclass(frozen=True, slots=True)
class CaseResult:
    """``passed`` None: a person must look. ``case``: names what is tested, the same as long as its values and its check
    are. ``model``: that answered."""

    case: str
    title: str
    passed: bool | None
    why: str
    answer: str
    model: str = ""
    seconds: float | None = None
    completion_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class StepReport:
    """``share``: of the cases that can be told; ``to_judge``: how many a person must look at."""

    step: str
    cases: tuple[CaseResult, ...]

    @property
    def share(self) -> Share:
        return _share(self.cases)

    @property
    def to_judge(self) -> int:
        return sum(one.passed is None for one in self.cases)


@dataclass(frozen=True, slots=True)
class TestReport:
    """``model``: that all steps were asked of; empty: as the prompt prefers. ``at``: in seconds since the epoch."""

    version: int
    model: str
    steps: tuple[StepReport, ...]
    at: float = 0.0


@dataclass(frozen=True, slots=True)
class Comparison:
    """Of one step: its cases that both reports have. ``verdict``: ``better``, ``worse`` or ``cannot be told apart``."""

    now: Share
    before: Share
    version: int
    verdict: str

    @property
    def words(self) -> str:
        """ "4 of 5, before 3 of 5 (version 2): cannot be told apart"."""
        return f"{self.now.words}, before {self.before.words} (version {self.version}): {self.verdict}"


class PromptTests:
    """Any thread."""

    def __init__(self, store: RunStore, runner: PromptRunner, around: Surroundings) -> None:
        self._store = store
        self._runner = runner
        self._around = around

    def run(
        self,
        prompt: SavedPrompt,
        job: Job,
        *,
        options: RunOptions = AS_WRITTEN,
        step: str = "",
        older: tuple[int, Prompt] | None = None,
    ) -> TestReport:
        """Ask every case and keep what came of it. ``step``: only of this one. ``older``: another version of it, which is
        tested with the cases of this one.

        Emits a `CaseResult` for each case, beside the news of its step. Raises `UsageError` where there are no cases, or
        the prompt cannot be run, `EngineError`, `Cancelled`; then nothing is kept.
        """
        version, whole = older or (prompt.version, prompt.prompt)
        whole = _with_cases_of(whole, prompt.prompt)
        self._runner.check(whole, options)
        line = whole_line(whole, self._around.lookup)
        names = [one.step.name for one in line]
        if step and step not in names:
            raise UsageError(f"There is no step {step!r}.", hint=f"Steps: {', '.join(names)}.")
        wanted = [place for place, one in enumerate(line) if one.step.cases and step in ("", one.step.name)]
        if not wanted:
            raise UsageError(
                f"“{whole.title}” has no test cases{f' of {step!r}' if step else ''}.",
                hint="Write some into its file, under `cases`: values, and a check of the answer.",
            )
        testing = _Testing(self._runner.asker, whole, line, options, job)
        reports = tuple(testing.step(place) for place in wanted)
        report = TestReport(version, options.model, reports, self._around.clock.now())
        self._store.save_test(prompt.id, version, options.model, [_told(one) for one in reports])
        self._around.bus.publish(Topic.RUNS)
        return report

    def reports(self, prompt_id: Id) -> tuple[TestReport, ...]:
        """Newest first."""
        return tuple(
            TestReport(version, model, tuple(map(_read, results)), at)
            for version, model, at, results in self._store.tests(prompt_id)
        )

    def compared(self, prompt_id: Id, report: TestReport) -> Mapping[str, Comparison]:
        """By step: beside the newest report of another version, an older one first, of the same model. Empty without."""
        others = [one for one in self.reports(prompt_id) if one.model == report.model and one.version != report.version]
        older = [one for one in others if one.version < report.version]
        for other in (older or others)[:1]:
            found = {one.step: one for one in other.steps}
            made = {
                one.step: _comparison(one, found[one.step], other.version) for one in report.steps if one.step in found
            }
            return {name: one for name, one in made.items() if one.now.asked}
        return {}


class _Testing:
    def __init__(
        self, asker: StepAsker, prompt: Prompt, line: Sequence[WholeStep], options: RunOptions, job: Job
    ) -> None:
        self._asker, self._prompt, self._line = asker, prompt, line
        self._options, self._job = options, job

    def step(self, place: int) -> StepReport:
        whole = self._line[place]
        results = []
        for case in whole.step.cases:
            results.append(self._case(whole, place, case))
            self._job.emit(results[-1])
        return StepReport(whole.step.name, tuple(results))

    def _case(self, whole: WholeStep, place: int, case: StepCase) -> CaseResult:
        values, given = split_values(case.values, [one.step for one in self._line[:place]])
        if whole.takes in values:
            whole = replace(whole, takes="")
        ready = self._asker.prepare(self._prompt, whole, values, given, self._options, self._job.cancel)
        asked = self._asker.ask(
            ready, Place(place + 1, len(self._line)), self._job, self._options, lambda _result: None
        )
        result = asked.result
        if result.state is RunState.INTERRUPTED:
            raise Cancelled
        if asked.error is not None and not isinstance(asked.error, BrokenAnswerError):
            raise asked.error
        checked = case.check.passes(result.text)
        broken = asked.error is not None
        return CaseResult(
            case_key(case),
            case.title or _title(case),
            False if broken and checked.passed is not False else checked.passed,
            result.error if broken else checked.why,
            result.text,
            result.model,
            result.seconds,
            result.usage.completion_tokens,
        )


def split_values(values: Mapping[str, str], before: Sequence[Step]) -> tuple[dict[str, str], dict[str, Any]]:
    """What a case fills in: variables, and results of earlier steps, whole (``extract``) or in part (``extract.items``)."""
    names = {step.name: step for step in before}
    variables: dict[str, str] = {}
    given: dict[str, Any] = {}
    for key, value in values.items():
        first, *path = key.removeprefix("steps.").split(".")
        if first not in names:
            variables[key] = value
        elif not path:
            given[first] = value if names[first].output.kind is OutputKind.FREE else _json(value)
        else:
            inside = given.setdefault(first, {})
            for name in path[:-1]:
                inside = inside.setdefault(name, {})
            inside[path[-1]] = _json(value)
    return variables, given


def case_key(case: StepCase) -> str:
    """The same as long as what is asked and how it is checked are."""
    told = json.dumps([dict(case.values), _check_told(case.check)], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:16]


def _check_told(check: Check) -> list[Any]:
    return [check.kind.value, check.expected, check.tolerance]


def _title(case: StepCase) -> str:
    words = " ".join(" ".join(case.values.values()).split())
    what = words or (case.check.expected if case.check.kind is CheckKind.JUDGEMENT else "")
    return what if len(what) <= 60 else f"{what[:59]}…"


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _with_cases_of(prompt: Prompt, other: Prompt) -> Prompt:
    """``prompt`` with the test cases of another version of it, by the names of their steps."""
    cases = {step.name: step.cases for step in other.line}
    steps = tuple(replace(step, cases=cases.get(step.name, ())) for step in prompt.steps)
    return replace(prompt, steps=steps, cases=prompt.cases if steps else cases.get(prompt.line[0].name, ()))


def _share(cases: Sequence[CaseResult]) -> Share:
    told = [one.passed for one in cases if one.passed is not None]
    return Share(sum(told), len(told))


def _comparison(now: StepReport, before: StepReport, version: int) -> Comparison:
    both = {one.case for one in now.cases} & {one.case for one in before.cases}
    ours = _share([one for one in now.cases if one.case in both])
    theirs = _share([one for one in before.cases if one.case in both])
    return Comparison(ours, theirs, version, compared(ours, theirs) if both else CANNOT_TELL)


def _told(report: StepReport) -> dict[str, Any]:
    return {"step": report.step, "cases": [asdict(one) for one in report.cases]}


def _read(told: Mapping[str, Any]) -> StepReport:
    return StepReport(told["step"], tuple(CaseResult(**one) for one in told["cases"]))

"""What a check of a model's tool calls found, and what follows from it. Pure values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from workbench.messages import Id
from workbench.prompts.running.interval import Share
from workbench.tools.checking.case import Kind

LEAST_CASES = 20  # from so many on, a check says whether a model can use tools
LEAST_SUCCESS = 0.6  # of tasks: at 60 of 100 most tool answers work, also at the lower end of the interval
LEAST_VALID = 0.9  # of calls
LEAST_QUIET = 0.75  # of tasks that need no tool: most questions of a person are such, and a needless call harms them


@dataclass(frozen=True, slots=True)
class CaseResult:
    """``why``: a sentence on what went wrong, empty when it passed. ``calls``: how many were made, ``valid``: how many of
    them named a tool that was offered with arguments of its schema. ``called``: as they were written. ``text``: what was
    said at the end. Tokens of all rounds together; ``prompt_tokens`` None where the engine tells none."""

    case: str
    kind: Kind
    passed: bool
    why: str = ""
    calls: int = 0
    valid: int = 0
    called: tuple[str, ...] = ()
    text: str = ""
    seconds: float = 0.0
    prompt_tokens: int | None = None
    completion_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class ToolReport:
    """A check of ``model``, or what there is of it: ``wanted`` cases were to be asked. ``at``: when it began, in seconds
    since 1970; ``runtime``: the engine's build, empty for another machine's."""

    id: Id
    model: str
    at: float
    runtime: str
    wanted: int
    results: tuple[CaseResult, ...]
    ended: bool = False

    @property
    def success(self) -> Share:
        return _share(self.results)

    @property
    def validity(self) -> Share:
        """Of calls, not of cases."""
        return Share(sum(one.valid for one in self.results), sum(one.calls for one in self.results))

    def of_kind(self, kind: Kind) -> Share:
        return _share([one for one in self.results if one.kind is kind])

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """Those that were asked of."""
        return tuple(kind for kind in Kind if any(one.kind is kind for one in self.results))

    @property
    def seconds(self) -> float:
        return sum(one.seconds for one in self.results)

    @property
    def prompt_tokens(self) -> int | None:
        return total([one.prompt_tokens for one in self.results])

    @property
    def completion_tokens(self) -> int | None:
        return total([one.completion_tokens for one in self.results])

    @property
    def tells(self) -> bool:
        """Whether it says something of all kinds, from enough cases."""
        return self.ended and len(self.results) >= LEAST_CASES and len(self.kinds) == len(Kind)

    @property
    def able(self) -> bool:
        """Whether it did well enough to be offered tools by itself."""
        return self.is_quiet and _reaches(self.success, LEAST_SUCCESS) and _reaches(self.validity, LEAST_VALID)

    @property
    def is_quiet(self) -> bool:
        """Whether it leaves questions alone that need no tool."""
        return _reaches(self.of_kind(Kind.NONE), LEAST_QUIET)

    @property
    def words(self) -> str:
        """ "71 of 100 tasks with tools done (61 % to 79 % likely), 96 of 98 calls valid"."""
        done, valid = self.success, self.validity
        likely = f" ({done.low:.0%} to {done.high:.0%} likely)".replace("%", " %") if done.asked else ""
        return f"{done.words} tasks with tools done{likely}, {valid.words} calls valid"


@dataclass(frozen=True, slots=True)
class CheckProgress:
    """News of a check that runs. ``result``: of the case that has just ended; None: it begins. ``seconds_left``: None
    while nobody can tell."""

    done: int
    wanted: int
    result: CaseResult | None = None
    seconds_left: float | None = None


def report_json(report: ToolReport) -> dict[str, Any]:
    """``low`` and ``high``: Wilson's interval at 95 %."""
    return {
        "model": report.model,
        "at": report.at,
        "runtime": report.runtime or None,
        "ended": report.ended,
        "cases": report.wanted,
        "able": report.able if report.tells else None,
        "success": share_json(report.success),
        "validity": share_json(report.validity),
        "kinds": {kind.value: share_json(report.of_kind(kind)) for kind in report.kinds},
        "seconds": round(report.seconds, 3),
        "prompt_tokens": report.prompt_tokens,
        "completion_tokens": report.completion_tokens,
        "results": [result_json(one) for one in report.results],
    }


def share_json(share: Share) -> dict[str, Any]:
    return {"passed": share.passed, "asked": share.asked, "low": share.low, "high": share.high}


def result_json(result: CaseResult) -> dict[str, Any]:
    return {name: getattr(result, name) for name in CaseResult.__slots__}


def result_from_json(told: dict[str, Any]) -> CaseResult:
    return CaseResult(**{**told, "kind": Kind(told["kind"]), "called": tuple(told["called"])})


def _reaches(share: Share, least: float) -> bool:
    return share.passed >= least * share.asked


def _share(results: Sequence[CaseResult]) -> Share:
    return Share(sum(one.passed for one in results), len(results))


def total(values: Sequence[int | None]) -> int | None:
    """Of those that are known; None where none is."""
    known = [value for value in values if value is not None]
    return sum(known) if known else None

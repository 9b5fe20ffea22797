"""How tests of prompts are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from workbench.cli import output
from workbench.jobs import JobEvent

if TYPE_CHECKING:
    from workbench.prompts.running.testing import Comparison, TestReport


def tell_case(news: JobEvent) -> None:
    """Each case on stderr as it is answered."""
    from workbench.prompts.running.testing import CaseResult

    one = news.payload
    if isinstance(one, CaseResult):
        mark = {True: "passed", False: "FAILED", None: "look  "}[one.passed]
        output.say(output.safe(f"  {mark}  {one.title}: {one.why}"))


def report_text(report: TestReport, compared: Mapping[str, Comparison]) -> str:
    """A line for each step, and what a person must look at."""
    lines = []
    for step in report.steps:
        share = step.share
        told = f"{step.step}: {share.words} passed" if share.asked else f"{step.step}: nothing could be told"
        if share.asked:
            told += f" ({share.passed / share.asked:.0%}, 95 %: {share.low:.0%} to {share.high:.0%})"
        if step.to_judge:
            told += f"; {step.to_judge} a person must look at"
        lines.append(told)
        if step.step in compared:
            lines.append(f"  {compared[step.step].words}")
        for case in step.cases:
            if case.passed is None:
                lines += [f"  look: {case.title}: {case.why}", *(f"    {line}" for line in case.answer.splitlines())]
    return "\n".join(lines) + "\n"


def report_json(report: TestReport, compared: Mapping[str, Comparison]) -> dict[str, Any]:
    """``low`` and ``high``: Wilson's interval at 95 %. ``before``: null where nothing can be compared."""
    return {
        "version": report.version,
        "model": report.model or None,
        "steps": [
            {
                "step": step.step,
                "passed": step.share.passed,
                "asked": step.share.asked,
                "low": step.share.low,
                "high": step.share.high,
                "to_judge": step.to_judge,
                "before": _before(compared.get(step.step)),
                "cases": [asdict(one) for one in step.cases],
            }
            for step in report.steps
        ],
    }


def _before(one: Comparison | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return {
        "version": one.version,
        "passed": one.before.passed,
        "asked": one.before.asked,
        "now_passed": one.now.passed,
        "now_asked": one.now.asked,
        "verdict": one.verdict,
    }

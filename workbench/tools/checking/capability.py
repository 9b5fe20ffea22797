"""Whether a model can be offered tools by itself, and why, in a sentence. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from workbench.engine.checking.checkup import CheckUp, Verdict
from workbench.tools.checking.report import ToolReport


@dataclass(frozen=True, slots=True)
class Capability:
    """``able`` None: nobody knows; then no tools are offered by themselves. ``why``: a sentence for a person."""

    able: bool | None
    why: str


def capability(report: ToolReport | None, checkup: CheckUp | None, *, shows_tools: bool) -> Capability:
    """``report``: the newest that tells something. ``shows_tools``: the chat template has a place for tools."""
    if not shows_tools:
        return Capability(able=False, why="Its chat template has no place for tools.")
    if report is not None:
        return Capability(report.able, f"{_judged(report)}: {report.words}.")
    steps = [one for one in checkup.steps if one.name in ("tools", "choosing")] if checkup else []
    if not steps:
        return Capability(None, "Whether it can use tools is not known: check the model up.")
    wrong = next((one for one in steps if one.verdict is not Verdict.OK), None)
    if wrong is None:
        return Capability(able=True, why=f"Its check-up saw it call tools properly. {steps[-1].detail}")
    if wrong.verdict is Verdict.SKIPPED:
        return Capability(able=False, why=wrong.detail)
    return Capability(able=False, why=f"Its check-up saw it fail with tools. {wrong.detail}")


def _judged(report: ToolReport) -> str:
    if report.able:
        return "It can use tools"
    if not report.is_quiet:
        return "It calls tools too often where none is needed to be offered them by itself"
    return "It fails too often with tools to be offered them by itself"

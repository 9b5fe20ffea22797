"""`workbench tools check`: how well a model calls tools, in cases that were written for this."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from workbench.cli import output
from workbench.cli.commands import add_action
from workbench.jobs import Job, JobEvent

if TYPE_CHECKING:
    from workbench.app import Workbench
    from workbench.tools.checking.report import CheckProgress, ToolReport


def register(actions: Any) -> None:
    check = add_action(
        actions,
        "check",
        "ask a model 100 small tasks with tools, and tell how well it did",
        "workbench tools check -m starter --cases 20",
        run,
        "one JSON document",
    )
    check.add_argument("-m", "--model", metavar="MODEL", default="", help="none: the one that answers in chats")
    check.add_argument(
        "--cases",
        metavar="N|KIND|ID",
        default="",
        help="so many of all kinds in turns; or of one kind: pick, arguments, none, two-steps, recovery; or one by its id",
    )
    check.add_argument("--anew", action="store_true", help="ask all again, where an earlier check was stopped halfway")


def run(arguments: argparse.Namespace, workbench: Workbench) -> int:
    """Exits 0 however well the model did: that is what is told. Ctrl-C stops; the same command goes on from there."""
    from workbench.cli.stopping import interrupt_cancels

    job = Job(lambda news: _tell(news, as_json=arguments.json))
    with interrupt_cancels(job):
        report = workbench.tool_checks.run(arguments.model, job, arguments.cases, anew=arguments.anew)
    if arguments.json:
        from workbench.tools.checking.report import report_json

        output.document({**report_json(report), "why": workbench.tool_checks.capability(arguments.model).why})
    else:
        output.write(output.safe(_text(report)))
        output.say(output.safe(workbench.tool_checks.capability(arguments.model).why))
    return output.OK


def _tell(news: JobEvent, *, as_json: bool) -> None:
    """Each case on stderr as it is answered."""
    from workbench.tools.checking.report import CheckProgress

    if isinstance(news.payload, str):
        output.say(output.safe(news.payload))
    elif isinstance(news.payload, CheckProgress) and not as_json:
        output.say(output.safe(_line(news.payload)))


def _line(news: CheckProgress) -> str:
    if news.result is None:
        return f"{news.wanted:,} cases" + (f", of which {news.done:,} are answered already" if news.done else "")
    left = "" if not news.seconds_left else f" · {_span(news.seconds_left)} left"
    mark = "passed" if news.result.passed else "FAILED"
    why = f": {news.result.why}" if news.result.why else ""
    return f"  {news.done:,}/{news.wanted:,}  {mark}  {news.result.case}{why}{left}"


def _span(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"


def _text(report: ToolReport) -> str:
    from workbench.tools.checking.case import KIND_TITLES

    kinds = [(KIND_TITLES[kind], report.of_kind(kind)) for kind in report.kinds]
    rows = [("", "PASSED", "SHARE", "95 %"), *(_row(title, share) for title, share in kinds)]
    rows += [_row("All tasks", report.success), _row("Calls that were valid", report.validity)]
    tokens = "" if report.completion_tokens is None else f", {report.completion_tokens:,} tokens written"
    return f"{report.model}\n{output.table(rows)}\n{report.seconds:.0f} s{tokens}\n"


def _row(title: str, share: Any) -> tuple[str, ...]:
    if not share.asked:
        return (title, "0 of 0", "-", "-")
    return (title, share.words, f"{share.passed / share.asked:.0%}", f"{share.low:.0%} to {share.high:.0%}")

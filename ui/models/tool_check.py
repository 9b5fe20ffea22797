"""The check of a model's tool calls: asked for from its card, in the background, and told in its details."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.models.long_work import LongWork
from ui.models.state import LibraryEntry, Work
from ui.notify import Toasts
from ui.translation import marked, tr
from workbench.jobs import Job

if TYPE_CHECKING:
    from workbench.app import Workbench
    from workbench.models.library import InstalledModel
    from workbench.tools.checking.report import ToolReport

BEGINNING = marked("Checking tool calls: loading…")


def check_tools(work: LongWork, workbench: Workbench, toasts: Toasts, model: InstalledModel) -> None:
    """Ask all cases; whoever asks the model something meanwhile comes first. What was stopped goes on the next time."""

    def ask(job: Job) -> ToolReport:
        return workbench.tool_checks.run(model.id, job)

    def finish(found: ToolReport) -> None:
        toasts.show(together(f"{model.name}: {found.words}."))

    work.begin(model, tr(BEGINNING), ask, finish, progress)


def progress(news: object) -> Work | None:
    """ "Checking tool calls: 12 of 100, 5 min left"."""
    from workbench.tools.checking.report import CheckProgress

    if not isinstance(news, CheckProgress):
        return None
    left = "" if not news.seconds_left else tr(", {time} left").format(time=_span(news.seconds_left))
    return Work(
        tr("Checking tool calls: {done} of {wanted}{left}").format(done=news.done, wanted=news.wanted, left=left),
        news.done / max(1, news.wanted),
    )


def report_lines(entry: LibraryEntry) -> tuple[str, ...]:
    """What is known of its tool calls: whether it is offered tools and why, then a line for each kind of case."""
    if entry.tools is None:
        return ()
    report = entry.tool_report
    if report is None:
        return (together(entry.tools.why),)
    from workbench.tools.checking.case import KIND_TITLES

    kinds = ((KIND_TITLES[kind], report.of_kind(kind)) for kind in report.kinds)
    likely = (
        tr("{kind}: {share} ({low} to {high} likely)").format(
            kind=title, share=share.words, low=_percent(share.low), high=_percent(share.high)
        )
        for title, share in kinds
    )
    tokens = (
        ""
        if report.completion_tokens is None
        else tr(", {tokens} tokens written").format(tokens=f"{report.completion_tokens:,}")
    )
    return (
        together(entry.tools.why),
        *likely,
        tr("It took {time}{tokens}.").format(time=_span(report.seconds), tokens=tokens),
    )


def _percent(share: float) -> str:
    return together(f"{100 * share:.0f} %")


def together(text: str) -> str:
    """A number and its sign in one line."""
    return text.replace(" %", "\N{NO-BREAK SPACE}%")


def _span(seconds: float) -> str:
    if seconds < 90:
        return tr("{seconds} s").format(seconds=f"{seconds:.0f}")
    return tr("{minutes} min").format(minutes=f"{seconds / 60:.0f}")

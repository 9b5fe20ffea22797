"""The tests of a prompt are run from its editor: how many of each step's cases pass, and how much that tells."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.models.parts import Sign, empty, line
from ui.translation import tr
from ui.widgets.buttons import Button
from ui.widgets.labels import label
from workbench.errors import WorkbenchError
from workbench.jobs import Job, Pool
from workbench.prompts.prompt import Prompt, SavedPrompt
from workbench.prompts.running.testing import CaseResult, Comparison, StepReport, TestReport

if TYPE_CHECKING:
    from workbench.app import Workbench

SIGNS = {True: ("circle-check", "accent"), False: ("triangle-alert", "danger"), None: ("eye", "muted")}
MOST_SHOWN = 40  # cases


@dataclass(frozen=True, slots=True)
class Tested:
    """The newest report, and by step what it was before."""

    report: TestReport | None = None
    compared: Mapping[str, Comparison] | None = None


class TestsCard(QFrame):
    """``asked``: run them, or stop what runs."""

    asked = Signal()

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self.setProperty("look", "card")
        self.setAccessibleName(tr("Results of the tests"))
        self.run = Button(tr("Run the tests"), appearance, icon_name="flask-conical")
        self._told = label("", "caption", wrap=True)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(4)
        inside = QVBoxLayout(self)
        inside.setContentsMargins(14, 10, 14, 10)
        inside.setSpacing(6)
        inside.addWidget(self.run, 0, Qt.AlignmentFlag.AlignLeft)
        inside.addWidget(self._told)
        inside.addLayout(self._rows)
        self.run.clicked.connect(lambda: self.asked.emit())

    def say(self, words: str) -> None:
        self._told.setText(words)
        self._told.setVisible(bool(words))

    def show_running(self, running: bool) -> None:
        self.run.say(tr("Stop") if running else tr("Run the tests"))
        self.run.setAccessibleName(tr("Stop the tests") if running else tr("Run the tests"))

    def show_tested(self, tested: Tested) -> None:
        empty(self._rows)
        report = tested.report
        if report is None:
            self.say("")
            return
        self.say(tr("Of version {number}.").format(number=report.version))
        for step in report.steps:
            self._rows.addWidget(label(step_words(step, (tested.compared or {}).get(step.step)), wrap=True))
            for one in step.cases[:MOST_SHOWN]:
                self._rows.addWidget(self._row(one))

    def _row(self, one: CaseResult) -> QWidget:
        row = QWidget()
        icon, colour = SIGNS[one.passed]
        words = label(f"{one.title}: {one.why}", "caption", wrap=True)
        words.setToolTip(one.answer[:1000])
        inside = line(Sign(icon, self._appearance, colour=colour, size=14), stretch=False)
        inside.addWidget(words, 1)
        inside.setContentsMargins(8, 0, 0, 0)
        row.setLayout(inside)
        return row


class Testing(QObject):
    """``current``: the prompt that is open, saved as it is written; called with what to do then."""

    def __init__(
        self,
        bridge: Bridge,
        workbench: Workbench,
        card: TestsCard,
        when_saved: Callable[[Callable[[SavedPrompt], None]], None],
    ) -> None:
        super().__init__(card)
        self._bridge = bridge
        self._workbench = workbench
        self._card = card
        self._when_saved = when_saved
        self._job: Job | None = None
        self._open: str = ""
        self._done = 0
        card.asked.connect(self._run_or_stop)

    def begin(self, saved: SavedPrompt | None) -> None:
        """Another prompt is open: what its last run told."""
        self._open = saved.id if saved is not None else ""
        self._card.show_tested(Tested())
        if saved is not None:
            self._load(saved.id)

    def _load(self, prompt_id: str) -> None:
        self._bridge.run(
            lambda _job: _tested(self._workbench, prompt_id),
            on_done=lambda tested: self._card.show_tested(tested) if prompt_id == self._open else None,
            on_failed=self._fail,
        )

    def _run_or_stop(self) -> None:
        if self._job is not None:
            self._job.cancel.cancel()
        else:
            self._when_saved(self._run)

    def _run(self, saved: SavedPrompt) -> None:
        self._open, self._done = saved.id, 0
        total = count(saved.prompt)
        self._card.show_running(True)
        self._card.say(tr("Asking the model…"))
        self._job = self._bridge.run(
            lambda job: self._workbench.prompt_tests.run(saved, job),
            on_event=lambda news: self._progress(news, total),
            on_done=lambda _report: self._ended(saved.id),
            on_failed=self._fail,
            on_cancelled=lambda: self._ended(saved.id),
            pool=Pool.LONG,
        )

    def _progress(self, news: object, total: int) -> None:
        if isinstance(news, CaseResult):
            self._done += 1
            self._card.say(tr("{done} of {count} tests").format(done=self._done, count=total))

    def _ended(self, prompt_id: str) -> None:
        self._job = None
        self._card.show_running(False)
        self._load(prompt_id)

    def _fail(self, error: WorkbenchError) -> None:
        self._job = None
        self._card.show_running(False)
        self._card.say(f"{error.message} {error.hint}".strip())


def count(prompt: Prompt) -> int:
    """How many tests it has, all steps together."""
    return sum(len(step.cases) for step in prompt.line)


def step_words(step: StepReport, compared: Comparison | None) -> str:
    """ "extract: 4 of 5 (38 to 96 %), before 3 of 5 (version 2): cannot be told apart"."""
    share = step.share
    words = f"{step.step}: {share.words}"
    if share.asked:
        between = tr("{low} to {high} %").format(low=round(100 * share.low), high=round(100 * share.high))
        words = f"{words} ({between})"
    if compared is not None:
        before = tr("before {share} (version {number}): {verdict}")
        told = before.format(share=compared.before.words, number=compared.version, verdict=compared.verdict)
        words = f"{words}, {told}"
    if step.to_judge:
        left = tr("{count} to look at yourself").format(count=step.to_judge)
        words = f"{words}; {left}"
    return words


def _tested(workbench: Workbench, prompt_id: str) -> Tested:
    reports: Sequence[TestReport] = workbench.prompt_tests.reports(prompt_id)
    if not reports:
        return Tested()
    return Tested(reports[0], workbench.prompt_tests.compared(prompt_id, reports[0]))

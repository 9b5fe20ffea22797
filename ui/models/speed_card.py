"""How fast a model really is here: the last run as a plot and figures, earlier ones, and measuring anew."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.models import speed_words
from ui.models.parts import empty, fact_name, line
from ui.models.state import Work
from ui.translation import tr
from ui.widgets.buttons import Button
from ui.widgets.labels import label, rule
from ui.widgets.plot import Plot
from workbench.diagnostics.bench.result import BenchResult

MOST_EARLIER = 5


@dataclass(frozen=True, slots=True)
class Measured:
    """``runs`` of the model on this computer, the newest first; None: not read yet. ``problem``: of the last attempt."""

    name: str
    runs: tuple[BenchResult, ...] | None = None
    problem: str = ""


class SpeedCard(QWidget):
    """Stays while the rest of the details is made anew, so that what has the focus keeps it."""

    measure_asked = Signal()
    stop_asked = Signal()

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._shown: Measured | None = None
        self.setAccessibleName(tr("Speed"))
        self.measure = Button(tr("Measure speed"), appearance, look="chip", icon_name="gauge", name=tr("Measure speed"))
        self.stop = Button(tr("Stop"), appearance, look="chip", icon_name="x", name=tr("Stop measuring"))
        self.plot = Plot(tr("Speed by depth"), appearance)
        self._doing = label("", "caption", wrap=True)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(tr("Progress of measuring"))
        self._said = label("", "caption", wrap=True)
        self._figures = QVBoxLayout()
        self._figures.setSpacing(4)
        self.measure.clicked.connect(self.measure_asked)
        self.stop.clicked.connect(self.stop_asked)
        self._lay_out()
        self.show_work(None)

    def show_measured(self, measured: Measured) -> None:
        if measured == self._shown:
            return
        self._shown = measured
        self.measure.setAccessibleName(tr("Measure the speed of {name}").format(name=measured.name))
        empty(self._figures)
        self.plot.setVisible(bool(measured.runs))
        self._say(measured)
        if measured.runs:
            self._show_runs(measured.runs)

    def show_work(self, work: Work | None) -> None:
        """What is going on with this model, whatever it is: only one thing at a time is."""
        focused = QApplication.focusWidget() in (self.measure, self.stop)
        self._going.setVisible(work is not None)
        self.measure.setVisible(work is None)
        if focused:
            shown = self.measure if work is None else self.stop
            shown.setFocus(Qt.FocusReason.OtherFocusReason)
        if work is not None:
            self._doing.setText(work.words)
            self._bar.setRange(0, 0 if work.share is None else 100)
            self._bar.setValue(round(100 * (work.share or 0)))

    # Parts ------------------------------------------------------------------------------------------------------------

    def _say(self, measured: Measured) -> None:
        if measured.problem:
            words, tone = measured.problem, "danger"
        elif measured.runs is None:
            words, tone = tr(speed_words.LOADING), "caption"
        else:
            words, tone = "" if measured.runs else tr(speed_words.EMPTY), "caption"
        self._said.setText(words)
        self._said.setProperty("tone", tone)
        self._said.style().polish(self._said)
        self._said.setVisible(bool(words))

    def _show_runs(self, runs: tuple[BenchResult, ...]) -> None:
        last, earlier = runs[0], runs[1:]
        self.plot.draw(speed_words.drawing_of(last))
        self._figures.addWidget(label(tr(speed_words.LEGEND), "caption", wrap=True))
        for title, text in speed_words.facts(last):
            if text:
                self._figures.addLayout(self._fact(title, text))
        if earlier:
            self._figures.addSpacing(4)
            self._figures.addWidget(label(tr("Earlier runs"), "muted"))
        for run in earlier[:MOST_EARLIER]:
            self._figures.addWidget(_narrow(label(speed_words.run_line(run), "caption", wrap=True)))

    def _fact(self, title: str, text: str) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(fact_name(title, self._appearance), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(_narrow(label(text, "", wrap=True, selectable=True)), 1)
        return row

    def _lay_out(self) -> None:
        self._going = QWidget()
        going = QVBoxLayout(self._going)
        going.setContentsMargins(0, 0, 0, 0)
        going.setSpacing(4)
        going.addWidget(self._doing)
        row = line(stretch=False)
        row.addWidget(self._bar, 1)
        row.addWidget(self.stop)
        going.addLayout(row)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 8)
        layout.setSpacing(6)
        layout.addWidget(rule())
        layout.addWidget(label(tr("Speed"), "strong"))
        layout.addWidget(self._said)
        layout.addWidget(self.plot)
        layout.addLayout(self._figures)
        layout.addWidget(self._going)
        layout.addWidget(self.measure, 0, Qt.AlignmentFlag.AlignLeft)


def _narrow(words: QLabel) -> QLabel:
    """Words that never make the panel wider."""
    words.setMinimumWidth(1)
    return words

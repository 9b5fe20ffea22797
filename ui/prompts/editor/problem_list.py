"""What is wrong with a prompt, each a line that leads to its place."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.models.parts import Sign, empty
from ui.translation import tr
from ui.widgets.buttons import Button
from ui.widgets.labels import label
from workbench.prompts.filling.problems import Problem

MOST_SHOWN = 12


class ProblemList(QWidget):
    """``chosen`` carries a `Problem`: go there."""

    chosen = Signal(object)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self.problems: tuple[Problem, ...] = ()
        self.setAccessibleName(tr("Problems"))
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(4)
        self.hide()

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Rows are made anew only where something changed: while one types, mostly nothing does."""
        before, self.problems = self.problems, tuple(problems)
        if [(one.message, one.severe) for one in before] != [(one.message, one.severe) for one in problems]:
            empty(self._rows)
            for place, one in enumerate(problems[:MOST_SHOWN]):
                self._rows.addWidget(self._row(place, one))
            if len(problems) > MOST_SHOWN:
                more = tr("and {count} more").format(count=len(problems) - MOST_SHOWN)
                self._rows.addWidget(label(more, "caption"))
        self.setVisible(bool(problems))

    def _row(self, place: int, one: Problem) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(2, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(Sign("triangle-alert", self._appearance, colour="danger" if one.severe else "cloud", size=15))
        line.addWidget(label(one.message, wrap=True), 1)
        if one.end > one.start:
            there = Button(
                tr("Show"), self._appearance, look="link", name=tr("Show: {problem}").format(problem=one.message)
            )
            there.clicked.connect(partial(self._go, place))
            line.addWidget(there)
        return row

    def _go(self, place: int, _checked: bool = False) -> None:
        if place < len(self.problems):
            self.chosen.emit(self.problems[place])

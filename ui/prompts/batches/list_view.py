"""All batches, newest first; what they are for while there is none."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QDateTime, QLocale, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.models.parts import empty
from ui.prompts.batches.words import FIRST_STEP, ICONS, NO_BATCH, STATES, counts_words
from ui.translation import tr
from ui.widgets.buttons import Button
from ui.widgets.direction import leave_room
from ui.widgets.labels import ElidedLabel, label
from workbench.prompts.running.batches.batch import Batch, BatchState

MOST = 100


class BatchList(QWidget):
    """``opened`` carries the id of a batch, ``go_on_asked`` that of an interrupted one. ``library_asked``: the prompts."""

    opened = Signal(str)
    go_on_asked = Signal(str)
    library_asked = Signal()

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._shown: tuple[Batch, ...] | None = None
        self.library = Button(tr("Choose a prompt"), appearance, look="primary", icon_name="book-open")
        self.library.clicked.connect(self.library_asked)
        self._nothing = QWidget()
        nothing = QVBoxLayout(self._nothing)
        nothing.setContentsMargins(0, 24, 0, 0)
        nothing.setSpacing(12)
        nothing.addWidget(label(tr(NO_BATCH), "heading", wrap=True))
        nothing.addWidget(label(tr(FIRST_STEP), "muted", wrap=True))
        self._rows = QVBoxLayout()
        self._rows.setSpacing(4)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 32)
        column.addWidget(self._nothing)
        column.addLayout(self._rows)
        column.addSpacing(8)
        column.addWidget(self.library, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        self._nothing.hide()

    def show_batches(self, batches: Sequence[Batch]) -> None:
        if tuple(batches) == self._shown:
            return
        self._shown = tuple(batches)
        self._nothing.setVisible(not batches)
        empty(self._rows)
        for one in batches[:MOST]:
            self._rows.addWidget(self._row(one))

    def _row(self, one: Batch) -> QWidget:
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        entry = Button("", self._appearance, look="entry", icon_name=ICONS[one.state], name=_spoken(one))
        lines = QVBoxLayout(entry)
        leave_room(lines, self._appearance.pixels(26) + 14, 7, 12, 7)
        lines.setSpacing(1)
        when = QLocale().toString(QDateTime.fromSecsSinceEpoch(int(one.created_at)), "d MMM yyyy, HH:mm")
        told = " · ".join(words for words in (tr(STATES[one.state]), counts_words(one), when) if words)
        for words, tone in ((one.title, "strong"), (told, "caption")):
            shown = ElidedLabel(words, tone)
            shown.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            lines.addWidget(shown)
        entry.setMinimumHeight(lines.sizeHint().height())
        entry.clicked.connect(partial(self._open, one.id))
        row.addWidget(entry, 1)
        if one.state is BatchState.INTERRUPTED:
            go_on = Button(
                tr("Go on"), self._appearance, icon_name="play", name=tr("Go on with {title}").format(title=one.title)
            )
            go_on.clicked.connect(partial(self._go_on, one.id))
            row.addWidget(go_on)
        return made

    def _open(self, batch_id: str, _checked: bool = False) -> None:
        self.opened.emit(batch_id)

    def _go_on(self, batch_id: str, _checked: bool = False) -> None:
        self.go_on_asked.emit(batch_id)


def _spoken(one: Batch) -> str:
    return f"{one.title}, {tr(STATES[one.state])}, {counts_words(one)}"

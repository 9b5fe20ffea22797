"""The row under an answer that tells what it stands on: what is doubted, what was searched in vain, files and pages."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui.chat.citations import Summary, doubt_line, icon_of, place_words
from ui.chat.transcript_items import Row, SourcesRow
from ui.chat.transcript_row import Host, RowWidget
from ui.icons import pixmap
from ui.translation import tr
from ui.widgets.look import TYPE, Look
from ui.widgets.quiet_button import QuietButton
from workbench.messages import Passage

WHY_NOT = "why_not_found"  # the ids of what the row asks for, as actions of its message
BESIDE = "sources_beside"
GAP = 6
_WRAPPED = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop


class SourcesList(RowWidget):
    """Folded to one line; each source is a button."""

    def __init__(self, look: Look, item_id: str, host: Host, parent: QWidget) -> None:
        super().__init__(look, item_id, host, parent)
        self._row = SourcesRow(Summary("", (), ()), "", expanded=False)
        self._told: list[tuple[QRectF, str, bool]] = []  # where, words, whether it is a doubt
        self._sources: list[QuietButton] = []
        self._words: list[str] = []  # whole, where there is no room for them
        self._fold = QuietButton(look, "", "chevron-right", self, outlined=True)
        self._fold.clicked.connect(self._on_fold)
        self._beside = QuietButton(look, tr("Show beside the chat"), "columns-2", self)
        self._beside.clicked.connect(lambda: self.host.act(self.item_id, BESIDE))
        self._why = QuietButton(look, tr("Why not found"), "search", self, outlined=True)
        self._why.clicked.connect(lambda: self.host.act(self.item_id, WHY_NOT))

    def show_row(self, row: Row) -> None:
        if not isinstance(row, SourcesRow):
            return
        self._row = row
        for button in self._sources:
            button.hide()
            button.deleteLater()
        self._words = list(self._source_words()) if row.expanded else []
        passages = (*row.summary.cited, *row.summary.others) if row.expanded else ()
        self._sources = [self._button(one, words) for one, words in zip(passages, self._words, strict=True)]
        there = bool(row.summary.cited or row.summary.others)
        self._fold.setVisible(there)
        self._beside.setVisible(there)
        self._why.setVisible(bool(row.note) and not row.summary.cited)
        self._fold.set_text(row.summary.label)
        self._fold.set_icon("chevron-down" if row.expanded else "chevron-right")
        state = tr("shown") if row.expanded else tr("folded")
        self._fold.setAccessibleName(f"{row.summary.label}, {state}")
        self.setAccessibleName(" ".join((*(words for words, _doubt in self._lines()), row.summary.label)))
        self.update()

    def height_for(self, width: int) -> int:
        bottom = self._lay_out_words(width)
        if not self._why.isHidden():
            bottom = self._place([self._why], self._left, bottom, width) + GAP
        if not self._fold.isHidden():
            bottom = self._place([self._fold, self._beside], 0, bottom, width) + GAP
        metrics = QFontMetrics(self.look.font(TYPE.caption, 500))
        for button, words in zip(self._sources, self._words, strict=True):
            room = width - self.look.px(40)
            button.set_text(metrics.elidedText(words, Qt.TextElideMode.ElideMiddle, room))
            bottom = self._place([button], 0, bottom, width)
        return max(1, bottom - (0 if self._sources else GAP))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self.look.font(TYPE.interface))
        icon = self.look.px(15)
        for area, words, doubt in self._told:
            tone = self.look.tokens.danger if doubt else self.look.tokens.muted
            shown = pixmap("triangle-alert" if doubt else "info", tone, icon, self.devicePixelRatioF())
            painter.drawPixmap(0, round(area.top()) + 2, shown)
            painter.setPen(self.look.colour("text" if doubt else "muted"))
            painter.drawText(area, int(_WRAPPED), words)

    # Inside -----------------------------------------------------------------------------------------------------------

    @property
    def _left(self) -> int:
        return self.look.px(24)

    def _lines(self) -> Iterator[tuple[str, bool]]:
        for numbers, words in self._row.summary.doubts:
            yield doubt_line(numbers, words), True
        if self._row.note:
            yield self._row.note, False

    def _lay_out_words(self, width: int) -> int:
        metrics = QFontMetrics(self.look.font(TYPE.interface))
        bottom, self._told = 0, []
        for words, doubt in self._lines():
            room = max(40, width - self._left)
            tall = metrics.boundingRect(0, 0, room, 10_000, int(_WRAPPED), words).height()
            self._told.append((QRectF(self._left, bottom, room, tall), words, doubt))
            bottom += max(tall, self.look.px(19)) + GAP
        return bottom

    def _place(self, buttons: list[QuietButton], x: int, top: int, width: int) -> int:
        """In lines of this width; returns where they end."""
        left, bottom = x, top
        for button in buttons:
            size = button.sizeHint()
            wide = min(size.width(), width - x)
            if left > x and left + wide > width:
                left, top = x, bottom + GAP
            lower = (buttons[0].sizeHint().height() - size.height()) // 2 if left > x else 0
            button.setGeometry(left, top + lower, wide, size.height())
            left, bottom = left + wide + GAP, max(bottom, top + size.height())
        return bottom

    def _source_words(self) -> Iterator[str]:
        for passage in self._row.summary.cited:
            yield f"[{passage.number}]  {place_words(passage)}"
        for passage in self._row.summary.others:
            words = f"[{passage.number}]  {place_words(passage)}"
            yield tr("{source}, not cited").format(source=words)

    def _button(self, passage: Passage, words: str) -> QuietButton:
        button = QuietButton(self.look, words, icon_of(passage), self)
        button.setAccessibleName(tr("Open source {source}").format(source=words))
        button.clicked.connect(partial(self._open, passage.number))
        button.show()
        return button

    def _open(self, number: int) -> None:
        self.host.open_passage(self.item_id, number, -1)

    def _on_fold(self) -> None:
        self.host.fold(self.item_id, self._row.part)

"""The saved prompt that a question was written with: a small button above it, at the right."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QWidget

from ui.chat.footer_actions import OPEN_PROMPT
from ui.chat.slash import chip_tip, chip_words
from ui.chat.transcript_items import PromptRow, Row
from ui.chat.transcript_row import Host, RowWidget
from ui.translation import tr
from ui.widgets.look import TYPE, Look
from ui.widgets.quiet_button import QuietButton

WIDEST = 320  # pixels at 100 %
AROUND = 60  # of the button's width that are not for its words


class PromptMark(RowWidget):
    """Pressing it opens the prompt as it was then; pointing at it tells what was filled in."""

    def __init__(self, look: Look, item_id: str, host: Host, parent: QWidget) -> None:
        super().__init__(look, item_id, host, parent)
        self._row: PromptRow | None = None
        self._button = QuietButton(look, "", "book-open", self)
        self._button.setObjectName(OPEN_PROMPT)
        self._button.clicked.connect(lambda: host.act(item_id, OPEN_PROMPT))

    def show_row(self, row: Row) -> None:
        if not isinstance(row, PromptRow):
            return
        self._row = row
        used = row.used
        told = tr("Written with the prompt {title}, version {number}").format(title=used.title, number=used.version)
        tip = chip_tip(used)
        self._button.setAccessibleName(told)
        self._button.setAccessibleDescription(tip.replace("\n", ", "))
        self._button.setToolTip(tip)
        self.setAccessibleName(told)

    def height_for(self, width: int) -> int:
        """At the right edge of the question; a long title is cut."""
        self._button.set_text(self._words(min(width, self.look.px(WIDEST)) - AROUND))
        size: QSize = self._button.sizeHint()
        self._button.setGeometry(width - size.width(), 0, size.width(), size.height())
        return size.height()

    def _words(self, room: int) -> str:
        """The version is always told."""
        if self._row is None:
            return ""
        used = self._row.used
        metrics = QFontMetrics(self.look.font(TYPE.caption, 500))
        number = metrics.horizontalAdvance(chip_words("", used.version))
        title = metrics.elidedText(used.title, Qt.TextElideMode.ElideRight, max(0, room - number))
        return chip_words(title, used.version)

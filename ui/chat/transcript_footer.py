"""The foot of a message: which of its alternatives is in view, what can be done with it, and how fast it was."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui.chat.footer_actions import NEXT, PREVIOUS
from ui.chat.transcript_items import FooterRow, Row
from ui.chat.transcript_row import BLEED, Host, RowWidget
from ui.translation import tr
from ui.widgets.look import TYPE, Look
from ui.widgets.quiet_button import QuietButton

GAP = 2  # pixels between two buttons


class Footer(RowWidget):
    bleed = BLEED  # so that the first button's icon, not its padding, begins at the column

    def __init__(self, look: Look, item_id: str, host: Host, parent: QWidget) -> None:
        super().__init__(look, item_id, host, parent)
        self._row = FooterRow("", ())
        self._arrows: list[QuietButton] = []
        self._buttons: list[QuietButton] = []
        self._words = QRectF()
        self._place = QRectF()

    def show_row(self, row: Row) -> None:
        if isinstance(row, FooterRow):
            if bool(row.place[1]) is not bool(self._arrows):
                self._arrows = self._remade(self._arrows, (PREVIOUS, NEXT) if row.place[1] else ())
            if row.actions != self._row.actions:
                self._buttons = self._remade(self._buttons, row.actions)
            self._row = row
            number, count = row.place
            place = tr("Version {place} of {count}").format(place=number, count=count) if count else ""
            for arrow in self._arrows:
                arrow.setAccessibleDescription(place)
            self.setAccessibleName(", ".join(words for words in (place, row.text) if words))
            self.update()

    def height_for(self, width: int) -> int:
        """The words stand beside the buttons, and below them where there is no room."""
        buttons = [*self._arrows, *self._buttons]
        metrics = QFontMetrics(self.look.font(TYPE.caption))
        between = metrics.horizontalAdvance(self._place_text) + 2 * GAP if self._arrows else 0
        line = max([self.look.px(26), *(button.sizeHint().height() for button in buttons)])
        taken = between + sum(button.sizeHint().width() + GAP for button in buttons)
        x = width + 2 * self.bleed - taken if self._row.of_question else 0
        for index, button in enumerate(buttons):
            size = button.sizeHint()
            button.setGeometry(x, (line - size.height()) // 2, size.width(), size.height())
            x += size.width() + GAP
            if index == 0 and self._arrows:
                self._place = QRectF(x, 0, between, line)
                x += between
        left = x + 8 if buttons else self.bleed
        self._words = QRectF(left, 0, width + self.bleed - left, line)
        if not (buttons and self._row.text) or metrics.horizontalAdvance(self._row.text) <= self._words.width():
            return line
        area = QRect(self.bleed, line, width, 10_000)
        self._words = QRectF(metrics.boundingRect(area, Qt.TextFlag.TextWordWrap, self._row.text))
        self._words.setWidth(width)
        return round(self._words.bottom()) + 4

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self.look.font(TYPE.caption))
        painter.setPen(self.look.colour("muted"))
        painter.drawText(self._words, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap, self._row.text)
        if self._arrows:
            painter.drawText(self._place, Qt.AlignmentFlag.AlignCenter, self._place_text)

    @property
    def _place_text(self) -> str:
        return f"{self._row.place[0]} / {self._row.place[1]}"

    def _remade(self, buttons: list[QuietButton], actions: tuple[str, ...]) -> list[QuietButton]:
        for button in buttons:
            button.hide()  # it lives until the event loop runs again
            button.setObjectName("")
            button.deleteLater()
        return list(self.action_buttons(actions, bare=True))

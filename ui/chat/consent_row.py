"""The card in the transcript where an answer waits for a person: what would be done, exactly, and the answers."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QWidget

from ui.chat.consents import (
    REFUSE,
    REVIEW,
    ConsentAnswer,
    ConsentRow,
    because_of,
    choices,
    icon_of,
    leaves,
    proposed,
    request_of,
    spoken,
    title_of,
    tone_of,
)
from ui.chat.transcript_row import Host, RowWidget
from ui.icons import pixmap
from ui.theme import RADIUS_MEDIUM
from ui.translation import tr
from ui.widgets.look import TYPE, Look
from ui.widgets.quiet_button import QuietButton
from ui.widgets.rich_text import RichText
from ui.widgets.text_pane import TextPane
from workbench.markup import text_html

PAD = 14
FIELD_LINES = 3
SHOWN = 20_000  # characters of a request; the rest only when asked for, and nothing is allowed before it was shown


class ConsentCard(RowWidget):
    """Title, reason, the request in full, and a button for each answer. The text of a fact can be edited."""

    def __init__(self, look: Look, item_id: str, host: Host, parent: QWidget) -> None:
        super().__init__(look, item_id, host, parent)
        self._row: ConsentRow | None = None
        self._request = RichText(look, self, muted=True)
        self._field = QPlainTextEdit(self)
        self._field.setProperty("look", "field")
        self._field.setTabChangesFocus(True)
        self._field.setFrameShape(QFrame.Shape.NoFrame)
        self._field.setAccessibleName(tr("What would be remembered"))
        self._whole = QuietButton(look, "", "chevron-down", self)
        self._whole.clicked.connect(self._show_whole)
        self._is_whole = False
        self._buttons: list[QuietButton] = []
        self._lines: list[tuple[QRectF, str, int, str]] = []
        self._box = QRectF()

    def show_row(self, row: object) -> None:
        if not isinstance(row, ConsentRow):
            return
        other = self._row is None or self._row.consent.id != row.consent.id
        self._row = row
        if other:
            self._is_whole = False
            self._field.setPlainText(proposed(row.consent) or "")
            for button in self._buttons:
                button.hide()
                button.deleteLater()
            self._buttons = list(self._made(row))
            self._show_request()
        self.setAccessibleName(spoken(row.consent))
        self.update()

    @property
    def pane(self) -> TextPane | None:
        return None if self._row is None or not request_of(self._row.consent) else self._request

    def height_for(self, width: int) -> int:
        if self._row is None:
            return 1
        left = PAD + self.look.px(16) + 10
        room = max(80, width - left - PAD)
        bottom = self._lay_out_words(self._row, left, room)
        bottom = self._lay_out_request(self._row, left, bottom, room)
        return round(self._lay_out_buttons(left, bottom + 12, width)) + PAD

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._row is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tone = tone_of(self._row.consent)
        painter.setPen(QPen(self.look.colour(tone), 1))
        painter.setBrush(self.look.colour("surface"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_MEDIUM, RADIUS_MEDIUM)
        if not self._box.isEmpty():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.look.colour("code"))
            painter.drawRoundedRect(self._box, 6, 6)
        side = self.look.px(16)
        icon = pixmap(icon_of(self._row.consent), getattr(self.look.tokens, tone), side, self.devicePixelRatioF())
        painter.drawPixmap(PAD, PAD, icon)
        for area, words, weight, colour in self._lines:
            painter.setFont(self.look.font(TYPE.interface, weight))
            painter.setPen(self.look.colour(colour))
            painter.drawText(area, Qt.TextFlag.TextWordWrap, words)

    # Inside -----------------------------------------------------------------------------------------------------------

    def _made(self, row: ConsentRow) -> Iterator[QuietButton]:
        for place, (choice, words) in enumerate(choices(row.consent)):
            out = leaves(row.consent) and choice not in (REFUSE, REVIEW)  # what leaves is amber
            button = QuietButton(self.look, words, "", self, outlined=place > 0, strong=place == 0, leaves=out)
            button.setObjectName(choice)
            button.setAccessibleName(words)
            button.setAccessibleDescription(title_of(row.consent))
            button.clicked.connect(partial(self._answer, choice))
            button.show()
            yield button

    def _answer(self, choice: str) -> None:
        if self._row is None:
            return
        for button in self._buttons:  # once: what follows takes a moment
            button.setEnabled(choice == REVIEW)
        before = proposed(self._row.consent)
        now = self._field.toPlainText().strip() if before is not None else None
        changed = now if now != before and choice != REFUSE else None
        self.host.answer_consent(self.item_id, ConsentAnswer(self._row.consent.id, choice, changed))

    def _show_request(self) -> None:
        if self._row is None:
            return
        text = request_of(self._row.consent)
        hidden = 0 if self._is_whole else max(0, len(text) - SHOWN)
        self._request.set_html(text_html(text[: len(text) - hidden]))
        self._request.setAccessibleName(tr("The request in full"))
        self._whole.set_text(tr("Show the other {count} characters").format(count=f"{hidden:,}"))
        self._whole.setVisible(bool(hidden))
        for button in self._buttons:
            button.setEnabled(not hidden or button.objectName() == REFUSE)

    def _show_whole(self) -> None:
        self._is_whole = True
        self._show_request()
        self.host.remeasure(self)

    def _lay_out_words(self, row: ConsentRow, left: int, room: int) -> float:
        bottom, self._lines = float(PAD), []
        for words, weight, colour in ((title_of(row.consent), 600, "text"), (because_of(row.consent), 400, "muted")):
            if words:
                metrics = QFontMetrics(self.look.font(TYPE.interface, weight))
                tall = metrics.boundingRect(0, 0, room, 100_000, int(Qt.TextFlag.TextWordWrap), words).height()
                self._lines.append((QRectF(left, bottom, room, tall + 2), words, weight, colour))
                bottom += tall + 4
        return bottom

    def _lay_out_request(self, row: ConsentRow, left: int, bottom: float, room: int) -> float:
        memory = proposed(row.consent) is not None
        self._field.setVisible(memory)
        self._request.setVisible(not memory)
        self._box = QRectF()
        top = round(bottom) + 6
        if memory:
            tall = self._field.fontMetrics().lineSpacing() * FIELD_LINES + 22
            self._field.setGeometry(left, top, room, tall)
            return top + tall
        height = self._request.height_for(room - 20)
        self._request.setGeometry(left + 10, top + 8, room - 20, height)
        self._box = QRectF(left, top, room, height + 20)
        bottom = top + height + 20
        if not self._whole.isHidden():
            size = self._whole.sizeHint()
            self._whole.setGeometry(left, round(bottom) + 4, size.width(), size.height())
            bottom += size.height() + 4
        return bottom

    def _lay_out_buttons(self, left: int, top: float, width: int) -> float:
        x, y, bottom = left, round(top), top
        for button in self._buttons:
            size = button.sizeHint()
            if x > left and x + size.width() > width - PAD:
                x, y = left, y + size.height() + 8
            button.setGeometry(x, y, size.width(), size.height())
            x, bottom = x + size.width() + 8, y + size.height()
        return bottom

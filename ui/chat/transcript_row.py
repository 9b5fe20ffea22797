"""What every row of the transcript is, and the rows that tell where an answer or the model's view ends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from ui.chat.consents import ConsentAnswer
from ui.chat.footer_actions import ASK_STRONGER, face
from ui.chat.transcript_items import ACTIONS, CardRow, DividerRow, Row
from ui.icons import pixmap
from ui.theme import RADIUS_MEDIUM
from ui.translation import tr
from ui.widgets.look import TYPE, Look
from ui.widgets.quiet_button import QuietButton
from ui.widgets.text_pane import TextPane

BLEED = 8  # pixels around the column that focus rings and paddings may use


class Host(Protocol):
    """What a row tells the transcript."""

    def act(self, item_id: str, action: str) -> None: ...

    def follow_link(self, url: str) -> None: ...

    def fold(self, item_id: str, part: int) -> None: ...

    def remeasure(self, widget: QWidget) -> None: ...

    def regrow(self, widget: QWidget) -> None: ...

    def open_passage(self, item_id: str, number: int, start: int) -> None: ...

    def words_of(self, item_id: str, address: str) -> str: ...

    def open_code(self, item_id: str, place: str, code: str, language: str) -> None: ...

    def answer_consent(self, item_id: str, answer: ConsentAnswer) -> None: ...


class RowWidget(QWidget):
    """One row. ``pane`` is its selectable text, ``buttons`` what the keyboard reaches, in reading order."""

    bleed = 0  # pixels that the row is wider than the column, at both sides

    def __init__(self, look: Look, item_id: str, host: Host, parent: QWidget) -> None:
        super().__init__(parent)
        self.look, self.item_id, self.host = look, item_id, host

    def show_row(self, row: Row) -> None:
        raise NotImplementedError

    def height_for(self, width: int) -> int:
        """Pixels. Moves nothing yet: what is moved before the page is scrolled would all be painted again."""
        raise NotImplementedError

    @property
    def pane(self) -> TextPane | None:
        return None

    def tab_stops(self) -> list[QWidget]:
        """What the Tab key reaches, in reading order."""
        stops = [child for child in self.findChildren(QWidget) if child.focusPolicy() & Qt.FocusPolicy.TabFocus]
        return sorted(stops, key=lambda child: (child.mapTo(self, QPoint()).y(), child.mapTo(self, QPoint()).x()))

    def action_buttons(
        self, actions: tuple[str, ...], *, strong: bool = False, bare: bool = False
    ) -> Iterator[QuietButton]:
        """A button per action. ``strong``: the first one is the step to take; ``bare``: icons without words."""
        for index, action in enumerate(actions):
            words, icon, name = face(action) or ACTIONS.get(action, (action, "", action))
            words, name = tr(words), tr(name)
            leaves = strong and action == ASK_STRONGER
            button = QuietButton(
                self.look,
                "" if bare and icon else words,
                icon,
                self,
                outlined=strong and (index > 0 or leaves),
                strong=strong and index == 0 and not leaves,
                leaves=leaves,
            )
            button.setAccessibleName(name)
            button.setToolTip(name)
            button.setObjectName(action)
            button.clicked.connect(lambda _=False, action=action: self.host.act(self.item_id, action))
            button.show()
            yield button


class Card(RowWidget):
    """Why an answer ended early, and what can be done."""

    def __init__(self, look: Look, item_id: str, host: Host, parent: QWidget) -> None:
        super().__init__(look, item_id, host, parent)
        self._row = CardRow("failed", "", "", ())
        self._buttons: list[QuietButton] = []

    def show_row(self, row: Row) -> None:
        if isinstance(row, CardRow):
            if row.actions != self._row.actions:
                for button in self._buttons:
                    button.deleteLater()
                self._buttons = list(self.action_buttons(row.actions, strong=True))
            self._row = row
            self.setAccessibleName(" ".join(filter(None, (row.title, row.hint))))
            self.update()

    def height_for(self, width: int) -> int:
        self._title = self._wrapped(self._row.title, width, TYPE.interface, 600)
        self._hint = self._wrapped(self._row.hint, width, TYPE.interface, 400)
        self._hint.translate(0, self._title.height() + 2)
        bottom = round((self._hint if self._row.hint else self._title).bottom())
        return self._lay_out_buttons(round(self._title.left()) - 2, bottom, width) + 14

    def _lay_out_buttons(self, left: int, bottom: int, width: int) -> int:
        """Below ``bottom``, in as many lines as they need. Returns the new bottom."""
        x, y = left, bottom + 12
        for button in self._buttons:
            size = button.sizeHint()
            if x > left and x + size.width() > width - 14:
                x, y = left, y + size.height() + 8
            button.setGeometry(x, y, size.width(), size.height())
            x, bottom = x + size.width() + 8, y + size.height()
        return bottom

    def paintEvent(self, event: QPaintEvent) -> None:
        failed = self._row.status == "failed"
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.look.colour("border"), 1))
        painter.setBrush(self.look.colour("surface"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_MEDIUM, RADIUS_MEDIUM)
        side = self.look.px(16)
        tone = self.look.tokens.danger if failed else self.look.tokens.muted
        icon = pixmap("circle-alert" if failed else "info", tone, side, self.devicePixelRatioF())
        painter.drawPixmap(14, round(self._title.top()) + 1, icon)
        flags = Qt.TextFlag.TextWordWrap
        painter.setFont(self.look.font(TYPE.interface, 600))
        painter.setPen(self.look.colour("text"))
        painter.drawText(self._title, flags, self._row.title)
        painter.setFont(self.look.font(TYPE.interface))
        painter.setPen(self.look.colour("muted"))
        painter.drawText(self._hint, flags, self._row.hint)

    def _wrapped(self, text: str, width: int, size: int, weight: int) -> QRectF:
        left = 14 + self.look.px(16) + 10
        area = QRectF(left, 13, width - left - 16, 10_000)
        if not text:
            return QRectF(left, 13, 0, 0)
        metrics = QFontMetrics(self.look.font(size, weight))
        return QRectF(metrics.boundingRect(area.toRect(), Qt.TextFlag.TextWordWrap, text)).adjusted(0, 0, 4, 0)


class Divider(RowWidget):
    """Where the part of the chat begins that the model still sees."""

    def __init__(self, look: Look, item_id: str, host: Host, parent: QWidget) -> None:
        super().__init__(look, item_id, host, parent)
        self._row = DividerRow("", ())
        self._buttons: list[QuietButton] = []
        self._left = 0

    def show_row(self, row: Row) -> None:
        if isinstance(row, DividerRow):
            if row.actions != self._row.actions:
                for button in self._buttons:
                    button.deleteLater()
                self._buttons = list(self.action_buttons(row.actions))
            self._row = row
            self.setAccessibleName(row.text)
            self.update()

    def height_for(self, width: int) -> int:
        height, x = self.look.px(30), width
        for button in self._buttons:
            size = button.sizeHint()
            x -= size.width()
            button.setGeometry(x, (height - size.height()) // 2, size.width(), size.height())
        self._left = x
        return height

    def paintEvent(self, event: QPaintEvent) -> None:
        font = self.look.font(TYPE.caption)
        metrics, middle = QFontMetrics(font), self.height() // 2
        text = metrics.elidedText(self._row.text, Qt.TextElideMode.ElideRight, self._left - 24)
        taken = metrics.horizontalAdvance(text)
        painter = QPainter(self)
        painter.setFont(font)
        painter.setPen(self.look.colour("muted"))
        painter.drawText(QRectF(0, 0, taken + 2, self.height()), Qt.AlignmentFlag.AlignVCenter, text)
        painter.setPen(QPen(self.look.colour("border"), 1))
        if self._left - 8 > taken + 12:
            painter.drawLine(taken + 12, middle, self._left - 8, middle)

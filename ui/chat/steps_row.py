"""The rows of tool calls in the transcript: a quiet line each, folded when several follow each other."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QEnterEvent, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QWidget

from ui.chat.steps import StepRow, StepsRow, StepTextRow, state_words
from ui.chat.transcript_row import Host, RowWidget
from ui.icons import pixmap
from ui.translation import tr
from ui.widgets.look import TYPE, Look
from ui.widgets.quiet_button import QuietButton
from ui.widgets.rich_text import RichText
from ui.widgets.text_pane import TextPane
from workbench.markup import text_html

SHOWN = (3_000, 60)  # characters and lines shown of a result; four times as much with each "Show more"
INDENT = 24
_SIGNS = {"failed": "circle-alert", "waiting": "hand", "running": "hourglass", "open": "circle-alert"}


class StepsSwitch(RowWidget):
    """Folds and unfolds several steps."""

    def __init__(self, look: Look, item_id: str, host: Host, parent: QWidget) -> None:
        super().__init__(look, item_id, host, parent)
        self._row = StepsRow(0, "", expanded=False)
        self._button = QuietButton(look, "", "chevron-right", self, outlined=True)
        self._button.clicked.connect(lambda: self.host.fold(self.item_id, self._row.part))

    def show_row(self, row: object) -> None:
        if isinstance(row, StepsRow):
            self._row = row
            self._button.set_text(row.label)
            self._button.set_icon("chevron-down" if row.expanded else "chevron-right")
            state = tr("shown") if row.expanded else tr("folded")
            self._button.setAccessibleName(f"{row.label}, {state}")
            self._button.resize(self._button.sizeHint())

    def height_for(self, width: int) -> int:
        return self._button.sizeHint().height()


class StepLine(RowWidget):
    """One call: what it is, with what, how long it took; pressed, it unfolds."""

    def __init__(self, look: Look, item_id: str, host: Host, parent: QWidget) -> None:
        super().__init__(look, item_id, host, parent)
        self._button = _Line(look, self)
        self._button.clicked.connect(lambda: self.host.fold(self.item_id, self._button.row.part))

    def show_row(self, row: object) -> None:
        if isinstance(row, StepRow):
            self._button.show_row(row)

    def height_for(self, width: int) -> int:
        self._button.setGeometry(0, 0, width, self.look.px(28))
        return self.look.px(28)


class _Line(QPushButton):
    """Painted from the tokens, as wide as the column."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self.row = StepRow(0, "", "", "done")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAutoDefault(False)

    def show_row(self, row: StepRow) -> None:
        self.row = row
        state = tr("shown") if row.expanded else tr("folded")
        said = (row.title, row.words, state_words(row.state), row.seconds, state)
        self.setAccessibleName(", ".join(words for words in said if words))
        self.setToolTip(row.words if len(row.words) > 60 else "")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, self._look.px(28))

    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()
        super().enterEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
        tokens, failed = self._look.tokens, self.row.state in ("failed", "open")
        tone = tokens.danger if failed else tokens.accent if self.row.state in ("running", "waiting") else tokens.muted
        x = self._paint_icon(painter, _SIGNS.get(self.row.state, self.row.icon), tone, 6)
        right = self._paint_end(painter, tone if failed else tokens.muted)
        title = self._paint_words(painter, self.row.title, x, right, 500, "text")
        if self.row.words:
            self._paint_words(painter, self.row.words, title + self._look.px(8), right, 400, "muted")

    def _paint_ground(self, painter: QPainter) -> None:
        area = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        if self.underMouse() or self.isDown():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._look.colour("active" if self.isDown() else "hover"))
            painter.drawRoundedRect(area, 6, 6)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self._look.colour("accent"), 2))
            painter.drawRoundedRect(area, 6, 6)

    def _paint_icon(self, painter: QPainter, name: str, colour: str, x: float) -> float:
        side = self._look.px(15)
        painter.drawPixmap(QPointF(x, (self.height() - side) / 2), pixmap(name, colour, side, self.devicePixelRatioF()))
        return x + side + self._look.px(8)

    def _paint_end(self, painter: QPainter, colour: str) -> float:
        """Seconds or state, and the chevron, at the right; returns where the words must end."""
        side = self._look.px(14)
        x = self.width() - side - 8.0
        self._paint_icon(painter, "chevron-down" if self.row.expanded else "chevron-right", self._look.tokens.muted, x)
        pieces = [self.row.seconds] if self.row.state == "done" else [state_words(self.row.state), self.row.seconds]
        words = " · ".join(piece for piece in pieces if piece)
        font = self._look.font(TYPE.caption, 500)
        wide = QFontMetrics(font).horizontalAdvance(words) + 2
        painter.setFont(font)
        painter.setPen(colour)
        painter.drawText(QRectF(x - wide - 6, 0, wide, self.height()), Qt.AlignmentFlag.AlignVCenter, words)
        return x - wide - 14

    def _paint_words(self, painter: QPainter, words: str, x: float, right: float, weight: int, colour: str) -> float:
        """One line from ``x`` to ``right`` at most; returns where it ends."""
        font = self._look.font(TYPE.interface, weight)
        metrics = QFontMetrics(font)
        shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, max(0, round(right - x)))
        wide = metrics.horizontalAdvance(shown) + 2
        painter.setFont(font)
        painter.setPen(self._look.colour(colour))
        painter.drawText(QRectF(x, 0, wide, self.height()), Qt.AlignmentFlag.AlignVCenter, shown)
        return x + wide


class StepText(RowWidget):
    """What a call was made with or gave, under its heading: plain text, the first of it, and more on request."""

    def __init__(self, look: Look, item_id: str, host: Host, parent: QWidget) -> None:
        super().__init__(look, item_id, host, parent)
        self._text = RichText(look, self, muted=True)
        self._row = StepTextRow(0, "", "")
        self._times = 1
        self._more = QuietButton(look, tr("Show more"), "chevron-down", self)
        self._more.clicked.connect(self._show_more)

    def show_row(self, row: object) -> None:
        if isinstance(row, StepTextRow):
            if row.part != self._row.part or row.heading != self._row.heading:
                self._times = 1
            self._row = row
            self._text.set_html(text_html(self._shown))
            self._text.setAccessibleName(f"{row.heading}: {self._shown[:200]}")
            self.setAccessibleName(row.heading)
            self.update()

    def height_for(self, width: int) -> int:
        left, top = self.look.px(INDENT), self._line
        room = max(80, width - left - 12)
        height = self._text.height_for(room)
        self._text.setGeometry(left + 12, top, room, height)
        bottom = top + height
        self._more.setVisible(self._shortened)
        if self._shortened:
            size = self._more.sizeHint()
            self._more.setGeometry(left + 4, bottom + 2, size.width(), size.height())
            bottom += size.height() + 2
        return bottom + (self._line if self._row.note else 0)

    @property
    def pane(self) -> TextPane | None:
        return self._text

    def paintEvent(self, event: QPaintEvent) -> None:
        left = self.look.px(INDENT)
        painter = QPainter(self)
        painter.fillRect(left, 0, 2, self.height(), self.look.colour("border"))
        painter.setFont(self.look.font(TYPE.caption, 500))
        painter.setPen(self.look.colour("muted"))
        area = QRectF(left + 12, 0, self.width() - left - 12, self._line)
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, self._row.heading)
        if self._row.note:
            area.moveBottom(self.height())
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, self._row.note)

    @property
    def _line(self) -> int:
        return self.look.px(20)

    @property
    def _shown(self) -> str:
        characters, lines = (limit * self._times for limit in SHOWN)
        return "\n".join(self._row.text[:characters].split("\n", lines)[:lines])

    @property
    def _shortened(self) -> bool:
        return len(self._shown) < len(self._row.text)

    def _show_more(self) -> None:
        self._times *= 4
        self.show_row(self._row)
        self.host.remeasure(self)

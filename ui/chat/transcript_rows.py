"""The widgets of the transcript's rows. Each takes its row with ``show_row`` and says how tall it is at a width."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from ui.chat.transcript_items import (
    ACTIONS,
    BlockRow,
    BubbleRow,
    CardRow,
    FooterRow,
    HeaderRow,
    NoteRow,
    ReasoningRow,
    Row,
)
from ui.icons import pixmap
from ui.theme import RADIUS_LARGE, RADIUS_MEDIUM
from ui.widgets.code import CodeView
from ui.widgets.look import TYPE, Look
from ui.widgets.quiet_button import QuietButton
from ui.widgets.rich_text import RichText
from ui.widgets.text_pane import TextPane
from workbench.markup import Block, Kind, text_html, to_html

BUBBLE_SHARE = 0.82  # of the column: what a question may take
BUBBLE_PADDING = (16, 10, 14)  # sides, top, bottom: a line of text stands low in its height
LONGEST_QUESTION = 3_000  # characters shown of a question before "Show all"
BLEED = 8  # pixels around the column that focus rings and paddings may use
_MUTED_INDENT = 16


class Host(Protocol):
    """What a row tells the transcript."""

    def act(self, item_id: str, action: str) -> None: ...

    def follow_link(self, url: str) -> None: ...

    def fold(self, item_id: str, part: int) -> None: ...

    def remeasure(self, widget: QWidget) -> None: ...


class RowWidget(QWidget):
    """One row. ``pane`` is its selectable text, ``buttons`` what the keyboard reaches, in reading order."""

    bleed = 0  # pixels that the row is wider than the column, at both sides

    def __init__(self, look: Look, item_id: str, host: Host, parent: QWidget) -> None:
        super().__init__(parent)
        self.look, self.item_id, self.host = look, item_id, host

    def show_row(self, row: Row) -> None:
        raise NotImplementedError

    def height_for(self, width: int) -> int:
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
            words, icon, name = ACTIONS.get(action, (action, "", action))
            button = QuietButton(
                self.look,
                "" if bare else words,
                icon,
                self,
                outlined=strong and index > 0,
                strong=strong and index == 0,
            )
            button.setAccessibleName(name)
            button.setToolTip(name)
            button.clicked.connect(lambda _=False, action=action: self.host.act(self.item_id, action))
            button.show()
            yield button


class Bubble(RowWidget):
    """A question, at the right."""

    def __init__(self, look: Look, item_id: str, host: Host, parent: QWidget) -> None:
        super().__init__(look, item_id, host, parent)
        self._text = RichText(look, self)
        self._row = BubbleRow("")
        self._whole = False
        self._more = QuietButton(look, "Show all", "chevron-down", self)
        self._more.clicked.connect(self._show_whole)
        self._area = QRectF()

    def show_row(self, row: Row) -> None:
        if isinstance(row, BubbleRow):
            self._row = row
            self._text.set_html(text_html(self._shown))
            self._text.setAccessibleName(self._shown[:200])

    def height_for(self, width: int) -> int:
        pad_x, pad_y, pad_bottom = BUBBLE_PADDING
        widest = round(width * BUBBLE_SHARE) - 2 * pad_x
        height = self._text.height_for(widest)
        needed = min(widest, round(self._text.document().idealWidth()) + 1)
        if needed < widest:
            height = self._text.height_for(needed)
        more = self._more.sizeHint() if self._shortened else QSize()
        left = width - needed - 2 * pad_x
        bubble = height + pad_y + pad_bottom + more.height()
        self._area = QRectF(left, 0, needed + 2 * pad_x, bubble)
        self._text.setGeometry(left + pad_x, pad_y, needed, height)
        self._more.setVisible(self._shortened)
        if self._shortened:
            self._more.setGeometry(left + pad_x - 8, pad_y + height + 4, more.width(), more.height())
        return bubble

    @property
    def pane(self) -> TextPane | None:
        return self._text

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.look.colour("bubble"))
        painter.drawRoundedRect(self._area, RADIUS_LARGE, RADIUS_LARGE)

    @property
    def _shortened(self) -> bool:
        return not self._whole and len(self._row.text) > LONGEST_QUESTION

    @property
    def _shown(self) -> str:
        return self._row.text[:LONGEST_QUESTION] + "…" if self._shortened else self._row.text

    def _show_whole(self) -> None:
        self._whole = True
        self.show_row(self._row)
        self.host.remeasure(self)


class Header(RowWidget):
    """Who answers, and where."""

    _row = HeaderRow("", "")

    def show_row(self, row: Row) -> None:
        if isinstance(row, HeaderRow):
            self._row = row
            self.setAccessibleName(f"{row.author}, {row.badge}" if row.badge else row.author)
            self.update()

    def height_for(self, width: int) -> int:
        return self.look.px(24)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        icon, x = self.look.px(16), 0.0
        local = pixmap("cpu", self.look.tokens.accent, icon, self.devicePixelRatioF())
        painter.drawPixmap(0, (self.height() - icon) // 2, local)
        x += icon + 8
        font = self.look.font(TYPE.interface, 600)
        painter.setFont(font)
        painter.setPen(self.look.colour("text"))
        words = QFontMetrics(font).horizontalAdvance(self._row.author)
        painter.drawText(QRectF(x, 0, words + 2, self.height()), Qt.AlignmentFlag.AlignVCenter, self._row.author)
        if self._row.badge:
            self._paint_badge(painter, x + words + 9)

    def _paint_badge(self, painter: QPainter, x: float) -> None:
        font = self.look.font(TYPE.caption, 600)
        width = QFontMetrics(font).horizontalAdvance(self._row.badge) + 20
        area = QRectF(x, (self.height() - self.look.px(21)) / 2, width, self.look.px(21))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.look.colour("accent_soft"))
        painter.drawRoundedRect(area, area.height() / 2, area.height() / 2)
        painter.setFont(font)
        painter.setPen(self.look.colour("accent"))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, self._row.badge)


class Note(RowWidget):
    """What is going on before the first token."""

    _text = ""

    def show_row(self, row: Row) -> None:
        if isinstance(row, NoteRow):
            self._text = row.text
            self.setAccessibleName(row.text)
            self.update()

    def height_for(self, width: int) -> int:
        return self.look.px(24)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self.look.font(TYPE.body - 1))
        painter.setPen(self.look.colour("muted"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter, self._text)


class ReasoningSwitch(RowWidget):
    """Folds and unfolds what the model thought."""

    def __init__(self, look: Look, item_id: str, host: Host, parent: QWidget) -> None:
        super().__init__(look, item_id, host, parent)
        self._row = ReasoningRow(0, "", expanded=False)
        self._button = QuietButton(look, "", "chevron-right", self, outlined=True)
        self._button.clicked.connect(self._fold)

    def show_row(self, row: Row) -> None:
        if isinstance(row, ReasoningRow):
            self._row = row
            self._button.set_text(row.label)
            self._button.set_icon("chevron-down" if row.expanded else "chevron-right")
            self._button.setAccessibleName(f"{row.label}, {'shown' if row.expanded else 'folded'}")
            self._button.resize(self._button.sizeHint())

    def height_for(self, width: int) -> int:
        return self._button.sizeHint().height()

    def _fold(self) -> None:
        self.host.fold(self.item_id, self._row.part)


class TextBlock(RowWidget):
    """A block of an answer that is not code; ``muted`` for reasoning, with a bar at its left."""

    def __init__(self, look: Look, item_id: str, host: Host, parent: QWidget, *, muted: bool) -> None:
        super().__init__(look, item_id, host, parent)
        self.muted = muted
        self._text = RichText(look, self, muted=muted)
        self._text.followed.connect(host.follow_link)

    def show_row(self, row: Row) -> None:
        if isinstance(row, BlockRow):
            self._text.set_html(to_html(row.block))

    def height_for(self, width: int) -> int:
        indent = _MUTED_INDENT if self.muted else 0
        height = self._text.height_for(width - indent)
        self._text.setGeometry(indent, 0, width - indent, height)
        return height

    @property
    def pane(self) -> TextPane | None:
        return self._text

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.muted:
            QPainter(self).fillRect(0, 0, 2, self.height(), self.look.colour("strong_border"))


class CodeBlock(RowWidget):
    """A block of code."""

    def __init__(self, look: Look, item_id: str, host: Host, parent: QWidget) -> None:
        super().__init__(look, item_id, host, parent)
        self._code = CodeView(look, self)
        self._code.grown.connect(lambda: host.remeasure(self))

    def show_row(self, row: Row) -> None:
        if isinstance(row, BlockRow):
            self._code.set_code(row.block.code, row.block.language)

    def height_for(self, width: int) -> int:
        height = self._code.height_for(width)
        self._code.setGeometry(0, 0, width, height)
        return height

    @property
    def pane(self) -> TextPane | None:
        return self._code


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
        bottom = (self._hint if self._row.hint else self._title).bottom()
        x = self._title.left() - 2
        for button in self._buttons:
            size = button.sizeHint()
            button.setGeometry(round(x), round(bottom) + 12, size.width(), size.height())
            x += size.width() + 8
        return round(bottom) + (self._buttons[0].sizeHint().height() + 12 if self._buttons else 0) + 14

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


class Footer(RowWidget):
    """How fast it was, and what else can be done with it."""

    bleed = BLEED  # so that the first button's icon, not its padding, begins at the column

    def __init__(self, look: Look, item_id: str, host: Host, parent: QWidget) -> None:
        super().__init__(look, item_id, host, parent)
        self._row = FooterRow("", ())
        self._buttons: list[QuietButton] = []
        self._x = 0

    def show_row(self, row: Row) -> None:
        if isinstance(row, FooterRow):
            if row.actions != self._row.actions:
                for button in self._buttons:
                    button.deleteLater()
                self._buttons = list(self.action_buttons(row.actions, bare=row.of_question))
            self._row = row
            self.setAccessibleName(row.text)
            self.update()

    def height_for(self, width: int) -> int:
        sizes = [button.sizeHint() for button in self._buttons]
        taken = sum(size.width() + 2 for size in sizes)
        self._x = width + 2 * self.bleed - taken if self._row.of_question else 0
        for button, size in zip(self._buttons, sizes, strict=True):
            button.setGeometry(self._x, 0, size.width(), size.height())
            self._x += size.width() + 2
        return self.look.px(26)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self.look.font(TYPE.caption))
        painter.setPen(self.look.colour("muted"))
        left = self._x + 8 if self._buttons else self.bleed
        area = QRectF(left, 0, self.width() - left, self.height())
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, self._row.text)


def row_widget(row: Row, look: Look, item_id: str, host: Host, parent: QWidget) -> RowWidget:
    """The widget for a row, with the row in it."""
    match row:
        case BubbleRow():
            widget: RowWidget = Bubble(look, item_id, host, parent)
        case HeaderRow():
            widget = Header(look, item_id, host, parent)
        case NoteRow():
            widget = Note(look, item_id, host, parent)
        case ReasoningRow():
            widget = ReasoningSwitch(look, item_id, host, parent)
        case BlockRow(block) if block.kind is Kind.CODE:
            widget = CodeBlock(look, item_id, host, parent)
        case BlockRow():
            widget = TextBlock(look, item_id, host, parent, muted=row.muted)
        case CardRow():
            widget = Card(look, item_id, host, parent)
        case FooterRow():
            widget = Footer(look, item_id, host, parent)
    widget.show_row(row)
    return widget


def fits(widget: RowWidget, row: Row) -> bool:
    """Whether this widget can show ``row`` instead of what it shows now."""
    kinds: dict[type, type] = {
        BubbleRow: Bubble,
        HeaderRow: Header,
        NoteRow: Note,
        ReasoningRow: ReasoningSwitch,
        CardRow: Card,
        FooterRow: Footer,
    }
    if isinstance(row, BlockRow):
        if row.block.kind is Kind.CODE:
            return isinstance(widget, CodeBlock)
        return isinstance(widget, TextBlock) and widget.muted == row.muted
    return isinstance(widget, kinds[type(row)])


def gap_above(row: Row, before: Row | None) -> int:
    """Pixels between a row and the one above it in the same message."""
    if before is None:
        return 0
    match row:
        case BlockRow(block, after=after) if after is not None:
            return _gap_between(after, block)
        case BlockRow():
            return 6 if isinstance(before, HeaderRow) else 12
        case FooterRow():
            return 4 if row.of_question else 8
        case CardRow():
            return 14
        case _:
            return 8


def _gap_between(above: Kind, block: Block) -> int:
    if block.kind is above and (block.head or above is Kind.LIST):
        return 0 if block.head else 6  # one table, or one list, in several pieces
    if block.kind is Kind.HEADING:
        return 12 if above is Kind.HEADING else 22
    if above is Kind.HEADING:
        return 6
    boxes = (Kind.CODE, Kind.TABLE)
    return 14 if block.kind in boxes or above in boxes else 10

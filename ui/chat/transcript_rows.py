"""The widgets of the transcript's rows. Each takes its row with ``show_row`` and says how tall it is at a width."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from ui.chat.attach_painted import Files, Given
from ui.chat.citations import target_of
from ui.chat.consent_row import ConsentCard
from ui.chat.consents import ConsentRow
from ui.chat.prompt_row import PromptMark
from ui.chat.sources_row import SourcesList
from ui.chat.steps import StepRow, StepsRow, StepTextRow
from ui.chat.steps_row import StepLine, StepsSwitch, StepText
from ui.chat.transcript_footer import Footer
from ui.chat.transcript_items import (
    BlockRow,
    BubbleRow,
    CardRow,
    DividerRow,
    FilesRow,
    FooterRow,
    GivenRow,
    HeaderRow,
    NoteRow,
    PromptRow,
    ReasoningRow,
    Row,
    SourcesRow,
)
from ui.chat.transcript_row import BLEED, Card, Divider, Host, RowWidget
from ui.icons import pixmap
from ui.theme import RADIUS_LARGE
from ui.translation import tr
from ui.widgets.code import CodeView
from ui.widgets.look import TYPE, Look
from ui.widgets.quiet_button import QuietButton
from ui.widgets.rich_text import RichText, table_width
from ui.widgets.text_pane import TextPane
from workbench.markup import Block, Kind, table_columns, text_html, to_html

BUBBLE_SHARE = 0.82  # of the column: what a question may take
BUBBLE_PADDING = (16, 10, 14)  # sides, top, bottom: a line of text stands low in its height
SHOWN_QUESTION = (3_000, 60)  # characters and lines shown of a question; four times as much with each tr("Show more")
NARROW = 240  # pixels at 100 %
_MUTED_INDENT = 16


class Bubble(RowWidget):
    """A question, at the right."""

    def __init__(self, look: Look, item_id: str, host: Host, parent: QWidget) -> None:
        super().__init__(look, item_id, host, parent)
        self._text = RichText(look, self)
        self._row = BubbleRow("")
        self._times = 1
        self._more = QuietButton(look, tr("Show more"), "chevron-down", self)
        self._more.clicked.connect(self._show_more)
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
        return len(self._shown) < len(self._row.text)

    @property
    def _shown(self) -> str:
        characters, lines = (limit * self._times for limit in SHOWN_QUESTION)
        return "\n".join(self._row.text[:characters].split("\n", lines)[:lines])

    def _show_more(self) -> None:
        self._times *= 4
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
        sign, tone = ("cloud", self.look.tokens.cloud) if self._row.cloud else ("cpu", self.look.tokens.accent)
        source = pixmap(sign, tone, icon, self.devicePixelRatioF())
        painter.drawPixmap(0, (self.height() - icon) // 2, source)
        x += icon + 8
        font = self.look.font(TYPE.interface, 600)
        painter.setFont(font)
        painter.setPen(self.look.colour("text"))
        metrics, badge = QFontMetrics(font), self._badge_width
        room = self.width() - x - (badge + 9 if badge else 0)
        author = metrics.elidedText(self._row.author, Qt.TextElideMode.ElideRight, round(room))
        words = metrics.horizontalAdvance(author)
        painter.drawText(QRectF(x, 0, words + 2, self.height()), Qt.AlignmentFlag.AlignVCenter, author)
        if badge:
            self._paint_badge(painter, x + words + 9, badge)

    @property
    def _badge_width(self) -> int:
        """In a narrow column the author's name has the room; where an answer came from outside, that is always said."""
        if not self._row.badge or (self.width() < self.look.px(NARROW) and not self._row.cloud):
            return 0
        words = QFontMetrics(self.look.font(TYPE.caption, 600)).horizontalAdvance(self._row.badge) + 20
        return min(words, self.width() - self.look.px(NARROW) // 3) if self._row.cloud else words

    def _paint_badge(self, painter: QPainter, x: float, width: int) -> None:
        font = self.look.font(TYPE.caption, 600)
        area = QRectF(x, (self.height() - self.look.px(21)) / 2, width, self.look.px(21))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.look.colour("cloud_soft" if self._row.cloud else "accent_soft"))
        painter.drawRoundedRect(area, area.height() / 2, area.height() / 2)
        painter.setFont(font)
        painter.setPen(self.look.colour("cloud" if self._row.cloud else "accent"))
        words = QFontMetrics(font).elidedText(self._row.badge, Qt.TextElideMode.ElideRight, width - 18)
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, words)


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
            state = tr("shown") if row.expanded else tr("folded")
            self._button.setAccessibleName(f"{row.label}, {state}")
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
        self._lit = False
        self._text = RichText(look, self, muted=muted)
        self._text.followed.connect(self._follow)
        self._text.explain = lambda address: host.words_of(item_id, address)
        self._text.regrown.connect(lambda: host.regrow(self))

    def show_row(self, row: Row) -> None:
        if isinstance(row, BlockRow):
            self._light(row.lit)
            table = row.block.kind is Kind.TABLE
            self._text.set_html(
                to_html(row.block, row.marks),
                least_width=table_width(table_columns(row.block), self.look) if table else 0,
            )

    def height_for(self, width: int) -> int:
        return self._text.height_for(width - self._indent)

    @property
    def pane(self) -> TextPane | None:
        return self._text

    def resizeEvent(self, event: QResizeEvent) -> None:
        left = self._indent + self.bleed
        self._text.setGeometry(left, 0, self.width() - left - self.bleed, self.height())

    def _follow(self, address: str) -> None:
        if (target := target_of(address)) is not None:
            self.host.open_passage(self.item_id, *target)
        else:
            self.host.follow_link(address)

    @property
    def _indent(self) -> int:
        return _MUTED_INDENT if self.muted else 0

    def _light(self, lit: bool) -> None:
        """The block belongs to the passage that was asked for."""
        if lit is not self._lit:
            self._lit, self.bleed = lit, BLEED if lit else 0
            self.setAccessibleDescription(tr("In the passage") if lit else "")
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._lit:
            painter = QPainter(self)
            painter.fillRect(self.rect(), self.look.colour("accent_soft"))
            painter.fillRect(0, 0, 3, self.height(), self.look.colour("accent"))
        if self.muted:
            QPainter(self).fillRect(0, 0, 2, self.height(), self.look.colour("strong_border"))


class CodeBlock(RowWidget):
    """A block of code."""

    def __init__(self, look: Look, item_id: str, host: Host, parent: QWidget) -> None:
        super().__init__(look, item_id, host, parent)
        self._code = CodeView(look, self)
        self._code.grown.connect(lambda: host.remeasure(self))
        self._code.opened.connect(self._open)
        self._place = ""

    def show_row(self, row: Row) -> None:
        if isinstance(row, BlockRow):
            self._place = f"{row.part}:{row.block.begin}"
            self._code.set_code(row.block.code, row.block.language)

    def height_for(self, width: int) -> int:
        return self._code.height_for(width)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._code.setGeometry(self.rect())

    @property
    def pane(self) -> TextPane | None:
        return self._code

    def _open(self) -> None:
        self.host.open_code(self.item_id, self._place, self._code.code, self._code.language)


_WIDGETS: dict[type, type[RowWidget]] = {
    BubbleRow: Bubble,
    HeaderRow: Header,
    NoteRow: Note,
    ReasoningRow: ReasoningSwitch,
    DividerRow: Divider,
    CardRow: Card,
    FooterRow: Footer,
    FilesRow: Files,
    PromptRow: PromptMark,
    GivenRow: Given,
    SourcesRow: SourcesList,
    StepsRow: StepsSwitch,
    StepRow: StepLine,
    StepTextRow: StepText,
    ConsentRow: ConsentCard,
}


def row_widget(row: Row, look: Look, item_id: str, host: Host, parent: QWidget) -> RowWidget:
    """The widget for a row, with the row in it."""
    match row:
        case BlockRow(block) if block.kind is Kind.CODE:
            widget: RowWidget = CodeBlock(look, item_id, host, parent)
        case BlockRow():
            widget = TextBlock(look, item_id, host, parent, muted=row.muted)
        case _:
            widget = _WIDGETS[type(row)](look, item_id, host, parent)
    widget.show_row(row)
    return widget


def fits(widget: RowWidget, row: Row) -> bool:
    """Whether this widget can show ``row`` instead of what it shows now."""
    if isinstance(row, BlockRow):
        if row.block.kind is Kind.CODE:
            return isinstance(widget, CodeBlock)
        return isinstance(widget, TextBlock) and widget.muted == row.muted
    return isinstance(widget, _WIDGETS[type(row)])


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
        case BubbleRow() if isinstance(before, PromptRow):
            return 6
        case CardRow() | BubbleRow() | SourcesRow() | ConsentRow():
            return 14
        case StepRow() if isinstance(before, StepRow):
            return 0
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

"""Sanitised HTML as a text block: no scroll bar of its own, as tall as its text, unable to load anything."""

from __future__ import annotations

from functools import lru_cache
from math import ceil
from typing import Any

from PySide6.QtCore import QByteArray, QEvent, QPoint, QRectF, Qt, QUrl, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextListFormat,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QTextBrowser, QWidget

from ui.theme import COLUMN_WIDTH
from ui.widgets.look import CODE_FAMILIES, TYPE, Look
from ui.widgets.marks import Marks

_QUOTE_STEP = 18
_BAR = 3
_HEADINGS = (TYPE.h1, TYPE.h2, TYPE.h3, TYPE.body, TYPE.body, TYPE.body)


class RichText(QTextBrowser):
    """``set_html`` shows HTML that was sanitised before. ``muted`` is for asides: smaller, in the muted colour."""

    followed = Signal(str)
    hovered = Signal(str)

    def __init__(self, look: Look, parent: QWidget | None = None, *, muted: bool = False) -> None:
        super().__init__(parent)
        self._look, self._muted, self._quoted = look, muted, False
        self._marks = Marks(self, look)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setLineWrapMode(QTextBrowser.LineWrapMode.FixedPixelWidth)  # laid out at its width also while hidden
        self.setLineWrapColumnOrWidth(COLUMN_WIDTH)
        self.setOpenLinks(False)
        self.setUndoRedoEnabled(False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.LinksAccessibleByMouse | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        self.viewport().setAutoFillBackground(False)
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor)
        self._linked = False
        self._dress()

    # Content ----------------------------------------------------------------------------------------------------------

    def set_html(self, html: str) -> None:
        """Show ``html``; ask ``height_for`` again afterwards."""
        self.setHtml(self._with_borders(html))
        self._quoted = "<blockquote" in html
        if "<li" in html or "<h" in html:
            self._style_blocks()
        has_links = "<a " in html
        if has_links and not self._linked:  # most texts have none, and a connection costs a tenth of making the widget
            self.anchorClicked.connect(self._on_click)
            self.highlighted.connect(self._on_hover)
            self._linked = True
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if has_links else Qt.FocusPolicy.NoFocus)
        table = "<table" in html
        policy = Qt.ScrollBarPolicy.ScrollBarAsNeeded if table else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.setHorizontalScrollBarPolicy(policy)

    def height_for(self, width: int) -> int:
        """The height this text needs at a width, in pixels."""
        document = self.document()
        if self.lineWrapColumnOrWidth() != width:
            self.setLineWrapColumnOrWidth(width)
        height = ceil(document.size().height())
        if self.horizontalScrollBarPolicy() != Qt.ScrollBarPolicy.ScrollBarAlwaysOff and document.idealWidth() > width:
            height += self.horizontalScrollBar().sizeHint().height() + 2
        return height

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        """Nothing is ever loaded. Something empty is returned: given nothing at all, Qt reads the file by itself."""
        if kind != QTextDocument.ResourceType.ImageResource.value:
            return QByteArray(b" ")
        empty = QPixmap(1, 1)
        empty.fill(Qt.GlobalColor.transparent)
        return empty

    # A piece of a larger selection (TextPane) --------------------------------------------------------------------------

    def surface(self) -> QWidget:
        return self.viewport()

    def position_at(self, point: QPoint) -> int:
        return self.cursorForPosition(point).position()

    def length(self) -> int:
        return self.document().characterCount() - 1

    def text_between(self, begin: int, end: int) -> str:
        return _between(QTextCursor(self.document()), begin, end)

    def word_at(self, position: int) -> tuple[int, int]:
        return _word(QTextCursor(self.document()), position)

    def select(self, selected: tuple[int, int] | None) -> None:
        self._marks.select(selected)

    def show_found(self, text: str, current: int | None) -> int | None:
        return self._marks.show_found(text, current)

    # Qt ---------------------------------------------------------------------------------------------------------------

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Sideways is this table's, everything else belongs to whoever scrolls the page."""
        sideways = abs(event.angleDelta().x()) > abs(event.angleDelta().y())
        if sideways and self.horizontalScrollBar().maximum() > 0:
            super().wheelEvent(event)
        else:
            event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
        else:
            event.ignore()

    def changeEvent(self, event: QEvent) -> None:
        """The document has a font of its own: taking the widget's, and giving it back, would lay it out twice."""
        if event.type() != QEvent.Type.FontChange:
            super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._quoted:
            self._paint_quote_bars()

    # Look -------------------------------------------------------------------------------------------------------------

    @property
    def _font(self):  # type: ignore[no-untyped-def]
        return self._look.font(TYPE.body - 1 if self._muted else TYPE.body)

    def _dress(self) -> None:
        document = self.document()
        document.setDocumentMargin(0)
        document.setIndentWidth(self._look.px(22))
        document.setDefaultFont(self._font)
        document.setDefaultStyleSheet(_style(self._look, self._muted))

    def _on_click(self, url: QUrl) -> None:
        self.followed.emit(url.toString())

    def _on_hover(self, url: QUrl) -> None:
        """The true target, so that a link cannot pretend."""
        target = url.toString()
        self.viewport().setToolTip(target)
        self.hovered.emit(target)

    def _style_blocks(self) -> None:
        """Bullets lighter than their text; headings at their own size, not at Qt's multiple of it."""
        bullet, number = QTextCharFormat(), QTextCharFormat()
        bullet.setForeground(self._look.colour("control_border"))
        number.setForeground(self._look.colour("muted"))
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()  # one layout for all of it
        block = self.document().begin()
        while block.isValid():
            cursor.setPosition(block.position())
            if (items := block.textList()) is not None:
                numbered = items.format().style() == QTextListFormat.Style.ListDecimal
                cursor.mergeBlockCharFormat(number if numbered else bullet)
            if level := block.blockFormat().headingLevel():
                _size(block, self._look.px(_HEADINGS[level - 1]))
            block = block.next()
        cursor.endEditBlock()

    def _with_borders(self, html: str) -> str:
        """Qt takes a table's borders from attributes only; changing its format afterwards would lay it out again."""
        style = f"border-collapse: collapse; border-style: solid; border-color: {self._look.tokens.border}"
        return html.replace(
            "<table>", f'<table border="1" cellspacing="0" cellpadding="9" width="100%" style="{style}">'
        )

    def _paint_quote_bars(self) -> None:
        """One bar beside each level of quotation, drawn through the paragraphs that belong to it."""
        painter = QPainter(self.viewport())
        block = self.document().begin()
        while block.isValid():
            following = block.next()
            level, joined = _quote_level(block), min(_quote_level(block), _quote_level(following))
            for step in range(level):
                area = self.document().documentLayout().blockBoundingRect(block)
                below = self.document().documentLayout().blockBoundingRect(following).top() if step < joined else 0
                bottom = below or area.bottom() + self._look.px(5)
                bar = QRectF(step * _QUOTE_STEP, area.top(), _BAR, bottom - area.top())
                painter.fillRect(bar, self._look.colour("strong_border"))
            block = following
        painter.end()


def _quote_level(block: QTextBlock) -> int:
    return round(block.blockFormat().leftMargin() / _QUOTE_STEP) if block.isValid() else 0


def _size(block: QTextBlock, pixels: int) -> None:
    """Give a heading's text its size; Qt's own multiple would win as long as it is there."""
    cursor = QTextCursor(block)
    iterator = block.begin()
    fragments = []
    while not iterator.atEnd():
        fragments.append(iterator.fragment())
        iterator += 1
    for begin, length, form in [(part.position(), part.length(), part.charFormat()) for part in fragments]:
        form.clearProperty(QTextFormat.Property.FontSizeAdjustment)
        form.setProperty(QTextFormat.Property.FontPixelSize, pixels)
        cursor.setPosition(begin)
        cursor.setPosition(begin + length, QTextCursor.MoveMode.KeepAnchor)
        cursor.setCharFormat(form)


def _between(cursor: QTextCursor, begin: int, end: int) -> str:
    cursor.setPosition(begin)
    cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
    return cursor.selection().toPlainText()


def _word(cursor: QTextCursor, position: int) -> tuple[int, int]:
    cursor.setPosition(position)
    cursor.select(QTextCursor.SelectionType.WordUnderCursor)
    return cursor.selectionStart(), cursor.selectionEnd()


@lru_cache(maxsize=8)
def _style(look: Look, muted: bool) -> str:
    t, px = look.tokens, look.px
    ink = t.muted if muted else t.text
    body = TYPE.body - 1 if muted else TYPE.body
    line = px(body * 1.6)
    code = ", ".join(f"'{family}'" for family in CODE_FAMILIES)
    headings = "\n".join(
        f"h{level} {{ font-weight: 600; line-height: {px(size * 1.35)}px; margin: 0; }}"
        for level, size in enumerate(_HEADINGS, start=1)
    )
    return f"""
    body, p, li {{ color: {ink}; line-height: {line}px; }}
    td, th {{ color: {ink}; }}
    p {{ margin: 0 0 {px(10)}px 0; white-space: pre-wrap; }}
    {headings}
    a {{ color: {t.accent}; text-decoration: underline; }}
    strong {{ font-weight: 600; }}
    code {{ font-family: {code}; font-size: {px(body * 0.87)}px; background-color: {t.bubble}; }}
    pre {{ font-family: {code}; font-size: {px(TYPE.code)}px; background-color: {t.code}; line-height: 100%;
        margin: {px(6)}px 0; }}
    ul, ol {{ margin: 0; }}
    li {{ margin: 0 0 {px(6)}px 0; }}
    blockquote {{ margin: 0 0 0 {_QUOTE_STEP}px; color: {t.muted}; }}
    th {{ font-weight: 600; text-align: left; background-color: {t.surface}; }}
    hr {{ background-color: {t.border}; }}
    """

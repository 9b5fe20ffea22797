"""Sanitised HTML as a text block: no scroll bar of its own, as tall as its text, unable to load anything."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from html import escape, unescape
from math import ceil
from typing import Any

from PySide6.QtCore import QByteArray, QEvent, QPoint, QRectF, Qt, QUrl, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextListFormat,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QTextBrowser, QToolTip, QWidget

from ui.theme import COLUMN_WIDTH
from ui.widgets.formulas import formulas
from ui.widgets.look import CODE_FAMILIES, TYPE, Look
from ui.widgets.marks import Marks
from ui.widgets.wheel import goes_sideways

_QUOTE_STEP = 18
_BAR = 3
_SCROLL_STEP = 60  # pixels
_CELL, _CHARACTER, _CELL_PADDING = (
    16,
    8.2,
    20,
)  # characters that a cell wants side by side, pixels of one, and around them
_FORMULA = re.compile(r'<img alt="([^"]*)"( title="display")?>')
_OBJECT = "\N{OBJECT REPLACEMENT CHARACTER}"
_HEADINGS = (TYPE.h1, TYPE.h2, TYPE.h3, TYPE.body, TYPE.body, TYPE.body)


class RichText(QTextBrowser):
    """``set_html`` shows HTML that was sanitised before. ``muted`` is for asides: smaller, in the muted colour."""

    followed = Signal(str)
    regrown = Signal()  # formulas were drawn: ask ``height_for`` again

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
        self.explain: Callable[[str], str] = str  # what a link tells of itself when it is pointed at: its true target
        self._linked = self._awaiting = False
        self._html, self._least_width = "", 0
        self._dress()

    # Content ----------------------------------------------------------------------------------------------------------

    def set_html(self, html: str, *, least_width: int = 0) -> None:
        """Show ``html``; ask ``height_for`` again afterwards. Narrower than ``least_width`` it scrolls sideways."""
        self._least_width = least_width
        self._html = html
        shown = self._with_borders(html)
        if has_formulas := "<img " in html:
            shown = self._with_formulas(shown)
        self.setHtml(shown)
        self._quoted = "<blockquote" in html
        if "<li" in html or "<h" in html:
            self._style_blocks()
        if has_formulas:
            self._give_formulas_room()
            self.setAccessibleName(self.text_between(0, self.length()))  # with the LaTeX where pictures stand
        has_links = "<a " in html
        if has_links and not self._linked:  # most texts have none, and a connection costs a tenth of making the widget
            self.anchorClicked.connect(self._on_click)
            self.highlighted.connect(self._on_hover)
            self._linked = True
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if has_links else Qt.FocusPolicy.NoFocus)
        wide = "<table" in html or has_formulas
        policy = Qt.ScrollBarPolicy.ScrollBarAsNeeded if wide else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.setHorizontalScrollBarPolicy(policy)

    def height_for(self, width: int) -> int:
        """The height this text needs at a width, in pixels."""
        document = self.document()
        wrapped = max(width, self._least_width)
        if self.lineWrapColumnOrWidth() != wrapped:
            self.setLineWrapColumnOrWidth(wrapped)
        height = ceil(document.size().height())
        scrolls = self.horizontalScrollBarPolicy() != Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        if scrolls and (wrapped > width or document.idealWidth() > width):
            height += self.horizontalScrollBar().sizeHint().height() + 2
            self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # the arrow keys scroll it
        return height

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        """Nothing is ever loaded. Something empty is returned: given nothing at all, Qt reads the file by itself."""
        address = name.toString() if isinstance(name, QUrl) else name
        if (picture := formulas().named(address)) is not None:
            return picture.image(self.devicePixelRatioF())
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
        """As it is shown; a formula is its LaTeX."""
        text = _between(QTextCursor(self.document()), begin, end)
        return self._with_sources(text, begin) if _OBJECT in text else text

    def word_at(self, position: int) -> tuple[int, int]:
        return _word(QTextCursor(self.document()), position)

    def select(self, selected: tuple[int, int] | None) -> None:
        self._marks.select(selected)

    def show_found(self, text: str, current: int | None) -> int | None:
        return self._marks.show_found(text, current)

    # Qt ---------------------------------------------------------------------------------------------------------------

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Sideways is this table's, everything else belongs to whoever scrolls the page."""
        if goes_sideways(event, self.horizontalScrollBar()):
            super().wheelEvent(event)
        else:
            event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right) and self.horizontalScrollBar().maximum() > 0:
            step = _SCROLL_STEP if event.key() == Qt.Key.Key_Right else -_SCROLL_STEP
            self.horizontalScrollBar().setValue(self.horizontalScrollBar().value() + step)
        else:
            event.ignore()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """To the next link; what it tells of itself is shown, as it is where the mouse points at one."""
        moved = super().focusNextPrevChild(forward)
        address = self.textCursor().charFormat().anchorHref() if moved and self.hasFocus() else ""
        if address:
            self._on_hover(QUrl(address))
        return moved

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
        """The true target, so that a link cannot pretend; with the keyboard there is no pointer to show it at."""
        words = self.explain(url.toString())
        self.viewport().setToolTip(_as_text(words))
        if words and self.hasFocus() and not self.viewport().underMouse():
            self.setAccessibleDescription(words)
            below = self.cursorRect().bottomLeft() + QPoint(0, 4)
            QToolTip.showText(self.viewport().mapToGlobal(below), _as_text(words), self.viewport())

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

    # Formulas ---------------------------------------------------------------------------------------------------------

    def _with_formulas(self, html: str) -> str:
        """Pictures where they are drawn, the LaTeX where they are not, or not yet."""
        awaiting = False

        def shown(match: re.Match[str]) -> str:
            nonlocal awaiting
            display = match[2] is not None
            picture, coming = formulas().picture(unescape(match[1]), self._look, display=display, muted=self._muted)
            awaiting |= coming
            if picture is None:
                return "<code>" + match[1].replace("\n", "<br>") + "</code>"
            size = f'width="{picture.width}" height="{picture.height}"'
            return f'<img src="{picture.name}" {size} style="vertical-align: middle">'

        made = _FORMULA.sub(shown, html)
        if awaiting and not self._awaiting:
            formulas().drawn.connect(self._on_drawn)
        elif self._awaiting and not awaiting:
            formulas().drawn.disconnect(self._on_drawn)
        self._awaiting = awaiting
        return made

    def _on_drawn(self) -> None:
        self.set_html(self._html, least_width=self._least_width)
        self.regrown.emit()

    def _give_formulas_room(self) -> None:
        """A line grows with its formula, where lines have a fixed height otherwise; what stands by itself is centred."""
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        block = self.document().begin()
        while block.isValid():
            if _OBJECT in block.text():
                form = QTextBlockFormat()
                if line := block.blockFormat().lineHeight():
                    form.setLineHeight(line, QTextBlockFormat.LineHeightTypes.MinimumHeight.value)
                if block.text().strip() == _OBJECT and self._is_display(block):
                    form.setAlignment(Qt.AlignmentFlag.AlignHCenter)
                cursor.setPosition(block.position())
                cursor.mergeBlockFormat(form)
            block = block.next()
        cursor.endEditBlock()

    def _is_display(self, block: QTextBlock) -> bool:
        picture = formulas().named(block.begin().fragment().charFormat().toImageFormat().name())
        return picture is not None and picture.formula.display

    def _with_sources(self, text: str, begin: int) -> str:
        pieces, cursor = [], QTextCursor(self.document())
        for at, character in enumerate(text):
            if character == _OBJECT:
                cursor.setPosition(begin + at + 1)
                picture = formulas().named(cursor.charFormat().toImageFormat().name())
                marks = "$$" if picture is not None and picture.formula.display else "$"
                character = f"{marks}{picture.formula.latex}{marks}" if picture is not None else ""
            pieces.append(character)
        return "".join(pieces)

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


def _as_text(words: str) -> str:
    """For a tooltip, which would take words that look like HTML for it."""
    return f"<p style='white-space: pre-wrap'>{escape(words)}</p>" if words else ""


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
    a.cite, a.doubted {{ font-size: {px(body * 0.74)}px; font-weight: 600; text-decoration: none; }}
    a.cite {{ color: {t.accent}; background-color: {t.accent_soft}; }}
    a.doubted {{ color: {t.danger}; background-color: {t.bubble}; }}
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


def table_width(columns: tuple[int, ...], look: Look) -> int:
    """Pixels for columns of so many characters, each at most ``_CELL`` of them; their words break less than that would."""
    return round(sum(min(count, _CELL) * _CHARACTER * look.scale + _CELL_PADDING for count in columns))

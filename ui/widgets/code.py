"""A block of code: its language, a copy button, colours, and no scrolling of its own but sideways."""

from __future__ import annotations

from math import ceil
from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFontMetricsF,
    QGuiApplication,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
    QTextCursor,
    QTextDocument,
    QWheelEvent,
)
from PySide6.QtWidgets import QFileDialog, QFrame, QPlainTextEdit, QWidget

from ui.theme import RADIUS_MEDIUM
from ui.translation import tr
from ui.widgets.file_names import file_name
from ui.widgets.highlight import CodeHighlighter, ready
from ui.widgets.look import TYPE, Look
from ui.widgets.marks import Marks
from ui.widgets.quiet_button import QuietButton
from ui.widgets.wheel import goes_sideways

SHOWN_LINES = 200  # at first, and with every "Show more": what is laid out and coloured within a frame
SHOWN_CHARACTERS = 1_000  # of one line
_PADDING = 14
_HEADER = 38
_ROOMY = 360  # pixels at 100 %: in a narrower block the buttons are icons
_COPIED_MILLISECONDS = 1_500


class CodeView(QFrame):
    """``set_code`` takes the whole code each time; only what was added at its end is laid out again."""

    grown = Signal()  # shows more lines: ask ``height_for`` again
    opened = Signal()  # to be read and edited beside the chat

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._code, self._language = "", ""
        self._limit = SHOWN_LINES
        self._highlighter: CodeHighlighter | None = None
        self._text = _CodeText(look, self)
        self._marks = Marks(self._text, look)
        self._copy = QuietButton(look, tr("Copy"), "copy", self)
        self._copy.setAccessibleName(tr("Copy code"))
        self._copy.clicked.connect(self.copy)
        self._save = QuietButton(look, tr("Save"), "download", self)
        self._save.setAccessibleName(tr("Save code to a file"))
        self._save.clicked.connect(self.ask_where)
        self._open = QuietButton(look, tr("Open"), "columns-2", self)
        self._open.setAccessibleName(tr("Open code in the panel"))
        self._open.clicked.connect(self.opened)
        self._more = QuietButton(look, tr("Show more lines"), "chevron-down", self)
        self._more.clicked.connect(self._show_more)
        self._more.hide()
        for button in (self._copy, self._save, self._open):
            button.setToolTip(button.accessibleName())
        self._copied = QTimer(self)
        self._copied.setSingleShot(True)
        self._copied.setInterval(_COPIED_MILLISECONDS)
        self._copied.timeout.connect(self._forget_copied)

    # Content ----------------------------------------------------------------------------------------------------------

    @property
    def code(self) -> str:
        return self._code

    @property
    def language(self) -> str:
        return self._language

    @property
    def document(self) -> QTextDocument:
        """What is shown of it."""
        return self._text.document()

    def set_code(self, code: str, language: str) -> None:
        """Show ``code``; ask ``height_for`` again afterwards."""
        self._code = code
        if language != self._language:
            self._language = language
            self._drop_colours()
        self._text.show_text(_shown(code, self._limit))
        self._show_rest()
        self.setAccessibleName(tr("Code, {language}").format(language=language) if language else tr("Code"))
        if self._highlighter is None:
            if ready():
                self._colour()
            else:
                QTimer.singleShot(0, self, self._colour)

    def height_for(self, width: int) -> int:
        more = self._more.sizeHint().height() + 6 if self._hidden_lines else 0
        bar = self._text.bar_height if self._text.ideal_width > width - 2 * _PADDING else 0
        return self._header + self._text.text_height + max(_PADDING, bar) + more

    def copy(self) -> None:
        """Put the whole code on the clipboard."""
        QGuiApplication.clipboard().setText(self._code)
        self._copy.set_icon("check")
        self._copy.set_text(tr("Copied"))
        self._place()
        self._copied.start()

    def ask_where(self) -> None:
        """Let the person choose a file for the whole code."""
        dialog = QFileDialog(self.window(), tr("Save code to a file"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.selectFile(file_name("code", self._language, self._code))
        dialog.fileSelected.connect(lambda path: self.save(Path(path)))
        dialog.open()

    def save(self, path: Path) -> None:
        """Write the whole code to ``path``, and say on the button how that went."""
        try:
            path.write_text(self._code, encoding="utf-8")
        except OSError as error:
            self._save.set_icon("circle-alert")
            self._save.set_text(tr("Not saved: {reason}").format(reason=error.strerror or error))
        else:
            self._save.set_icon("check")
            self._save.set_text(tr("Saved"))
        self._place()
        self._copied.start()

    # A piece of a larger selection (TextPane) --------------------------------------------------------------------------

    def surface(self) -> QWidget:
        return self._text.viewport()

    def position_at(self, point: QPoint) -> int:
        return self._text.cursorForPosition(point).position()

    def length(self) -> int:
        return self._text.document().characterCount() - 1

    def text_between(self, begin: int, end: int) -> str:
        return self._text.toPlainText()[begin:end]

    def word_at(self, position: int) -> tuple[int, int]:
        cursor = QTextCursor(self._text.document())
        cursor.setPosition(position)
        cursor.select(QTextCursor.SelectionType.WordUnderCursor)
        return cursor.selectionStart(), cursor.selectionEnd()

    def select(self, selected: tuple[int, int] | None) -> None:
        self._marks.select(selected)

    def show_found(self, text: str, current: int | None) -> int | None:
        offset = self._marks.show_found(text, current)
        return None if offset is None else offset + self._header

    # Qt ---------------------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._look.colour("border"), 1))
        painter.setBrush(self._look.colour("code"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_MEDIUM, RADIUS_MEDIUM)
        painter.setPen(self._look.colour("muted"))
        painter.setFont(self._look.font(TYPE.caption))
        area = QRectF(_PADDING + 2, 1, self.width() / 2, self._header)
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, self._language or "text")

    # Parts ------------------------------------------------------------------------------------------------------------

    @property
    def _header(self) -> int:
        return self._look.px(_HEADER)

    @property
    def _hidden_lines(self) -> int:
        return max(0, self._code.count("\n") + 1 - self._limit)

    def _place(self) -> None:
        roomy = self.width() >= self._look.px(_ROOMY)
        for button, words in ((self._open, tr("Open")), (self._save, tr("Save")), (self._copy, tr("Copy"))):
            if button.text() in (words, ""):  # what was done a moment ago stays told
                button.set_text(words if roomy else "")
        right = self.width() - 8
        for button in (self._copy, self._save, self._open):
            size = button.sizeHint()
            right -= size.width()
            button.setGeometry(right, (self._header - size.height()) // 2 + 1, size.width(), size.height())
        more = self._more.sizeHint()
        bottom = more.height() + 6 if self._hidden_lines else 0
        self._text.setGeometry(
            _PADDING, self._header, self.width() - 2 * _PADDING, self.height() - self._header - bottom - 1
        )
        self._more.setGeometry(_PADDING - 6, self.height() - bottom - 3, more.width(), more.height())

    def _show_rest(self) -> None:
        hidden = self._hidden_lines
        self._more.setVisible(hidden > 0)
        if hidden:
            told = tr("Show {shown} of {count} more lines")
            self._more.set_text(told.format(shown=f"{min(hidden, SHOWN_LINES):,}", count=f"{hidden:,}"))

    def _show_more(self) -> None:
        self._limit += SHOWN_LINES
        self._text.show_text(_shown(self._code, self._limit))
        self._show_rest()
        self.grown.emit()

    def _colour(self) -> None:
        if self._highlighter is None and self._language:
            self._highlighter = CodeHighlighter(self._text.document(), self._language, dark=self._look.tokens.dark)

    def _drop_colours(self) -> None:
        if self._highlighter is not None:
            self._highlighter.setDocument(None)
            self._highlighter.deleteLater()
            self._highlighter = None

    def _forget_copied(self) -> None:
        self._copy.set_icon("copy")
        self._copy.set_text(tr("Copy"))
        self._save.set_icon("download")
        self._save.set_text(tr("Save"))
        self._place()


class _CodeText(QPlainTextEdit):
    """The text itself: read only, never wrapped, as tall as its lines."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self.setReadOnly(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setUndoRedoEnabled(False)
        self.viewport().setAutoFillBackground(False)
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor)
        self.document().setDocumentMargin(0)
        self.document().setDefaultFont(self._font)
        self._shown, self._longest = "", 0
        self._line_height = ceil(QFontMetricsF(self._font).lineSpacing())
        self._character_width = QFontMetricsF(self._font).horizontalAdvance("0")
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Text, look.colour("text"))
        self.setPalette(palette)

    @property
    def _font(self):  # type: ignore[no-untyped-def]
        return self._look.font(TYPE.code, code=True)

    @property
    def text_height(self) -> int:
        return self.document().blockCount() * self._line_height

    @property
    def ideal_width(self) -> int:
        """Pixels of the longest line: in a fixed-width font, its characters."""
        return round(self._longest * self._character_width) + 4

    @property
    def bar_height(self) -> int:
        return self.horizontalScrollBar().sizeHint().height() + 4

    def show_text(self, text: str) -> None:
        """Append what is new when ``text`` goes on with what is shown, else replace it."""
        before = self._shown
        if text == before:
            return
        cursor = QTextCursor(self.document())
        if text.startswith(before):
            cursor.movePosition(QTextCursor.MoveOperation.End)
            cursor.insertText(text[len(before) :])
        else:
            self.setPlainText(text)
        self._shown = text
        self._longest = max(map(len, text.split("\n")))

    def changeEvent(self, event: QEvent) -> None:
        """The document has a font of its own, see ``RichText``."""
        if event.type() != QEvent.Type.FontChange:
            super().changeEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Sideways is this block's, everything else belongs to whoever scrolls the page."""
        if goes_sideways(event, self.horizontalScrollBar()):
            super().wheelEvent(event)
        else:
            event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()


def _shown(code: str, limit: int) -> str:
    """The first ``limit`` lines, each cut where no screen reaches: the whole code is for copying."""
    lines = code.split("\n", limit)[:limit]
    return "\n".join(map(_cut, lines)).expandtabs(4)


def _cut(line: str) -> str:
    rest = len(line) - SHOWN_CHARACTERS
    if rest <= 0:
        return line
    more = tr("… {count} more characters").format(count=f"{rest:,}")
    return f"{line[:SHOWN_CHARACTERS]} {more}"

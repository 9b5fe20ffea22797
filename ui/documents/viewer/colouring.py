"""Colours for a long file of code, a few lines at a time: the window never waits for all of them."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QTimer
from PySide6.QtGui import QTextDocument

from ui.widgets.highlight import CodeHighlighter

TURN_MILLISECONDS = 8


class GradualHighlighter(CodeHighlighter):
    """Begins at once, and ends with ``end`` or when every line has its colours."""

    def __init__(self, document: QTextDocument, language: str, *, dark: bool) -> None:
        self._lines = 0  # that have their colours
        super().__init__(document, language, dark=dark)
        self._turns = QTimer(self)
        self._turns.setInterval(0)
        self._turns.timeout.connect(self._colour_more)
        self._turns.start()

    @property
    def is_done(self) -> bool:
        return not self._turns.isActive()

    def end(self) -> None:
        self._turns.stop()
        self.setDocument(None)
        self.deleteLater()

    def highlightBlock(self, text: str) -> None:
        if self.currentBlock().blockNumber() < self._lines:
            super().highlightBlock(text)

    def _colour_more(self) -> None:
        clock = QElapsedTimer()
        clock.start()
        while clock.elapsed() < TURN_MILLISECONDS:
            block = self.document().findBlockByNumber(self._lines)
            if not block.isValid():
                self._turns.stop()
                return
            self._lines += 1
            self.rehighlightBlock(block)

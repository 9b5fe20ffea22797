"""Two answers to one question beside each other, inside the window; one of them is taken."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.chat.transcript import TranscriptView
from ui.chat.transcript_items import TranscriptItem
from ui.translation import tr
from ui.widgets.buttons import ElidedButton, IconButton
from ui.widgets.floating import Floating
from ui.widgets.labels import ElidedLabel, label

MARGIN, NARROW_MARGIN = 32, 8  # pixels of the window that stay in view around it
COLUMN_CHARACTERS = 20  # that a line of an answer has at least where both stand beside each other
LEAST_WIDTH, LEAST_HEIGHT = 480, 320


class Column(QWidget):
    """One answer, and the button that takes it."""

    def __init__(self, name: str, appearance: Appearance) -> None:
        super().__init__()
        self.view = TranscriptView()
        self.view.setAccessibleName(tr("Answer of {name}").format(name=name))
        self.view.set_theme(appearance.tokens, appearance.scale)
        self.waits = label("", "caption", wrap=True)
        self.waits.hide()
        self.use = ElidedButton(
            tr("Use this one"),
            appearance,
            look="primary",
            icon_name="check",
            name=tr("Use the answer of {name}").format(name=name),
        )
        self.use.setEnabled(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(self.waits)
        layout.addWidget(_framed(self.view), 1)
        layout.addWidget(self.use, 0, Qt.AlignmentFlag.AlignHCenter)

    def show_item(self, item: TranscriptItem) -> None:
        """The answer as far as it is written; a complete one with words in it can be taken."""
        if self.view.items and self.view.items[0].id == item.id:
            self.view.update_item(item)
        else:
            self.view.set_items([item])
        self.use.setEnabled(not item.live and bool(item.text))


def _framed(view: QWidget) -> QFrame:
    """An answer on a page of its own: in a light theme the panel is as white as the page."""
    frame = QFrame()
    frame.setProperty("look", "pane")
    inside = QVBoxLayout(frame)
    inside.setContentsMargins(4, 4, 4, 4)
    inside.addWidget(view)
    return frame


class ComparePanel(Floating):
    """``picked``: 0 for the left answer, 1 for the right one. ``closed``: it is gone, with or without a pick."""

    picked = Signal(int)
    closed = Signal()

    def __init__(self, question: str, names: tuple[str, str], appearance: Appearance, window: QWidget) -> None:
        super().__init__(tr("Compare two answers"), window)
        self._left_to_close = True
        self.columns = tuple(Column(name, appearance) for name in names)
        self.close_button = IconButton("x", tr("Close without a choice"), appearance)
        self.close_button.clicked.connect(self.dismiss)
        head = QHBoxLayout()
        self._title = label(tr("Compare"), "title")
        head.addWidget(self._title)
        head.addWidget(ElidedLabel(" ".join(question.split()), "muted"), 1)
        head.addWidget(self.close_button)
        self._sides = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._sides.setSpacing(12)
        for index, column in enumerate(self.columns):
            self._sides.addWidget(column, 1)
            column.use.clicked.connect(partial(self._take, index))
        outside = QVBoxLayout(self)
        outside.setContentsMargins(18, 12, 14, 16)
        outside.setSpacing(10)
        outside.addLayout(head)
        outside.addLayout(self._sides, 1)
        window.installEventFilter(self)

    def say(self, index: int, words: str) -> None:
        """Why an answer has not begun; empty: it has."""
        waits = self.columns[index].waits
        waits.setText(words)
        waits.setVisible(bool(words))

    def open(self) -> None:
        self.appear()
        self._fit()
        self.close_button.setFocus(Qt.FocusReason.PopupFocusReason)

    def dismiss(self) -> None:
        self.host.removeEventFilter(self)
        super().dismiss()
        if self._left_to_close:
            self._left_to_close = False
            self.closed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """It follows the window's size. A press beside it closes nothing: an answer may still be on its way."""
        if watched is self.host and event.type() == QEvent.Type.Resize:
            self._fit()
        return False

    def _fit(self) -> None:
        """Beside each other, or below where the lines would have a word or two each."""
        words = 2 * COLUMN_CHARACTERS * self._title.fontMetrics().averageCharWidth()
        beside = self.host.width() - 2 * MARGIN >= words
        turned = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        self._sides.setDirection(turned)
        margin = MARGIN if beside else NARROW_MARGIN
        width = max(min(LEAST_WIDTH, self.host.width()), self.host.width() - 2 * margin)
        height = max(min(LEAST_HEIGHT, self.host.height()), self.host.height() - 2 * margin)
        self.setGeometry((self.host.width() - width) // 2, (self.host.height() - height) // 2, width, height)

    def _take(self, index: int) -> None:
        self.picked.emit(index)
        self.dismiss()

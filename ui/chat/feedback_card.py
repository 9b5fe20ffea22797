"""A verdict on an answer, in the window: why, and what the answer should have been. Both may stay empty."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.chat.feedback_words import REASONS, STAYS_HERE, TITLES
from ui.translation import tr
from ui.widgets.buttons import Button, IconButton
from ui.widgets.floating import Floating
from ui.widgets.flow import Flow
from ui.widgets.labels import label
from workbench.chat.feedback.feedback import Feedback

WIDTH, FIELD_LINES = 460, 5
GAP = 6


class TextField(QPlainTextEdit):
    """Several lines; Tab leaves it, Ctrl+Enter is the button below."""

    submitted = Signal()

    def __init__(self, name: str, hint: str, lines: int) -> None:
        super().__init__()
        self._lines = lines
        self.setProperty("look", "field")
        self.setAccessibleName(name)
        self.setPlaceholderText(hint)
        self.setTabChangesFocus(True)

    def fit(self) -> None:
        """As tall as its lines, once the style is on."""
        self.setFixedHeight(self.fontMetrics().lineSpacing() * self._lines + 22)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.submitted.emit()
        else:
            super().keyPressEvent(event)


class FeedbackCard(Floating):
    """``saved``: reason and corrected answer. ``removed``: the verdict is taken back. ``closed``: it is gone; True: it
    had the focus."""

    saved = Signal(str, str)
    removed = Signal()
    closed = Signal(bool)

    def __init__(self, feedback: Feedback, appearance: Appearance, window: QWidget) -> None:
        super().__init__(tr(TITLES[feedback.verdict]), window)
        question = tr(REASONS[feedback.verdict])
        self.reason = QLineEdit(feedback.reason)
        self.reason.setAccessibleName(question)
        self.reason.setPlaceholderText(question)
        self.correction = TextField(
            tr("The answer you would have wanted"), tr("The answer you would have wanted"), FIELD_LINES
        )
        self.correction.setPlainText(feedback.correction)
        self.save = Button(tr("Save"), appearance, look="primary")
        self.remove = Button(tr("Take it back"), appearance, look="quiet", icon_name="undo-2")
        self.close_button = IconButton("x", tr("Close"), appearance)
        self._lay_out(tr(TITLES[feedback.verdict]))
        self.save.clicked.connect(self._save)
        self.reason.returnPressed.connect(self._save)
        self.correction.submitted.connect(self._save)
        self.remove.clicked.connect(self._remove)
        self.close_button.clicked.connect(self.dismiss)

    def open_by(self, anchor: QWidget) -> None:
        """Beside the button that it belongs to, inside the window."""
        self.appear()
        self.correction.fit()
        place_by(self, anchor, WIDTH)
        self.reason.setFocus(Qt.FocusReason.PopupFocusReason)

    def dismiss(self) -> None:
        inside = self.isAncestorOf(QApplication.focusWidget() or self.host)
        super().dismiss()
        self.closed.emit(inside)

    def _save(self) -> None:
        self.saved.emit(self.reason.text(), self.correction.toPlainText())
        self.dismiss()

    def _remove(self) -> None:
        self.removed.emit()
        self.dismiss()

    def _lay_out(self, title: str) -> None:
        head = QHBoxLayout()
        head.addWidget(label(title, "title", wrap=True), 1)
        head.addWidget(self.close_button)
        foot = Flow(gap=8, trailing=True)
        foot.addWidget(self.remove)
        foot.addWidget(self.save)
        outside = QVBoxLayout(self)
        outside.setContentsMargins(18, 12, 14, 14)
        outside.setSpacing(10)
        outside.addLayout(head)
        outside.addWidget(self.reason)
        outside.addWidget(self.correction)
        outside.addWidget(label(tr(STAYS_HERE), "caption", wrap=True))
        outside.addLayout(foot)


def place_by(card: Floating, anchor: QWidget, width: int) -> None:
    """Above or below ``anchor``, wherever there is room in the window; in its middle where there is none."""
    host = card.host
    card.setFixedWidth(min(width, host.width() - 2 * GAP))
    card.fit_height()
    corner = anchor.mapTo(host, QPoint(0, 0)) if host.isAncestorOf(anchor) else QPoint(0, host.height())
    above, below = corner.y() - GAP - card.height(), corner.y() + anchor.height() + GAP
    if above >= GAP:
        top = above
    elif below + card.height() <= host.height() - GAP:
        top = below
    else:
        top = max(GAP, (host.height() - card.height()) // 2)
    left = max(GAP, min(corner.x(), host.width() - card.width() - GAP))
    card.move(left, top)

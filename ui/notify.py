"""Toasts: short news at the bottom of the window, with the next step as a button. Never a modal dialog."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QApplication, QFrame, QGridLayout, QLabel, QWidget

from ui.appearance import Appearance
from ui.translation import tr
from ui.widgets.buttons import Button, IconButton
from ui.widgets.floating import shade
from ui.widgets.labels import label
from workbench.errors import WorkbenchError

SECONDS, SECONDS_FOR_ERRORS = 8, 15
MARGIN, GAP, SPACING = 24, 12, 10
BESIDE_CLOSE = 16 + 8 + SPACING  # pixels at both ends of a toast, and between its words and its button to close
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class Toasts(QObject):
    """Shows one toast at a time over ``area``, clear of the control ``above``; a new one takes the place of the old.

    A toast is a child of the window: a stacked widget shows screen readers nothing but its pages.
    """

    def __init__(self, area: QWidget, above: QWidget, appearance: Appearance) -> None:
        super().__init__(area)
        self._area = area
        self._above = above
        self._appearance = appearance
        self._toast: QFrame | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._time_is_up)
        area.installEventFilter(self)

    def show(
        self, text: str, step: str = "", act: Callable[[], None] | None = None, *, seconds: float = SECONDS
    ) -> None:
        """Say ``text``; with ``step`` and ``act`` a button stands beside it."""
        self.dismiss()
        self._toast = toast = QFrame(self._area.window())
        toast.setProperty("look", "toast")
        toast.setAccessibleName(text)
        words = label(text)
        button = self._step_button(step, act) if act is not None else None
        close = IconButton("x", tr("Dismiss"), self._appearance, size=16)
        close.clicked.connect(self.dismiss)
        self._lay_out(toast, words, button, close)
        shade(toast)
        toast.show()
        self._place()
        _come_next(*([button] if button is not None else []), close)
        announce(toast, text)
        self._timer.start(round(seconds * 1000))

    def tell(self, error: WorkbenchError, step: str = "", act: Callable[[], None] | None = None) -> None:
        """Say what failed and what to do about it."""
        self.show(f"{error.message} {error.hint}".strip(), step, act, seconds=SECONDS_FOR_ERRORS)

    def dismiss(self) -> None:
        self._timer.stop()
        if self._toast is not None:
            self._toast.hide()
            self._toast.deleteLater()
            self._toast = None

    def _time_is_up(self) -> None:
        """Nobody is sent away from a button that they have reached."""
        focus = QApplication.focusWidget()
        if self._toast is not None and focus is not None and self._toast.isAncestorOf(focus):
            self._timer.start(round(SECONDS * 1000))
        else:
            self.dismiss()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def _lay_out(self, toast: QFrame, words: QLabel, button: Button | None, close: IconButton) -> None:
        """In one line where there is room; else the words go on in the next, and the button stands below them."""
        beside = close.sizeHint().width() + BESIDE_CLOSE
        most = self._area.width() - 2 * MARGIN - beside
        wide = button.sizeHint().width() + SPACING if button is not None else 0
        below = most - wide < most // 2
        room = min(self._area.width() * 2 // 3, most if below else most - wide)
        if words.sizeHint().width() > room:
            words.setWordWrap(True)
            words.setFixedWidth(room)
        grid = QGridLayout(toast)
        grid.setContentsMargins(16, 8, 8, 8)
        grid.setSpacing(SPACING)
        grid.addWidget(words, 0, 0)
        if button is not None:
            grid.addWidget(button, 1 if below else 0, 0 if below else 1, LEFT)
        grid.addWidget(close, 0, 2)

    def _step_button(self, step: str, act: Callable[[], None]) -> Button:
        button = Button(step, self._appearance)

        def perform() -> None:
            self.dismiss()
            act()

        button.clicked.connect(perform)
        return button

    def _place(self) -> None:
        if self._toast is None:
            return
        self._toast.adjustSize()
        window = self._area.window()
        left = self._area.mapTo(window, QPoint(0, 0)).x() + (self._area.width() - self._toast.width()) // 2
        bottom = self._above.mapTo(window, QPoint(0, 0)).y() if self._above.isVisible() else window.height() - MARGIN
        self._toast.move(left, bottom - self._toast.height() - GAP)
        self._toast.raise_()


def _come_next(*buttons: QWidget) -> None:
    """Tab leads to them from where the keyboard is now: they are there for some seconds only."""
    before = QApplication.focusWidget()
    for button in buttons:
        if before is not None and before.window() is button.window():
            QWidget.setTabOrder(before, button)
            before = button


def announce(source: QObject, text: str) -> None:
    """Let a screen reader say ``text`` when it has finished what it is saying."""
    QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(source, text))

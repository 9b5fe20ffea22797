"""The icon in the tray or menu bar: another way to the window, never the only one."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QMenu, QSystemTrayIcon

from ui.translation import marked, tr

ANSWERING, IDLE = marked("Workbench: an answer is being written"), marked("Workbench")


def has_tray() -> bool:
    """Whether this desktop shows such icons, as of now."""
    return QSystemTrayIcon.isSystemTrayAvailable()


class TrayIcon(QObject):
    """``window_asked``, ``quick_asked``, ``quit_asked``: what was chosen; a press on the icon asks for the window.

    Its list is the system's own menu: inside another program's bar there is no window of ours to hold one.
    """

    window_asked = Signal()
    quick_asked = Signal()
    quit_asked = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._icon = QSystemTrayIcon(QApplication.windowIcon(), self)
        self._menu = QMenu()
        self.show_action = QAction(tr("Open Workbench"), self)
        self.quick_action = QAction(tr("Quick entry"), self)
        self.quit_action = QAction(tr("Quit Workbench"), self)
        for action, asked in (
            (self.show_action, self.window_asked),
            (self.quick_action, self.quick_asked),
            (self.quit_action, self.quit_asked),
        ):
            action.triggered.connect(asked)
            self._menu.addAction(action)
        self._icon.setContextMenu(self._menu)
        self._icon.activated.connect(self._on_activated)
        self.show_state(answering=False, hidden=False)

    @property
    def shown(self) -> bool:
        """Whether there is an icon that a person can see."""
        return self._icon.isVisible() and has_tray()

    def show(self, wanted: bool) -> None:
        """Show it, or take it away."""
        self._icon.setVisible(wanted)

    def show_state(self, *, answering: bool, hidden: bool, waits: str = "") -> None:
        """What the window is doing, in words: in the tooltip, which screen readers say too. ``waits``: for the person."""
        words = tr("Workbench: {words}").format(words=waits) if waits else tr(ANSWERING) if answering else tr(IDLE)
        self._icon.setToolTip(tr("{words} (the window is closed)").format(words=words) if hidden else words)

    def close(self) -> None:
        self._icon.hide()
        self._menu.deleteLater()

    def _on_activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason in (QSystemTrayIcon.ActivationReason.Trigger, QSystemTrayIcon.ActivationReason.DoubleClick):
            self.window_asked.emit()

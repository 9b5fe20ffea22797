"""Notifications of the desktop: through its portal, which a press comes back from, else its `notify-send`, else the icon in
the tray. None is worth an error: where there is no way, nothing is shown."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, Protocol

from PySide6.QtCore import SLOT, QObject, QProcess, QStandardPaths, QTimer, Slot
from PySide6.QtWidgets import QApplication, QSystemTrayIcon

PORTAL, PORTAL_PATH = "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop"
PORTAL_INTERFACE = "org.freedesktop.portal.Notification"
SHOWN_MILLISECONDS = 10_000


class Notifier(Protocol):
    """Shows one thing at a time; a new one takes the place of the former."""

    def notify(self, title: str, text: str, act: Callable[[], None]) -> None:
        """``act`` is called when the person presses it, where the desktop tells."""

    def close(self) -> None:
        """Take back what is still shown."""


def open_notifier(parent: QObject) -> Notifier:
    """The way of this system."""
    tray = TrayNotifier(parent)
    return PortalNotifier(parent, _SendNotifier(tray)) if sys.platform not in ("win32", "darwin") else tray


class TrayNotifier(QObject):
    """A message of an icon in the tray, which is there for as long as the message."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._icon: QSystemTrayIcon | None = None
        self._act: Callable[[], None] = _nothing
        self._away = QTimer(self)
        self._away.setSingleShot(True)
        self._away.setInterval(2 * SHOWN_MILLISECONDS)
        self._away.timeout.connect(self.close)

    def notify(self, title: str, text: str, act: Callable[[], None]) -> None:
        if not QSystemTrayIcon.isSystemTrayAvailable():
            return
        self._act = act
        if self._icon is None:
            self._icon = QSystemTrayIcon(QApplication.windowIcon(), self)
            self._icon.messageClicked.connect(self._pressed)
        self._icon.show()
        self._icon.showMessage(title, text, QApplication.windowIcon(), SHOWN_MILLISECONDS)
        self._away.start()

    def close(self) -> None:
        if self._icon is not None:
            self._icon.hide()

    def _pressed(self) -> None:
        self._act()


class _SendNotifier:
    """`notify-send` of libnotify, where a desktop has no portal; a press does not come back."""

    def __init__(self, otherwise: Notifier) -> None:
        self._otherwise = otherwise

    def notify(self, title: str, text: str, act: Callable[[], None]) -> None:
        program = QStandardPaths.findExecutable("notify-send")
        words = ["--app-name=Workbench", "--icon=local-workbench", "--", title, text]
        if not program or not QProcess.startDetached(program, words)[0]:
            self._otherwise.notify(title, text, act)

    def close(self) -> None:
        self._otherwise.close()


class PortalNotifier(QObject):
    """The portal of Linux desktops; ``otherwise`` is asked where there is none."""

    def __init__(self, parent: QObject, otherwise: Notifier) -> None:
        super().__init__(parent)
        self._otherwise = otherwise
        self._act: Callable[[], None] = _nothing
        self._shown = False
        self._listening = False

    def notify(self, title: str, text: str, act: Callable[[], None]) -> None:
        from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusPendingCallWatcher

        self._act = act
        bus = QDBusConnection.sessionBus()
        self._listen(bus)
        call = QDBusMessage.createMethodCall(PORTAL, PORTAL_PATH, PORTAL_INTERFACE, "AddNotification")
        call.setArguments(["answer", {"title": title, "body": text, "default-action": "open"}])
        watcher = QDBusPendingCallWatcher(bus.asyncCall(call), self)

        def answered() -> None:
            watcher.deleteLater()
            self._shown = not watcher.isError()
            if not self._shown:
                self._otherwise.notify(title, text, act)

        watcher.finished.connect(answered)

    def close(self) -> None:
        if self._shown:
            from PySide6.QtDBus import QDBusConnection, QDBusMessage

            call = QDBusMessage.createMethodCall(PORTAL, PORTAL_PATH, PORTAL_INTERFACE, "RemoveNotification")
            call.setArguments(["answer"])
            QDBusConnection.sessionBus().send(call)
        self._otherwise.close()

    def _listen(self, bus: object) -> None:
        from PySide6.QtDBus import QDBusConnection

        if not self._listening and isinstance(bus, QDBusConnection):
            slot: Any = SLOT("on_action()")  # a text: the stub says bytes, which are refused
            self._listening = bus.connect(PORTAL, PORTAL_PATH, PORTAL_INTERFACE, "ActionInvoked", self, slot)

    @Slot()
    def on_action(self) -> None:
        """The person pressed the notification."""
        self._act()


def _nothing() -> None:
    """Until something is shown there is nothing to do."""

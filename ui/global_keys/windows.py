"""Windows: RegisterHotKey; a press comes as WM_HOTKEY to the thread that registered it."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QAbstractNativeEventFilter, QByteArray, QCoreApplication

from ui.translation import tr

WM_HOTKEY, HOTKEY_ID = 0x0312, 0x5742
MOD_NOREPEAT = 0x4000
MODIFIERS = {"Alt": 0x0001, "Ctrl": 0x0002, "Shift": 0x0004, "Meta": 0x0008}
NAMED = {
    "Backspace": 0x08, "Tab": 0x09, "Return": 0x0D, "Enter": 0x0D, "Pause": 0x13, "Esc": 0x1B, "Space": 0x20, "PgUp": 0x21,
    "PgDown": 0x22, "End": 0x23, "Home": 0x24, "Left": 0x25, "Up": 0x26, "Right": 0x27, "Down": 0x28, "Print": 0x2C,
    "Ins": 0x2D, "Del": 0x2E,
}  # fmt: skip


def virtual_key(key: str) -> int:
    """Windows' number of the key with this name of Qt; 0 where it is not known. Pure."""
    if key in NAMED:
        return NAMED[key]
    if key[:1] == "F" and key[1:].isdigit() and int(key[1:]) <= 24:
        return 0x70 + int(key[1:]) - 1
    return ord(key) if len(key) == 1 and key.isascii() and key.isalnum() else 0


def parts(keys: str) -> tuple[int, int]:
    """(modifiers, virtual key) of keys in Qt's portable form. Pure."""
    modifiers, _, key = keys.rpartition("+")
    return sum(MODIFIERS.get(word, 0) for word in modifiers.split("+")), virtual_key(key)


class WindowsKeys(QAbstractNativeEventFilter):
    """``pressed`` is called for each press of the keys, whichever program is in front."""

    def __init__(self, pressed: Callable[[], None], user32: Any = None) -> None:
        super().__init__()
        self._user32: Any = user32 if user32 is not None else ctypes.WinDLL("user32")  # type: ignore[attr-defined,unused-ignore]
        self._pressed = pressed
        self._taken = False
        application = QCoreApplication.instance()
        if application is not None:
            application.installNativeEventFilter(self)

    def take(self, keys: str) -> str:
        self._give_back()
        if not keys:
            return ""
        modifiers, key = parts(keys)
        if not key:
            return tr("This keyboard does not have these keys.")
        self._taken = bool(self._user32.RegisterHotKey(None, HOTKEY_ID, modifiers | MOD_NOREPEAT, key))
        return "" if self._taken else tr("Another program has these keys.")

    def close(self) -> None:
        self._give_back()
        application = QCoreApplication.instance()
        if application is not None:
            application.removeNativeEventFilter(self)

    def nativeEventFilter(self, kind: QByteArray | bytes | bytearray | memoryview, message: int) -> object:
        if bytes(kind) == b"windows_generic_MSG":  # type: ignore[arg-type,unused-ignore]
            from ctypes import wintypes

            told = wintypes.MSG.from_address(int(message))
            if told.message == WM_HOTKEY and told.wParam == HOTKEY_ID:
                self._pressed()
                return True, 0
        return False, 0

    def _give_back(self) -> None:
        if self._taken:
            self._taken = False
            self._user32.UnregisterHotKey(None, HOTKEY_ID)

"""X11: a passive grab on the root window, on a connection of its own, so that its errors are its own."""

from __future__ import annotations

import ctypes
import ctypes.util
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QSocketNotifier

from ui.translation import tr

SHIFT, LOCK, CONTROL, ALT, NUM_LOCK, META = 1, 2, 4, 8, 16, 64
KEY_PRESS, ASYNCHRONOUS = 2, 1
EVENT_BYTES = 192  # an XEvent: 24 longs
MODIFIERS = {"Shift": SHIFT, "Ctrl": CONTROL, "Alt": ALT, "Meta": META}
NAMED = {
    "Space": 0x20, "Backspace": 0xFF08, "Tab": 0xFF09, "Return": 0xFF0D, "Pause": 0xFF13, "Esc": 0xFF1B, "Home": 0xFF50,
    "Left": 0xFF51, "Up": 0xFF52, "Right": 0xFF53, "Down": 0xFF54, "PgUp": 0xFF55, "PgDown": 0xFF56, "End": 0xFF57,
    "Print": 0xFF61, "Ins": 0xFF63, "Enter": 0xFF8D, "Del": 0xFFFF,
}  # fmt: skip


def keysym(key: str) -> int:
    """X's number of the key with this name of Qt; 0 where it is not known. Pure."""
    if key in NAMED:
        return NAMED[key]
    if key[:1] == "F" and key[1:].isdigit():
        return 0xFFBE + int(key[1:]) - 1
    return ord(key.lower()) if len(key) == 1 and " " < key <= "ÿ" else 0


def parts(keys: str) -> tuple[int, int]:
    """(modifiers, keysym) of keys in Qt's portable form. Pure."""
    modifiers, _, key = keys.rpartition("+") if not keys.endswith("++") else (keys[:-2], "+", "+")
    return sum(MODIFIERS.get(word, 0) for word in modifiers.split("+")), keysym(key)


class X11Keys(QObject):
    """``pressed`` is called for each press of the keys, whichever program is in front."""

    def __init__(self, x11: Any, display: int, pressed: Callable[[], None]) -> None:
        super().__init__()
        self._x11 = x11
        self._display = display
        self._root = x11.XDefaultRootWindow(display)
        self._pressed = pressed
        self._grabbed: tuple[int, int] | None = None
        self._refused = False
        self._on_error = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)(self._note_error)
        x11.XSetErrorHandler(self._on_error)
        self._notifier = QSocketNotifier(x11.XConnectionNumber(display), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._read)

    @classmethod
    def open(cls, pressed: Callable[[], None]) -> X11Keys | None:
        """None where there is no Xlib, or no display."""
        name = ctypes.util.find_library("X11") or "libX11.so.6"
        try:
            x11: Any = ctypes.CDLL(name)
        except OSError:
            return None
        x11.XOpenDisplay.restype = ctypes.c_void_p
        x11.XDefaultRootWindow.argtypes = [ctypes.c_void_p]
        x11.XDefaultRootWindow.restype = ctypes.c_ulong
        x11.XKeysymToKeycode.argtypes = [ctypes.c_void_p, ctypes.c_ulong]
        x11.XKeysymToKeycode.restype = ctypes.c_ubyte
        for name, tail in (("XGrabKey", [ctypes.c_int] * 3), ("XUngrabKey", [])):
            getattr(x11, name).argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_uint, ctypes.c_ulong, *tail]
        for name in ("XConnectionNumber", "XPending", "XCloseDisplay"):
            getattr(x11, name).argtypes = [ctypes.c_void_p]
        x11.XSync.argtypes = [ctypes.c_void_p, ctypes.c_int]
        x11.XNextEvent.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
        display = x11.XOpenDisplay(None)
        return cls(x11, display, pressed) if display else None

    def take(self, keys: str) -> str:
        self._give_back()
        if not keys:
            return ""
        modifiers, symbol = parts(keys)
        code = self._x11.XKeysymToKeycode(self._display, symbol) if symbol else 0
        if not code:
            return tr("This keyboard does not have these keys.")
        self._refused = False
        for locks in (0, LOCK, NUM_LOCK, LOCK | NUM_LOCK):  # they are no part of what the person means
            self._x11.XGrabKey(self._display, code, modifiers | locks, self._root, 0, ASYNCHRONOUS, ASYNCHRONOUS)
        self._x11.XSync(self._display, 0)
        self._grabbed = (code, modifiers)
        if self._refused:
            self._give_back()
            return tr("Another program has these keys.")
        return ""

    def close(self) -> None:
        self._give_back()
        self._notifier.setEnabled(False)
        self._x11.XCloseDisplay(self._display)

    def _give_back(self) -> None:
        if self._grabbed is not None:
            code, modifiers = self._grabbed
            self._grabbed = None
            for locks in (0, LOCK, NUM_LOCK, LOCK | NUM_LOCK):
                self._x11.XUngrabKey(self._display, code, modifiers | locks, self._root)
            self._x11.XSync(self._display, 0)

    def _note_error(self, _display: int, _error: int) -> int:
        self._refused = True
        return 0

    def _read(self) -> None:
        event = ctypes.create_string_buffer(EVENT_BYTES)
        while self._x11.XPending(self._display):
            self._x11.XNextEvent(self._display, event)
            if int.from_bytes(event.raw[:4], "little") == KEY_PRESS:
                self._pressed()

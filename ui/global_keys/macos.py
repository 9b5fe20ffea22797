"""macOS: Carbon's hot keys, which need no permission of the person, unlike watching every key."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

from ui.translation import tr

CARBON = "/System/Library/Frameworks/Carbon.framework/Carbon"
KEYBOARD_CLASS, HOT_KEY_PRESSED = 0x6B657962, 5  # 'keyb', kEventHotKeyPressed
SIGNATURE = 0x57424B59
MODIFIERS = {"Ctrl": 0x0100, "Shift": 0x0200, "Alt": 0x0800, "Meta": 0x1000}  # Qt's Ctrl is Cmd here, its Meta Control
# Virtual key codes of Events.h: places on the keyboard, by what an ANSI keyboard has there.
CODES = dict(
    zip("ASDFHGZXCV", range(10), strict=True)
) | {
    "B": 11, "Q": 12, "W": 13, "E": 14, "R": 15, "Y": 16, "T": 17, "1": 18, "2": 19, "3": 20, "4": 21, "6": 22, "5": 23,
    "=": 24, "9": 25, "7": 26, "-": 27, "8": 28, "0": 29, "]": 30, "O": 31, "U": 32, "[": 33, "I": 34, "P": 35,
    "Return": 36, "L": 37, "J": 38, "'": 39, "K": 40, ";": 41, "\\": 42, ",": 43, "/": 44, "N": 45, "M": 46, ".": 47,
    "Tab": 48, "Space": 49, "`": 50, "Backspace": 51, "Esc": 53, "F5": 96, "F6": 97, "F7": 98, "F3": 99, "F8": 100,
    "F9": 101, "F11": 103, "F10": 109, "F12": 111, "Home": 115, "PgUp": 116, "Del": 117, "F4": 118, "End": 119, "F2": 120,
    "PgDown": 121, "F1": 122, "Left": 123, "Right": 124, "Down": 125, "Up": 126,
}  # fmt: skip


def parts(keys: str) -> tuple[int, int | None]:
    """(modifiers, virtual key code) of keys in Qt's portable form; None for a key that is not known. Pure."""
    modifiers, _, key = keys.rpartition("+")
    return sum(MODIFIERS.get(word, 0) for word in modifiers.split("+")), CODES.get(key)


class _EventType(ctypes.Structure):
    _fields_ = (("eventClass", ctypes.c_uint32), ("eventKind", ctypes.c_uint32))


class _HotKeyId(ctypes.Structure):
    _fields_ = (("signature", ctypes.c_uint32), ("id", ctypes.c_uint32))


class MacKeys:
    """``pressed`` is called for each press of the keys, whichever program is in front."""

    def __init__(self, pressed: Callable[[], None], carbon: Any = None) -> None:
        self._carbon: Any = carbon if carbon is not None else ctypes.CDLL(CARBON)
        self._pressed = pressed
        self._key = ctypes.c_void_p()
        self._handler = ctypes.c_void_p()
        self._on_event = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)(self._told)
        self._carbon.GetApplicationEventTarget.restype = ctypes.c_void_p
        kind = _EventType(KEYBOARD_CLASS, HOT_KEY_PRESSED)
        target = ctypes.c_void_p(self._carbon.GetApplicationEventTarget())
        self._carbon.InstallEventHandler(
            target, self._on_event, ctypes.c_ulong(1), ctypes.byref(kind), None, ctypes.byref(self._handler)
        )

    def take(self, keys: str) -> str:
        self._give_back()
        if not keys:
            return ""
        modifiers, code = parts(keys)
        if code is None:
            return tr("This keyboard does not have these keys.")
        target = ctypes.c_void_p(self._carbon.GetApplicationEventTarget())
        problem = self._carbon.RegisterEventHotKey(
            ctypes.c_uint32(code), ctypes.c_uint32(modifiers), _HotKeyId(SIGNATURE, 1), target, ctypes.c_uint32(0),
            ctypes.byref(self._key),
        )  # fmt: skip
        return tr("Another program has these keys.") if problem else ""

    def close(self) -> None:
        self._give_back()
        if self._handler:
            self._carbon.RemoveEventHandler(self._handler)

    def _told(self, _next: int | None, _event: int | None, _data: int | None) -> int:
        self._pressed()
        return 0

    def _give_back(self) -> None:
        if self._key:
            self._carbon.UnregisterEventHotKey(self._key)
            self._key = ctypes.c_void_p()

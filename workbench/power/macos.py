"""macOS: a power assertion keeps the system awake, an activity keeps App Nap away from this process.

Written from `IOKit/pwr_mgt/IOPMLib.h`, `NSProcessInfo.h` and `objc/message.h`. Closing the lid still puts it to sleep.
"""

from __future__ import annotations

import ctypes
import ctypes.util
from typing import Any

from workbench.power.words import PROGRAM

UTF8 = 0x08000100  # kCFStringEncodingUTF8
ASSERTION_ON = 255  # kIOPMAssertionLevelOn
ASSERTION = "PreventUserIdleSystemSleep"  # kIOPMAssertPreventUserIdleSystemSleep
USER_INITIATED = 0x00FFFFFF  # NSActivityUserInitiated: no App Nap, no idle sleep, no sudden termination


class MacHold:
    """Two holds: one of them is enough to stay awake."""

    def __init__(self) -> None:
        self._assertion: int | None = None
        self._activity: int | None = None

    def take(self, reason: str) -> None:
        words = f"{PROGRAM}: {reason}"
        self._assertion = _assert_awake(words)
        self._activity = _begin_activity(words)
        if self._assertion is None and self._activity is None:
            raise OSError("neither a power assertion nor an activity could be had")

    def let_go(self) -> None:
        if self._assertion is not None:
            _framework("IOKit").IOPMAssertionRelease(ctypes.c_uint32(self._assertion))
        if self._activity is not None:
            _end_activity(self._activity)
        self._assertion = self._activity = None


def _framework(name: str) -> Any:
    path = ctypes.util.find_library(name)
    if path is None:
        raise OSError(f"there is no framework {name}")
    return ctypes.CDLL(path)


def _text(words: str) -> Any:
    """A CFString, which is an NSString too; the caller releases it."""
    core = _framework("CoreFoundation")
    core.CFStringCreateWithCString.restype = ctypes.c_void_p
    return ctypes.c_void_p(core.CFStringCreateWithCString(None, words.encode(), ctypes.c_uint32(UTF8)))


def _assert_awake(words: str) -> int | None:
    """The assertion's id; None when the system refuses."""
    system, core = _framework("IOKit"), _framework("CoreFoundation")
    kind, name, number = _text(ASSERTION), _text(words), ctypes.c_uint32(0)
    try:
        refused = system.IOPMAssertionCreateWithName(kind, ctypes.c_uint32(ASSERTION_ON), name, ctypes.byref(number))
        return None if refused else number.value
    finally:
        core.CFRelease(kind)
        core.CFRelease(name)


def _begin_activity(words: str) -> int | None:
    """The activity, retained; None when there is none."""
    _framework("Foundation")  # so that its classes are known
    core, reason = _framework("CoreFoundation"), _text(words)
    try:
        begin = _sender(ctypes.c_void_p, ctypes.c_uint64, ctypes.c_void_p)
        name = _selector("beginActivityWithOptions:reason:")
        activity = begin(_process_info(), name, USER_INITIATED, reason)
        return None if not activity else _sender(ctypes.c_void_p)(activity, _selector("retain"))
    finally:
        core.CFRelease(reason)


def _end_activity(activity: int) -> None:
    end = _sender(None, ctypes.c_void_p)
    end(_process_info(), _selector("endActivity:"), ctypes.c_void_p(activity))
    _sender(None)(ctypes.c_void_p(activity), _selector("release"))


def _process_info() -> Any:
    objc = _framework("objc")
    objc.objc_getClass.restype = ctypes.c_void_p
    found = ctypes.c_void_p(objc.objc_getClass(b"NSProcessInfo"))
    return ctypes.c_void_p(_sender(ctypes.c_void_p)(found, _selector("processInfo")))


def _selector(name: str) -> Any:
    objc = _framework("objc")
    objc.sel_registerName.restype = ctypes.c_void_p
    return ctypes.c_void_p(objc.sel_registerName(name.encode()))


def _sender(result: Any, *arguments: Any) -> Any:
    """`objc_msgSend` of one signature: on Apple silicon it must be called with its own."""
    prototype = ctypes.CFUNCTYPE(result, ctypes.c_void_p, ctypes.c_void_p, *arguments)
    return prototype(("objc_msgSend", _framework("objc")))

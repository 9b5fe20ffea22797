"""Metal's own answer on macOS, through the Objective-C runtime; in a child process, since a first use compiles and caches.

Written from Apple's documentation of `MTLCopyAllDevices`, `MTLDevice` and `objc_msgSend`.
"""

from __future__ import annotations

import ctypes
from typing import Any

from workbench.hardware.sightings import APPLE, Sighting, vendor_of

_FRAMEWORKS = "/System/Library/Frameworks"


def look() -> tuple[Sighting, ...] | None:
    """Every device that Metal lists; None where there is no Metal."""
    try:
        objects = _Objects()
        metal = ctypes.CDLL(f"{_FRAMEWORKS}/Metal.framework/Metal")
    except OSError:  # not a Mac, or one without Metal
        return None
    ctypes.CDLL(f"{_FRAMEWORKS}/CoreGraphics.framework/CoreGraphics")  # Metal finds no device in a program without it
    metal.MTLCopyAllDevices.restype = ctypes.c_void_p
    devices = metal.MTLCopyAllDevices()
    if not devices:
        return None
    count = objects.ask(devices, "count", ctypes.c_ulong)
    return tuple(_device(objects, objects.item(devices, index)) for index in range(count))


class _Objects:
    """Messages to Objective-C objects."""

    def __init__(self) -> None:
        self._objc = ctypes.CDLL("/usr/lib/libobjc.A.dylib")
        self._objc.sel_registerName.restype = ctypes.c_void_p
        self._objc.sel_registerName.argtypes = [ctypes.c_char_p]

    def ask(self, target: int, selector: str, answer: Any) -> Any:
        send = ctypes.CFUNCTYPE(answer, ctypes.c_void_p, ctypes.c_void_p)(("objc_msgSend", self._objc))
        return send(target, self._objc.sel_registerName(selector.encode()))

    def item(self, array: int, index: int) -> int:
        send = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_ulong)(
            ("objc_msgSend", self._objc)
        )
        return int(send(array, self._objc.sel_registerName(b"objectAtIndex:"), index))


def _device(objects: _Objects, device: int) -> Sighting:
    text = objects.ask(objects.ask(device, "name", ctypes.c_void_p), "UTF8String", ctypes.c_char_p) or b""
    limit = objects.ask(device, "recommendedMaxWorkingSetSize", ctypes.c_uint64)
    unified = objects.ask(device, "hasUnifiedMemory", ctypes.c_bool)
    name = text.decode("utf-8", "replace")
    return Sighting(
        name=name,
        vendor_id=APPLE if vendor_of(name) == "apple" else None,
        total_bytes=None if unified else limit,
        shared_bytes=limit if unified else None,
        integrated=unified,
    )

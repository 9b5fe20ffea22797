"""Windows' graphics adapters through DXGI, with what is free of their memory; in a child process.

Written from Microsoft's documentation of `CreateDXGIFactory1`, `IDXGIFactory1`, `IDXGIAdapter1` and `IDXGIAdapter3`. COM
without a library: an interface is a pointer to a table of functions, called by their place in it.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterator
from typing import Any

from workbench.hardware.probes import pci_names
from workbench.hardware.sightings import Sighting

SOFTWARE_FLAG = 2  # DXGI_ADAPTER_FLAG_SOFTWARE
MOST_ADAPTERS = 32

# Places in the tables: IUnknown has 0-2, IDXGIObject 3-6, then each interface adds its own.
_RELEASE, _QUERY_INTERFACE = 2, 0
_ENUM_ADAPTERS1 = 12
_GET_DESC1 = 10
_QUERY_VIDEO_MEMORY_INFO = 14


class Guid(ctypes.Structure):
    _fields_ = (("a", ctypes.c_uint32), ("b", ctypes.c_uint16), ("c", ctypes.c_uint16), ("d", ctypes.c_uint8 * 8))


class Description(ctypes.Structure):
    """DXGI_ADAPTER_DESC1."""

    _fields_ = (
        ("name", ctypes.c_uint16 * 128),
        ("vendor", ctypes.c_uint32),
        ("device", ctypes.c_uint32),
        ("subsystem", ctypes.c_uint32),
        ("revision", ctypes.c_uint32),
        ("dedicated_video", ctypes.c_size_t),
        ("dedicated_system", ctypes.c_size_t),
        ("shared_system", ctypes.c_size_t),
        ("luid_low", ctypes.c_uint32),
        ("luid_high", ctypes.c_int32),
        ("flags", ctypes.c_uint32),
    )


class Budget(ctypes.Structure):
    """DXGI_QUERY_VIDEO_MEMORY_INFO."""

    _fields_ = (
        ("budget", ctypes.c_uint64),
        ("usage", ctypes.c_uint64),
        ("available_for_reservation", ctypes.c_uint64),
        ("reservation", ctypes.c_uint64),
    )


FACTORY1 = Guid(0x770AAE78, 0xF26F, 0x4DBA, (ctypes.c_uint8 * 8)(0xA8, 0x29, 0x25, 0x3C, 0x83, 0xD1, 0xB3, 0x87))
ADAPTER3 = Guid(0x645967A4, 0x1392, 0x4310, (ctypes.c_uint8 * 8)(0xA7, 0x98, 0x80, 0x53, 0xCE, 0x3E, 0x93, 0xFD))

# Below this an adapter's own memory is what the firmware set aside for the screen: a GPU inside the processor.
INTEGRATED_BYTES = 1 << 30


def look() -> tuple[Sighting, ...] | None:
    if sys.platform == "win32":
        factory = ctypes.c_void_p()
        if ctypes.windll.dxgi.CreateDXGIFactory1(ctypes.byref(FACTORY1), ctypes.byref(factory)) >= 0:
            return tuple(_adapters(factory)) or None
    return None


def sighting(description: Description, own: Budget | None, shared: Budget | None) -> Sighting | None:
    """None for the software adapter. ``own`` and ``shared``: the two segments' budgets, where the system tells them."""
    if description.flags & SOFTWARE_FLAG:
        return None
    name = bytes(description.name).decode("utf-16-le", "replace").partition("\0")[0].strip()
    total = int(description.dedicated_video)
    integrated = total < INTEGRATED_BYTES or pci_names.is_apu(description.device) is True
    return Sighting(
        name=name or None,
        vendor_id=description.vendor,
        device_id=description.device,
        total_bytes=total or None,
        free_bytes=_left(own),
        shared_bytes=int(description.shared_system) or None,
        shared_free_bytes=_left(shared),
        integrated=integrated,
    )


def _left(budget: Budget | None) -> int | None:
    """What the system would let one more program use now: its budget, less what this (small) process uses."""
    return None if budget is None or not budget.budget else max(0, int(budget.budget) - int(budget.usage))


def _adapters(factory: ctypes.c_void_p) -> Iterator[Sighting]:
    for index in range(MOST_ADAPTERS):
        adapter = ctypes.c_void_p()
        if _call(factory, _ENUM_ADAPTERS1, ctypes.c_uint32(index), ctypes.byref(adapter)) < 0:
            return
        description = Description()
        if _call(adapter, _GET_DESC1, ctypes.byref(description)) >= 0:
            seen = sighting(description, _budget(adapter, 0), _budget(adapter, 1))
            if seen is not None:
                yield seen
        _call(adapter, _RELEASE)


def _budget(adapter: ctypes.c_void_p, segment: int) -> Budget | None:
    """``segment``: 0 the adapter's own memory, 1 the machine's. None before Windows 10."""
    newer = ctypes.c_void_p()
    if _call(adapter, _QUERY_INTERFACE, ctypes.byref(ADAPTER3), ctypes.byref(newer)) < 0:
        return None
    budget = Budget()
    status = _call(newer, _QUERY_VIDEO_MEMORY_INFO, ctypes.c_uint32(0), ctypes.c_uint32(segment), ctypes.byref(budget))
    _call(newer, _RELEASE)
    return budget if status >= 0 else None


def _call(target: ctypes.c_void_p, place: int, *arguments: Any) -> int:
    """Call the function at ``place`` of the object's table; its HRESULT."""
    table = ctypes.cast(target, ctypes.POINTER(ctypes.POINTER(ctypes.c_void_p)))[0]
    kinds = [type(argument) if isinstance(argument, ctypes.c_uint32) else ctypes.c_void_p for argument in arguments]
    function = _PROTOTYPE(ctypes.c_long, ctypes.c_void_p, *kinds)(table[place])
    return int(function(target, *arguments))


_PROTOTYPE: Any = getattr(ctypes, "WINFUNCTYPE", ctypes.CFUNCTYPE)

"""The COM calls of the DXGI probe, against objects that are tables of functions as on Windows."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

from workbench.hardware.probes import dxgi

NOT_FOUND = -0x7785FFFE  # DXGI_ERROR_NOT_FOUND
NO_INTERFACE = -0x7FFFBFFE  # E_NOINTERFACE
POINTER = ctypes.c_void_p


class ComObject:
    """An object whose table has ``functions`` at their places, and which counts how often it was released."""

    def __init__(self, functions: dict[int, tuple[Callable[..., int], tuple[Any, ...]]]) -> None:
        self.released = 0
        functions = {2: (self._release, ()), **functions}
        self._kept = {
            place: ctypes.CFUNCTYPE(ctypes.c_long, POINTER, *kinds)(function)
            for place, (function, kinds) in functions.items()
        }
        addresses = [ctypes.cast(self._kept[place], POINTER) if place in self._kept else None for place in range(16)]
        self._table = (POINTER * 16)(*addresses)
        self._object = ctypes.pointer(self._table)
        self.pointer = POINTER(ctypes.addressof(self._object))

    def _release(self, _this: int) -> int:
        self.released += 1
        return 0


def give(target: int, value: POINTER) -> int:
    POINTER.from_address(target).value = value.value
    return 0


def adapter(device: int, own: int | None) -> tuple[ComObject, ComObject]:
    """The adapter, and the newer interface that tells its budget."""

    def describe(_this: int, target: int) -> int:
        description = dxgi.Description.from_address(target)
        description.vendor, description.device, description.dedicated_video = 0x10DE, device, 8 << 30
        description.name[0] = ord("X")
        return 0

    def budget(_this: int, node: int, segment: int, target: int) -> int:
        assert node == 0
        told = dxgi.Budget.from_address(target)
        told.budget, told.usage = (own or 0, 5) if segment == 0 else (0, 0)
        return 0

    newer = ComObject({14: (budget, (ctypes.c_uint32, ctypes.c_uint32, POINTER))})

    def query(_this: int, interface: int, target: int) -> int:
        assert bytes(dxgi.Guid.from_address(interface)) == bytes(dxgi.ADAPTER3)
        return NO_INTERFACE if own is None else give(target, newer.pointer)

    return ComObject({0: (query, (POINTER, POINTER)), 10: (describe, (POINTER,))}), newer


def test_adapters_are_listed_described_and_released() -> None:
    (first, budget), (second, _none) = adapter(0x2504, own=7 << 30), adapter(0x2684, own=None)

    def enumerate_adapters(_this: int, index: int, target: int) -> int:
        return NOT_FOUND if index > 1 else give(target, (first, second)[index].pointer)

    factory = ComObject({12: (enumerate_adapters, (ctypes.c_uint32, POINTER))})
    found = list(dxgi._adapters(factory.pointer))
    assert [(seen.name, seen.device_id, seen.total_bytes) for seen in found] == [
        ("X", 0x2504, 8 << 30),
        ("X", 0x2684, 8 << 30),
    ]
    assert [seen.free_bytes for seen in found] == [(7 << 30) - 5, None]
    assert (first.released, second.released, budget.released) == (1, 1, 2)

"""Whether the machine runs out of memory. The decision is pure; what it decides about is read on each system."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass

# Below both of these the system begins to throw out what it needs next.
LEAST_AVAILABLE_SHARE = 0.03
LEAST_AVAILABLE_BYTES = 512 << 20
# Of the last ten seconds, the share in which some process stood still for want of memory.
MOST_STALL_PERCENT = 20.0
LOOKS_IN_A_ROW = 2

_MAC_CRITICAL = 4  # of 1 normal, 2 warning, 4 critical
_WINDOWS_LOW = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """What a system says of its memory; None: it does not say. ``critical``: it says itself that it is out of memory."""

    available_bytes: int
    total_bytes: int
    stall_percent: float | None = None
    critical: bool | None = None


def is_short(reading: Reading) -> bool:
    """Whether somebody has to give memory back now."""
    if reading.critical:
        return True
    if reading.stall_percent is not None and reading.stall_percent > MOST_STALL_PERCENT:
        return True
    least = min(LEAST_AVAILABLE_BYTES, int(reading.total_bytes * LEAST_AVAILABLE_SHARE))
    return reading.available_bytes < least


class Pressure:
    """Short of memory at several looks in a row, so that one big file that is read ends no engine."""

    def __init__(self, read: Callable[[], Reading]) -> None:
        self._read = read
        self._short = 0

    def look(self) -> bool:
        """Whether something has to be given back; then the count begins anew, to see whether that was enough."""
        self._short = self._short + 1 if is_short(self._read()) else 0
        if self._short < LOOKS_IN_A_ROW:
            return False
        self._short = 0
        return True


def read_pressure() -> Reading:
    """Now, of this system; takes well under a millisecond."""
    from workbench.hardware.probes.memory import memory

    found = memory()
    stall, critical = None, None
    if sys.platform == "linux":
        stall = stall_percent(_pressure_text())
    elif sys.platform == "darwin":
        level = _mac_level()
        critical = None if level is None else level >= _MAC_CRITICAL
    elif sys.platform == "win32":
        critical = _windows_says_low()
    return Reading(found.available_bytes, found.total_bytes, stall, critical)


def stall_percent(text: str) -> float | None:
    """The ten seconds' average of ``some`` out of `/proc/pressure/memory`; None when there is none."""
    for line in text.splitlines():
        kind, *pairs = line.split()
        values = dict(pair.split("=", 1) for pair in pairs if "=" in pair)
        if kind == "some" and "avg10" in values:
            try:
                return float(values["avg10"])
            except ValueError:
                return None
    return None


def _pressure_text() -> str:
    try:
        with open("/proc/pressure/memory", encoding="ascii") as file:  # noqa: PTH123 - read every few seconds
            return file.read()
    except OSError:  # a kernel without it
        return ""


def _mac_level() -> int | None:
    """`kern.memorystatus_vm_pressure_level`: 1 normal, 2 warning, 4 critical."""
    import ctypes

    value = ctypes.c_int(0)
    size = ctypes.c_size_t(ctypes.sizeof(value))
    system = ctypes.CDLL(None)
    name = b"kern.memorystatus_vm_pressure_level"
    failed = system.sysctlbyname(name, ctypes.byref(value), ctypes.byref(size), None, ctypes.c_size_t(0))
    return None if failed else value.value


def _windows_says_low() -> bool | None:
    """What the system's own notification object says: it is set while memory is low."""
    import ctypes

    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009 - there only on Windows
    kernel.CreateMemoryResourceNotification.restype = ctypes.c_void_p
    handle = kernel.CreateMemoryResourceNotification(_WINDOWS_LOW)
    if not handle:
        return None
    state = ctypes.c_int(0)
    told = kernel.QueryMemoryResourceNotification(ctypes.c_void_p(handle), ctypes.byref(state))
    kernel.CloseHandle(ctypes.c_void_p(handle))
    return bool(state.value) if told else None

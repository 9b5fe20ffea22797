"""Windows' registry of display adapters: the size of their memory as a 64-bit number, the driver's version.

The list keeps cards that were once inside, so it only adds to what DXGI sees (see `merge`). The classic figure of WMI
stops at 4 GB.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from workbench.hardware.sightings import NVIDIA, Sighting

ADAPTERS = r"SYSTEM\CurrentControlSet\Control\Class\{4d36e968-e325-11ce-bfc1-08002be10318}"
MOST_ADAPTERS = 64

_IDS = re.compile(r"ven_([0-9a-f]{4})&dev_([0-9a-f]{4})", re.IGNORECASE)


def look() -> tuple[Sighting, ...] | None:
    return sightings(_entries()) or None


def sightings(entries: Iterable[Mapping[str, Any]]) -> tuple[Sighting, ...]:
    """``entries``: the values of each adapter's key. Those without numbers of the PCI bus are screens of software."""
    return tuple(seen for entry in entries if (seen := _sighting(entry)) is not None)


def _sighting(entry: Mapping[str, Any]) -> Sighting | None:
    found = _IDS.search(str(entry.get("MatchingDeviceId", "")))
    if found is None:
        return None
    return Sighting(
        name=str(entry.get("DriverDesc", "")) or None,
        vendor_id=int(found[1], 16),
        device_id=int(found[2], 16),
        total_bytes=_size(entry.get("HardwareInformation.qwMemorySize")),
        driver=_driver(int(found[1], 16), str(entry.get("DriverVersion", ""))),
    )


def _driver(vendor_id: int, version: str) -> str | None:
    """NVIDIA's own number is in the last five digits of Windows': 32.0.15.6636 is 566.36."""
    digits = version.replace(".", "")[-5:]
    if vendor_id == NVIDIA and len(digits) == 5:
        return f"{digits[:3]}.{digits[3:]}"
    return version or None


def _size(value: Any) -> int | None:
    """A QWORD, or for some drivers its eight bytes."""
    if isinstance(value, bytes) and len(value) == 8:
        value = int.from_bytes(value, "little")
    return value if isinstance(value, int) and 0 < value < 1 << 63 else None


def _entries() -> Iterator[Mapping[str, Any]]:
    yield from ()  # elsewhere there is no registry
    if sys.platform == "win32":
        import winreg

        for index in range(MOST_ADAPTERS):
            try:
                with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, rf"{ADAPTERS}\{index:04d}") as key:
                    count = winreg.QueryInfoKey(key)[1]
                    yield {name: value for name, value, _ in (winreg.EnumValue(key, place) for place in range(count))}
            except OSError:
                return

"""Names of graphics cards by their numbers on the PCI bus, from the lists that libdrm and the system's `pci.ids` bring."""

from __future__ import annotations

import re
from pathlib import Path

from workbench.hardware.probes import files

AMDGPU_IDS = "usr/share/libdrm/amdgpu.ids"
PCI_IDS = ("usr/share/hwdata/pci.ids", "usr/share/misc/pci.ids")
PCI_IDS_BYTES = 8 << 20

# GPUs inside AMD's processors, by the numbers that amdgpu.ids and pci.ids have for them: from Raven (2018) to Strix Halo.
# Their name alone ("AMD Radeon Graphics") does not tell them from cards, nor does the size of their memory.
_APUS = {
    0x15DD, 0x15D8, 0x1636, 0x1638, 0x164C, 0x15E7, 0x163F, 0x1435, 0x164D, 0x1681, 0x164E, 0x1506, 0x15BF, 0x15C8, 0x1900,
    0x1901, 0x13C0, 0x150E, 0x1586, 0x1114,
}  # fmt: skip

_BRACKETS = re.compile(r"\[(.+)\]")


def is_apu(device_id: int | None) -> bool | None:
    """True for a known APU; None otherwise, since a newer one may be missing here."""
    return True if device_id in _APUS else None


def amd(root: Path, device_id: int | None, revision: int | None) -> str | None:
    """From libdrm's list, whose lines are ``744C, C8, AMD Radeon RX 7900 XTX``; else from `pci.ids`."""
    if device_id is None:
        return None
    key = (f"{device_id:04X}", f"{revision or 0:02X}")
    for line in files.text(root / AMDGPU_IDS).splitlines():
        device, _comma, rest = line.partition(",")
        step, _comma, name = rest.partition(",")
        if (device.strip().upper(), step.strip().upper()) == key:
            return name.strip() or None
    return from_system(root, 0x1002, device_id)


def from_system(root: Path, vendor_id: int, device_id: int | None) -> str | None:
    """From `pci.ids`: vendors at the start of a line, their devices below, indented by one tab."""
    if device_id is None:
        return None
    for path in PCI_IDS:
        vendor, device = f"{vendor_id:04x}  ", f"\t{device_id:04x}  "
        inside = False
        for line in _lines(root / path):
            if line[:1] not in ("\t", "#", ""):
                inside = line.startswith(vendor)
            elif inside and line.startswith(device):
                return _marketing(line.removeprefix(device).strip())
    return None


def _lines(path: Path) -> list[str]:
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return file.read(PCI_IDS_BYTES).splitlines()
    except OSError:
        return []


def _marketing(name: str) -> str:
    """``DG2 [Arc A770]`` is an Arc A770; a list of names in the brackets is kept whole."""
    found = _BRACKETS.search(name)
    return found[1] if found else name

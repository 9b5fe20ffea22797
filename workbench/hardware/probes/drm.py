"""Linux's list of graphics cards below ``/sys/class/drm``: AMD's and Intel's drivers say there what they have.

AMD (amdgpu): documented in the kernel's `Documentation/gpu/amdgpu`. An APU has a small part of the memory set aside
("VRAM") and may use much of the rest (GTT). Intel: ``lmem_total_bytes`` of i915, ``tileN/physical_vram_size_bytes`` of xe;
both are missing for GPUs inside processors. How much of it is free, only Vulkan tells. NVIDIA: that there is a card, also
when its own driver is missing (nouveau) or does not answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from workbench.hardware.probes import files, pci_names
from workbench.hardware.sightings import AMD, INTEL, NVIDIA, Sighting

_CARD = re.compile(r"card\d+")


def amd(root: Path = files.ROOT) -> tuple[Sighting, ...] | None:
    return tuple(_amd(root, device) for device in _devices(root, AMD)) or None


def intel(root: Path = files.ROOT) -> tuple[Sighting, ...] | None:
    return tuple(_intel(root, device) for device in _devices(root, INTEL)) or None


def nvidia(root: Path = files.ROOT) -> tuple[Sighting, ...] | None:
    return tuple(_nvidia(root, device) for device in _devices(root, NVIDIA)) or None


def _devices(root: Path, vendor: int) -> Iterator[Path]:
    """The PCI devices of this vendor that have a card, in the order of their numbers.

    A container sees the cards of its host here, but may use them only when it has their device files.
    """
    if not (root / "dev/dri").exists():
        return
    try:
        cards = [card for card in (root / "sys/class/drm").iterdir() if _CARD.fullmatch(card.name)]
    except OSError:
        return
    for card in sorted(cards, key=lambda path: int(path.name.removeprefix("card"))):
        if files.number(card / "device/vendor") == vendor:
            yield card / "device"


def _amd(root: Path, device: Path) -> Sighting:
    total, used = files.number(device / "mem_info_vram_total"), files.number(device / "mem_info_vram_used")
    shared, in_use = files.number(device / "mem_info_gtt_total"), files.number(device / "mem_info_gtt_used")
    device_id = files.number(device / "device")
    return Sighting(
        name=files.text(device / "product_name") or pci_names.amd(root, device_id, files.number(device / "revision")),
        vendor_id=AMD,
        device_id=device_id,
        total_bytes=total,
        free_bytes=_left(total, used),
        shared_bytes=shared,
        shared_free_bytes=_left(shared, in_use),
        integrated=pci_names.is_apu(device_id),
        driver=_driver(device),
    )


def _intel(root: Path, device: Path) -> Sighting:
    tiles = [files.number(tile / "physical_vram_size_bytes") or 0 for tile in sorted(device.glob("tile[0-9]*"))]
    old = [files.number(path) or 0 for path in sorted(device.glob("drm/card*/lmem_total_bytes"))]
    total = sum(tiles) or sum(old) or None
    device_id = files.number(device / "device")
    return Sighting(
        name=pci_names.from_system(root, INTEL, device_id),
        vendor_id=INTEL,
        device_id=device_id,
        total_bytes=total,
        integrated=total is None,
        driver=_driver(device),
    )


def _nvidia(root: Path, device: Path) -> Sighting:
    device_id = files.number(device / "device")
    return Sighting(
        pci_names.from_system(root, NVIDIA, device_id), NVIDIA, device_id, integrated=False, driver=_driver(device)
    )


def _driver(device: Path) -> str | None:
    """The kernel's driver: amdgpu, i915, xe, nvidia or nouveau."""
    for line in files.text(device / "uevent").splitlines():
        if line.startswith("DRIVER="):
            return line.removeprefix("DRIVER=") or None
    return None


def _left(total: int | None, used: int | None) -> int | None:
    return None if total is None or used is None else max(0, total - used)

"""A GPU as one source saw it: the value that the probes give and `merge` joins."""

from __future__ import annotations

from dataclasses import dataclass

NVIDIA, AMD, INTEL, APPLE = 0x10DE, 0x1002, 0x8086, 0x106B

VENDORS = {NVIDIA: "nvidia", AMD: "amd", 0x1022: "amd", INTEL: "intel", APPLE: "apple"}

_WORDS = {
    "nvidia": ("nvidia", "geforce", "quadro", "tesla"),
    "amd": ("amd", "radeon", "radv", "instinct"),
    "intel": ("intel", "arc"),
    "apple": ("apple",),
}
_SOFTWARE = ("llvmpipe", "lavapipe", "swiftshader", "softpipe", "basic render")


@dataclass(frozen=True, slots=True)
class Sighting:
    """What one source says; None where it does not say. Sizes in bytes.

    ``vendor_id`` and ``device_id``: of the PCI bus. ``total_bytes`` and ``free_bytes``: memory of its own.
    ``shared_bytes`` and ``shared_free_bytes``: what it may use of the machine's memory (AMD's GTT, Metal's working set,
    DXGI's shared memory). ``integrated``: it has little or no memory of its own. ``cores``: of Apple's GPUs, which decide
    the bandwidth of one chip's variants.
    """

    name: str | None = None
    vendor_id: int | None = None
    device_id: int | None = None
    total_bytes: int | None = None
    free_bytes: int | None = None
    shared_bytes: int | None = None
    shared_free_bytes: int | None = None
    integrated: bool | None = None
    driver: str | None = None
    compute_capability: str | None = None
    cores: int | None = None


def vendor_of(name: str | None, vendor_id: int | None = None) -> str:
    """nvidia, amd, intel, apple or other."""
    if vendor_id in VENDORS:
        return VENDORS[vendor_id]
    words = (name or "").lower().replace("(r)", " ").replace("(tm)", " ").split()
    for vendor, known in _WORDS.items():
        if any(word.strip("()") in known for word in words):
            return vendor
    return "other"


def is_software(name: str | None) -> bool:
    """Whether this "GPU" is a program on the processor: Vulkan lists those too."""
    return any(word in (name or "").lower() for word in _SOFTWARE)

"""NVIDIA's management library, through `nvidia-ml-py`. Runs in a child process: a driver that hangs or crashes ends that.

Parts of the GB10 and Jetson class work in the machine's memory and answer NOT_SUPPORTED for theirs: they are integrated.
Of a card that is split (MIG) only the slices that this process sees are usable memory, never the whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from workbench.hardware.sightings import Sighting

# Their memory is the machine's, whether their driver answers NOT_SUPPORTED or, as some versions do, the machine's figures.
UNIFIED_PARTS = ("gb10", "orin", "thor", "xavier")


def look() -> tuple[Sighting, ...] | None:
    """Every NVIDIA GPU; None where there is no driver."""
    import pynvml  # type: ignore[import-untyped]

    return ask(pynvml)


def ask(nvml: Any) -> tuple[Sighting, ...] | None:
    """``nvml``: the module `pynvml`."""
    try:
        nvml.nvmlInit()
    except nvml.NVMLError:
        return None
    try:
        driver = _or_none(nvml, nvml.nvmlSystemGetDriverVersion)
        return tuple(seen for card in _cards(nvml) for seen in _card(nvml, card, driver))
    finally:
        _or_none(nvml, nvml.nvmlShutdown)


def _cards(nvml: Any) -> Iterator[Any]:
    for index in range(_or_none(nvml, nvml.nvmlDeviceGetCount) or 0):
        card = _or_none(nvml, nvml.nvmlDeviceGetHandleByIndex, index)
        if card is not None:  # one that has fallen off the bus
            yield card


def _card(nvml: Any, card: Any, driver: str | None) -> Iterator[Sighting]:
    parts = tuple(_slices(nvml, card)) if _is_split(nvml, card) else (card,)
    capability = _or_none(nvml, nvml.nvmlDeviceGetCudaComputeCapability, card)
    bus = _or_none(nvml, nvml.nvmlDeviceGetPciInfo, card)
    ids = getattr(bus, "pciDeviceId", 0)
    for part in parts:
        name = _or_none(nvml, nvml.nvmlDeviceGetName, part) or _or_none(nvml, nvml.nvmlDeviceGetName, card)
        memory, supported = _memory(nvml, part)
        integrated = not supported or any(unified in (name or "").lower() for unified in UNIFIED_PARTS)
        yield Sighting(
            name=name,
            vendor_id=0x10DE,
            device_id=ids >> 16 or None,
            total_bytes=None if integrated else getattr(memory, "total", None),
            free_bytes=None if integrated else getattr(memory, "free", None),
            integrated=integrated,
            driver=driver,
            compute_capability=None if capability is None else f"{capability[0]}.{capability[1]}",
        )


def _memory(nvml: Any, part: Any) -> tuple[Any, bool]:
    """Its memory, and whether parts of its kind have memory of their own. A lost card has, but cannot say how much."""
    try:
        return nvml.nvmlDeviceGetMemoryInfo(part), True
    except nvml.NVMLError as error:
        return None, error.value != nvml.NVML_ERROR_NOT_SUPPORTED


def _is_split(nvml: Any, card: Any) -> bool:
    mode = _or_none(nvml, nvml.nvmlDeviceGetMigMode, card)
    return mode is not None and mode[0] == nvml.NVML_DEVICE_MIG_ENABLE


def _slices(nvml: Any, card: Any) -> Iterator[Any]:
    for index in range(_or_none(nvml, nvml.nvmlDeviceGetMaxMigDeviceCount, card) or 0):
        part = _or_none(nvml, nvml.nvmlDeviceGetMigDeviceHandleByIndex, card, index)
        if part is not None:
            yield part


def _or_none(nvml: Any, question: Any, *arguments: Any) -> Any:
    """The answer, decoded; None where the driver or the part cannot say."""
    try:
        answer = question(*arguments)
    except nvml.NVMLError:
        return None
    return answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer

"""NVIDIA's management library without a driver: `pynvml` as far as the probe asks it, over a described machine."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pynvml  # type: ignore[import-untyped]

NOT_SUPPORTED = "NOT_SUPPORTED"
LOST = "GPU_IS_LOST"
_ERRORS = {NOT_SUPPORTED: pynvml.NVML_ERROR_NOT_SUPPORTED, LOST: pynvml.NVML_ERROR_GPU_IS_LOST}


class FakeNvml:
    """``machine``: {"driver", "cards": [{"name", "device", "capability", "memory": [total, free] | an error's name,
    "slices": [{"name", "memory"}]}]}; None: there is no driver."""

    NVMLError = pynvml.NVMLError
    NVML_ERROR_NOT_SUPPORTED = pynvml.NVML_ERROR_NOT_SUPPORTED
    NVML_DEVICE_MIG_ENABLE = pynvml.NVML_DEVICE_MIG_ENABLE

    def __init__(self, machine: dict[str, Any] | None) -> None:
        self._machine = machine
        self.open = False

    def nvmlInit(self) -> None:  # noqa: N802 - the library's own names
        if self._machine is None:
            raise pynvml.NVMLError(pynvml.NVML_ERROR_LIBRARY_NOT_FOUND)
        self.open = True

    def nvmlShutdown(self) -> None:  # noqa: N802
        self.open = False

    def nvmlSystemGetDriverVersion(self) -> Any:  # noqa: N802
        return self._described("driver")

    def nvmlDeviceGetCount(self) -> int:  # noqa: N802
        return len(self._described("cards"))

    def nvmlDeviceGetHandleByIndex(self, index: int) -> dict[str, Any]:  # noqa: N802
        card: dict[str, Any] = self._described("cards")[index]
        if card.get("lost"):
            raise pynvml.NVMLError(pynvml.NVML_ERROR_GPU_IS_LOST)
        return card

    def nvmlDeviceGetName(self, card: dict[str, Any]) -> Any:  # noqa: N802
        return self._of(card, "name")

    def nvmlDeviceGetPciInfo(self, card: dict[str, Any]) -> SimpleNamespace:  # noqa: N802
        return SimpleNamespace(pciDeviceId=(self._of(card, "device") << 16) | 0x10DE)

    def nvmlDeviceGetCudaComputeCapability(self, card: dict[str, Any]) -> Any:  # noqa: N802
        return self._of(card, "capability")

    def nvmlDeviceGetMemoryInfo(self, card: dict[str, Any]) -> SimpleNamespace:  # noqa: N802
        memory = self._of(card, "memory")
        if isinstance(memory, str):
            raise pynvml.NVMLError(_ERRORS[memory])
        return SimpleNamespace(total=memory[0], free=memory[1])

    def nvmlDeviceGetMigMode(self, card: dict[str, Any]) -> list[int]:  # noqa: N802
        if "slices" not in card:
            raise pynvml.NVMLError(pynvml.NVML_ERROR_NOT_SUPPORTED)
        return [pynvml.NVML_DEVICE_MIG_ENABLE, pynvml.NVML_DEVICE_MIG_ENABLE]

    def nvmlDeviceGetMaxMigDeviceCount(self, card: dict[str, Any]) -> int:  # noqa: N802
        return 7 if "slices" in card else 0

    def nvmlDeviceGetMigDeviceHandleByIndex(self, card: dict[str, Any], index: int) -> dict[str, Any]:  # noqa: N802
        if index >= len(card["slices"]):
            raise pynvml.NVMLError(pynvml.NVML_ERROR_NOT_FOUND)
        part: dict[str, Any] = card["slices"][index]
        return part

    def _described(self, key: str) -> Any:
        assert self._machine is not None
        assert self.open, "asked before nvmlInit or after nvmlShutdown"
        return self._machine[key]

    def _of(self, card: dict[str, Any], key: str) -> Any:
        if key not in card:
            raise pynvml.NVMLError(pynvml.NVML_ERROR_NOT_SUPPORTED)
        return card[key]

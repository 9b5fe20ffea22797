"""The processor: its name and the instruction sets that matter for inference."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from workbench.hardware.looking import Run
from workbench.hardware.probes import files, sysctl

FEATURES_SHOWN = (
    "sse4_2",
    "avx",
    "avx2",
    "fma",
    "f16c",
    "avx_vnni",
    "avx512f",
    "avx512_vnni",
    "avx512_bf16",
    "amx_int8",
    "asimd",
    "asimddp",
    "i8mm",
    "bf16",
    "sve",
    "sve2",
)

# `sysctl` names on macOS, for Apple's and for Intel's processors
_MAC_ARM = {
    "hw.optional.arm.FEAT_DotProd": "asimddp",
    "hw.optional.arm.FEAT_I8MM": "i8mm",
    "hw.optional.arm.FEAT_BF16": "bf16",
}
_MAC_INTEL = {"SSE4.2": "sse4_2", "AVX1.0": "avx", "AVX2": "avx2", "FMA": "fma", "F16C": "f16c", "AVX512F": "avx512f"}

# winnt.h, PF_..._INSTRUCTIONS_AVAILABLE
_WINDOWS = {38: "sse4_2", 39: "avx", 40: "avx2", 41: "avx512f", 19: "asimd", 43: "asimddp"}


@dataclass(frozen=True, slots=True)
class Processor:
    """``features`` None: they cannot be read here. ``cores`` counts physical ones that may be used."""

    name: str | None
    cores: int
    features: tuple[str, ...] | None


def processor(run: Run, root: Path = files.ROOT) -> Processor:
    cores = usable_cores()
    if sys.platform == "darwin":
        name, features = from_sysctl(sysctl.read(run, ("machdep.cpu", "hw.optional.arm")))
    elif sys.platform == "win32":
        name, features = _windows()
    else:
        cpuinfo = files.text(root / "proc/cpuinfo")
        name, features = cpu_name(cpuinfo), cpu_features(cpuinfo)
    return Processor(name or platform.processor() or None, cores, features)


def usable_cores() -> int:
    """Physical cores, but not more than the processors that this process may run on (a container, `taskset`)."""
    import psutil

    physical = psutil.cpu_count(logical=False) or os.cpu_count() or 1
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else physical
    return max(1, min(physical, allowed))


def cpu_name(cpuinfo: str) -> str | None:
    """The processor's name from the text of ``/proc/cpuinfo``."""
    return _field(cpuinfo, "model name") or _field(cpuinfo, "Model")


def cpu_features(cpuinfo: str) -> tuple[str, ...] | None:
    """From the text of ``/proc/cpuinfo``; None where it has none."""
    flags = _field(cpuinfo, "flags") or _field(cpuinfo, "Features")
    return None if flags is None else _shown(flags.split())


def from_sysctl(values: Mapping[str, str]) -> tuple[str | None, tuple[str, ...] | None]:
    """Name and features from what macOS's `sysctl` says."""
    name = values.get("machdep.cpu.brand_string")
    intel = f"{values.get('machdep.cpu.features', '')} {values.get('machdep.cpu.leaf7_features', '')}".split()
    if intel:
        return name, _shown([_MAC_INTEL.get(word, "") for word in intel])
    if name is None:
        return None, None
    return name, _shown(["asimd", *(shown for key, shown in _MAC_ARM.items() if values.get(key) == "1")])


def _shown(present: list[str]) -> tuple[str, ...]:
    return tuple(name for name in FEATURES_SHOWN if name in present)


def _field(cpuinfo: str, name: str) -> str | None:
    for line in cpuinfo.splitlines():
        key, separator, value = line.partition(":")
        if separator and key.strip() == name:
            return value.strip()
    return None


def _windows() -> tuple[str | None, tuple[str, ...] | None]:
    if sys.platform == "win32":
        import ctypes
        import winreg

        try:
            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, r"HARDWARE\DESCRIPTION\System\CentralProcessor\0") as key:
                name = str(winreg.QueryValueEx(key, "ProcessorNameString")[0]).strip()
        except OSError:
            name = None
        has = ctypes.windll.kernel32.IsProcessorFeaturePresent
        return name, _shown([shown for number, shown in _WINDOWS.items() if has(number)])
    return None, None

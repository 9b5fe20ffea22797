from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from workbench.hardware.probes import sysctl
from workbench.hardware.probes.power import from_sensors
from workbench.hardware.probes.processor import cpu_features, cpu_name, from_sysctl

XEON = """processor\t: 0
model name\t: Intel(R) Xeon(R) Processor
flags\t\t: fpu sse4_2 avx avx2 fma f16c avx512f amx_int8
"""
RASPBERRY = "processor\t: 0\nFeatures\t: fp asimd evtstrm\n\nModel\t\t: Raspberry Pi 5 Model B Rev 1.0\n"


@pytest.mark.parametrize(
    ("text", "name", "features"),
    [
        (XEON, "Intel(R) Xeon(R) Processor", ("sse4_2", "avx", "avx2", "fma", "f16c", "avx512f", "amx_int8")),
        (RASPBERRY, "Raspberry Pi 5 Model B Rev 1.0", ("asimd",)),
        ("", None, None),
        ("no colon here\n\0\xff", None, None),
    ],
)
def test_cpuinfo(text: str, name: str | None, features: tuple[str, ...] | None) -> None:
    assert (cpu_name(text), cpu_features(text)) == (name, features)


M4_MAX = """machdep.cpu.brand_string: Apple M4 Max
hw.optional.arm.FEAT_DotProd: 1
hw.optional.arm.FEAT_I8MM: 1
hw.optional.arm.FEAT_BF16: 0
"""
INTEL_MAC = """machdep.cpu.brand_string: Intel(R) Core(TM) i7-1068NG7 CPU @ 2.30GHz
machdep.cpu.features: FPU SSE4.2 AVX1.0 FMA F16C
machdep.cpu.leaf7_features: AVX2 AVX512F
"""
INTEL_FEATURES = ("sse4_2", "avx", "avx2", "fma", "f16c", "avx512f")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (M4_MAX, ("Apple M4 Max", ("asimd", "asimddp", "i8mm"))),
        (INTEL_MAC, ("Intel(R) Core(TM) i7-1068NG7 CPU @ 2.30GHz", INTEL_FEATURES)),
        ("", (None, None)),
        ("sysctl: unknown oid 'machdep.cpu'\n", (None, None)),
    ],
)
def test_sysctl(text: str, told: tuple[str | None, tuple[str, ...] | None]) -> None:
    assert from_sysctl(sysctl.values(text)) == told


def raising() -> Any:
    raise FileNotFoundError("/sys/class/power_supply")


@pytest.mark.parametrize(
    ("sensors", "power"),
    [
        (raising, "unknown"),
        (lambda: None, "unknown"),
        (lambda: SimpleNamespace(power_plugged=None), "unknown"),
        (lambda: SimpleNamespace(power_plugged=True), "mains"),
        (lambda: SimpleNamespace(power_plugged=False), "battery"),
    ],
)
def test_power(sensors: Any, power: str) -> None:
    assert from_sensors(SimpleNamespace(sensors_battery=sensors)) == power
    assert from_sensors(SimpleNamespace()) == "unknown"

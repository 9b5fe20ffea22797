from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from workbench.hardware.machine import _power, cpu_features, cpu_name, describe, read_machine

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


def test_this_machine_is_told_whatever_is_missing(tmp_path: Path) -> None:
    told = read_machine(tmp_path / "not" / "there" / "yet").as_json()
    assert told["os"] == "linux"
    assert told["memory_total_bytes"] > told["memory_available_bytes"] > 0
    assert told["disk_free_bytes"] > 0
    assert told["gpus"] is None
    assert "cores" in describe(told)


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
    assert _power(SimpleNamespace(sensors_battery=sensors)) == power
    assert _power(SimpleNamespace()) == "unknown"

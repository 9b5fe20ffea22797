"""When the machine is short of memory: by what is left, by what stands still, by what the system says itself."""

from __future__ import annotations

import sys

import pytest

from workbench.engine.scheduling.pressure import Pressure, Reading, is_short, read_pressure, stall_percent

GB = 1 << 30


@pytest.mark.parametrize(
    ("reading", "short"),
    [
        (Reading(8 * GB, 16 * GB), False),
        (Reading(GB // 4, 16 * GB), True),
        (Reading(GB // 4, 4 * GB), False),  # a small machine has little left all the time
        (Reading(GB // 16, 4 * GB), True),
        (Reading(GB, 512 * GB), False),  # and a large one much, at a small share
        (Reading(8 * GB, 16 * GB, stall_percent=35.0), True),
        (Reading(8 * GB, 16 * GB, stall_percent=3.0), False),
        (Reading(8 * GB, 16 * GB, critical=True), True),
        (Reading(8 * GB, 16 * GB, critical=False), False),
    ],
)
def test_short_of_memory(reading: Reading, short: bool) -> None:
    assert is_short(reading) is short


def test_one_look_alone_decides_nothing() -> None:
    readings = [Reading(left, 16 * GB) for left in (0, 8 * GB, 0, 0, 0, 0)]
    pressure = Pressure(lambda: readings.pop(0))
    assert [pressure.look() for _ in range(6)] == [False, False, False, True, False, True]


def test_what_linux_writes_of_pressure() -> None:
    text = "some avg10=12.34 avg60=1.00 avg300=0.10 total=1\nfull avg10=9.00 avg60=0.50 avg300=0.00 total=1\n"
    assert stall_percent(text) == 12.34
    assert stall_percent("") is None
    assert stall_percent("some avg10=much\n") is None


def test_this_machine_can_be_read() -> None:
    reading = read_pressure()
    assert 0 < reading.available_bytes <= reading.total_bytes
    assert reading.critical is None or sys.platform != "linux"

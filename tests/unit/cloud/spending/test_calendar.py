"""Days begin at local midnight, also where the clock is changed there."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.cloud.spending.calendar import (
    day_of,
    moment_of,
    notice_another_zone,
    start_of_day,
    start_of_month,
    written,
)
from workbench.errors import UsageError

TOKYO, LIMA = timezone(timedelta(hours=9)), timezone(timedelta(hours=-5))
MOMENTS = st.integers(86_400 * 40, 4_000_000_000)
needs_zones = pytest.mark.skipif(not hasattr(time, "tzset"), reason="Windows keeps its zone for a process")


@pytest.fixture
def in_zone() -> Iterator[Any]:
    before = os.environ.get("TZ")

    def go(rules: str) -> None:
        os.environ["TZ"] = rules
        notice_another_zone()

    yield go
    os.environ.pop("TZ") if before is None else os.environ.__setitem__("TZ", before)
    notice_another_zone()


@given(at=MOMENTS, zone=st.sampled_from([TOKYO, LIMA, UTC, None]))
def test_a_moment_lies_in_its_day_and_month(at: int, zone: tzinfo | None) -> None:
    day, month = start_of_day(at, zone), start_of_month(at, zone)
    assert month <= day <= at < day + 86_400 + 7200
    assert day_of(day, zone) == day_of(at, zone)
    assert day_of(month, zone) == f"{day_of(at, zone)[:7]}-01"
    assert day_of(day - 1, zone) != day_of(at, zone)
    assert moment_of(day_of(at, zone), zone) == day


def test_another_place_has_another_day() -> None:
    at = datetime(2026, 11, 30, 23, 30, tzinfo=UTC).timestamp()
    assert day_of(at, TOKYO) == "2026-12-01"
    assert day_of(at, LIMA) == "2026-11-30"
    assert start_of_day(at, TOKYO) == datetime(2026, 11, 30, 15, tzinfo=UTC).timestamp()
    assert start_of_month(at, LIMA) == datetime(2026, 11, 1, 5, tzinfo=UTC).timestamp()
    assert written(at, TOKYO) == "2026-12-01T08:30:00+09:00"


@needs_zones
@pytest.mark.parametrize(
    ("rules", "day", "hours"),
    [
        ("CET-1CEST,M3.5.0,M10.5.0/3", "2026-03-29", 23),  # in the night, as most of Europe does
        ("CET-1CEST,M3.5.0,M10.5.0/3", "2026-10-25", 25),
        ("XXX3YYY,M3.5.0/0,M10.5.0/0", "2026-03-29", 23),  # midnight itself is skipped
        ("XXX3YYY,M3.5.0/0,M10.5.0/1", "2026-10-25", 25),  # midnight comes twice
        ("AAA-10:30BBB-11,M10.1.0,M4.1.0", "2026-10-04", 23.5),  # by half an hour
    ],
)
def test_days_of_other_lengths_have_one_beginning(in_zone: Any, rules: str, day: str, hours: float) -> None:
    in_zone(rules)
    start = moment_of(day)
    end = start + hours * 3600
    assert day_of(start) == day_of(end - 1) == day
    assert day_of(start - 1) < day < day_of(end)
    for step in range(0, int(hours * 3600), 600):
        assert start_of_day(start + step) == start


@needs_zones
def test_a_program_that_runs_notices_another_zone(in_zone: Any) -> None:
    at = datetime(2026, 11, 23, 23, 30, tzinfo=UTC).timestamp()
    in_zone("UTC0")
    assert day_of(at) == "2026-11-23"
    in_zone("JST-9")
    assert day_of(at) == "2026-11-24"


@pytest.mark.parametrize(
    "junk", ["", "today", "2026-13-01", "2026-02-30", "23.11.2026", "0000-01-01", "2026-11-23T10:00"]
)
def test_what_is_no_date_is_refused(junk: str) -> None:
    with pytest.raises(UsageError):
        moment_of(junk)

"""Days and months as this computer's calendar has them now. A moment is in seconds since 1970."""

from __future__ import annotations

import time
from datetime import date, datetime, tzinfo

from workbench.errors import UsageError


def start_of_day(at: float, zone: tzinfo | None = None) -> float:
    """When the day of this moment began. ``zone`` None: of this computer. Where a clock change skips midnight, the day
    begins with the change; where it comes twice, with the first."""
    return _midnight(_local(at, zone))


def start_of_month(at: float, zone: tzinfo | None = None) -> float:
    return _midnight(_local(at, zone).replace(day=1))


def day_of(at: float, zone: tzinfo | None = None) -> str:
    """Its date, as ISO writes it."""
    return _local(at, zone).date().isoformat()


def written(at: float, zone: tzinfo | None = None) -> str:
    """Date, time to the second and distance from UTC, as ISO writes them."""
    return datetime.fromtimestamp(at, zone).astimezone(zone).isoformat(timespec="seconds")


def moment_of(text: str, zone: tzinfo | None = None) -> float:
    """When the day began that ISO writes so. Raises `UsageError` for anything else."""
    try:
        day = date.fromisoformat(text.strip())
        return _midnight(datetime(day.year, day.month, day.day, tzinfo=zone))
    except (ValueError, OverflowError, OSError) as error:
        raise UsageError(f"{text!r} is no date.", hint="Write it as 2026-11-23.") from error


def notice_another_zone() -> None:
    """A program that runs for days notices that this computer is now somewhere else. Windows does by itself."""
    if hasattr(time, "tzset"):
        time.tzset()


def _local(at: float, zone: tzinfo | None) -> datetime:
    return datetime.fromtimestamp(at, zone).replace(fold=0)


def _midnight(moment: datetime) -> float:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0).timestamp()

"""The tool that tells what day and time it is."""

from __future__ import annotations

import locale
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from workbench.errors import ToolError
from workbench.tools.tool import Call, Harm, Outcome, Place, ToolSpec

NOW: Final = ToolSpec(
    "now",
    "Look at the clock",
    "Current date, time, weekday and locale.",
    {
        "type": "object",
        "properties": {"zone": {"type": "string", "description": "IANA zone, else the user's"}},
    },
    Harm.READ,
)
_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


class Now:
    """``seconds``: since 1970. ``spoken``: the locale's name, empty where unknown; None: that of the system."""

    spec = NOW

    def __init__(self, seconds: Callable[[], float], spoken: Callable[[], str] | None = None) -> None:
        self._seconds = seconds
        self._spoken = spoken or _locale

    def is_there(self, place: Place) -> bool:  # noqa: ARG002
        return True

    def call(self, arguments: Mapping[str, Any], _call: Call) -> Outcome:
        """Raises `ToolError` for a zone that there is not."""
        zone = str(arguments.get("zone", "")).strip()
        at = datetime.fromtimestamp(self._seconds(), UTC).astimezone(_zone(zone) if zone else None)
        return Outcome(told(at, zone, "" if zone else self._spoken()))


def told(at: datetime, zone: str, spoken: str) -> str:
    """ "Monday, 23 November 2026, 11:35:54\\nISO: 2026-11-23T11:35:54+00:00, week 2026-W48 …"."""
    year, week, _day = at.isocalendar()
    lines = [
        f"{_DAYS[at.weekday()]}, {at.day} {_MONTHS[at.month - 1]} {at.year}, {at:%H:%M:%S}",
        f"ISO: {at.isoformat(timespec='seconds')}, week {year}-W{week:02}, day {at.timetuple().tm_yday} of the year",
        f"Zone: {zone or at.tzname() or 'unknown'} (UTC{at:%z})",
    ]
    return "\n".join([*lines, *([f"Locale: {spoken}"] if spoken else [])])


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ToolError(f"There is no time zone {name[:80]!r}. Write it as Europe/Berlin.") from error


def _locale() -> str:
    return next((word for word in locale.getlocale() if word), "")

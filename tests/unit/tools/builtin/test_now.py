"""The clock."""

from __future__ import annotations

import pytest

from workbench.cancel import CancelToken
from workbench.errors import ToolError
from workbench.tools.builtin.now import Now
from workbench.tools.tool import Call, Place

AT = 1_795_433_754.0  # 23 November 2026, 11:35:54 UTC


def call(**arguments: str) -> str:
    return Now(lambda: AT, lambda: "de_DE").call(arguments, Call(Place(), CancelToken())).text


def test_day_time_week_zone_and_locale_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    told = call(zone="Asia/Tokyo")
    assert told.splitlines() == [
        "Monday, 23 November 2026, 20:35:54",
        "ISO: 2026-11-23T20:35:54+09:00, week 2026-W48, day 327 of the year",
        "Zone: Asia/Tokyo (UTC+0900)",
    ]
    assert "Locale: de_DE" in call()


@pytest.mark.parametrize("zone", ["Nowhere/Town", "../../etc/passwd", "/etc/passwd", "x" * 10_000, "a\0b"])
def test_a_zone_that_there_is_not_is_told(zone: str) -> None:
    with pytest.raises(ToolError, match="no time zone"):
        call(zone=zone)

"""Filters within the text of a search: a chip writes ``has:attachment`` where a person could have typed it. Pure."""

from __future__ import annotations

import re
from datetime import date, timedelta

WEEK, MONTH = 7, 30  # days


def value_of(text: str, key: str) -> str:
    """What stands behind ``key:`` in ``text``; empty when nothing does."""
    found = _pattern(key).search(text)
    return (found["quoted"] or found["bare"] or "") if found else ""


def without(text: str, key: str) -> str:
    """``text`` without the filter ``key:``."""
    return " ".join(_pattern(key).sub(" ", text).split())


def with_value(text: str, key: str, value: str) -> str:
    """``text`` with this filter in the place of an older one, the words last, so that one can go on typing."""
    value = value.replace('"', "")
    written = f'{key}:"{value}"' if " " in value else f"{key}:{value}"
    rest = without(text, key)
    return f"{written} {rest}"


def words_of(text: str) -> str:
    """``text`` without any filter."""
    for key in ("model", "project", "after", "before", "has", "in"):
        text = without(text, key)
    return text


def since(today: date, days: int) -> str:
    """The day from which the last ``days`` count, today included, as a filter has it."""
    return (today - timedelta(days=days - 1)).isoformat()


def _pattern(key: str) -> re.Pattern[str]:
    return re.compile(rf'(?<!\S){key}:(?:"(?P<quoted>[^"]*)"?|(?P<bare>\S*))', re.IGNORECASE)

"""The order in which people look for names: 2 before 10, and without regard to case and accents. Pure."""

from __future__ import annotations

import re
import unicodedata

_NUMBER = re.compile(r"([0-9]+)")

NaturalKey = tuple[tuple[str | tuple[int, str], ...], str]


def natural_key(name: str) -> NaturalKey:
    """To sort names by. Numbers in them count as numbers, of any length; names that differ only in case, accents or
    leading zeros stand side by side, always in the same order."""
    pieces = _NUMBER.split(_plain(name))
    return tuple(_number(piece) if place % 2 else piece for place, piece in enumerate(pieces)), name


def _number(digits: str) -> tuple[int, str]:
    """As a number compares: the longer is the larger one."""
    significant = digits.lstrip("0")
    return len(significant), significant


def _plain(name: str) -> str:
    if name.isascii():
        return name.lower()
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))

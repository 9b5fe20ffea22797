"""Runs of digits in groups: what cards, phones and accounts are made of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

# Digits, with one separator between two of them, or the end of a line. Possessive: a run is read once, however long it is.
_RUN: Final = re.compile(
    r"(?<![A-Za-z0-9.,])\d++(?:(?:[ \u00a0._~-]| - |[ ]{2,3}|[ ]?\r?\n[ \t]{0,4})\d++)*+(?![A-Za-z0-9])", re.ASCII
)
_GROUP: Final = re.compile(r"\d++", re.ASCII)


@dataclass(frozen=True, slots=True)
class Group:
    """``digits`` at ``start``."""

    start: int
    digits: str

    @property
    def end(self) -> int:
        return self.start + len(self.digits)


def runs(text: str, shortest: int) -> Iterator[list[Group]]:
    """Runs of groups that stand one separator apart: "4111 1111 1111 1111" is one run of four groups. ``shortest``: runs of
    fewer signs are passed over, which most are."""
    for match in _RUN.finditer(text):
        if match.end() - match.start() < shortest:
            continue
        yield [Group(group.start(), group[0]) for group in _GROUP.finditer(text, match.start(), match.end())]

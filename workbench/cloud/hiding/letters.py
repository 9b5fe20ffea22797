"""Capital letters for patterns: Python's own have no class for them."""

from __future__ import annotations

from typing import Final

_BLOCKS: Final = (range(0x41, 0x250), range(0x386, 0x3F0), range(0x400, 0x530), range(0x1E00, 0x1F00))

CAPITAL: Final = "".join(chr(code) for block in _BLOCKS for code in block if chr(code).isupper())
"""All capitals of Latin, Greek and Cyrillic, for the inside of a class."""


def lowered(text: str) -> str:
    """In small letters, and as long as it was: places in one are places in the other. Patterns of small letters are several
    times as fast as those that ignore case."""
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(one.lower() if len(one.lower()) == 1 else one for one in text)

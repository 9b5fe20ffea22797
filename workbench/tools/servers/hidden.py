"""Characters that a person does not see and a model reads: orders may hide in them. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

_KEPT = frozenset("\n\t")
# What looks like nothing although Unicode calls it a letter, a mark or a space: fillers, and selectors of variants beyond
# those of emoji.
_BLANK = frozenset("\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u3164\uffa0")
_JOINERS = frozenset("\u200c\u200d")
_DEPTH = 64


def is_hidden(character: str) -> bool:
    """By itself: a joiner may be a part of a word or of a picture, see `without_hidden`."""
    if character in _KEPT:
        return False
    if character in _BLANK or 0xE0100 <= ord(character) <= 0xE01EF:
        return True
    return unicodedata.category(character) in ("Cf", "Cc", "Cs")


def without_hidden(text: str) -> tuple[str, int]:
    """The text without them, and how many there were. Returns of carriages are no secret, and one joiner after a character
    that is not of ASCII is how some languages and emoji are written."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.isascii() and text.isprintable():
        return text, 0
    kept = []
    before = ""
    for one in text:
        joins = one in _JOINERS and bool(before) and not before.isascii() and before not in _JOINERS
        if joins or not is_hidden(one):
            kept.append(one)
        before = one
    return "".join(kept), len(text) - len(kept)


def without_hidden_in(value: Any, depth: int = 0) -> tuple[Any, int]:
    """The same of every text within a JSON value, but for the names of its objects; None for what nests too deep."""
    if depth > _DEPTH:
        return None, 0
    if isinstance(value, str):
        return without_hidden(value)
    if isinstance(value, Mapping):
        pairs = {name: without_hidden_in(one, depth + 1) for name, one in value.items()}
        return {name: clean for name, (clean, _count) in pairs.items()}, sum(count for _clean, count in pairs.values())
    if isinstance(value, list):
        items = [without_hidden_in(one, depth + 1) for one in value]
        return [clean for clean, _count in items], sum(count for _clean, count in items)
    return value, 0

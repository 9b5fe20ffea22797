"""Words that strangers wrote, without what no person sees in them. Pure."""

from __future__ import annotations

import html
import re
import unicodedata
from typing import Any, Final

_TAG: Final = re.compile(r"<[^<>]{0,500}>")
_KEPT: Final = frozenset("\n\t\u200c\u200d")  # joiners belong to how many languages and pictures are written
_HIDDEN_KINDS: Final = frozenset(("Cc", "Cf", "Cs", "Co"))


def visible(text: str) -> str:
    """Without controls, marks of direction, invisible and private characters: they can hide words from whoever reads."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(one for one in text if one in _KEPT or unicodedata.category(one) not in _HIDDEN_KINDS)


def one_line(value: Any, most: int) -> str:
    """What a search's answer says at one place, as plain words on one line; empty for what is no text."""
    if not isinstance(value, str):
        return ""
    plain = html.unescape(_TAG.sub("", value[: 8 * most]))
    return " ".join(visible(plain).split())[:most]

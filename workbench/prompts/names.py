"""Slash names: what a prompt is called by in one word. Pure.

Letters, digits and underscores of any script, in lower case, joined by hyphens; at most `MOST_CHARACTERS`, so that it is
the name of a file too, on every system.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from typing import Final

MOST_CHARACTERS: Final = 60  # of four bytes each, with an ending: fewer than the 255 of a file's name
FALLBACK: Final = "prompt"
_DEVICES: Final = frozenset(
    ("con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10)))
)


def folded(name: str) -> str:
    """As names are compared: without regard to case, width and how accents are composed."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def slug(title: str) -> str:
    """The name that this title gives: "Über uns!" is ``über-uns``. Always a name that `problem` has nothing against."""
    lower = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", title).lower())
    words = "".join(map(_kept, lower)).split()
    name = _cut(_joined(words))
    return f"{name}-{FALLBACK}" if name in _DEVICES else name


def free(name: str, taken: Collection[str]) -> str:
    """``name``, or with the first number behind it that makes it one of its own. ``taken``: names as they are written."""
    used = {folded(one) for one in taken}
    found, number = name, 2
    while folded(found) in used:
        suffix = f"-{number}"
        found, number = _shortened(name, MOST_CHARACTERS - len(suffix)) + suffix, number + 1
    return found


def problem(name: str) -> str:
    """Why this cannot be a slash name, as a sentence; empty for one that can."""
    if not name:
        return "A prompt needs a name to be called by."
    if len(name) > MOST_CHARACTERS:
        return f"A name has at most {MOST_CHARACTERS} characters."
    if name in _DEVICES:
        return f"Windows keeps the name “{name}” for itself."
    if name != slug(name):
        return f"A name has small letters, digits and hyphens: “{slug(name)}”."
    return ""


def _kept(letter: str) -> str:
    """The character, or a space where words end; nothing for what is not seen, as marks of direction."""
    kind = unicodedata.category(letter)
    if kind[0] in "LM" or kind in ("Nd", "Nl") or letter == "_":
        return letter
    return "" if kind == "Cf" else " "


def _joined(words: list[str]) -> str:
    """A word of marks alone has nothing to stand on."""
    seen = [word.lstrip("".join(letter for letter in word if unicodedata.category(letter)[0] == "M")) for word in words]
    return "-".join(word for word in seen if word) or FALLBACK


def _cut(name: str) -> str:
    """At the end of a word, where there is one."""
    if len(name) <= MOST_CHARACTERS:
        return name
    words = name[: MOST_CHARACTERS + 1].rpartition("-")[0]
    return _shortened(words or name, MOST_CHARACTERS)


def _shortened(name: str, most: int) -> str:
    return re.sub("-+$", "", name[:most])

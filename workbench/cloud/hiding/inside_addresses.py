"""Whether a text that comes in pieces is inside a web address by now: what was hidden is not put back there.

An address is what one click, or a program that reads along, sends to somebody. Where its end is doubtful, it goes on.
"""

from __future__ import annotations

import re
from typing import Final

# `https:`, with what may stand before it, also where Markdown still decodes the colon; a target of Markdown that begins
# like it, whatever is encoded in it; what a mail is to say.
_BEGINS: Final = re.compile(
    r"\](?:\(|:)[\x00-\x20]{0,9}(?P<angle>(?:<[ ]{0,9})?)(?=[h&])|(?P<opening>[<\"'`]?)(?:https?[:&\\%]|www\.)"
    r"|mailto:[^\x00-\x20?]{0,200}\?",
    re.IGNORECASE,
)
_LONGEST_BEGINNING: Final = 220  # characters
_BLANK: Final = re.compile(
    r"[\x00-\x20]"
)  # only these end one in Markdown: no wide space, no space that does not break
_ENDS: Final = {
    "<": re.compile(r"[>\x00-\x20]"),
    '"': re.compile(r"[\"\n]"),
    "'": re.compile(r"['\n]"),
    "`": re.compile(r"[`\n]"),
}
_LINE_END: Final = re.compile(r"\n")  # of a target in <>, which may have spaces


class InsideAddresses:
    """Reads a text in pieces; the same for the same text, wherever it is cut."""

    def __init__(self) -> None:
        self._end: re.Pattern[str] | None = None  # what ends the address that was begun
        self._tail = ""  # what may be the first part of a beginning

    @property
    def inside(self) -> bool:
        return self._end is not None

    def read(self, text: str) -> None:
        while text:
            text = self._read_inside(text) if self._end else self._read_outside(text)

    def _read_inside(self, text: str) -> str:
        """What stands behind the end."""
        end = self._end.search(text) if self._end else None
        if end is None:
            return ""
        self._end, self._tail = None, ""
        return text[end.end() :]

    def _read_outside(self, text: str) -> str:
        """What stands behind the beginning."""
        seen = self._tail + text
        begun = _BEGINS.search(seen)
        if begun is None:
            self._tail = seen[-_LONGEST_BEGINNING:]
            return ""
        self._end = _LINE_END if begun["angle"] else _ENDS.get(begun["opening"] or "", _BLANK)
        return seen[begun.end() :]

"""Puts originals back into an answer that comes in pieces."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from workbench.cloud.hiding.inside_addresses import InsideAddresses
from workbench.cloud.hiding.placeholders import KINDS, SEPARATOR
from workbench.cloud.hiding.redaction import Redaction

# As it was sent, in any case of letters, with spaces inside, with what Markdown or JSON escapes, with another sign before
# the number; or bare, then in capitals only: `name_1` is a variable, NAME_1 is a placeholder whose brackets got lost. Never
# a part of a longer word.
_PLACEHOLDER: Final = re.compile(
    rf"\\?\[[ ]{{0,2}}(?P<kind>(?i:{KINDS})){SEPARATOR}(?P<number>[0-9]{{1,9}})[ ]{{0,2}}\\?\]"
    rf"|(?<![\w\\.$/-])(?P<bare>{KINDS})\\?_(?P<digits>[0-9]{{1,9}})(?![\w(=\[])"
)
# What may become one with the next piece: an open bracket with little behind it, or a word in capitals at the end; and one
# that is whole, because what follows it decides.
_UNSURE: Final = re.compile(
    rf"(?:\\?\[[ ]{{0,2}}(?:[A-Za-z]{{0,7}}|(?i:{KINDS})(?:\\{{1,2}}|{SEPARATOR})[0-9]{{0,9}}[ ]{{0,2}}\\?\]?)"
    rf"|(?<![\w\\.$/-])(?:[A-Z]{{1,7}}|(?:{KINDS})(?:\\|\\?_)[0-9]{{0,9}})|\\)\Z"
)
_MOST_HELD: Final = 32


class TextRestorer:
    """The `Restorer` of the program. What is no placeholder of this request stays as it is, and so does one inside a web
    address: who wrote the answer would get the original by one click. What was put back is not read again."""

    def __init__(self, redactions: Iterable[Redaction]) -> None:
        self._originals = {redaction.placeholder.upper(): redaction.original for redaction in redactions}
        self._before = ""  # the last character that was said: it tells whether a word begins
        self._held = ""
        self._addresses = InsideAddresses()

    def feed(self, text: str) -> str:
        """What can be said for sure by now."""
        if not self._originals:
            return text
        self._held += text
        return self._said(self._sure())

    def rest(self) -> str:
        """What was held back."""
        return self._said(len(self._held))

    def _sure(self) -> int:
        """How much of what is held cannot become anything else."""
        seen = self._before + self._held
        unsure = _UNSURE.search(seen, max(0, len(seen) - _MOST_HELD))
        return max(0, (unsure.start() if unsure else len(seen)) - len(self._before))

    def _said(self, end: int) -> str:
        offset = len(self._before)
        seen = self._before + self._held
        pieces, place = [], offset
        for match in _PLACEHOLDER.finditer(seen):
            if match.start() < offset or match.end() > offset + end:
                continue
            self._addresses.read(seen[place : match.start()])
            said = match[0] if self._addresses.inside else self._original(match, seen)
            self._addresses.read(match[0])
            pieces += [seen[place : match.start()], said]
            place = match.end()
        pieces.append(seen[place : offset + end])
        self._addresses.read(pieces[-1])
        self._before = seen[: offset + end][-1:]
        self._held = seen[offset + end :]
        return "".join(pieces)

    def _original(self, match: re.Match[str], seen: str) -> str:
        """The original; in a link's text its brackets stay: [NAME_1](address)."""
        kind, number = match["kind"] or match["bare"], match["number"] or match["digits"]
        original = self._originals.get(f"[{kind.upper()}_{int(number)}]")
        if original is None:
            return match[0]
        is_link = match["kind"] is not None and seen[match.end() : match.end() + 1] == "("
        return f"[{original}]" if is_link else original


def restored(text: str, redactions: Iterable[Redaction]) -> str:
    """A whole text at once."""
    restorer = TextRestorer(redactions)
    return restorer.feed(text) + restorer.rest()

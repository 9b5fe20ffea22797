"""Reading text that is still being written.

A grammar is a generator. It yields pieces, or None where it needs more text before it can go on; `TextParser` gives it
the text as it comes. So a grammar reads like one for a whole text, and does not care where the text is cut.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator
from typing import TypeAlias, TypeVar

from workbench.engine.parsing.events import Piece

_NOTHING = "(?!)"  # a pattern that matches nowhere

T = TypeVar("T")
Steps: TypeAlias = Generator[Piece | None, None, T]
Say: TypeAlias = Callable[[str], Piece | None]

WHITE = " \t\r\n"

_SPACE = re.compile(f"[{WHITE}]*")
_BRACKETS = r"(){}\[\]"
_IN_STRING = {
    '"': re.compile(r'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL),
    "'": re.compile(r"[^'\\]*+(?:\\.[^'\\]*+)*+", re.DOTALL),
}

MAX_DEPTH = 64
STOPS_IN_CALL = "the text stops inside a call"


class Broken(Exception):  # noqa: N818 - becomes a FormatError, with the text, in TextParser
    """The text does not keep to the grammar."""


class Markers:
    """Texts that end a stretch of plain text, found also where only their beginning has arrived."""

    def __init__(self, *markers: str) -> None:
        longest_first = sorted(markers, key=len, reverse=True)
        whole = "|".join(map(re.escape, longest_first)) or _NOTHING
        begun = "|".join(map(_beginning_of, longest_first)) or _NOTHING
        self._pattern = re.compile(f"({whole})|(?:{begun})\\Z")
        first = {marker[0] for marker in markers}
        self._none = not markers
        self._first = first.pop() if len(first) == 1 else ""

    def find(self, text: str, at: int) -> re.Match[str] | None:
        """The next marker, as group 1, or what may be the beginning of one at the end of the text."""
        if self._none:
            return None
        if self._first:  # much faster than the pattern where there is none
            at = text.find(self._first, at)
            if at < 0:
                return None
        return self._pattern.search(text, at)


def _beginning_of(marker: str) -> str:
    """A pattern for what may be the beginning of ``marker``: ``a(?:b)?`` for ``abc``."""
    pattern = ""
    for character in reversed(marker[:-1]):
        pattern = re.escape(character) + (f"(?:{pattern})?" if pattern else "")
    return pattern or _NOTHING


class Reader:
    """The text that has arrived and was not read yet. Everything is read once: the cost is linear."""

    __slots__ = ("_at", "_text", "ended")

    def __init__(self) -> None:
        self._text = ""
        self._at = 0
        self.ended = False

    def push(self, text: str) -> None:
        self._text = self._text[self._at :] + text
        self._at = 0

    @property
    def empty(self) -> bool:
        return self._at == len(self._text)

    def say_until(self, markers: Markers, say: Say) -> Steps[str]:
        """Say the plain text before the next marker as it comes. Returns the marker; "" is the end of the text."""
        while True:
            plain, marker = self._next(markers)
            if plain and (piece := say(plain)) is not None:
                yield piece
            if marker or self.ended:
                return marker
            yield None

    def collect_until(self, markers: Markers, limit: int | None = None) -> Steps[tuple[str, str]]:
        """The plain text before the next marker, whole, and the marker. Raises `Broken` above ``limit`` characters."""
        parts: list[str] = []
        size = 0
        while True:
            plain, marker = self._next(markers)
            parts.append(plain)
            size += len(plain)
            if limit is not None and size > limit:
                raise Broken(f"no marker within {limit} characters of {_shown(''.join(parts))}")
            if marker or self.ended:
                return "".join(parts), marker
            yield None

    def space(self) -> Steps[str]:
        """Reads white space."""
        parts: list[str] = []
        while True:
            found = _SPACE.match(self._text, self._at)
            if found is not None:
                parts.append(found.group())
                self._at = found.end()
            if not self.empty or self.ended:
                return "".join(parts)
            yield None

    def one_of(self, *texts: str) -> Steps[str]:
        """Reads that of ``texts`` that stands here. Returns ""; and reads nothing, if it is none of them."""
        while True:
            for text in texts:
                if self._text.startswith(text, self._at):
                    self._at += len(text)
                    return text
            here = self._text[self._at : self._at + max(map(len, texts))]
            if self.ended or not any(text.startswith(here) for text in texts):
                return ""
            yield None

    def expect(self, *texts: str) -> Steps[str]:
        """Reads that of ``texts`` that stands here. Raises `Broken` if it is none of them."""
        found = yield from self.one_of(*texts)
        if not found:
            raise Broken(f"expected {' or '.join(map(repr, texts))}, {self.here}")
        return found

    @property
    def here(self) -> str:
        """What stands here, for a message."""
        return "the text stops" if self.empty else f"found {_shown(self._text[self._at : self._at + 60])}"

    def stands(self, *texts: str) -> Steps[bool]:
        """Whether one of ``texts`` stands here. Reads nothing."""
        found = yield from self.one_of(*texts)
        self._at -= len(found)
        return bool(found)

    def balanced(self, opening: str, quotes: str) -> Steps[str]:
        """The text from the bracket ``opening`` to the one that closes it. Brackets and markers inside its strings do
        not count. Raises `Broken` where it does not begin here, is nested too deeply, or never ends."""
        yield from self.expect(opening)
        brackets = re.compile(f"[{quotes}{_BRACKETS}]")
        parts = [opening]
        depth = 1
        while depth:
            found = yield from self._up_to(brackets, parts)
            if found in quotes:
                yield from self._string(found, parts)
            else:
                depth += 1 if found in "([{" else -1
                if depth > MAX_DEPTH:
                    raise Broken("brackets are nested too deeply")
        return "".join(parts)

    def _string(self, quote: str, parts: list[str]) -> Steps[None]:
        """Reads, into ``parts``, the rest of a string and the quote that ends it."""
        while True:
            found = _IN_STRING[quote].match(self._text, self._at)
            end = found.end() if found is not None else self._at
            over = self._text.startswith(quote, end)
            end += len(quote) if over else 0
            parts.append(self._text[self._at : end])
            self._at = end
            if over:
                return
            if self.ended:
                raise Broken(STOPS_IN_CALL)
            yield None  # more of the string, or the other half of an escape

    def _up_to(self, pattern: re.Pattern[str], parts: list[str]) -> Steps[str]:
        """Reads, into ``parts``, up to and with the next character that matches. Returns that character."""
        while (found := pattern.search(self._text, self._at)) is None:
            parts.append(self._text[self._at :])
            self._at = len(self._text)
            if self.ended:
                raise Broken(STOPS_IN_CALL)
            yield None
        parts.append(self._text[self._at : found.end()])
        self._at = found.end()
        return found.group()

    def _next(self, markers: Markers) -> tuple[str, str]:
        found = markers.find(self._text, self._at)
        begin = self._at
        if found is None or (self.ended and not found.group(1)):
            self._at = len(self._text)
            return self._text[begin:], ""
        marker: str = found.group(1) or ""
        self._at = found.end() if marker else found.start()
        return self._text[begin : found.start()], marker


def _shown(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:57] + "...")

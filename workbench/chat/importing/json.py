"""JSON files of unknown size and intent, read value by value: what is held at once is one chat, not the file.

A file is an array of values, one value, or several in a row. Only brackets and strings are looked at until a value is
whole; then the standard parser reads it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Protocol

from workbench.errors import UsageError

MOST_VALUE_BYTES = 160 << 20
MOST_FILE_BYTES = 8 << 30
MOST_DEPTH = 200
FIRST_READ_BYTES = 1 << 20

# A string with its end, or up to where the text stops; or a bracket. Possessive: broken text must not be tried again.
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+("?)|[\[\]{}]', re.DOTALL)
_BLANK = b" \t\r\n,"
_MARK = b"\xef\xbb\xbf"
_NO_JSON = (
    "Workbench reads the exports of ChatGPT, Claude, Open WebUI and LM Studio, and its own: JSON, or a zip with it."
)


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


class CutError(ValueError):
    """The file ends in the middle of a value."""


def values(file: Readable) -> Iterator[Any]:
    """Each value of the file's array, or each value of the file. What is no JSON is left out, and what follows it read.

    Raises `UsageError` for what is too deep or too large, and at the end where something was left out; `CutError` where
    the file ends too early.
    """
    pieces, read, broken = _Pieces(file), 0, list[str]()
    try:
        for piece in pieces:
            try:
                value = _parsed(piece)
            except (ValueError, RecursionError) as error:
                broken.append(str(error))
                continue
            read += 1
            yield value
    except OSError as error:
        raise UsageError(f"The file cannot be read: {error.strerror or error}.", hint="Try a fresh export.") from error
    if broken and not read:
        raise UsageError(f"This file is no valid JSON: {broken[0]}.", hint=_NO_JSON)
    if broken:
        left_out = "One of its chats is" if len(broken) == 1 else f"{len(broken)} of its chats are"
        raise UsageError(f"{left_out} no valid JSON, and left out: {broken[0]}.", hint="Try a fresh export.")


def _parsed(piece: bytes) -> Any:
    """Bytes that are no UTF-8 become signs that say so: one of them does not keep a chat out."""
    try:
        return json.loads(piece)
    except UnicodeDecodeError:
        return json.loads(piece.decode("utf-8", "replace"))


class _Pieces:
    """Cuts the bytes of each value out of a file."""

    def __init__(self, file: Readable) -> None:
        self._file = file
        self._held = bytearray()
        self._read = 0
        self._ended = False

    def __iter__(self) -> Iterator[bytes]:
        self._fill()
        if self._held.startswith(_MARK):
            del self._held[: len(_MARK)]
        within = self._next() == b"["
        if within:
            del self._held[:1]
        while (first := self._next()) and first != b"]":
            if first not in (b"{", b"["):
                raise UsageError("This file holds no chats in a format that is known here.", hint=_NO_JSON)
            end = self._end()
            yield bytes(self._held[:end])
            del self._held[:end]
        if within and not first:
            raise CutError

    def _next(self) -> bytes:
        """The first byte that means something, which stays; empty at the end."""
        while True:
            del self._held[: len(self._held) - len(self._held.lstrip(_BLANK))]
            if self._held or not self._fill():
                return bytes(self._held[:1])

    def _end(self) -> int:
        """Behind the value that begins here."""
        at = depth = 0
        while True:
            for token in _TOKEN.finditer(self._held, at):
                sign = self._held[token.start()]
                if sign == 0x22:  # a string; what has no end yet is looked at again with more of the file
                    if not token[1]:
                        at = token.start()
                        break
                    continue
                depth += 1 if sign in b"[{" else -1
                if depth > MOST_DEPTH:
                    raise UsageError("This file is nested too deeply to be chats.", hint=_NO_JSON)
                if depth == 0:
                    return token.end()
                at = token.end()
            if not self._fill():
                raise CutError

    def _fill(self) -> bool:
        """More of the file, as much again as is held: a long value is then looked at in linear time."""
        if len(self._held) > MOST_VALUE_BYTES:
            raise UsageError(
                f"One chat of this file is larger than {MOST_VALUE_BYTES >> 20} MB.",
                hint="Export fewer chats at a time.",
            )
        found = b"" if self._ended else self._file.read(max(FIRST_READ_BYTES, len(self._held)))
        self._ended = not found
        self._held += found
        self._read += len(found)
        if self._read > MOST_FILE_BYTES:
            raise UsageError("This file is larger than 8 GB.", hint="Export fewer chats at a time.")
        return bool(found)

"""What a server prints, cut into lines; and what it says beside messages, kept short. Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

LINE_BYTES = 1 << 20
LISTING_LINE_BYTES = 8 << 20


class LineTooLongError(Exception):
    """A line has more bytes than a message may have."""


class Lines:
    """Whole lines of what is fed in pieces. ``most``: bytes of a line; it may be changed between two pieces."""

    def __init__(self, most: int = LINE_BYTES) -> None:
        self.most = most
        self._rest = bytearray()

    def feed(self, piece: bytes) -> Iterator[bytes]:
        """Each line that ends in ``piece``, without its end. Raises `LineTooLongError`."""
        begin = 0
        while (end := piece.find(b"\n", begin)) >= 0:
            yield self._line(piece[begin:end])
            begin = end + 1
        self._rest += piece[begin:]
        if len(self._rest) > self.most:
            raise LineTooLongError

    def _line(self, end: bytes) -> bytes:
        line = bytes(self._rest + end) if self._rest else end
        self._rest.clear()
        if len(line) > self.most:
            raise LineTooLongError
        return line.removesuffix(b"\r")


class Tail:
    """The last lines that were said, each cut."""

    def __init__(self, lines: int = 200, characters: int = 2_000) -> None:
        self._lines: deque[str] = deque(maxlen=lines)
        self._characters = characters

    def add(self, line: str) -> str:
        """Returns it as it is kept: without what could command a terminal."""
        kept = "".join(one if one.isprintable() or one == "\t" else "�" for one in line[: self._characters])
        self._lines.append(kept)
        return kept

    def text(self, lines: int = 200) -> str:
        return "\n".join(tuple(self._lines)[-lines:])

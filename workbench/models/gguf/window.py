"""A bounded cursor over the start of a GGUF file, and what can be wrong with one."""

from __future__ import annotations

import struct
from typing import Final, Protocol

MAX_KEPT_BYTES: Final = 4 << 20
WINDOW_BYTES: Final = 256 << 10
FETCH_HINT: Final = "Fetch the file again, or remove it from the models folder."


class Source(Protocol):
    """Where the bytes come from: a file, or something that fetches what is read."""

    def seek(self, offset: int, /) -> object: ...

    def read(self, count: int, /) -> bytes | None:
        """At most ``count`` bytes, none at the end."""
        ...


class HeaderError(ValueError):
    """Why a file cannot be used; ``verdict`` completes "The model file X …"."""

    verdict = ""
    hint = FETCH_HINT


class NotGgufError(HeaderError):
    verdict = "is not a GGUF file"


class DamagedError(HeaderError):
    verdict = "is damaged"


class IncompleteError(HeaderError):
    verdict = "is incomplete"


class UnknownError(HeaderError):
    verdict = "cannot be used"
    hint = "Update Workbench, or choose another file of this model."


_U32 = struct.Struct("<I")
_U64 = struct.Struct("<Q")


class Window:
    """A cursor over the file with a small buffer. Never reads or moves past ``size``."""

    def __init__(self, source: Source, size: int) -> None:
        self._source = source
        self._size = size
        self._buffer = b""
        self._start = 0  # where in the file the buffer begins
        self._at = 0  # the cursor, within the buffer
        self.kept = 0  # bytes kept in memory so far

    @property
    def position(self) -> int:
        return self._start + self._at

    def take(self, count: int) -> bytes:
        if len(self._buffer) - self._at < count:
            self._fill(count)
        piece = self._buffer[self._at : self._at + count]
        self._at += count
        return piece

    def take_up_to(self, count: int) -> bytes:
        """Fewer bytes where the file ends."""
        return self.take(min(count, self._size - self.position))

    def u32(self) -> int:
        value: int = _U32.unpack(self.take(4))[0]
        return value

    def u64(self) -> int:
        value: int = _U64.unpack(self.take(8))[0]
        return value

    def skip(self, count: int) -> None:
        self._require(count)
        self._at += count

    def skip_strings(self, count: int) -> None:
        """Pass over ``count`` strings. Vocabularies have hundreds of thousands: this loop is kept tight."""
        self._require(8 * count)  # no string is shorter than its length
        length_at = _U64.unpack_from
        while count:
            if len(self._buffer) - self._at < 8:
                self._fill(8)
            buffer, at, passed = self._buffer, self._at, 0
            try:
                for passed in range(count):  # noqa: B007 - how many were passed when the buffer ends
                    at += 8 + length_at(buffer, at)[0]
                passed = count
            except (struct.error, OverflowError):  # the next length lies behind the buffer
                pass
            count -= passed
            self.skip(at - self._at)

    def keep(self, count: int) -> None:
        """Account for ``count`` bytes kept in memory."""
        self.kept += count
        if self.kept > MAX_KEPT_BYTES:
            raise DamagedError("its metadata is absurdly large")

    def require_size(self, expected: int) -> None:
        """The file must have ``expected`` bytes in all."""
        if self._size < expected:
            raise IncompleteError(f"it has {self._size:,} of at least {expected:,} bytes")

    def _require(self, count: int) -> None:
        if self.position + count > self._size:
            raise IncompleteError("it ends inside its header")

    def _fill(self, count: int) -> None:
        self._require(count)
        self._start, self._at = self.position, 0
        self._source.seek(self._start)
        self._buffer = self._source.read(max(count, WINDOW_BYTES)) or b""
        while len(self._buffer) < count:  # an unbuffered source may give less than asked
            more = self._source.read(count - len(self._buffer))
            if not more:
                raise IncompleteError("it ends inside its header")
            self._buffer += more

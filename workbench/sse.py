"""Server-sent events: bytes in, data payloads out. Pure, incremental, indifferent to where the bytes are cut."""

from __future__ import annotations

import re

MAX_EVENT_BYTES = 16 << 20

_LINE_END = re.compile(rb"\r\n|\n|\r")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class SseDecoder:
    """Feed it the chunks of one stream in order. An unfinished event at the end of the stream is dropped, as the
    standard says."""

    def __init__(self, max_event_bytes: int = MAX_EVENT_BYTES) -> None:
        self._max_event_bytes = max_event_bytes
        self._line: list[bytes] = []  # pieces of the line that has not ended
        self._data: list[bytes] = []
        self._size = 0
        self._at_start = True
        self._after_return = False

    def feed(self, chunk: bytes) -> list[str]:
        """The data payloads that ``chunk`` completes. Raises `ValueError` on an event above ``max_event_bytes``."""
        if self._after_return and chunk:
            chunk = chunk.removeprefix(b"\n")  # the other half of a line end that was cut in two
            self._after_return = False
        if not chunk:
            return []
        self._after_return = chunk.endswith(b"\r")
        first, *others = _LINE_END.split(chunk)
        self._line.append(first)
        self._size += len(first)
        if self._size > self._max_event_bytes:
            raise ValueError(f"an event is larger than {self._max_event_bytes} bytes")
        if not others:
            return []
        lines = [b"".join(self._line), *others[:-1]]
        self._line = [others[-1]]
        payloads = [payload for line in lines if (payload := self._take(line)) is not None]
        self._size = sum(map(len, self._data)) + len(others[-1])
        return payloads

    def _take(self, line: bytes) -> str | None:
        """Add one line to the event; an empty line completes it."""
        if self._at_start:
            line = line.removeprefix(_BYTE_ORDER_MARK)
            self._at_start = False
        if not line:
            return self._complete()
        name, _colon, value = line.partition(b":")
        if name == b"data":
            self._data.append(value.removeprefix(b" "))
        return None

    def _complete(self) -> str | None:
        lines, self._data = self._data, []
        return b"\n".join(lines).decode("utf-8", "replace") if lines else None

"""From the bytes of tokens to the text of an answer: characters that are cut in two, and texts that end it. Pure."""

from __future__ import annotations

import codecs
from collections.abc import Sequence


class AnswerTextStream:
    """Keeps back what may yet become a whole character or one of ``stops``."""

    def __init__(self, stops: Sequence[str] = ()) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._stops = tuple(stops)
        self._held = ""
        self.stopped = False

    def feed(self, piece: bytes) -> str:
        return self._release(self._decoder.decode(piece))

    def end(self) -> str:
        """What is left when no more comes."""
        left = self._release(self._decoder.decode(b"", final=True))
        if self.stopped:
            return left
        left, self._held = left + self._held, ""
        return left

    def _release(self, text: str) -> str:
        if self.stopped:
            return ""
        self._held += text
        found = [at for stop in self._stops if (at := self._held.find(stop)) >= 0]
        if found:
            self.stopped = True
            said, self._held = self._held[: min(found)], ""
            return said
        said = self._held[: len(self._held) - self._kept_back()]
        self._held = self._held[len(said) :]
        return said

    def _kept_back(self) -> int:
        """How many characters at the end begin one of the stops."""
        longest = max((len(stop) for stop in self._stops), default=1) - 1
        for count in range(min(longest, len(self._held)), 0, -1):
            if any(stop.startswith(self._held[-count:]) for stop in self._stops):
                return count
        return 0

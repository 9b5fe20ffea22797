"""How far long work has come, on stderr: one line written over and over on a terminal, else a new line now and then."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from workbench.cli import output

SECONDS_BETWEEN_LINES = 5.0

News = TypeVar("News")


class ProgressLine(Generic[News]):
    """``words``: the newest state as a person reads it."""

    def __init__(self, words: Callable[[News], str]) -> None:
        self._words = words
        self._live = sys.stderr.isatty()
        self._told_at = time.monotonic()
        self._width = 0

    def show(self, news: News) -> None:
        """Where it is no terminal, every five seconds."""
        now = time.monotonic()
        if not self._live and now - self._told_at < SECONDS_BETWEEN_LINES:
            return
        self._told_at = now
        text = self._words(news)
        if self._live:
            sys.stderr.write(f"\r{text.ljust(self._width)}")
            sys.stderr.flush()
            self._width = len(text)
        else:
            output.say(text)

    def end(self) -> None:
        """Leave the written line behind and begin a new one."""
        if self._width:
            sys.stderr.write("\n")
            self._width = 0

"""An answer on its way to a person at a terminal: its text on stdout, thoughts and what the program does on stderr."""

from __future__ import annotations

import sys

from workbench.cli import output


class Streamed:
    """One answer, or one after the other."""

    def __init__(self) -> None:
        self._thinking = False
        self._told = ""
        self._plain = not sys.stdout.isatty()

    def telling(self, words: str) -> None:
        """What takes long is told again and again, and written once."""
        if words != self._told:
            self._told = words
            output.say(words)

    def reasoning(self, text: str) -> None:
        self._thinking = True
        sys.stderr.write(output.safe(text))
        sys.stderr.flush()

    def text(self, text: str) -> None:
        self.end_thoughts("\n---")
        self.write(text)

    def end_thoughts(self, mark: str = "") -> None:
        """Something else comes: on a line of its own, behind ``mark``."""
        if self._thinking:
            self._thinking = False
            output.say(mark)

    def write(self, text: str) -> None:
        """As it is into a file; without what would steer a terminal into one."""
        output.write(text if self._plain else output.safe(text))

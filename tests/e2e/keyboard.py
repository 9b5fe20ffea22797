"""The window by its keys alone: where the keyboard is, is heard; nothing is pressed or written but by a key."""

from __future__ import annotations

import time

from tests.e2e.conftest import Display, ScreenReader

MOST = 150  # stops of Tab in a page
LATE = 0.2  # seconds, at most, from a key to where it leads


class Keyboard:
    """A person who sees nothing but hears where they are."""

    def __init__(self, reader: ScreenReader, display: Display) -> None:
        self._reader, self._display = reader, display

    def keys(self, *keys: str) -> None:
        self._display.keys(*keys)

    def type(self, text: str) -> None:
        self._display.type(text)

    def at(self) -> str:
        """What has the keyboard is called."""
        return str(self._reader.until(lambda: self._reader("focused"))[1])

    def go(self, name: str, key: str = "Tab") -> str:
        """With ``key``, again and again, to what is called so or begins so; waits until there is such a thing."""
        self._reader.until(lambda: any(word.startswith(name) for word in self._reader("words")))
        stops: list[str] = []
        while not (stop := self.at()).startswith(name):
            assert len(stops) < MOST, f"{key} does not reach {name!r}: {stops}"
            stops.append(stop)
            self.keys(key)
            self._moved(stop)
        return stop

    def _moved(self, before: str) -> None:
        """Until what has the keyboard is another thing; of two that are called the same, for a moment."""
        deadline = time.monotonic() + LATE
        while self.at() == before and time.monotonic() < deadline:
            time.sleep(0.02)

    def press(self, name: str, key: str = "Tab") -> str:
        """Go there and press it. Returns what it is called."""
        found = self.go(name, key)
        self.keys("space")
        return found

    def choose(self, name: str) -> None:
        """Of a list of choices that is open."""
        self.go(name, "Down")
        self.keys("Return")

    def command(self, words: str) -> None:
        """The first that the list of commands finds with these words."""
        self.keys("ctrl+k")
        self._reader.until(lambda: self._reader("focused")[1] == "Search chats and commands")
        self.type(words)
        self._reader.until(lambda: words.casefold() in " ".join(self._reader("items", "Results")).casefold())
        self.keys("Return")

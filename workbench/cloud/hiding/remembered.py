"""What the rules found in texts before: a sheet is looked at again at each cut, and most of its texts are the same."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable

from workbench.cloud.hiding.found import Found

MOST_CHARACTERS = 1_000_000
"""Of all texts that are kept, in memory alone; the longest unused goes first."""


class Remembered:
    """Finds of texts. May be used by several threads."""

    def __init__(self, find: Callable[[str], list[Found]], most_characters: int = MOST_CHARACTERS) -> None:
        self._find, self._most = find, most_characters
        self._kept: OrderedDict[str, list[Found]] = OrderedDict()
        self._characters = 0
        self._lock = threading.Lock()

    def __call__(self, text: str) -> list[Found]:
        """As the function it stands for; the list is not to be changed."""
        with self._lock:
            if text in self._kept:
                self._kept.move_to_end(text)
                return self._kept[text]
        finds = self._find(text)
        with self._lock:
            if text not in self._kept and len(text) <= self._most:
                self._kept[text] = finds
                self._characters += len(text)
                while self._characters > self._most:
                    self._characters -= len(self._kept.popitem(last=False)[0])
        return finds

"""On which line of a rules file a key stands, as far as a plain look can tell. Pure."""

from __future__ import annotations

import re
from typing import Final

_HEADER: Final = re.compile(r"^\s*(\[\[?)\s*([^\[\]#]+?)\s*\]")
_KEY: Final = re.compile(r"""^\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=(.*)""")
_INNER: Final = re.compile(r"""[{,]\s*["']?([\w-]+)["']?\s*=""")
_MOST_INNER: Final = 2000


class Lines:
    """``text``: of a file that is valid TOML."""

    def __init__(self, text: str) -> None:
        self._found: dict[tuple[str, int], int] = {}
        self._rules = -1
        self._section = ""
        for number, line in enumerate(text.splitlines(), 1):
            self._look(number, line)

    def of(self, key: str, place: int = 0) -> int:
        """From 1. ``key``: with dots, ``rule.when.code`` of the rule number ``place`` (from 0). The line of what holds it
        where it cannot be found itself."""
        while key:
            place = place if key.split(".")[0] == "rule" else 0
            if (found := self._found.get((key, place))) is not None:
                return found
            key = key.rpartition(".")[0]
        return 1

    def _look(self, number: int, line: str) -> None:
        header = _HEADER.match(line)
        if header:
            self._section = _plain(header.group(2))
            self._rules += self._section == "rule"
            self._keep(self._section, number)
            return
        key = _KEY.match(line)
        if key:
            own = _plain(key.group(1))
            whole = f"{self._section}.{own}" if self._section else own
            self._keep(whole, number)
            for inner in _INNER.findall(key.group(2)[:_MOST_INNER]):
                self._keep(f"{whole}.{inner}", number)

    def _keep(self, key: str, number: int) -> None:
        place = max(0, self._rules) if key.split(".")[0] == "rule" else 0
        self._found.setdefault((key, place), number)


def _plain(key: str) -> str:
    return ".".join(piece.strip().strip("\"'") for piece in key.split("."))

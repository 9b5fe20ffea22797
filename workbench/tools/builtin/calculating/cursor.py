"""Where a reader stands among the words of an expression."""

from __future__ import annotations

from workbench.tools.builtin.calculating.lexing import Token
from workbench.tools.builtin.calculating.values import CalculationError


class Cursor:
    """For a reader to inherit."""

    def __init__(self, words: tuple[Token, ...]) -> None:
        """The last word is the end."""
        self._words = words
        self._at = 0

    @property
    def _next(self) -> Token:
        """The end, once all is read."""
        return self._words[self._at]

    @property
    def _after(self) -> Token:
        """The word behind the next one."""
        return self._words[min(self._at + 1, len(self._words) - 1)]

    def _take(self) -> Token:
        word = self._words[self._at]
        self._at = min(self._at + 1, len(self._words) - 1)
        return word

    def _is(self, *texts: str, ahead: int = 0) -> bool:
        word = self._words[min(self._at + ahead, len(self._words) - 1)]
        return word.kind in ("sign", "name") and word.text.lower() in texts

    def _took(self, *texts: str) -> bool:
        found = self._is(*texts)
        if found:
            self._take()
        return found

    def _expect(self, text: str) -> None:
        if not self._took(text):
            raise self._lost(f"{text!r} is missing")

    def _lost(self, why: str) -> CalculationError:
        word = self._next
        where = "at the end" if word.kind == "end" else f"at character {word.at}, before {word.text[:40]!r}"
        return CalculationError(f"{why} {where}.")

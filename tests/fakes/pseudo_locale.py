"""A language that is as long as German and marks what went through the translation: [Häupt…]."""

from __future__ import annotations

from PySide6.QtCore import QTranslator

LONGER = 1.35
WORD = 8  # characters of what is added, with the space
_SIGNS = str.maketrans("aouAOU", "äöüÄÖÜ")


def pseudo(text: str) -> str:
    """``text`` a third longer, in brackets; what stands in braces stays. A sentence gets more words, not one long one."""
    pieces = [piece if piece.startswith("{") else piece.translate(_SIGNS) for piece in _split(text)]
    return f"[{''.join(pieces)}{_more(round(len(text) * (LONGER - 1)))}]"


def _more(length: int) -> str:
    return "".join(" " if place % WORD == WORD - 1 else "~" for place in range(length))


def _split(text: str) -> list[str]:
    pieces: list[str] = [""]
    for character in text:
        if character == "{":
            pieces.append("")
        pieces[-1] += character
        if character == "}":
            pieces.append("")
    return pieces


class PseudoLocale(QTranslator):
    """Translates everything."""

    def isEmpty(self) -> bool:  # noqa: N802 - Qt's name
        return False

    def translate(self, _context: str, source: str, _comment: str | None = None, _count: int = -1) -> str:
        return pseudo(source)

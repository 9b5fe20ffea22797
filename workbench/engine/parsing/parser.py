"""Runs a grammar over the text of one answer."""

from __future__ import annotations

from itertools import groupby

from workbench.engine.parsing.events import AnswerText, CallStart, FormatError, Piece, ReasoningText
from workbench.engine.parsing.reader import Broken, Reader, Steps


class TextParser:
    """A `Parser` for one grammar. ``grammar`` reads from ``reader``; ``expected`` is the format's name."""

    def __init__(self, expected: str, reader: Reader, grammar: Steps[None]) -> None:
        self.expected = expected
        self._reader = reader
        self._grammar = grammar
        self._written: list[str] = []
        self._fault: str | None = None
        self._over = False

    @property
    def raw(self) -> str:
        return "".join(self._written)

    def prime(self, text: str) -> TextParser:
        """Read what the prompt has already begun of the answer. Its pieces are not given: they are known."""
        self._reader.push(text)
        self._advance()
        return self

    def feed(self, text: str) -> tuple[Piece, ...]:
        if not text:
            return ()
        self._written.append(text)
        if self._fault is not None:
            raise self._error(self._fault)
        self._reader.push(text)
        return self._told(self._advance())

    def end(self, *, cut: bool = False) -> tuple[Piece, ...]:
        if self._fault is not None:
            raise self._error(self._fault)
        self._reader.ended = True
        pieces = self._advance()
        if cut:
            self._fault = None
        if self._fault is not None:
            raise self._error(self._fault)
        return _joined(pieces)

    def _told(self, pieces: list[Piece]) -> tuple[Piece, ...]:
        """A fault is told by the next call if there are pieces to give first: they must not depend on the cuts."""
        if self._fault is not None and not pieces:
            raise self._error(self._fault)
        return _joined(pieces) if len(pieces) > 1 else tuple(pieces)

    def _advance(self) -> list[Piece]:
        pieces: list[Piece] = []
        try:
            for step in self._grammar:
                if step is None:
                    return pieces
                pieces.append(step)
        except Broken as broken:
            self._fault = str(broken)
            return pieces
        if not self._reader.empty:
            self._fault = f"nothing may follow, {self._reader.here}"
        return pieces

    def _error(self, reason: str) -> FormatError:
        return FormatError(self.expected, reason, self.raw)


def _joined(pieces: list[Piece]) -> tuple[Piece, ...]:
    """Neighbouring texts of one kind as one piece."""
    joined: list[Piece] = []
    for kind, group in groupby(pieces, type):
        if kind is ReasoningText:
            joined.append(ReasoningText("".join(map(_text, group))))
        elif kind is AnswerText:
            joined.append(AnswerText("".join(map(_text, group))))
        else:
            joined.extend(group)
    return tuple(joined)


def _text(piece: Piece) -> str:
    return "" if isinstance(piece, CallStart) else piece.text

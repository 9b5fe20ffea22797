"""The pieces of an answer, and what is raised when the text does not keep to its format."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class ReasoningText:
    text: str


@dataclass(frozen=True, slots=True)
class AnswerText:
    text: str


@dataclass(frozen=True, slots=True)
class CallStart:
    """A tool is called. ``index`` counts the calls of one answer from 0."""

    index: int
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class CallArguments:
    """The arguments of call ``index``: one JSON object, whole."""

    index: int
    text: str


Piece = ReasoningText | AnswerText | CallStart | CallArguments


class FormatError(ValueError):
    """The text is not what the model's own template promises.

    ``expected`` is the format's name, ``reason`` what is wrong, ``raw`` everything the model wrote.
    """

    def __init__(self, expected: str, reason: str, raw: str) -> None:
        super().__init__(f"the answer does not match the {expected} format: {reason}")
        self.expected = expected
        self.reason = reason
        self.raw = raw


class Parser(Protocol):
    """Takes one answer apart. The pieces are the same wherever the text is cut, once neighbours of a kind are joined."""

    @property
    def raw(self) -> str:
        """Everything that was fed."""
        ...

    def feed(self, text: str) -> tuple[Piece, ...]:
        """The pieces that ``text`` completes; text that may yet become a marker is kept back.

        Raises `FormatError`. Pieces found before the fault are returned first, and the next call raises.
        """
        ...

    def end(self, *, cut: bool = False) -> tuple[Piece, ...]:
        """The last pieces. Raises `FormatError` where the text stops halfway.

        ``cut``: it was stopped, by a limit or by the person. Then halfway is no fault: a call that is not complete has
        no arguments, and there is no error.
        """
        ...

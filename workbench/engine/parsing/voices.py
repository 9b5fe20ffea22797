"""Saying text without the white space that only sets it apart from a marker."""

from __future__ import annotations

from workbench.engine.parsing.events import AnswerText, ReasoningText
from workbench.engine.parsing.reader import WHITE


class Reasoning:
    """Says reasoning, without white space around it."""

    def __init__(self) -> None:
        self._begun = False
        self._held: list[str] = []  # white space that may be the last

    def __call__(self, text: str) -> ReasoningText | None:
        if not self._begun:
            text = text.lstrip(WHITE)
            self._begun = bool(text)
        inside = text.rstrip(WHITE)
        if not inside:
            self._held.append(text)
            return None
        said = "".join([*self._held, inside])
        self._held = [text[len(inside) :]]
        return ReasoningText(said)


class Answer:
    """Says the answer. White space after a marker is only said between two words of the answer."""

    def __init__(self) -> None:
        self._said = False
        self._after_marker = False
        self._held: list[str] = []  # white space after a marker, after which nothing may follow

    def __call__(self, text: str) -> AnswerText | None:
        if self._after_marker:
            word = text.lstrip(WHITE)
            if self._said:
                self._held.append(text[: len(text) - len(word)])
            if not word:
                return None
            text = "".join([*self._held, word])
            self._after_marker = False
        self._said = self._said or bool(text)
        return AnswerText(text) if text else None

    def after_marker(self) -> None:
        self._after_marker = True
        self._held = []

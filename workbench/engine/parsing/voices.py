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

    def resume(self) -> None:
        """More reasoning follows after a marker: what was held is inside after all."""
        self._begun = True


class Answer:
    """Says the answer, without the white space after a marker."""

    def __init__(self) -> None:
        self._after_marker = False

    def __call__(self, text: str) -> AnswerText | None:
        if self._after_marker:
            text = text.lstrip(WHITE)
            self._after_marker = not text
        return AnswerText(text) if text else None

    def after_marker(self) -> None:
        self._after_marker = True

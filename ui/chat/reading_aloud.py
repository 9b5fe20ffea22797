"""Screen readers hear an answer as it is written: whole sentences, in order, each once."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QWidget

from ui.chat.state import ChatState
from ui.notify import announce
from ui.translation import marked, tr
from workbench.messages import Id, Text

if TYPE_CHECKING:
    from ui.chat.live import LiveChat

ENOUGH = 60  # characters at a time: shorter sentences are said together
CODE = marked("Code block.")
_SENTENCE = re.compile(r"[.!?…]+[\"'”’)\]*_]*(?=\s)|[。！？؟।]|\n\s*\n")
_FENCE = re.compile(r"^[ \t]*(```+|~~~+).*?(?:^[ \t]*\1[ \t]*$|\Z)", re.MULTILINE | re.DOTALL)
_OPEN_FENCE = re.compile(r"^[ \t]*(```+|~~~+)", re.MULTILINE)
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)\s]*\)")
_SIGNS = re.compile(r"\*\*|__|`|^[ \t]*(?:#{1,6}|>|[-*+])[ \t]+", re.MULTILINE)


def speech(markdown: str) -> str:
    """``markdown`` as it is said: without its signs, code blocks named and not spelt. Pure."""
    words = _FENCE.sub(tr(CODE), markdown)
    return " ".join(_SIGNS.sub("", _LINK.sub(r"\1", words)).split())


def complete(text: str) -> int:
    """How many characters of ``text`` are whole sentences; a code block that is still open is none. Pure."""
    opened: re.Match[str] | None = None
    for fence in _OPEN_FENCE.finditer(text):
        closes = opened is not None and fence[1].startswith(opened[1])
        opened = None if closes else opened or fence
    ends = [found.end() for found in _SENTENCE.finditer(text, 0, opened.start() if opened else len(text))]
    return ends[-1] if ends else 0


class Spoken:
    """What of one answer was said already."""

    def __init__(self) -> None:
        self._answer: Id | None = None
        self._said = 0

    @property
    def answer(self) -> Id | None:
        """The answer that is being said."""
        return self._answer

    def begin(self, answer: Id, said: str) -> None:
        """Another answer; ``said`` of it is known, as what stood there before it was gone on with."""
        self._answer, self._said = answer, len(said)

    def more(self, text: str) -> str:
        """The sentences of ``text`` that are new and whole, when they are worth an announcement; else ""."""
        rest = text[self._said :]
        end = complete(rest)
        if len(rest[:end].strip()) < ENOUGH:
            return ""
        self._said += end
        return speech(rest[:end])

    def last(self, text: str) -> str:
        """What is left when the answer has ended."""
        rest, self._answer, self._said = text[self._said :], None, 0
        return speech(rest)


class ReadingAloud:
    """Announces the answer of the chat ``in_view``. Without a screen reader it does nothing."""

    def __init__(self, page: QWidget, in_view: Callable[[], LiveChat]) -> None:
        self._page = page
        self._in_view = in_view
        self._spoken = Spoken()
        self._before: dict[Id, str] | None = None  # the last answer when a new one was asked for; None: nothing was

    def follow(self, chat: LiveChat) -> None:
        """The state of ``chat`` is new."""
        if chat is self._in_view() and QAccessible.isActive():
            words = self._words(chat.state)
            if words:
                announce(self._page, words)

    def _words(self, state: ChatState) -> str:
        if state.busy:
            if state.answer_id is None:
                last = state.last_answer
                self._before = {last.id: last.message.text} if last is not None else {}
                return ""
            if state.answer_id != self._spoken.answer:
                node = next((node for node in state.nodes if node.id == state.answer_id), None)
                self._spoken.begin(state.answer_id, node.message.text if node is not None else "")
            return self._spoken.more(_text(state))
        return self._ended(state)

    def _ended(self, state: ChatState) -> str:
        """A short answer may come whole, so that nothing of it was said yet."""
        before, self._before = self._before, None
        last = state.last_answer
        if self._spoken.answer is None and before is not None and last is not None:
            self._spoken.begin(last.id, before.get(last.id, ""))
        ended = next((node for node in state.nodes if node.id == self._spoken.answer), None)
        return self._spoken.last(ended.message.text) if ended is not None else ""


def _text(state: ChatState) -> str:
    return "".join(part.text for part in state.parts if isinstance(part, Text))

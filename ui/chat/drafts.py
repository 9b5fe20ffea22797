"""What stands in the composer: a draft for each chat, a question being edited, a text that could not be sent."""

from __future__ import annotations

from ui.chat.composer import Composer
from ui.chat.live import LiveChat
from workbench.chat.tree import Node
from workbench.messages import Id


class Drafts:
    """Moves texts into and out of the composer so that none is lost."""

    def __init__(self, composer: Composer) -> None:
        self._composer = composer
        self._kept: dict[Id | None, str] = {}
        self._editing: Id | None = None
        self._before_editing = ""

    @property
    def editing(self) -> bool:
        """Whether sending would replace an earlier question."""
        return self._editing is not None

    @property
    def replaces(self) -> Id | None:
        """The question that sending would replace."""
        return self._editing

    def edit(self, question: Node) -> None:
        """Put the question into the composer; what stood there returns afterwards."""
        if self._editing is None:
            self._before_editing = self._composer.text()
        self._editing = question.id
        self._composer.show_text(question.message.text)
        self._composer.show_editing(True)

    def end_editing(self) -> Id | None:
        """Give back what stood in the composer before; returns the question that was edited."""
        edited, self._editing = self._editing, None
        before, self._before_editing = self._before_editing, ""
        self._composer.show_text(before if edited else "")
        self._composer.show_editing(False)
        return edited

    def turn(self, before: LiveChat, after: LiveChat) -> None:
        """Another chat comes into view: keep the draft of one, show the other's."""
        if self.editing:
            self.end_editing()
        self._kept[before.state.conversation_id] = self._composer.text()
        self._composer.clear()
        if draft := self._kept.pop(after.state.conversation_id, ""):
            self._composer.show_text(draft)
        self.give_back(after)

    def give_back(self, chat: LiveChat) -> None:
        """A text that never reached the disk returns, once."""
        unsent = "" if chat.state.busy else chat.state.unsent
        if not unsent:
            chat.given_back = ""
        elif unsent != chat.given_back and not self._composer.text():
            chat.given_back = unsent
            self._composer.show_text(unsent)

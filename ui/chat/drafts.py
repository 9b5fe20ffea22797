"""What stands in the composer: a draft for each chat, a question being edited, a text that could not be sent."""

from __future__ import annotations

from dataclasses import dataclass

from ui.chat.attach import Chip, ready_chip
from ui.chat.composer import Composer
from ui.chat.live import LiveChat
from workbench.chat.tree import Node
from workbench.messages import Id


@dataclass(frozen=True, slots=True)
class Standing:
    """A text, and what is attached to it."""

    text: str = ""
    chips: tuple[Chip, ...] = ()


NOTHING = Standing()


class Drafts:
    """Moves texts into and out of the composer so that none is lost."""

    def __init__(self, composer: Composer) -> None:
        self._composer = composer
        self._kept: dict[Id | None, Standing] = {}
        self._editing: Id | None = None
        self._before_editing = NOTHING

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
            self._before_editing = self._standing()
        self._editing = question.id
        self._composer.show_attached(question.message.attachments)
        self._composer.show_text(question.message.text)
        self._composer.show_editing(True)

    def end_editing(self) -> Id | None:
        """Give back what stood in the composer before; returns the question that was edited."""
        edited, self._editing = self._editing, None
        before, self._before_editing = self._before_editing, NOTHING
        self._show(before if edited else NOTHING)
        self._composer.show_editing(False)
        return edited

    def turn(self, before: LiveChat, after: LiveChat) -> None:
        """Another chat comes into view: keep the draft of one, show the other's."""
        if self.editing:
            self.end_editing()
        self._kept[before.state.conversation_id] = self._standing()
        self._composer.clear()
        kept = self._kept.pop(after.state.conversation_id, NOTHING)
        if kept != NOTHING:
            self._show(kept)
        self.give_back(after)

    def give_back(self, chat: LiveChat) -> None:
        """What never reached the disk returns, once."""
        unsent = Standing() if chat.state.busy else Standing(chat.state.unsent, _chips(chat))
        if unsent == NOTHING:
            chat.given_back = ""
        elif (unsent.text != chat.given_back or unsent.chips) and self._standing() == NOTHING:
            chat.given_back, chat.unsent_attachments = unsent.text, ()
            self._show(unsent)

    def _standing(self) -> Standing:
        return Standing(self._composer.text(), self._composer.chips)

    def _show(self, standing: Standing) -> None:
        self._composer.show_chips(standing.chips)
        self._composer.show_text(standing.text)


def _chips(chat: LiveChat) -> tuple[Chip, ...]:
    return tuple(map(ready_chip, chat.unsent_attachments))

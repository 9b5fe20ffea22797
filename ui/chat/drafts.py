"""What stands in the composer: a draft for each chat, a question being edited, a text that could not be sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ui.chat.attach import Chip, ready_chip
from ui.chat.composer import Composer
from ui.chat.live import LiveChat
from workbench.chat.steering.drafts import NOT_BEGUN, Draft
from workbench.chat.tree import Node
from workbench.messages import Id, UsedPrompt


@dataclass(frozen=True, slots=True)
class Standing:
    """A text, what is attached to it, and the saved prompt that it is written with."""

    text: str = ""
    chips: tuple[Chip, ...] = ()
    prompt: UsedPrompt | None = None


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
        self._composer.show_prompt(question.message.prompt)
        self._composer.show_editing(True)

    def end_editing(self) -> Id | None:
        """Give back what stood in the composer before; returns the question that was edited."""
        edited, self._editing = self._editing, None
        before, self._before_editing = self._before_editing, NOTHING
        self._show(before if edited else NOTHING)
        self._composer.show_editing(False)
        return edited

    def wanted(self, current: LiveChat, waiting: Mapping[Id, str]) -> dict[Id, Draft]:
        """What shall survive a restart, ``current`` being the chat in view; ``waiting``: the messages that wait in a
        chat for its answer stand before its draft then."""
        standing = dict(self._kept)
        if not current.state.temporary:
            shown = self._before_editing if self.editing else self._standing()
            standing[current.state.conversation_id] = shown
        drafts = {chat or NOT_BEGUN: _draft(one) for chat, one in standing.items()}
        for chat, text in waiting.items():
            draft = drafts.get(chat, Draft())
            drafts[chat] = replace(draft, text="\n\n".join(piece for piece in (text, draft.text) if piece))
        return drafts

    def take(self, found: Mapping[Id, Draft], current: LiveChat) -> None:
        """What survived a restart. Nothing that was written since is replaced."""
        for chat, draft in found.items():
            standing = Standing(draft.text, tuple(map(ready_chip, draft.attachments)), draft.prompt)
            if chat == (current.state.conversation_id or NOT_BEGUN) and not current.state.temporary:
                if self._standing() == NOTHING and not self.editing and not current.state.busy:
                    self._show(standing)
            else:
                self._kept.setdefault(chat or None, standing)

    def turn(self, before: LiveChat, after: LiveChat) -> None:
        """Another chat comes into view: keep the draft of one, show the other's."""
        if self.editing:
            self.end_editing()
        if not before.state.temporary:
            self._kept[before.state.conversation_id] = self._standing()
        self._composer.clear()
        kept = NOTHING if after.state.temporary else self._kept.pop(after.state.conversation_id, NOTHING)
        if kept != NOTHING:
            self._show(kept)
        self.give_back(after)

    def give_back(self, chat: LiveChat) -> None:
        """What never reached the disk returns, once."""
        unsent = Standing() if chat.state.busy else Standing(chat.state.unsent, _chips(chat), chat.unsent_prompt)
        if unsent == NOTHING:
            chat.given_back = ""
        elif (unsent.text != chat.given_back or unsent.chips) and self._standing() == NOTHING:
            chat.given_back, chat.unsent_attachments, chat.unsent_prompt = unsent.text, (), None
            self._show(unsent)

    def _standing(self) -> Standing:
        return Standing(self._composer.text(), self._composer.chips, self._composer.prompt)

    def _show(self, standing: Standing) -> None:
        self._composer.show_chips(standing.chips)
        self._composer.show_text(standing.text)
        self._composer.show_prompt(standing.prompt)


def _draft(standing: Standing) -> Draft:
    """What of it can be kept: files that are read already."""
    attachments = (chip.attachment for chip in standing.chips)
    return Draft(standing.text, tuple(one for one in attachments if one is not None), standing.prompt)


def _chips(chat: LiveChat) -> tuple[Chip, ...]:
    return tuple(map(ready_chip, chat.unsent_attachments))

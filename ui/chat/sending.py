"""What becomes of a question that is sent, and of the last one when it is asked again: here, in the queue, or elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ui.chat.answer_source import from_cloud
from ui.chat.comparison import BothAsked
from ui.chat.drafts import Drafts
from ui.chat.escalating import EscalationDesk
from ui.chat.in_view import InView
from ui.chat.model_choice import ModelChoice
from ui.chat.queue import Queue
from ui.chat.slash import for_cloud
from ui.chat.slash_desk import SlashPrompts
from ui.translation import tr
from workbench.messages import Attachment, Role, UsedPrompt


@dataclass(frozen=True, slots=True)
class Sending:
    """``both_asked`` is told when the question that is sent next goes to two models."""

    view: InView
    drafts: Drafts
    queue: Queue
    prompts: SlashPrompts
    models: ModelChoice
    escalations: EscalationDesk
    both_asked: Callable[[BothAsked], None]

    def send(self, text: str) -> None:
        """Now, or when the answer that is being written is done."""
        view, composer, chat = self.view, self.view.page.composer, self.view.chat()
        attachments, prompt = composer.attached(), composer.prompt
        if composer.second is not None and chat.state.busy:
            view.toasts.show(tr("Two models are asked together when this answer is done."), seconds=5)
            return
        replaces = self.drafts.end_editing()
        self.prompts.sent(prompt)
        elsewhere = for_cloud(text) if self.escalations.enabled else None
        if elsewhere is not None:
            self._take_elsewhere(elsewhere, attachments, prompt)
        elif chat.state.busy:
            self.queue.add(text, attachments, prompt)
        else:
            self._tell_both()
            view.live.send(chat, text, replaces, attachments, prompt)

    def send_draft_elsewhere(self) -> None:
        """`/cloud` was chosen: what stands in the composer is the question."""
        composer = self.view.page.composer
        text, attachments, prompt = composer.text(), composer.attached(), composer.prompt
        if text or attachments:
            self.drafts.end_editing()
        self._take_elsewhere(text, attachments, prompt)

    def regenerate(self) -> None:
        """A new answer to the last question, also where there was none yet."""
        chat = self.view.chat()
        nodes = chat.state.nodes
        if nodes and nodes[-1].message.role is Role.USER:
            self.ask_again()
        elif nodes and from_cloud(nodes[-1].turn):
            words = tr("That answer was not written here, and nothing is sent there again by itself.")
            self.view.toasts.show(words, tr("Answer here"), lambda: self.escalations.answer_here(nodes[-1]))
        elif nodes:
            self.view.live.regenerate(chat)

    def ask_again(self) -> None:
        """The last question without an answer, asked once more in its own place."""
        chat = self.view.chat()
        question = chat.state.last_question
        if question is not None:
            self.view.live.send(chat, question.message.text, question.id, prompt=question.message.prompt)

    def _tell_both(self) -> None:
        """A second model is asked the question that is sent next."""
        composer = self.view.page.composer
        second = composer.second
        composer.show_second(None)
        if second is not None:
            (name, model), first = second, self.models.shown
            apart = self.models.are_apart(model)
            self.both_asked(BothAsked(self.view.chat(), (first, name), model, at_once=apart))

    def _take_elsewhere(
        self, text: str, attachments: Sequence[Attachment] = (), prompt: UsedPrompt | None = None
    ) -> None:
        """A question for a stronger model; without one, the last of the chat."""
        if text or attachments:
            self.escalations.ask_new(text, attachments, prompt)
        else:
            self.escalations.ask_last()

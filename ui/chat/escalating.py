"""Taking a question of a chat to a stronger model: offers it, sends what was said yes to, and tells what came of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.chat.answer_source import author_of, from_cloud, provider_of
from ui.chat.footer_actions import BESIDE_LOCAL
from ui.chat.further import goes_on
from ui.chat.live import LiveChat, LiveChats, place_of
from ui.chat.page import ChatPage
from ui.cloud.sheet.desk import IN_SETTINGS, SheetDesk, Yes
from ui.notify import Toasts, announce
from ui.translation import marked, tr
from workbench.chat.tree import Node, siblings
from workbench.cloud.asking import NextStep
from workbench.consents.consent import Consent, ConsentKind, ConsentState, Standing
from workbench.errors import WorkbenchError
from workbench.events import Topic
from workbench.jobs import Job
from workbench.messages import Attachment, Finish, Id, UsedPrompt

if TYPE_CHECKING:
    from workbench.app import Workbench

OFF = marked("The cloud is off: nothing can be asked there.")


class EscalationDesk(QObject):
    """``chat`` tells which one is in view. ``settings_asked``: keys, prices and caps are wanted. ``page_asked``: an address
    to be opened in the browser. ``acted`` (message, action): something is to be done with a message."""

    settings_asked = Signal()
    page_asked = Signal(str)
    acted = Signal(str, str)

    def __init__(
        self,
        bridge: Bridge,
        workbench: Workbench,
        appearance: Appearance,
        page: ChatPage,
        toasts: Toasts,
        live: LiveChats,
        chat: Callable[[], LiveChat],
    ) -> None:
        super().__init__(page)
        self._bridge, self._workbench = bridge, workbench
        self._page, self._toasts, self._live, self._chat = page, toasts, live, chat
        self._of = chat()  # whose question is on the sheet
        self._looked_up: set[Id] = set()
        self._followed: set[Id] = set()
        self.sheets = SheetDesk(bridge, workbench, appearance, toasts, page)
        self.sheets.accepted.connect(self._send)
        self.sheets.refused.connect(self._refuse)
        self.sheets.pasted.connect(self._show_pasted)
        self.sheets.settings_asked.connect(self.settings_asked)
        self.sheets.page_asked.connect(self.page_asked)
        live.answered.connect(self._on_answered)
        live.changed.connect(self._look_up)

    @property
    def enabled(self) -> bool:
        return bool(self._workbench.settings.cloud.enabled)

    def start(self) -> None:
        """Show whether there is a cloud, and where messages go."""
        self.reload({Topic.SETTINGS})

    def reload(self, topics: frozenset[Topic] | set[Topic]) -> None:
        if topics & {Topic.SETTINGS, Topic.CLOUD}:
            self._live.show_cloud(self._chat(), self.enabled)
            self._looked_up.clear()
            self._look_up(self._chat())
        if topics & {Topic.SETTINGS, Topic.CLOUD, Topic.CONSENTS}:
            self.show()

    @property
    def waiting_chat(self) -> Id | None:
        """The chat whose question was laid aside for the settings."""
        return self.sheets.aside.conversation_id if self.sheets.aside is not None else None

    def come_back(self) -> None:
        """The chats are in view again: so is what was laid aside in the one that is shown."""
        chat = self._chat()
        waits = self.waiting_chat is not None and self.waiting_chat == chat.state.conversation_id
        if waits and self._page.isVisible() and self.enabled and not chat.state.busy and self.sheets.sheet is None:
            self._of = chat
            self.sheets.take_up()

    def show(self) -> None:
        """Where the next message of the chat in view goes; and what was laid aside in it."""
        self.come_back()
        if not self.enabled:
            self._page.composer.show_cloud(on=False)
            return
        here = self._chat().state.conversation_id

        def allowed(_job: Job) -> tuple[str, ...]:
            names = {one.subject: one.name for one in self._workbench.cloud.providers()}
            found = [one.subject for one in self._workbench.consents.standing() if _holds_here(one, here)]
            return tuple(names[one] for one in found if one in names)

        def take(names: tuple[str, ...]) -> None:
            if self._chat().state.conversation_id == here:
                self._page.composer.show_cloud(on=self.enabled, names=tuple(dict.fromkeys(names)))

        self._bridge.run(allowed, on_done=take, on_failed=lambda _error: take(()))

    # Asking -----------------------------------------------------------------------------------------------------------

    def ask_last(self) -> None:
        """The shortcut: what was said last in the chat in view."""
        nodes = self._chat().state.nodes
        if nodes:
            self.ask(nodes[-1])
        elif self._may_ask(self._chat()):
            self._toasts.show(tr("Write a question first: then a stronger model can be asked."))

    def ask(self, node: Node, *, choose: bool = False) -> None:
        """Open the sheet for a question, or the question of an answer. ``choose``: another model is to be chosen."""
        chat = self._chat()
        if self._may_ask(chat):
            self._of = chat
            self.sheets.open(node.id, choose=choose)

    def ask_new(self, text: str, attachments: Sequence[Attachment] = (), prompt: UsedPrompt | None = None) -> None:
        """`/cloud` and words: keep the question without answering it here, and open the sheet for it."""
        chat = self._chat()
        if not self._may_ask(chat):
            self._page.composer.show_text(text)
            return
        conversation_id, service = chat.state.conversation_id, chat.service
        place = replace(place_of(chat.state), prompt=prompt)

        def keep(job: Job) -> tuple[Id, Node]:
            question = service.keep_question(conversation_id, text, job, place, attachments=attachments)
            return service.show_branch(question.id), question

        def kept(found: tuple[Id, Node]) -> None:
            where, question = found
            self._live.settle(chat, where)
            if self.sheets.sheet is None:
                self._of = chat
                self.sheets.open(question.id)

        self._bridge.run(keep, on_done=kept, on_failed=partial(self._give_back, text))

    def review(self, consent: Consent) -> None:
        """Show what waits, exactly as it was kept."""
        chat = self._chat()
        if self._may_ask(chat):
            self._of = chat
            self.sheets.review(consent)

    def take_step(self, node: Node, step: NextStep) -> None:
        """A button of an answer that did not come, or not whole."""
        if step in IN_SETTINGS:
            self.settings_asked.emit()
        elif step is NextStep.ANSWER_LOCALLY:
            self.answer_here(node)
        else:
            self.ask(node, choose=step is NextStep.OTHER_PROVIDER)

    def answer_here(self, node: Node) -> None:
        """The answer of this computer to the same question: the one that is there, else a new one."""
        chat = self._chat()
        conversation_id, service = chat.state.conversation_id, chat.service
        if conversation_id is None or chat.state.busy:
            return

        def find(_job: Job) -> Id | None:
            others = siblings(service.open(conversation_id), node)
            local = [one for one in others if not from_cloud(one.turn) and one.message.text]
            if local:
                service.show_branch(local[-1].id)
            return local[-1].id if local else None

        def found(local: Id | None) -> None:
            if local is None:
                self._live.answer_here(chat, node.parent_id or "")
            else:
                self._live.dismiss(chat)
                self._live.reload(chat)

        self._bridge.run(find, on_done=found, on_failed=self._toasts.tell)

    def _may_ask(self, chat: LiveChat) -> bool:
        if not self.enabled:
            self._toasts.show(tr(OFF), tr("Set up…"), self.settings_asked.emit)
        elif chat.state.temporary:
            self._toasts.show(tr("A temporary chat is taken nowhere: nothing of it is kept, and nothing leaves."))
        elif chat.state.busy:
            self._toasts.show(tr("Wait until this answer has ended, or stop it."))
        else:
            return self.sheets.sheet is None
        return False

    def _give_back(self, text: str, error: WorkbenchError) -> None:
        """Nothing that was written is lost."""
        composer = self._page.composer
        composer.show_text("\n\n".join(piece for piece in (text, composer.text()) if piece))
        self._toasts.tell(error)

    # Answers ----------------------------------------------------------------------------------------------------------

    def _send(self, yes: Yes) -> None:
        def send(job: Job) -> Node:
            consents, escalations = self._workbench.consents, self._workbench.escalations
            if yes.instead is not None:
                consents.refuse(yes.instead.id)
            asked = yes.consent or escalations.propose(yes.preview)
            if asked.state is ConsentState.WAITING:
                asked = consents.accept(asked.id, yes.scope)
            return escalations.send(asked.id, job)

        announce(self._page, tr("Sent to {name}.").format(name=yes.preview.provider.name))
        self._live.take_elsewhere(self._of, send, self._toasts.tell)

    def _refuse(self, consent: Consent) -> None:
        """An answer that waited for it ends there, with a note; what would have been a new one is just not asked for."""
        chat, answer_id = self._of, goes_on(consent)
        if answer_id is not None and not chat.state.busy:
            self._live.resume(chat, answer_id, lambda: self._workbench.consents.refuse(consent.id))
        else:
            self._bridge.run(lambda _job: self._workbench.consents.refuse(consent.id), on_failed=self._toasts.tell)

    def _on_answered(self, chat: LiveChat, node: Node) -> None:
        if not from_cloud(node.turn):
            self._follow(chat, node)
            return
        self._look_up(chat)
        conversation_id, service = chat.state.conversation_id, chat.service
        waits = node.turn is not None and node.turn.finish is Finish.WAITING
        if conversation_id is None or chat is not self._chat() or not node.message.text or waits:
            return

        def beside(_job: Job) -> bool:
            return any(not from_cloud(one.turn) for one in siblings(service.open(conversation_id), node))

        self._bridge.run(beside, on_done=lambda some: self._offer_both(node) if some else None, on_failed=_nothing)

    def _follow(self, chat: LiveChat, node: Node) -> None:
        """By the chat's own yes and cap a question goes on to a stronger model by itself. Once: what kept it here is told
        with the answer."""
        routed = node.turn.routed if node.turn is not None else None
        if routed is None or not routed.may_follow or node.id in self._followed or not self.enabled:
            return
        if not chat.state.temporary and not chat.state.busy:
            self._followed.add(node.id)
            self._live.take_elsewhere(chat, lambda job: self._workbench.following.follow(node, job), self._toasts.tell)

    def _show_pasted(self, node: Node) -> None:
        self._live.reload(self._of, lambda: self._on_answered(self._of, node))

    def _offer_both(self, node: Node) -> None:
        words = tr("The answer of {name} stands beside the local one.").format(name=author_of(node.turn))
        self._toasts.show(words, tr("Compare them"), lambda: self.acted.emit(node.id, BESIDE_LOCAL))

    def _look_up(self, chat: LiveChat) -> None:
        """What answers of providers in this chat cost."""
        turns = [node.turn for node in chat.state.nodes if node.turn is not None and provider_of(node.turn)]
        wanted = [one.id for one in turns if one.finish is not None and one.id not in self._looked_up]
        if not wanted:
            return
        self._looked_up.update(wanted)
        self._bridge.run(
            lambda _job: self._workbench.ledger.of_turns(wanted),
            on_done=lambda found: self._live.show_charges(chat, found),
            on_failed=_nothing,
        )


def _holds_here(standing: Standing, conversation_id: Id | None) -> bool:
    return standing.kind is ConsentKind.CLOUD and standing.conversation_id in (None, conversation_id)


def _nothing(_error: WorkbenchError) -> None:
    """What is only told beside: the next change is another chance."""

"""Taking a question to a stronger model: opens the sheet, sends what was said yes to, and tells what came of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal

from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.chat.answer_source import author_of, from_cloud, provider_of
from ui.chat.footer_actions import BESIDE_LOCAL
from ui.chat.live import LiveChat, LiveChats, place_of
from ui.chat.page import ChatPage
from ui.cloud.sheet.state import SheetState, carried
from ui.notify import Toasts, announce
from ui.translation import tr
from workbench.chat.escalating.escalation import Draft, Mode, Preview
from workbench.chat.tree import Node, siblings
from workbench.cloud.asking import NextStep
from workbench.cloud.provider import CloudModel, Provider
from workbench.cloud.spending.money import Cap
from workbench.consents.consent import Consent, ConsentKind, ConsentState, Scope, Standing
from workbench.errors import WorkbenchError
from workbench.events import Topic
from workbench.jobs import Job
from workbench.messages import Attachment, Id, UsedPrompt

if TYPE_CHECKING:
    from ui.cloud.sheet.sheet import EscalationSheet
    from workbench.app import Workbench

PREVIEW_MILLISECONDS = 40  # a moment in which several letters are one change
OFF = "The cloud is off: nothing can be asked there."
_IN_SETTINGS = (NextStep.LOGIN, NextStep.RAISE_BUDGET, NextStep.GIVE_PRICE)


class Begun(NamedTuple):
    """What the sheet needs to begin with."""

    draft: Draft
    models: tuple[CloudModel, ...]
    providers: tuple[Provider, ...]
    caps: tuple[Cap, ...]


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
        self._bridge, self._workbench, self._appearance = bridge, workbench, appearance
        self._page, self._toasts, self._live, self._chat = page, toasts, live, chat
        self.sheet: EscalationSheet | None = None
        self._state = SheetState()
        self._of: LiveChat | None = None
        self._message_id: Id = ""
        self._instead: Consent | None = None  # what waited, and is sent otherwise now
        self._number = 0  # what was asked for before the last change is too old
        self._job: Job | None = None
        self._looked_up: set[Id] = set()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(PREVIEW_MILLISECONDS)
        self._soon.timeout.connect(self._preview)
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

    def show(self) -> None:
        """Where the next message of the chat in view goes."""
        if not self.enabled:
            self._page.composer.show_cloud(on=False)
            return
        here = self._chat().state.conversation_id

        def allowed(_job: Job) -> tuple[str, ...]:
            found = [one for one in self._workbench.consents.standing() if _holds_here(one, here)]
            return tuple(self._workbench.cloud.provider(one.subject).name for one in found)

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

    def ask(self, node: Node, *, other: bool = False) -> None:
        """Open the sheet for a question, or the question of an answer. ``other``: another model is to be chosen."""
        chat = self._chat()
        if self._may_ask(chat):
            self._begin(chat, node.id)
            self._draft(None, then_choose=other)

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
            self._begin(chat, question.id)
            self._draft(None)

        self._bridge.run(keep, on_done=kept, on_failed=partial(self._give_back, text))

    def _give_back(self, text: str, error: WorkbenchError) -> None:
        """Nothing that was written is lost."""
        composer = self._page.composer
        composer.show_text("\n\n".join(piece for piece in (text, composer.text()) if piece))
        self._toasts.tell(error)

    def review(self, consent: Consent) -> None:
        """Show what waits, exactly as it was kept."""
        chat = self._chat()
        if not self._may_ask(chat):
            return
        self._begin(chat, consent.question.message_id or "")
        number = self._next()

        def read(_job: Job) -> tuple[Preview, Begun]:
            preview = self._workbench.escalations.previewed(consent.id)
            return preview, self._around(preview.draft)

        def take(found: tuple[Preview, Begun]) -> None:
            preview, begun = found
            if number == self._number:
                self._show(consent=consent, draft=preview.draft, preview=preview, busy="", **_lists(begun))

        self._bridge.run(read, on_done=take, on_failed=partial(self._not_read, number))

    def take_step(self, node: Node, step: NextStep) -> None:
        """A button of an answer that did not come, or not whole."""
        if step in _IN_SETTINGS:
            self.settings_asked.emit()
        elif step is NextStep.ANSWER_LOCALLY:
            self.answer_here(node)
        else:
            self.ask(node, other=step is NextStep.OTHER_PROVIDER)

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
        return self.enabled and not chat.state.temporary and not chat.state.busy and self.sheet is None

    # The sheet --------------------------------------------------------------------------------------------------------

    def _begin(self, chat: LiveChat, message_id: Id) -> None:
        from ui.cloud.sheet.sheet import EscalationSheet  # only when somebody asks

        self._of, self._message_id, self._instead = chat, message_id, None
        self._state = SheetState()
        self.sheet = sheet = EscalationSheet(self._appearance, self._page.window())
        sheet.changed.connect(self._change)
        sheet.mode_asked.connect(self._draft)
        sheet.sent.connect(self._send)
        sheet.left.connect(self._refuse)
        sheet.change_asked.connect(self._unfix)
        sheet.step_asked.connect(self._step)
        sheet.hand_off_asked.connect(self._hand_off)
        sheet.pasted.connect(self._paste_back)
        sheet.page_asked.connect(self.page_asked)
        sheet.closed.connect(self._closed)
        self._show(busy=tr("Getting it ready…"))
        sheet.open()

    def _draft(self, mode: Mode | None = None, *, then_choose: bool = False) -> None:
        """What would leave in this mode; None: as was chosen last."""
        before, message_id = self._state.draft, self._message_id
        model = before.model.full_name if before is not None else ""
        number = self._next()
        words = tr("The model on this computer writes the brief…") if mode is Mode.CONDENSED else ""
        self._show(busy=words or tr("Getting it ready…"), problem="")

        def made(job: Job) -> Begun:
            return self._around(self._workbench.escalations.draft(message_id, job, model, mode))

        def take(begun: Begun) -> None:
            if number != self._number:
                return
            self._show(draft=carried(begun.draft, before), preview=None, busy="", **_lists(begun))
            self._preview()
            if then_choose and self.sheet is not None:
                self.sheet.choices.choose_model()

        self._job = self._bridge.run(made, on_done=take, on_failed=partial(self._not_read, number))

    def _around(self, draft: Draft) -> Begun:
        """In a job's thread."""
        workbench = self._workbench
        return Begun(draft, workbench.cloud.models(), workbench.cloud.providers(), workbench.ledger.caps())

    def _change(self, draft: Draft) -> None:
        self._number += 1
        self._show(draft=draft)
        self._soon.start()

    def _preview(self) -> None:
        draft = self._state.draft
        if draft is None or self.sheet is None:
            return
        number = self._next()
        self._bridge.run(
            lambda _job: self._workbench.escalations.preview(draft),
            on_done=lambda preview: self._show(preview=preview, problem="") if number == self._number else None,
            on_failed=partial(self._not_read, number),
        )

    def _not_read(self, number: int, error: WorkbenchError) -> None:
        if number == self._number:
            self._show(busy="", problem=f"{error.message} {error.hint}".strip())

    def _next(self) -> int:
        """What is still on its way for the sheet is not wanted any more."""
        if self._job is not None:
            self._job.cancel.cancel()
            self._job = None
        self._number += 1
        return self._number

    def _show(self, **changes: Any) -> None:
        self._state = replace(self._state, **changes)
        if self.sheet is not None:
            self.sheet.show_state(self._state)

    def _unfix(self) -> None:
        """What waits is changed first: it is replaced when that is sent."""
        self._instead = self._state.consent
        self._show(consent=None)
        self._preview()

    def _step(self, step: NextStep) -> None:
        sheet = self.sheet
        if sheet is None:
            return
        if step in _IN_SETTINGS:
            sheet.dismiss()
            self.settings_asked.emit()
        elif step is NextStep.ANSWER_LOCALLY:
            sheet.dismiss()
        elif step is NextStep.OTHER_PROVIDER:
            sheet.choices.choose_model()
        elif step is NextStep.SHORTEN:
            sheet.choices.modes[Mode.QUESTION].setFocus()
        else:
            self._preview()

    def _closed(self) -> None:
        self._next()
        self._soon.stop()
        self.sheet = None

    # Answering --------------------------------------------------------------------------------------------------------

    def _send(self, scope: Scope) -> None:
        preview, consent, instead, chat = self._state.fresh, self._state.consent, self._instead, self._of
        if preview is None or not self._state.can_send or chat is None or self.sheet is None:
            return
        self.sheet.dismiss()

        def send(job: Job) -> Node:
            consents, escalations = self._workbench.consents, self._workbench.escalations
            if instead is not None:
                consents.refuse(instead.id)
            asked = consent or escalations.propose(preview)
            if asked.state is ConsentState.WAITING:
                asked = consents.accept(asked.id, scope)
            return escalations.send(asked.id, job)

        announce(self._page, tr("Sent to {name}.").format(name=preview.provider.name))
        self._live.take_elsewhere(chat, send, self._toasts.tell)

    def _refuse(self) -> None:
        consent = self._state.consent or self._instead
        if consent is not None:
            self._bridge.run(lambda _job: self._workbench.consents.refuse(consent.id), on_failed=self._toasts.tell)

    def _on_answered(self, chat: LiveChat, node: Node) -> None:
        if not from_cloud(node.turn):
            return
        self._look_up(chat)
        conversation_id, service = chat.state.conversation_id, chat.service
        if conversation_id is None or chat is not self._chat() or not node.message.text:
            return

        def others(_job: Job) -> bool:
            return any(not from_cloud(one.turn) for one in siblings(service.open(conversation_id), node))

        self._bridge.run(others, on_done=lambda some: self._offer_both(node) if some else None, on_failed=_nothing)

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

    # By hand ----------------------------------------------------------------------------------------------------------

    def _hand_off(self, provider: str) -> None:
        """``provider``: whose page is to be used; empty: that of the model's."""
        draft, sheet = self._state.draft, self.sheet
        if draft is None or sheet is None:
            return
        models = [one for one in self._state.models if one.provider == provider]
        draft = replace(draft, model=models[0]) if models else draft
        self._bridge.run(
            lambda _job: self._workbench.escalations.hand_off(draft),
            on_done=lambda handed: sheet.show_hand_off(handed) if self.sheet is sheet else None,
            on_failed=self._toasts.tell,
        )

    def _paste_back(self, text: str, name: str) -> None:
        draft, chat, sheet = self._state.draft, self._of, self.sheet
        if draft is None or chat is None or sheet is None:
            return

        def kept(node: Node) -> None:
            if self.sheet is sheet:
                sheet.dismiss()
            self._live.reload(chat)
            self._toasts.show(
                tr("The answer of {name} stands beside the local one.").format(name=name),
                tr("Compare them"),
                lambda: self.acted.emit(node.id, BESIDE_LOCAL),
            )

        self._bridge.run(
            lambda _job: self._workbench.escalations.paste_back(draft, text, name),
            on_done=kept,
            on_failed=self._toasts.tell,
        )


def _lists(begun: Begun) -> dict[str, Any]:
    return {"models": begun.models, "providers": begun.providers, "caps": begun.caps}


def _holds_here(standing: Standing, conversation_id: Id | None) -> bool:
    return standing.kind is ConsentKind.CLOUD and standing.conversation_id in (None, conversation_id)


def _nothing(_error: WorkbenchError) -> None:
    """What is only told beside: the next change is another chance."""

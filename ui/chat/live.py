"""The conversations of this window while they live: each has a state, and at most one turn at a time.

A chat that is answering goes on while another one is in view.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from ui.bridge import Bridge
from ui.chat.state import (
    Answered,
    Asked,
    Asking,
    Charged,
    ChatState,
    Choosing,
    Clouded,
    Dismissed,
    Failed,
    Judged,
    Offered,
    Offering,
    Opened,
    StateEvent,
    Stopped,
    Waiting,
    reduce,
)
from workbench.chat.asking.of_chat import NOT_CHOSEN, ChatChoice
from workbench.chat.asking.options import AS_SET, Options
from workbench.chat.context.room import WhenFull
from workbench.chat.events import TurnStarted
from workbench.chat.tree import Conversation, Node
from workbench.cloud.spending.money import Entry
from workbench.consents.consent import Consent
from workbench.errors import UsageError, WorkbenchError
from workbench.jobs import Job
from workbench.messages import Attachment, Id, UsedPrompt

if TYPE_CHECKING:
    from ui.chat.queued import Queued
    from workbench.app import Workbench


MOST_KEPT = 16  # chats whose messages stay in memory, so that going back to one shows it at once


class LiveChat:
    """One conversation on the screen or in the background. ``state`` is all there is to show.

    ``given_back``: the text that could not be sent and was put back into the composer. ``service``: the `ChatService`
    that keeps it, or the one of a chat that is never written.
    """

    def __init__(self, state: ChatState, service: Any) -> None:
        self.state = state
        self.service = service
        self.turn: Job | None = None
        self.given_back = ""
        self.queued: tuple[Queued, ...] = ()
        self.unsent_attachments: tuple[Attachment, ...] = ()
        self.unsent_prompt: UsedPrompt | None = None

    @property
    def is_as_on_disk(self) -> bool:
        """Nothing of it would be lost here if it were read again."""
        state = self.state
        waits = state.busy or self.turn is not None or self.queued or state.consents
        told = state.failure is not None or state.unsent or self.given_back
        return not (waits or told or self.unsent_attachments or self.unsent_prompt or state.temporary)


class LiveChats(QObject):
    """Starts turns and folds their news into states.

    ``changed`` names a chat whose state is new, at most once a frame for streamed news. ``busy_changed``: another chat
    began or ended answering. ``answered``: a chat, and the answer that it has now, however it ended. ``gone``: this
    chat is not on the disk any more, somebody else deleted it. ``refused``: the `WorkbenchError` of a change that could
    not be kept.
    """

    changed = Signal(object)
    busy_changed = Signal()
    answered = Signal(object, object)
    gone = Signal(object)
    refused = Signal(object)

    def __init__(self, bridge: Bridge, workbench: Workbench, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._workbench = workbench
        self._chats: dict[Id, LiveChat] = {}
        self._dirty: dict[int, LiveChat] = {}
        self._cloud = False
        bridge.drained.connect(self._show_changes)

    @property
    def busy(self) -> frozenset[Id]:
        return frozenset(key for key, chat in self._chats.items() if chat.state.busy)

    def fresh(self, project_id: Id | None = None) -> LiveChat:
        """A chat that does not exist on the disk until something is sent; begun in a project, where one is named."""
        return LiveChat(ChatState(project_id=project_id, cloud=self._cloud), self._workbench.chat)

    def temporary(self) -> LiveChat:
        """A chat that never exists on the disk."""
        return LiveChat(ChatState(temporary=True), self._workbench.temporary_chat())

    def adopt(self, chat: LiveChat) -> None:
        """A chat that was forgotten is in use again."""
        if chat.state.conversation_id is not None:
            self._chats[chat.state.conversation_id] = chat

    @property
    def waiting(self) -> dict[Id, str]:
        """The texts that wait in each chat for its answer."""
        kept = ((key, chat) for key, chat in self._chats.items() if chat.queued and not chat.state.temporary)
        return {key: "\n\n".join(message.text for message in chat.queued) for key, chat in kept}

    def open(self, conversation_id: Id) -> LiveChat:
        """The chat, as far as it is known now; it is read again from the disk."""
        new = LiveChat(ChatState(conversation_id, cloud=self._cloud), self._workbench.chat)
        chat = self._chats.pop(conversation_id, new)
        self._chats[conversation_id] = chat  # the last one that was looked at
        self._let_go()
        self.reload(chat)
        return chat

    def _let_go(self) -> None:
        """Of chats that were not looked at for long nothing is kept here that the disk has too."""
        *before, _in_view = self._chats.items()
        idle = [key for key, chat in before if chat.is_as_on_disk]
        for key in idle[: max(0, len(self._chats) - MOST_KEPT)]:
            del self._chats[key]

    def reload(self, chat: LiveChat, then: Callable[[], None] | None = None) -> None:
        """Read the conversation again, and go on with ``then``; nothing happens to one that is not on the disk.

        What was read before a turn began or ended is too old when it comes after: such news are dropped.
        """
        conversation_id, turn = chat.state.conversation_id, chat.turn
        if conversation_id is None:
            return

        def take(conversation: Conversation) -> None:
            if chat.turn is turn:
                self._take(chat, Opened(conversation))
                if then is not None:
                    then()

        self._bridge.run(
            lambda _job: chat.service.open(conversation_id),
            on_done=take,
            on_failed=lambda error: self._not_read(chat, error),
        )

    def forget(self, conversation_id: Id) -> None:
        """The conversation was deleted: stop its turn, drop its state."""
        chat = self._chats.pop(conversation_id, None)
        if chat is not None:
            self.stop(chat)

    # Turns ------------------------------------------------------------------------------------------------------------

    def send(
        self,
        chat: LiveChat,
        text: str,
        replaces: Id | None = None,
        attachments: Sequence[Attachment] | None = None,
        prompt: UsedPrompt | None = None,
    ) -> None:
        """Ask; with ``replaces`` the question of that id is asked in these words instead, on a new branch; then
        ``attachments`` None means those that it had. ``prompt``: the saved one that it is written with."""
        conversation_id, place = chat.state.conversation_id, replace(place_of(chat.state), prompt=prompt)
        attached = chat.unsent_attachments = tuple(attachments or ())
        chat.unsent_prompt = prompt
        service = chat.service
        if replaces is not None:
            again = Options(prompt=prompt)
            self._start(
                chat, Asked(text), lambda job: service.edit(replaces, text, job, again, attachments=attachments)
            )
        else:
            self._start(
                chat, Asked(text), lambda job: service.send(conversation_id, text, job, place, attachments=attached)
            )

    def regenerate(self, chat: LiveChat, answer_id: Id | None = None, options: Options = AS_SET) -> None:
        """Another answer to the same question, the last one if ``answer_id`` is None; with ``options`` of its own."""
        answer, service = chat.state.last_answer, chat.service
        chosen = answer_id or (answer.id if answer is not None else None)
        if chosen is not None:
            self._start(chat, Asked(), lambda job: service.regenerate(chosen, job, options))

    def continue_answer(self, chat: LiveChat) -> None:
        """Go on with a last answer that is not complete."""
        answer, service = chat.state.last_answer, chat.service
        if answer is not None:
            answer_id = answer.id
            self._start(chat, Asked(), lambda job: service.continue_answer(answer_id, job))

    def make_room(self, chat: LiveChat, how: WhenFull) -> None:
        """Have less of a full chat sent, then go on with its last answer."""
        answer, conversation_id, service = chat.state.last_answer, chat.state.conversation_id, chat.service
        if answer is None or conversation_id is None:
            return
        answer_id = answer.id

        def make_room_and_answer(job: Job) -> Node:
            service.make_room(conversation_id, how, job)
            ended: Node = service.continue_answer(answer_id, job)
            return ended

        self._start(chat, Asked(), make_room_and_answer)

    def answer_after(self, chat: LiveChat, change: Callable[[Job], Any]) -> None:
        """Go on with the last answer once ``change`` has changed how the model is loaded."""
        answer, service = chat.state.last_answer, chat.service
        if answer is None:
            return
        answer_id = answer.id

        def change_and_answer(job: Job) -> Node:
            change(job)
            ended: Node = service.continue_answer(answer_id, job)
            return ended

        self._start(chat, Asked(), change_and_answer)

    def resume(self, chat: LiveChat, answer_id: Id, before: Callable[[], Any]) -> None:
        """Go on with an answer that waits for the person, once ``before`` has kept what they said: with whoever gave it."""
        go_on = chat.service.resume if chat.state.temporary else self._workbench.go_on

        def keep_and_go_on(job: Job) -> Node:
            before()
            ended: Node = go_on(answer_id, job)
            return ended

        self._start(chat, Asked(), keep_and_go_on)

    def take_elsewhere(
        self, chat: LiveChat, work: Callable[[Job], Node], on_failed: Callable[[WorkbenchError], None]
    ) -> None:
        """An answer of a provider, beside what is there. What fails before it has begun is told to ``on_failed``: it is no
        failure of the answer in view."""

        def failed(error: WorkbenchError) -> None:
            begun = chat.state.answer_id is not None
            self._end(chat, Failed(error) if begun else Stopped())
            if not begun:
                on_failed(error)

        self._start(chat, Asked(), work, failed)

    def settle(self, chat: LiveChat, conversation_id: Id) -> None:
        """It is on the disk from now on, or has more there."""
        if chat.state.conversation_id is None:
            chat.state = replace(chat.state, conversation_id=conversation_id)
            self._chats[conversation_id] = chat
            self.busy_changed.emit()
        self.reload(chat)

    def answer_here(self, chat: LiveChat, question_id: Id) -> None:
        """An answer of this computer to a question that was taken elsewhere: the person has asked for it."""
        service = chat.service
        self._start(chat, Asked(), lambda job: service.answer(question_id, job))

    def stop(self, chat: LiveChat) -> None:
        if chat.turn is not None:
            chat.turn.cancel.cancel()

    def ask_folders(self, chat: LiveChat, folders: tuple[str, ...]) -> None:
        """The chat asks these from now on; one that is not begun keeps them with its first message."""
        before, conversation_id, service = chat.state.folders, chat.state.conversation_id, chat.service
        self._take(chat, Asking(folders))
        if conversation_id is None:
            return

        def refused(error: WorkbenchError) -> None:
            self._take(chat, Asking(before))
            self.refused.emit(error)

        self._bridge.run(lambda _job: service.set_folders(conversation_id, folders), on_failed=refused)

    def offer_tools(self, chat: LiveChat, tools: tuple[str, ...] | None) -> None:
        """The chat offers these tools from now on (None: as the settings say)."""
        before, conversation_id, service = chat.state.tools, chat.state.conversation_id, chat.service
        self._take(chat, Offering(tools, chat.state.memory))
        if conversation_id is None:
            return

        def refused(error: WorkbenchError) -> None:
            self._take(chat, Offering(before, chat.state.memory))
            self.refused.emit(error)

        self._bridge.run(lambda _job: service.set_tools(conversation_id, tools), on_failed=refused)

    def tell_memory(self, chat: LiveChat, *, told: bool) -> None:
        """Whether the chat tells what is remembered."""
        before, conversation_id, service = chat.state.memory, chat.state.conversation_id, chat.service
        self._take(chat, Offering(chat.state.tools, told))
        if conversation_id is None:
            return

        def refused(error: WorkbenchError) -> None:
            self._take(chat, Offering(chat.state.tools, before))
            self.refused.emit(error)

        self._bridge.run(lambda _job: service.set_memory(conversation_id, told), on_failed=refused)

    def choose(self, chat: LiveChat, choice: ChatChoice) -> None:
        """The model and effort of the chat from now on; one that is not begun keeps them with its first message."""
        before, conversation_id, service = chat.state.choice, chat.state.conversation_id, chat.service
        if choice == before:
            return
        self._take(chat, Choosing(choice))
        if conversation_id is None:
            return

        def keep(_job: Job) -> None:
            if choice.model != before.model:
                service.set_model(conversation_id, choice.model)
            if choice.effort is not before.effort:
                service.set_effort(conversation_id, choice.effort)

        def refused(error: WorkbenchError) -> None:
            self._take(chat, Choosing(before))
            self.refused.emit(error)

        self._bridge.run(keep, on_failed=refused)

    def show_consents(self, chat: LiveChat, consents: tuple[Consent, ...]) -> None:
        """What waits for the person in it now."""
        if consents != chat.state.consents:
            self._take(chat, Waiting(consents))

    def show_cloud(self, chat: LiveChat, on: bool) -> None:
        """Whether questions may be taken to a provider, in all chats."""
        self._cloud = on
        for one in (chat, *self._chats.values()):
            if one.state.cloud is not on and not one.state.temporary:
                self._take(one, Clouded(on))

    def show_charges(self, chat: LiveChat, charged: Mapping[Id, Entry]) -> None:
        """What its answers of providers cost, by turn."""
        if not charged.items() <= chat.state.charged.items():
            self._take(chat, Charged(charged))

    def dismiss(self, chat: LiveChat) -> None:
        """The failure was read."""
        self._take(chat, Dismissed())

    def offer(self, chat: LiveChat, smaller: str) -> None:
        """The model of its last answer could be loaded smaller, or (empty) need not be any more."""
        if smaller != chat.state.smaller:
            self._take(chat, Offered(smaller))

    def show_verdicts(self, chat: LiveChat, verdicts: Mapping[Id, str]) -> None:
        """What the person thinks of its answers now."""
        if verdicts != chat.state.verdicts:
            self._take(chat, Judged(verdicts))

    def _start(
        self,
        chat: LiveChat,
        asked: Asked,
        work: Callable[[Job], Node],
        on_failed: Callable[[WorkbenchError], None] | None = None,
    ) -> None:
        if chat.state.busy:
            return
        self._take(chat, asked)
        chat.turn = self._bridge.run(
            work,
            on_event=lambda event: self._on_event(chat, event),
            on_done=lambda node: self._end(chat, Answered(node)),
            on_failed=on_failed or (lambda error: self._end(chat, Failed(error))),
            on_cancelled=lambda: self._end(chat, Stopped()),
        )
        self.busy_changed.emit()

    def _on_event(self, chat: LiveChat, event: Any) -> None:
        known = chat.state.conversation_id
        chat.state = reduce(chat.state, event)
        if isinstance(event, TurnStarted):  # the question is kept, with what was attached to it
            chat.unsent_attachments, chat.unsent_prompt = (), None
        self._dirty[id(chat)] = chat
        if known is None and chat.state.conversation_id is not None:
            self._chats[chat.state.conversation_id] = chat
            self.busy_changed.emit()

    def _end(self, chat: LiveChat, event: StateEvent) -> None:
        chat.turn = None
        self._take(chat, event)
        self.busy_changed.emit()
        if isinstance(event, Answered):
            self.answered.emit(chat, event.node)
        if chat.state.temporary or not isinstance(event, Answered):  # else the news of the disk have it read again
            self.reload(chat)

    def _take(self, chat: LiveChat, event: StateEvent) -> None:
        chat.state = reduce(chat.state, event)
        self.changed.emit(chat)

    def _not_read(self, chat: LiveChat, error: WorkbenchError) -> None:
        if isinstance(error, UsageError):
            self.gone.emit(chat)
        else:
            self._take(chat, Failed(error))

    def _show_changes(self) -> None:
        dirty, self._dirty = self._dirty, {}
        for chat in dirty.values():
            self.changed.emit(chat)


def place_of(state: ChatState) -> Options:
    """Where a question belongs: what a chat that is there knows by itself is not said again."""
    new = state.conversation_id is None
    return Options(
        project_id=state.project_id,
        folders=state.folders if new and state.folders else None,
        tools=state.tools if new else None,
        memory=False if new and not state.memory else None,
        of_chat=state.choice if new else NOT_CHOSEN,
    )


def told(error: WorkbenchError) -> str:
    """An error as one text to copy."""
    return "\n".join(piece for piece in (error.message, error.hint, error.detail) if piece)

"""The desk: ties the sidebar, the page and the live chats to the core. What the person does goes in, news come out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.chat.chat_choice import ChatChoices
from ui.chat.chat_commands import ChatCommands
from ui.chat.chat_folders import ChatFolders
from ui.chat.chat_tools import ChatTools
from ui.chat.consent_desk import ConsentDesk
from ui.chat.drafts import Drafts
from ui.chat.effort_choice import EffortChoice
from ui.chat.escalating import EscalationDesk
from ui.chat.feed import items, live_item
from ui.chat.footer_actions import ASK_STRONGER, ASK_STRONGER_THIS, OPEN_PROMPT
from ui.chat.in_view import InView
from ui.chat.kept_drafts import KeptDrafts
from ui.chat.link_opener import LinkOpener
from ui.chat.link_texts import is_picture, link_texts
from ui.chat.live import LiveChat, LiveChats
from ui.chat.message_acts import MessageActs
from ui.chat.meter import Meter
from ui.chat.model_choice import ModelChoice
from ui.chat.page import ChatPage
from ui.chat.queue import Queue
from ui.chat.reading_aloud import ReadingAloud
from ui.chat.sending import Sending
from ui.chat.sidebar import Sidebar
from ui.chat.slash_desk import SlashPrompts
from ui.chat.state import ChatState, Remedy
from ui.chat.steering import Steering
from ui.chat.welcome import with_suggestion
from ui.links import Verdict, judge
from ui.notify import Toasts, announce
from ui.projects.in_chats import ChatProjects
from ui.translation import tr
from workbench.chat.tree import ConversationSummary, Node
from workbench.events import Changed, Topic
from workbench.messages import Id

if TYPE_CHECKING:
    from ui.chat.transcript import TranscriptView
    from workbench.app import Workbench

RELOAD_MILLISECONDS = 150  # later than the first token of a short chat: the list does not compete with it


class Desk(QObject):
    """One window's work with chats.

    ``chat_shown`` names the conversation in view (None: a new one). ``asked_for``: the person wants to see it.
    ``busy_changed``: an answer has begun or ended. ``both_asked`` carries a `BothAsked`: its question is sent next.
    """

    chat_shown = Signal(object)
    asked_for = Signal()
    busy_changed = Signal()
    both_asked = Signal(object)

    def __init__(
        self,
        bridge: Bridge,
        workbench: Workbench,
        appearance: Appearance,
        sidebar: Sidebar,
        page: ChatPage,
        toasts: Toasts,
    ) -> None:
        super().__init__(page)
        self._bridge = bridge
        self._workbench = workbench
        self._appearance = appearance
        self._sidebar = sidebar
        self._page = page
        self._toasts = toasts
        self._live = LiveChats(bridge, workbench, self)
        self._chat = self._live.fresh()
        self._busy: frozenset[Id] = frozenset()
        self._stale: set[Topic] = set()
        self._reload_soon = _one_shot(self, RELOAD_MILLISECONDS, self._reload_stale)
        self._drafts = Drafts(page.composer)
        self._kept_drafts = KeptDrafts(
            bridge, workbench, lambda: self._drafts.wanted(self._chat, self._live.waiting), self
        )
        self._queue = Queue(appearance, page, self._live, lambda: self._chat)
        self._meter = Meter(bridge, page.composer, self._drafts, lambda: self._chat)
        self._aloud = ReadingAloud(page, lambda: self._chat)
        self.models = ModelChoice(bridge, workbench, appearance, page, toasts)
        self.effort = EffortChoice(bridge, workbench, appearance, page.composer, toasts)
        self.links = LinkOpener(appearance, page, toasts)
        self.projects = ChatProjects(bridge, workbench, appearance, sidebar.projects, page, toasts)
        self._make_parts(self._in_view())
        self._take_actions()
        self._connect()

    def _in_view(self) -> InView:
        return InView(
            self._bridge, self._workbench, self._appearance, self._page, self._toasts, self._live,
            lambda: self._chat, lambda: self.projects.current,
        )  # fmt: skip

    def _make_parts(self, view: InView) -> None:
        """What works on the chat in view."""
        around = (view.bridge, view.workbench, view.appearance)
        self.folders = ChatFolders(view)
        self.tools = ChatTools(view, lambda: self.models.answering)
        self.choices = ChatChoices(view.live, self.models, self.effort, view.chat, view.project)
        self.consents = ConsentDesk(
            view.bridge, view.workbench, self._sidebar, view.page, view.toasts, view.live, view.chat
        )
        self.escalations = EscalationDesk(*around, view.page, view.toasts, view.live, view.chat)
        self.prompts = SlashPrompts(*around, view.page, view.toasts, view.project, self._may_go_to_the_cloud)
        self._acts = MessageActs(view, self.models, self.escalations, self._meter.soon)
        self._sending = Sending(
            view, self._drafts, self._queue, self.prompts, self.models, self.escalations, self.both_asked.emit
        )
        self.steering = Steering(
            self, view.bridge, view.appearance, view.page, view.toasts, view.live, self.models, self.effort
        )
        self.commands = ChatCommands(self, *around, self._sidebar, view.page, view.toasts)

    def _may_go_to_the_cloud(self) -> bool:
        return self.escalations.enabled and not self._chat.state.temporary

    def _take_actions(self) -> None:
        """What the buttons below messages do."""
        for action, what in self.steering.handlers.items():
            self.handle(action, what)
        for asks in (ASK_STRONGER, ASK_STRONGER_THIS):
            self.handle(asks, self.escalations.ask)
        self.handle("save_prompt", lambda node: self.prompts.save(node.message.text, node.message.prompt))
        self.handle("copy", self.commands.copy_message)
        self.handle("edit", self._drafts.edit)
        self.handle("retry", lambda _node: self.regenerate())
        self.handle("details", lambda _node: self.commands.copy_failure())
        self.handle("new_chat", lambda _node: self.new_chat())
        self.handle(OPEN_PROMPT, lambda node: self.prompts.open(node.message.prompt))

    @property
    def chat(self) -> LiveChat:
        """The chat in view."""
        return self._chat

    @property
    def live(self) -> LiveChats:
        """The chats of this window."""
        return self._live

    @property
    def busy(self) -> frozenset[Id]:
        """The chats in which an answer is being written."""
        return self._live.busy

    @property
    def answering(self) -> bool:
        """Whether an answer is being written, in any chat."""
        return bool(self._live.busy)

    def start(self, conversation_id: Id | None) -> None:
        """Fill the page: lists, models, and the chat that was open last, unless something was typed into the new one."""
        self._load_chats()
        self.models.load()
        self.projects.load()
        self.consents.load()
        self.escalations.start()
        if conversation_id and not self._page.composer.text() and not self._page.composer.chips:
            self.open_chat(conversation_id)
        else:
            self._show(self._chat)
        self._kept_drafts.load(lambda found: self._drafts.take(found, self._chat))

    def flush(self) -> None:
        """The window closes: keep at once what would be kept in a moment."""
        self._kept_drafts.flush()

    # What the person does ---------------------------------------------------------------------------------------------

    def new_chat(self, project_id: Id | None = None) -> None:
        """Begin one; in a project, where one is named."""
        state = self._chat.state
        begun = state.nodes or state.busy or state.conversation_id or state.temporary
        if begun or state.project_id != project_id:
            self._turn_to(self._live.fresh(project_id))
        self.asked_for.emit()
        self._page.composer.draft.setFocus(Qt.FocusReason.OtherFocusReason)

    def temporary_chat(self) -> None:
        """Begin a chat that is never written; within an empty one, go back to a new chat that is."""
        if self._chat.state.temporary and not self._chat.state.nodes:
            self.new_chat()
            return
        self._turn_to(self._live.temporary())
        self.asked_for.emit()
        self._page.composer.draft.setFocus(Qt.FocusReason.OtherFocusReason)

    def open_chat(self, conversation_id: Id) -> None:
        if conversation_id != self._chat.state.conversation_id:
            self._turn_to(self._live.open(conversation_id))
        self.asked_for.emit()

    def open_number(self, number: int) -> None:
        """The chat at place ``number`` (from 1) of the list."""
        chats = self._sidebar.model.chats
        if number <= len(chats):
            self.open_chat(chats[number - 1].id)

    def send(self, text: str) -> None:
        """Now, or when the answer that is being written is done."""
        self._sending.send(text)

    def regenerate(self) -> None:
        """A new answer to the last question, also where there was none yet."""
        self._sending.regenerate()

    def stop(self) -> None:
        """Stop the answer; while none is written, leave the editing of a question."""
        if self._chat.state.busy:
            self._live.stop(self._chat)
        elif self._drafts.editing:
            self._drafts.end_editing()

    def edit_last(self) -> None:
        """Put the last question back into the composer; sending it makes a new branch."""
        question = self._chat.state.last_question
        if question is not None and not self._chat.state.busy:
            self._drafts.edit(question)

    def find(self) -> None:
        if self._page.transcript is not None and self._chat.state.nodes:
            self._page.find_bar.open_on(self._page.transcript)

    def follow_link(self, target: str) -> None:
        """A link of the transcript was chosen; several with the same target are judged by the one that says least truth."""
        said = link_texts((node.message.text for node in self._chat.state.nodes), target)
        if said and is_picture(said[0]) and judge(target).verdict is Verdict.OPEN:
            self.links.offer_picture(target, said[0], self._bridge, self._workbench)
            return
        lying = (words for words in said if judge(target, words).verdict is not Verdict.OPEN)
        self.links.open(target, next(lying, ""))

    # News from the core -----------------------------------------------------------------------------------------------

    def on_changed(self, changed: Changed) -> None:
        """Several commits in a row reload once."""
        self._stale |= changed.topics
        if not self._reload_soon.isActive():
            self._reload_soon.start()

    def _reload_stale(self) -> None:
        stale, self._stale = self._stale, set()
        if Topic.CHATS in stale:
            self._load_chats()
            self._live.reload(self._chat)
        self.models.load(frozenset(stale))
        self.projects.load(frozenset(stale))
        self.folders.reload(stale)
        self.consents.reload(stale)
        self.escalations.reload(stale)
        self.tools.reload(stale)

    def _load_chats(self) -> None:
        known = None if self._chat.state.busy else self._kept_id
        self._bridge.run(lambda _job: self._workbench.chat.list(), on_done=lambda chats: self._show_chats(chats, known))

    def _show_chats(self, chats: tuple[ConversationSummary, ...], known: Id | None) -> None:
        """``known``: the chat in view that was on the disk before ``chats`` were read; missing there, it was deleted."""
        state = self._chat.state
        deleted = known is not None and known not in {chat.id for chat in chats}
        if deleted and state.conversation_id == known and not state.busy:
            self._on_gone(self._chat)
        self._sidebar.show_chats(chats)
        self._sidebar.select(self._chat.state.conversation_id)
        self._sidebar.model.show_busy(self._live.busy)

    # The chat in view -------------------------------------------------------------------------------------------------

    def _turn_to(self, chat: LiveChat) -> None:
        left = self._chat
        self._drafts.turn(left, chat)
        self._chat = chat
        if left.state.temporary and left.state.nodes:
            self._leave_for_good(left)
        self._page.find_bar.hide()
        self._page.composer.show_second(None)
        self.prompts.close_form()
        self._show(chat)
        self.consents.show()
        self.escalations.show()
        self._offer_smaller()
        self._sidebar.select(chat.state.conversation_id)
        self.chat_shown.emit(self._kept_id)
        self._kept_drafts.touch()

    @property
    def _kept_id(self) -> Id | None:
        """Of the chat in view, where it is on the disk."""
        return None if self._chat.state.temporary else self._chat.state.conversation_id

    def leave_deleted(self, conversation_id: Id) -> None:
        """It is about to be deleted: nothing of it is kept here, and a new chat comes where it was in view."""
        self._live.forget(conversation_id)
        if conversation_id == self._chat.state.conversation_id:
            self._turn_to(self._live.fresh())

    def _leave_for_good(self, chat: LiveChat) -> None:
        """A temporary chat was left: for as long as that is told there is a way back, then nothing of it is left."""

        def go_back() -> None:
            self._live.adopt(chat)
            self._turn_to(chat)

        self._live.forget(chat.state.conversation_id or "")
        self._toasts.show(tr("The temporary chat is gone."), tr("Go back"), go_back)

    def _show(self, chat: LiveChat) -> None:
        if chat is not self._chat:
            return
        state = chat.state
        self._page.show_state(state)
        self.projects.show(state.project_id)
        self.choices.show()
        self.folders.show()
        if self._page.transcript is not None:
            show_in_transcript(self._page.transcript, state)
        self._queue.show(chat)
        if not state.busy:
            self._meter.soon()

    def _on_live_changed(self, chat: LiveChat) -> None:
        if chat is self._chat:
            self._drafts.give_back(chat)
            self._offer_smaller()
        self._show(chat)

    def _on_gone(self, chat: LiveChat) -> None:
        if chat is self._chat:
            self._turn_to(self._live.fresh())
            self._toasts.show(tr("That chat is not there any more: it was deleted."))

    def _on_busy_changed(self) -> None:
        shown, ended = self._chat.state.conversation_id, self._busy - self._live.busy
        self._busy = self._live.busy
        self._sidebar.model.show_busy(self._busy)
        self._sidebar.select(shown)
        self.chat_shown.emit(self._kept_id)
        if shown in ended:
            waits = bool(self._chat.state.consents)
            announce(self._page, tr("The answer waits for you.") if waits else tr("Answer finished."))

    def _offer_smaller(self) -> None:
        answer = self._chat.state.last_answer
        model = answer.turn.model if answer is not None and answer.turn is not None else ""
        self._live.offer(self._chat, self.models.offer_for(model) if model else "")

    def _remedy(self, remedy: Remedy) -> None:
        self._live.dismiss(self._chat)
        if remedy is Remedy.NEW_CHAT:
            self.new_chat()
        elif remedy in (Remedy.RETRY, Remedy.ANSWER_HERE):
            self._sending.ask_again()

    def show_verdicts(self, conversation_id: Id, verdicts: Mapping[Id, str]) -> None:
        """What the person thinks of the answers of this chat, if it is in view."""
        if conversation_id == self._chat.state.conversation_id:
            self._live.show_verdicts(self._chat, verdicts)

    def reload(self) -> None:
        """Read the chat in view again."""
        self._live.reload(self._chat)

    # Messages ---------------------------------------------------------------------------------------------------------

    def handle(self, action: str, what: Callable[[Node], None]) -> None:
        """From now on ``what`` is done with a message when its action of this id is chosen."""
        self._acts.handle(action, what)

    def act_on(self, node_id: Id, action: str) -> None:
        """A button of the transcript was pressed."""
        self._acts.act_on(node_id, action)

    def anchor(self, node_id: Id, action: str) -> QWidget:
        """The button where an action of a message was chosen: what opens beside it is placed there."""
        return self._acts.anchor(node_id, action)

    # Signals ----------------------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        composer, sidebar, page = self._page.composer, self._sidebar, self._page
        composer.submitted.connect(self.send)
        composer.stopped.connect(self.stop)
        composer.recalled.connect(self.edit_last)
        composer.editing_ended.connect(self._drafts.end_editing)
        composer.edited.connect(self._meter.soon)
        composer.edited.connect(self._kept_drafts.touch)
        composer.model_asked.connect(self.models.open_list)
        composer.effort_asked.connect(self.effort.open_list)
        page.welcome.suggested.connect(lambda text: composer.show_text(with_suggestion(text, composer.text())))
        page.remedy_asked.connect(self._remedy)
        page.branches.clicked.connect(self.steering.show_tree)
        if page.transcript is not None:
            page.transcript.menu_asked.connect(self.steering.show_menu)
        page.actions_asked.connect(self.commands.show_actions)
        sidebar.opened.connect(self.open_chat)
        sidebar.new_asked.connect(self.new_chat)
        sidebar.renamed.connect(self.commands.rename_to)
        sidebar.delete_asked.connect(self.commands.delete)
        sidebar.actions_asked.connect(self.commands.show_chat_actions)
        self.models.changed.connect(self._meter.soon)
        self.models.changed.connect(self.effort.load)
        self.projects.changed.connect(lambda: self.models.show_project(self.projects.current))
        self.projects.changed.connect(lambda: self.effort.show_project(self.projects.current))
        self.projects.changed.connect(self._meter.soon)
        self.projects.changed.connect(self.folders.show)
        self.models.changed.connect(self._offer_smaller)
        self._live.changed.connect(self._on_live_changed)
        self._live.changed.connect(self._aloud.follow)
        self._live.gone.connect(self._on_gone)
        self.prompts.cloud_asked.connect(self._sending.send_draft_elsewhere)
        self.consents.review_asked.connect(self.escalations.review)
        self.escalations.acted.connect(self.act_on)
        self.escalations.page_asked.connect(self.links.open)
        self._live.busy_changed.connect(self._on_busy_changed)
        self._live.busy_changed.connect(self.busy_changed)
        self._bridge.listen(self.on_changed)


def show_in_transcript(transcript: TranscriptView, state: ChatState) -> None:
    """Hand the state to the transcript: while an answer grows, only that answer."""
    shown = transcript.items
    live = live_item(state)
    if live is not None and shown and shown[-1].id == live.id:
        transcript.update_item(live)
    else:
        transcript.set_items(items(state))


def _one_shot(parent: QObject, milliseconds: int, call: Callable[[], None]) -> QTimer:
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setInterval(milliseconds)
    timer.timeout.connect(call)
    return timer

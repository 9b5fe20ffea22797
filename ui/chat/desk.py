"""The desk: ties the sidebar, the page and the live chats to the core. What the person does goes in, news come out."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QPoint, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.chat.feed import items, live_item
from ui.chat.live import LiveChat, LiveChats, told
from ui.chat.offer import Downloads, ModelOffer
from ui.chat.page import ChatPage
from ui.chat.sidebar import Sidebar
from ui.chat.state import ChatState, Phase, Remedy
from ui.chat.words import size_words
from ui.links import Verdict, judge
from ui.notify import Toasts, announce
from ui.widgets.notice import NoticeCard
from ui.widgets.popover import Choice, Popover
from workbench.chat.context import ContextUse
from workbench.chat.tree import ConversationSummary
from workbench.errors import WorkbenchError
from workbench.events import Changed, Topic
from workbench.jobs import Job
from workbench.messages import Id
from workbench.settings import with_value

if TYPE_CHECKING:
    from ui.chat.transcript import TranscriptView
    from workbench.app import Workbench
    from workbench.engine.service import EngineStatus
    from workbench.models.library import InstalledModel

MEASURE_MILLISECONDS = 350
RELOAD_MILLISECONDS = 60


class Desk(QObject):
    """One window's work with chats. ``chat_shown`` names the conversation in view (None: a new one)."""

    chat_shown = Signal(object)

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
        self._editing: Id | None = None
        self._drafts: dict[Id | None, str] = {}
        self._models: tuple[InstalledModel, ...] = ()
        self._chosen: InstalledModel | None = None
        self._measuring: Job | None = None
        self._link_bar: QWidget | None = None
        self._downloads = Downloads(bridge, workbench, self)
        self._offer: ModelOffer | None = None
        self._stale: set[Topic] = set()
        self._reload_soon = _one_shot(self, RELOAD_MILLISECONDS, self._reload_stale)
        self._measure_soon = _one_shot(self, MEASURE_MILLISECONDS, self._measure)
        self._connect()

    @property
    def chat(self) -> LiveChat:
        """The chat in view."""
        return self._chat

    def start(self, conversation_id: Id | None) -> None:
        """Fill the page: lists, models, and the chat that was open last."""
        self._load_chats()
        self._load_models()
        self._load_engine()
        if conversation_id:
            self.open_chat(conversation_id)
        else:
            self._show(self._chat)

    # What the person does ---------------------------------------------------------------------------------------------

    def new_chat(self) -> None:
        if self._chat.state.nodes or self._chat.state.busy or self._chat.state.conversation_id:
            self._turn_to(self._live.fresh())
        self._page.composer.draft.setFocus(Qt.FocusReason.OtherFocusReason)

    def open_chat(self, conversation_id: Id) -> None:
        if conversation_id != self._chat.state.conversation_id:
            self._turn_to(self._live.open(conversation_id))

    def open_number(self, number: int) -> None:
        """The chat at place ``number`` (from 1) of the list."""
        chats = self._sidebar.model.chats
        if number <= len(chats):
            self.open_chat(chats[number - 1].id)

    def send(self, text: str) -> None:
        replaces, self._editing = self._editing, None
        self._page.composer.show_editing(False)
        self._page.composer.clear()
        self._live.send(self._chat, text, replaces)

    def stop(self) -> None:
        self._live.stop(self._chat)

    def regenerate(self) -> None:
        if self._chat.state.last_answer is not None:
            self._live.regenerate(self._chat)

    def edit_last(self) -> None:
        """Put the last question back into the composer; sending it makes a new branch."""
        question = self._chat.state.last_question
        if question is None or self._chat.state.busy:
            return
        self._editing = question.id
        self._page.composer.show_text(question.message.text)
        self._page.composer.show_editing(True)

    def end_editing(self) -> None:
        self._editing = None
        self._page.composer.clear()
        self._page.composer.show_editing(False)
        self._page.composer.draft.setFocus()

    def rename(self) -> None:
        if self._chat.state.conversation_id:
            self._sidebar.rename(self._chat.state.conversation_id)

    def delete(self, chat: ConversationSummary | None = None) -> None:
        """Delete ``chat`` (or the one in view) into the bin, and offer to undo it."""
        conversation_id = chat.id if chat else self._chat.state.conversation_id
        if conversation_id is None:
            return
        title = (chat.title if chat else self._chat.state.title) or "New chat"
        self._live.forget(conversation_id)
        if conversation_id == self._chat.state.conversation_id:
            self._turn_to(self._live.fresh())
        self._ask(
            lambda: self._workbench.chat.delete(conversation_id),
            lambda: self._toasts.show(f"Deleted “{shortened(title)}”.", "Undo", lambda: self._restore(conversation_id)),
        )

    def copy_answer(self) -> None:
        answer = self._chat.state.last_answer
        text = answer.message.text if answer else ""
        self._copy(text, "Answer copied.", "There is no answer to copy yet.")

    def copy_code(self) -> None:
        answer = self._chat.state.last_answer
        text = last_code(answer.message.text) if answer else ""
        self._copy(text, "Code copied.", "The last answer has no code block.")

    def find(self) -> None:
        if self._page.transcript is not None and self._chat.state.nodes:
            self._page.find_bar.open_on(self._page.transcript)

    def choose_model(self) -> None:
        """The list of installed models, above the chip."""
        choices = [
            Choice(
                model.name,
                partial(self._use_model, model.name),
                icon="cpu",
                detail=size_words(model.bytes),
                checked=self._chosen is not None and model.id == self._chosen.id,
            )
            for model in self._models
            if not model.problem
        ]
        choices.append(Choice("Choose a GGUF file…", self.choose_file, icon="folder-open", separated=bool(choices)))
        popover = Popover("Models", choices, self._appearance, self._page.window())
        popover.open_at(self._page.composer.model_chip, above=True)

    def choose_file(self) -> None:
        """Use a model file wherever it lies; it is not copied."""
        dialog = QFileDialog(self._page.window(), "Choose a model", "", "Models (*.gguf)")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._use_model)
        dialog.open()

    def show_actions(self, anchor: QWidget) -> None:
        """What can be done with the chat in view."""
        state = self._chat.state
        choices = [
            Choice("Rename", self.rename, icon="pencil", key="F2"),
            Choice("Copy the last answer", self.copy_answer, icon="copy"),
            Choice("New answer", self.regenerate, icon="refresh-cw"),
            Choice("Delete", self.delete, icon="trash-2", danger=True, separated=True),
        ]
        if state.last_answer is None:
            choices = [choices[0], choices[3]]
        Popover("Chat actions", choices, self._appearance, self._page.window()).open_at(anchor)

    def show_chat_actions(self, chat: ConversationSummary, corner: QPoint) -> None:
        """What can be done with a chat of the list."""
        choices = [
            Choice("Open", lambda: self.open_chat(chat.id), icon="message-square"),
            Choice("Rename", lambda: self._sidebar.rename(chat.id), icon="pencil", key="F2"),
            Choice("Delete", lambda: self.delete(chat), icon="trash-2", danger=True, separated=True),
        ]
        popover = Popover(f"Actions for {chat.title}", choices, self._appearance, self._page.window())
        popover.open_with_corner(corner)

    def open_link(self, target: str, text: str = "") -> None:
        """Open a link of an answer, or ask first, or refuse; see `ui.links`."""
        link = judge(target, text)
        if link.verdict is Verdict.OPEN:
            QDesktopServices.openUrl(QUrl(link.target))
        elif link.verdict is Verdict.ASK:
            self._ask_for_link(link.target, link.shown)
        else:
            self._toasts.show(f"This link is not opened: {shortened(link.shown, 90)}")

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
            if not self._chat.state.busy:
                self._live.reload(self._chat)
        if stale & {Topic.MODELS, Topic.SETTINGS}:
            self._load_models()
        if stale & {Topic.ENGINE, Topic.SETTINGS}:
            self._load_engine()

    def _load_chats(self) -> None:
        self._bridge.run(lambda _job: self._workbench.chat.list(), on_done=self._show_chats)

    def _show_chats(self, chats: tuple[ConversationSummary, ...]) -> None:
        self._sidebar.show_chats(chats)
        self._sidebar.select(self._chat.state.conversation_id)
        self._sidebar.model.show_busy(self._live.busy)

    def _load_models(self) -> None:
        self._bridge.run(lambda _job: self._installed(), on_done=self._show_models)

    def _installed(self) -> tuple[tuple[InstalledModel, ...], InstalledModel | None, WorkbenchError | None]:
        """The models on this disk, the one that would answer, and why none would. In a worker."""
        models = self._workbench.models
        try:
            return models.list(), models.get(self._workbench.settings.chat.model or None), None
        except WorkbenchError as error:
            return models.list(), None, error

    def _show_models(
        self, found: tuple[tuple[InstalledModel, ...], InstalledModel | None, WorkbenchError | None]
    ) -> None:
        self._models, chosen, problem = found
        self._chosen = chosen
        self._page.composer.show_model(chosen.name if chosen else "")
        self._page.composer.show_sendable(chosen is not None)
        self._page.welcome.show_suggestions(chosen is not None)
        self._show_offer(chosen is None)
        if problem is not None and self._models:
            self._toasts.tell(problem, "Choose a model", self.choose_model)
        self._measure_soon.start()

    def _show_offer(self, needed: bool) -> None:
        if self._offer is not None:
            self._offer.setVisible(needed)
        elif needed:
            self._offer = ModelOffer(self._appearance, self._downloads)
            self._offer.file_asked.connect(self.choose_file)
            self._offer.terms_asked.connect(self.open_link)
            self._offer.installed.connect(self._on_installed)
            self._page.put_above_composer(self._offer)
            self._bridge.run(lambda _job: self._workbench.models.starters(), on_done=self._offer.show_starters)

    def _on_installed(self) -> None:
        self._load_models()
        self._toasts.show("The model is ready: ask it something.")
        self._page.composer.draft.setFocus()

    def _load_engine(self) -> None:
        self._bridge.run(lambda _job: self._workbench.engine.status(), on_done=self._show_engine)

    def _show_engine(self, status: EngineStatus) -> None:
        self._page.engine.setText(engine_words(status))
        self._page.engine.setToolTip(status.cause or "")
        self._measure_soon.start()

    # The chat in view -------------------------------------------------------------------------------------------------

    def _turn_to(self, chat: LiveChat) -> None:
        self._drafts[self._chat.state.conversation_id] = self._page.composer.text()
        if self._editing is not None:
            self._drafts.pop(self._chat.state.conversation_id, None)
            self.end_editing()
        self._chat = chat
        self._page.find_bar.hide()
        self._page.composer.clear()
        if draft := self._drafts.pop(chat.state.conversation_id, ""):
            self._page.composer.show_text(draft)
        self._show(chat)
        self._sidebar.select(chat.state.conversation_id)
        self.chat_shown.emit(chat.state.conversation_id)

    def _show(self, chat: LiveChat) -> None:
        if chat is not self._chat:
            return
        state = chat.state
        self._page.show_state(state)
        if self._page.transcript is not None:
            show_in_transcript(self._page.transcript, state)
        if not state.busy:
            self._measure_soon.start()

    def _on_live_changed(self, chat: LiveChat) -> None:
        if chat is self._chat:
            self._give_back_unsent(chat.state)
        self._show(chat)

    def _give_back_unsent(self, state: ChatState) -> None:
        """A text that never reached the disk returns to the composer."""
        if state.failure is not None and state.unsent and not self._page.composer.text():
            self._page.composer.show_text(state.unsent)

    def _on_busy_changed(self) -> None:
        self._sidebar.model.show_busy(self._live.busy)
        self._sidebar.select(self._chat.state.conversation_id)
        self.chat_shown.emit(self._chat.state.conversation_id)
        if self._chat.state.phase is Phase.IDLE and self._chat.state.nodes:
            announce(self._page, "Answer finished.")

    def _remedy(self, remedy: Remedy) -> None:
        self._live.dismiss(self._chat)
        if remedy is Remedy.NEW_CHAT:
            self.new_chat()
        elif remedy is Remedy.RETRY:
            self._ask_again()

    def _ask_again(self) -> None:
        """The last question without an answer, asked once more in its own place."""
        question = self._chat.state.last_question
        if question is not None:
            self._live.send(self._chat, question.message.text, question.id)

    def act_on(self, node_id: Id, action: str) -> None:
        """A button of the transcript was pressed."""
        node = next((node for node in self._chat.state.nodes if node.id == node_id), None)
        if node is None:
            return
        failure = self._chat.state.failure
        steps: dict[str, Callable[[], None]] = {
            "copy": lambda: self._copy(node.message.text, "Copied.", "There is nothing to copy yet."),
            "edit": self.edit_last,
            "regenerate": self.regenerate,
            "retry": self.regenerate,
            "continue": lambda: self._live.continue_answer(self._chat),
            "details": lambda: self._copy(told(failure) if failure else "", "Details copied.", "There are no details."),
            "models": self.choose_model,
            "new_chat": self.new_chat,
        }
        if action in steps:
            steps[action]()

    def _measure(self) -> None:
        """How full the context is, counted off the main thread; only the newest draft counts."""
        if self._measuring is not None:
            self._measuring.cancel.cancel()
        if self._chat.state.busy:
            return
        conversation_id, text = self._chat.state.conversation_id, self._page.composer.text()
        self._measuring = self._bridge.run(
            lambda job: self._workbench.chat.measure(conversation_id, text, job.cancel),
            on_done=self._page.composer.show_context,
            on_failed=lambda _error: self._page.composer.show_context(ContextUse(None, None)),
        )

    # Small steps ------------------------------------------------------------------------------------------------------

    def _rename(self, conversation_id: Id, title: str) -> None:
        self._ask(lambda: self._workbench.chat.rename(conversation_id, title))

    def _restore(self, conversation_id: Id) -> None:
        self._ask(lambda: self._workbench.chat.restore(conversation_id), lambda: self.open_chat(conversation_id))

    def _use_model(self, name: str) -> None:
        def save() -> None:
            self._workbench.models.get(name)  # a file that is no model is refused before it is chosen
            self._workbench.save_settings(with_value(self._workbench.settings, "chat.model", name))

        self._ask(save, self._load_models)
        self._page.composer.draft.setFocus()

    def _copy(self, text: str, done: str, nothing: str) -> None:
        if text:
            QGuiApplication.clipboard().setText(text)
        self._toasts.show(done if text else nothing, seconds=3)

    def _ask(self, work: Callable[[], Any], then: Callable[[], None] | None = None) -> None:
        """Do ``work`` off the main thread; a failure becomes a toast."""
        self._bridge.run(
            lambda _job: work(),
            on_done=lambda _result: then() if then else None,
            on_failed=self._toasts.tell,
        )

    def _ask_for_link(self, target: str, shown: str) -> None:
        self._close_link_bar()
        self._link_bar = NoticeCard(
            self._appearance,
            "This link leads to another place than it says, or to another program:",
            shown,
            steps=(("Open it", lambda: self._open_asked(target)), ("Leave it", self._close_link_bar)),
        )
        self._page.put_above_composer(self._link_bar)

    def _open_asked(self, target: str) -> None:
        self._close_link_bar()
        QDesktopServices.openUrl(QUrl(target))

    def _close_link_bar(self) -> None:
        if self._link_bar is not None:
            self._link_bar.hide()
            self._link_bar.deleteLater()
            self._link_bar = None

    def _connect(self) -> None:
        composer, sidebar, page = self._page.composer, self._sidebar, self._page
        composer.submitted.connect(self.send)
        composer.stopped.connect(self.stop)
        composer.recalled.connect(self.edit_last)
        composer.editing_ended.connect(self.end_editing)
        composer.edited.connect(self._measure_soon.start)
        composer.model_asked.connect(self.choose_model)
        page.welcome.suggested.connect(composer.show_text)
        page.remedy_asked.connect(self._remedy)
        page.actions_asked.connect(self.show_actions)
        sidebar.opened.connect(self.open_chat)
        sidebar.new_asked.connect(self.new_chat)
        sidebar.renamed.connect(self._rename)
        sidebar.delete_asked.connect(self.delete)
        sidebar.actions_asked.connect(self.show_chat_actions)
        self._live.changed.connect(self._on_live_changed)
        self._live.busy_changed.connect(self._on_busy_changed)
        self._bridge.listen(self.on_changed)


def show_in_transcript(transcript: TranscriptView, state: ChatState) -> None:
    """Hand the state to the transcript: while an answer grows, only that answer."""
    shown = transcript.items
    live = live_item(state)
    if live is not None and shown and shown[-1].id == live.id:
        transcript.update_item(live)
    else:
        transcript.set_items(items(state))


def shortened(text: str, length: int = 40) -> str:
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def last_code(markdown: str) -> str:
    """The content of the last fenced code block, or nothing."""
    blocks: list[str] = []
    fence = ""
    for line in markdown.splitlines():
        bare = line.strip()
        if fence:
            if bare.startswith(fence) and not bare.strip(fence[0]):
                fence = ""
            else:
                blocks[-1] += line + "\n"
        elif bare.startswith(("```", "~~~")):
            fence = bare[: len(bare) - len(bare.lstrip(bare[0]))]
            blocks.append("")
    return blocks[-1] if blocks else ""


def engine_words(status: EngineStatus) -> str:
    """The engine's state in a few words for the title bar."""
    words = {"starting": "Loading", "ready": "Ready", "failed": "The engine stopped"}.get(str(status.state), "")
    if not words:
        return ""
    context = f"{status.context_tokens:,} tokens of context" if status.context_tokens else ""
    return " · ".join(piece for piece in (status.model, words, context) if piece)


def _one_shot(parent: QObject, milliseconds: int, call: Callable[[], None]) -> QTimer:
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setInterval(milliseconds)
    timer.timeout.connect(call)
    return timer

"""The pages of the window: the chats, and what is beside them. Each is made, with its work, when it is first asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.chat.page import ChatPage
from ui.notify import Toasts

if TYPE_CHECKING:
    from ui.chat.desk import Desk
    from ui.documents.desk import DocumentsDesk
    from ui.documents.page import DocumentsPage
    from ui.feedback.desk import FeedbackPageDesk
    from ui.feedback.page import FeedbackPage
    from ui.memory.desk import MemoryDesk
    from ui.memory.page import MemoryPage
    from ui.models.checking import Checking
    from ui.models.desk import ModelsDesk
    from ui.models.page import ModelsPage
    from ui.projects.desk import ProjectDesk
    from ui.projects.page import ProjectPage
    from ui.prompts.batches.desk import BatchesDesk
    from ui.prompts.batches.page import BatchesPage
    from ui.prompts.batches.run_desk import RunDesk
    from ui.prompts.batches.run_page import RunPage
    from ui.prompts.desk import PromptsDesk
    from ui.prompts.page import PromptsPage
    from ui.settings.page import SettingsPage
    from ui.tools.desk import ToolsDesk
    from ui.tools.page import ToolsPage
    from workbench.app import Workbench
    from workbench.messages import UsedPrompt


class Pages(QStackedWidget):
    """``turned``: a page beside the chats came into view; ``returned``: the chats did. ``passage_asked``: the id of a
    document, and from where to where its passage stands. ``text_asked``: a title, and a text to be read beside.
    ``message_asked``: a chat, and a message of it. ``restart_asked``: the program ends and starts again. Before `fill` only
    the chats are there."""

    turned = Signal()
    returned = Signal()
    passage_asked = Signal(int, int, int)
    text_asked = Signal(str, str)
    message_asked = Signal(str, str)
    restart_asked = Signal()

    def __init__(self, bridge: Bridge, appearance: Appearance, chats: ChatPage) -> None:
        super().__init__()
        self._bridge = bridge
        self._appearance = appearance
        self._chats = chats
        self._workbench: Workbench | None = None
        self._toasts: Toasts | None = None
        self._desk: Desk | None = None
        self._checking: Checking | None = None
        self._beside: list[QWidget] = []
        self.models: ModelsPage | None = None
        self.models_desk: ModelsDesk | None = None
        self.documents: DocumentsPage | None = None
        self.documents_desk: DocumentsDesk | None = None
        self.project: ProjectPage | None = None
        self.project_desk: ProjectDesk | None = None
        self.prompts: PromptsPage | None = None
        self.prompts_desk: PromptsDesk | None = None
        self.batches: BatchesPage | None = None
        self.batches_desk: BatchesDesk | None = None
        self.run: RunPage | None = None
        self.run_desk: RunDesk | None = None
        self.settings: SettingsPage | None = None
        self.tools: ToolsPage | None = None
        self.tools_desk: ToolsDesk | None = None
        self.memory: MemoryPage | None = None
        self.memory_desk: MemoryDesk | None = None
        self.feedback: FeedbackPage | None = None
        self.feedback_desk: FeedbackPageDesk | None = None
        self.addWidget(chats)

    def fill(self, workbench: Workbench, toasts: Toasts, desk: Desk, checking: Checking) -> None:
        """The core is there: from now on pages open."""
        self._workbench = workbench
        self._toasts = toasts
        self._desk = desk
        self._checking = checking

    def flush(self) -> None:
        """Keep what was typed and is not kept yet."""
        if self.settings is not None:
            self.settings.flush()
        if self.prompts_desk is not None:
            self.prompts_desk.flush()
        if self.memory_desk is not None:
            self.memory_desk.flush()

    # Turning ----------------------------------------------------------------------------------------------------------

    def show_chats(self) -> None:
        """Back from a page beside them."""
        if self.currentWidget() in self._beside:
            self.setCurrentWidget(self._chats)
            self.returned.emit()

    def step_back(self) -> bool:
        """Escape: a step back within the page in view, else from it to the chats. False: no page beside them is in view."""
        page = self.currentWidget()
        if page not in self._beside:
            return False
        if page is self.models and self.models is not None and self.models.leave_details():
            return True
        if page is self.documents and self.documents is not None and self.documents.leave():
            return True
        if page is self.prompts and self.prompts is not None and self.prompts.leave():
            return True
        if page is self.batches and self.batches is not None and self.batches.leave():
            return True
        self.show_chats()
        return True

    def _turn_to(self, page: QWidget) -> None:
        self.setCurrentWidget(page)
        self.turned.emit()
        page.setFocus()

    def _take_in(
        self,
        page: ModelsPage
        | DocumentsPage
        | ProjectPage
        | PromptsPage
        | BatchesPage
        | RunPage
        | SettingsPage
        | ToolsPage
        | MemoryPage
        | FeedbackPage,
    ) -> None:
        page.closed.connect(self.show_chats)
        self._beside.append(page)
        self.addWidget(page)

    # Models -----------------------------------------------------------------------------------------------------------

    def open_models(self) -> None:
        if self.models is None:
            self._make_models()
        if self.models is not None:
            self._turn_to(self.models)

    def open_model(self, model_id: str) -> None:
        """The details of a model of the library."""
        self.open_models()
        if self.models_desk is not None:
            self.models_desk.open_details(model_id)

    def _make_models(self) -> None:
        if self._workbench is None or self._toasts is None or self._checking is None:
            return
        from ui.models.desk import ModelsDesk
        from ui.models.page import ModelsPage

        self.models = page = ModelsPage(self._appearance)
        self.models_desk = ModelsDesk(
            self._bridge, self._workbench, self._appearance, page, self._toasts, self._checking
        )
        self.models_desk.use_asked.connect(self._use_model)
        self._take_in(page)

    def _use_model(self, name: str) -> None:
        if self._desk is not None:
            self.show_chats()
            self._desk.models.use(name)

    # Documents --------------------------------------------------------------------------------------------------------

    def open_documents(self) -> None:
        """The folders whose files answer."""
        if self.documents is None:
            self._make_documents()
        if self.documents is not None:
            self._turn_to(self.documents)

    def search_documents(self) -> None:
        """The search over all documents."""
        self.open_documents()
        if self.documents is not None:
            self.documents.show_search()

    def explain_search(self, question: str, collections: tuple[str, ...] = ()) -> None:
        """Why nothing was found for ``question`` in these folders (their ids; none: in all)."""
        self.open_documents()
        if self.documents_desk is not None:
            self.documents_desk.explain(question, collections)

    def _make_documents(self) -> None:
        if self._workbench is None or self._toasts is None:
            return
        from ui.documents.desk import DocumentsDesk, on_this_mac
        from ui.documents.page import DocumentsPage

        self.documents = page = DocumentsPage(self._appearance, mac=on_this_mac())
        self.documents_desk = DocumentsDesk(self._bridge, self._workbench, self._appearance, page, self._toasts)
        page.passage_asked.connect(self.passage_asked)
        self._take_in(page)

    # Projects ---------------------------------------------------------------------------------------------------------

    def open_project(self, project_id: str) -> None:
        """The page of a project."""
        if self.project is None:
            self._make_project()
        if self.project is not None and self.project_desk is not None and self._desk is not None:
            self.project_desk.open(project_id)
            self._turn_to(self.project)
            self._desk.projects.show_page(project_id)

    def _make_project(self) -> None:
        if self._workbench is None or self._toasts is None or self._desk is None:
            return
        from ui.projects.desk import ProjectDesk
        from ui.projects.page import ProjectPage

        self.project = page = ProjectPage(self._appearance)
        self.project_desk = ProjectDesk(self._bridge, self._workbench, self._appearance, page, self._toasts)
        self.project_desk.left.connect(self.show_chats)
        page.chat_asked.connect(self._desk.open_chat)
        page.new_chat_asked.connect(self._new_chat_in_project)
        page.facts_asked.connect(self.open_facts)
        self._take_in(page)

    def _new_chat_in_project(self) -> None:
        if self._desk is not None and self.project_desk is not None:
            self.show_chats()
            self._desk.new_chat(self.project_desk.project_id)

    # Prompts ----------------------------------------------------------------------------------------------------------

    def open_prompts(self) -> None:
        """The library of prompts."""
        if self.prompts is None:
            self._make_prompts()
        if self.prompts is not None:
            self._turn_to(self.prompts)

    def open_prompt(self, used: UsedPrompt) -> None:
        """The prompt that a question was written with, as it was then."""
        self.open_prompts()
        if self.prompts_desk is not None:
            self.prompts_desk.open_used(used)

    def _make_prompts(self) -> None:
        if self._workbench is None or self._toasts is None:
            return
        from ui.prompts.desk import PromptsDesk
        from ui.prompts.page import PromptsPage

        self.prompts = page = PromptsPage(self._appearance)
        self.prompts_desk = PromptsDesk(self._bridge, self._workbench, self._appearance, page, self._toasts)
        self.prompts_desk.use_asked.connect(self._use_prompt)
        self.prompts_desk.batch_asked.connect(self.begin_batch)
        self._take_in(page)

    def _use_prompt(self, prompt_id: str) -> None:
        if self._desk is not None:
            self.show_chats()
            self._desk.prompts.use(prompt_id)

    # Many inputs ------------------------------------------------------------------------------------------------------

    def open_batches(self) -> None:
        """What was run on many inputs."""
        if self.batches is None:
            self._make_batches()
        if self.batches is not None:
            self._turn_to(self.batches)

    def begin_batch(self, prompt_id: str) -> None:
        """Choose inputs for this prompt."""
        self.open_batches()
        if self.batches_desk is not None:
            self.batches_desk.begin(prompt_id)

    def _make_batches(self) -> None:
        if self._workbench is None or self._toasts is None:
            return
        from ui.prompts.batches.desk import BatchesDesk
        from ui.prompts.batches.page import BatchesPage

        self.batches = page = BatchesPage(self._appearance)
        self.batches_desk = BatchesDesk(self._bridge, self._workbench, self._appearance, page, self._toasts)
        self.batches_desk.library_asked.connect(self.open_prompts)
        self._take_in(page)

    # A prompt with steps ----------------------------------------------------------------------------------------------

    def run_prompt(self, prompt_id: str) -> None:
        """Fill in a prompt, and watch its steps."""
        if self.run is None:
            self._make_run()
        if self.run is not None and self.run_desk is not None:
            self._turn_to(self.run)
            self.run_desk.begin(prompt_id)

    def _make_run(self) -> None:
        if self._workbench is None or self._toasts is None:
            return
        from ui.prompts.batches.run_desk import RunDesk
        from ui.prompts.batches.run_page import RunPage

        self.run = page = RunPage(self._appearance)
        self.run_desk = RunDesk(self._bridge, self._workbench, self._appearance, page, self._toasts)
        self._take_in(page)

    # Tools ------------------------------------------------------------------------------------------------------------

    def open_tools(self) -> None:
        """What models may call, and the servers that offer more."""
        if self.tools is None:
            self._make_tools()
        if self.tools is not None:
            self._turn_to(self.tools)

    def _make_tools(self) -> None:
        if self._workbench is None or self._toasts is None:
            return
        from ui.tools.desk import ToolsDesk
        from ui.tools.page import ToolsPage

        self.tools = page = ToolsPage(self._appearance)
        self.tools_desk = ToolsDesk(self._bridge, self._workbench, self._appearance, page, self._toasts)
        self.tools_desk.settings_asked.connect(self.choose_web_search)
        self.tools_desk.text_asked.connect(self.text_asked)
        self._take_in(page)

    # Memory -----------------------------------------------------------------------------------------------------------

    def open_memory(self) -> None:
        """What is remembered of the person."""
        if self.memory is None:
            self._make_memory()
        if self.memory is not None:
            self._turn_to(self.memory)

    def open_facts(self, project_id: str) -> None:
        """The facts of a project."""
        self.open_memory()
        if self.memory_desk is not None:
            self.memory_desk.show_project(project_id)

    def _make_memory(self) -> None:
        if self._workbench is None or self._toasts is None or self._desk is None:
            return
        from ui.memory.desk import MemoryDesk
        from ui.memory.page import MemoryPage

        self.memory = page = MemoryPage(self._appearance)
        self.memory_desk = MemoryDesk(self._bridge, self._workbench, self._appearance, page, self._toasts)
        self.memory_desk.chat_asked.connect(self._open_source)
        self._take_in(page)

    def _open_source(self, chat: str, message: str) -> None:
        """Where a fact comes from: at the message, where that is known."""
        if message:
            self._open_message(chat, message)
        elif self._desk is not None:
            self.show_chats()
            self._desk.open_chat(chat)

    # Feedback ---------------------------------------------------------------------------------------------------------

    def open_feedback(self) -> None:
        """What the person thinks of answers, and their test cases."""
        if self.feedback is None:
            self._make_feedback()
        if self.feedback is not None:
            self._turn_to(self.feedback)

    def _make_feedback(self) -> None:
        if self._workbench is None or self._toasts is None:
            return
        from ui.feedback.desk import FeedbackPageDesk
        from ui.feedback.page import FeedbackPage

        self.feedback = page = FeedbackPage(self._appearance)
        self.feedback_desk = FeedbackPageDesk(self._bridge, self._workbench, self._appearance, page, self._toasts)
        self.feedback_desk.message_asked.connect(self._open_message)
        self._take_in(page)

    def _open_message(self, chat: str, message: str) -> None:
        self.show_chats()
        self.message_asked.emit(chat, message)

    # Settings ---------------------------------------------------------------------------------------------------------

    def open_settings(self) -> None:
        if self.settings is None:
            self._make_settings()
        if self.settings is not None:
            waits = self._desk is not None and self._desk.escalations.waiting_chat is not None
            self.settings.return_bar.setVisible(waits)
            self.settings.refresh()
            self._turn_to(self.settings)

    def change_shortcuts(self) -> None:
        self.open_settings()
        if self.settings is not None:
            self.settings.open_shortcuts()

    def choose_web_search(self) -> None:
        self.open_settings()
        if self.settings is not None:
            self.settings.open_web_search()

    def open_cloud(self) -> None:
        """The section of the settings where providers are logged in to."""
        self.open_settings()
        if self.settings is not None:
            self.settings.open_cloud()

    def _return_to_sheet(self) -> None:
        """To the chat whose question waits, where its sheet comes back."""
        here = self._desk.escalations.waiting_chat if self._desk is not None else None
        if self._desk is not None and here is not None:
            self._desk.open_chat(here)
        else:
            self.show_chats()

    def _make_settings(self) -> None:
        if self._workbench is None or self._toasts is None:
            return
        from ui.settings.page import SettingsPage

        self.settings = page = SettingsPage(self._bridge, self._workbench, self._appearance)
        page.told.connect(self._toasts.tell)
        page.said.connect(self._toasts.show)
        page.return_bar.pressed.connect(self._return_to_sheet)
        page.keeping.restart_asked.connect(self.restart_asked)
        page.keeping.feedback_asked.connect(self.open_feedback)
        self._take_in(page)

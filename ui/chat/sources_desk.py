"""Ties the numbers of answers to their passages: in the panel at the right, in the system's program, and why none."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ui.appearance import Appearance
from ui.chat.citations import chat_of, citation_at, doubt_words, kind_of, passage_of
from ui.chat.sources_row import BESIDE, WHY_NOT
from ui.notify import Toasts
from ui.translation import tr
from workbench.chat.tree import Node
from workbench.messages import Id, Role, Sources

if TYPE_CHECKING:
    from ui.chat.desk import Desk
    from ui.chat.page import ChatPage
    from ui.chat.sources_list import SourcesPanel
    from ui.documents.viewer.desk import ViewerDesk


class SourcesDesk(QObject):
    """``why_not_asked`` carries the question that found nothing, and the folders that were asked. ``message_asked``: a chat
    and one of its messages."""

    why_not_asked = Signal(str, object)
    message_asked = Signal(str, str)

    def __init__(
        self, appearance: Appearance, desk: Desk, viewer: Callable[[], ViewerDesk], toasts: Toasts, page: ChatPage
    ) -> None:
        """``viewer``: makes it when it is first needed."""
        super().__init__(page)
        self._appearance, self._desk, self._toasts, self._page = appearance, desk, toasts, page
        self._viewer = viewer
        self._listed: Id = ""
        self._list: SourcesPanel | None = None
        desk.handle(BESIDE, self._show_beside)
        desk.handle(WHY_NOT, self._ask_why)
        if page.transcript is not None:
            page.transcript.passage_opened.connect(self.open_passage)

    def open_passage(self, item_id: Id, number: int, start: int) -> None:
        """The passage of a number, in the viewer; the others that the answer stands on are a key away."""
        sources = self._sources(item_id)
        passage = passage_of(sources, number)
        if passage is None:
            citation = citation_at(sources, number, start)
            words = doubt_words(citation) if citation is not None else tr("There is no passage of this number.")
            self._toasts.show(words)
            return
        if kind_of(passage) == "page":
            self._desk.links.open(passage.path)
        elif kind_of(passage) == "chat":
            self.message_asked.emit(*chat_of(passage))
        else:
            self._listed = item_id
            files = tuple(one for one in sources.passages if kind_of(one) == "file")
            self._viewer().open_cited(files, files.index(passage), lambda: self._show_list(item_id))

    def _sources(self, item_id: Id) -> Sources:
        """As they are shown: of an answer that is being written, what came so far."""
        view = self._page.transcript
        items = view.items if view is not None else ()
        return next((item.sources for item in items if item.id == item_id), Sources())

    def _show_beside(self, node: Node) -> None:
        self._show_list(node.id)

    def _show_list(self, item_id: Id) -> None:
        node = next((one for one in self._desk.chat.state.nodes if one.id == item_id), None)
        sources = self._sources(item_id)
        self._listed = item_id
        shown = self._made_list()
        shown.show_sources(node.message.text if node is not None else "", sources)
        self._viewer().panel.open(shown)
        shown.focus_first()

    def _made_list(self) -> SourcesPanel:
        if self._list is None:
            from ui.chat.sources_list import SourcesPanel

            viewer = self._viewer()
            self._list = made = SourcesPanel(self._appearance)
            viewer.panel.stack.addWidget(made)
            made.opened.connect(lambda number: self.open_passage(self._listed, number, -1))
            made.handed_over.connect(viewer.hand_over)
            made.closed.connect(viewer.panel.dismiss)
        return self._list

    def _ask_why(self, node: Node) -> None:
        """The question that this answers, with the folders of the chat."""
        nodes = self._desk.chat.state.nodes
        asked = next((one for one in nodes if one.id == node.parent_id and one.message.role is Role.USER), None)
        if asked is not None:
            folders = tuple(getattr(self._desk.chat.state, "folders", ()))
            self.why_not_asked.emit(asked.message.text, folders)

"""Reading in one window: formulas drawn beside the main thread, details and copies of a message, the panel at the right."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLayout, QStackedWidget, QWidget

from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.chat import copying
from ui.chat.answer_details import details
from ui.chat.answer_details_card import DetailsCard
from ui.chat.answer_elsewhere import NOT_ELSEWHERE, Elsewhere
from ui.chat.answer_source import from_cloud
from ui.chat.link_texts import link_texts
from ui.chat.sources_desk import SourcesDesk
from ui.chat.words import shortened
from ui.links import Verdict, judge
from ui.notify import Toasts
from ui.panel.documents import Document
from ui.panel.kept_versions import KeptVersions
from ui.panel.side_panel import SidePanel
from ui.translation import tr
from ui.widgets.formulas import formulas
from ui.widgets.popover import Choice, Popover
from workbench.chat.tree import Node
from workbench.chat.versions.versions import WHOLE

if TYPE_CHECKING:
    from ui.chat.desk import Desk
    from ui.chat.page import ChatPage
    from ui.documents.viewer.desk import ViewerDesk
    from workbench.app import Workbench


class Reading(QObject):
    """Answers to the actions "answer_details", "copy_as" and "open_in_panel" of a message, and to the code blocks'."""

    def __init__(
        self, bridge: Bridge, workbench: Workbench, appearance: Appearance, desk: Desk, toasts: Toasts, page: ChatPage
    ) -> None:
        super().__init__(page)
        self._workbench, self._appearance = workbench, appearance
        self._desk, self._toasts, self._page = desk, toasts, page
        self.panel = SidePanel(appearance)
        if (row := page.window().layout()) is not None:
            self.panel.taken = partial(_width_of_first, row)  # the sidebar
            row.addWidget(self.panel)
        self.panel.covers.connect(self._make_way)
        desk.chat_shown.connect(lambda _chat: self._uncover())
        if isinstance(pages := page.parentWidget(), QStackedWidget):
            self.panel.least = lambda: pages.minimumSizeHint().width()
            pages.currentChanged.connect(lambda _page: self._uncover())
        self.panel.closed.connect(self._go_back)
        self._bridge = bridge
        self._viewer: ViewerDesk | None = None
        self.sources = SourcesDesk(appearance, desk, self.viewer, toasts, page)
        self.panel.saved.connect(lambda path: toasts.show(tr("Saved as {path}.").format(path=path)))
        self.panel.not_saved.connect(toasts.show)
        self._versions = KeptVersions(bridge, workbench, self.panel, toasts)
        formulas().use(lambda work, done: bridge.run(lambda _job: work(), on_done=done))
        page.window().installEventFilter(self)
        desk.handle("answer_details", self._show_details)
        desk.handle("copy_as", self._choose_copy)
        desk.handle("open_in_panel", self._open_message)
        if page.transcript is not None:
            page.transcript.code_opened.connect(self._open_code)

    def viewer(self) -> ViewerDesk:
        """Where documents are read, made when it is first needed."""
        if self._viewer is None:
            from ui.documents.viewer.desk import ViewerDesk

            pages = self._page.parentWidget() or self._page
            self._viewer = made = ViewerDesk(
                self._bridge, lambda: self._workbench.documents, self._appearance, self._toasts, pages
            )
            made.panel.opened.connect(self.panel.hide)  # it sees to the room of the page itself
            made.viewer.markdown.link_activated.connect(self._follow)
            made.viewer.markdown.code_opened.connect(self._open_code)
            made.panel.closed.connect(self._go_back)
        return self._viewer

    def _show_details(self, node: Node) -> None:
        turn, workbench = node.turn, self._workbench
        if turn is None or not from_cloud(turn):
            self._open_details(node, NOT_ELSEWHERE)
            return
        turn_id = turn.id
        self._bridge.run(
            lambda _job: Elsewhere(
                workbench.ledger.of_turn(turn_id),
                workbench.escalations.of_turn(turn_id),
                workbench.escalations.requests_of(turn_id),
            ),
            on_done=lambda told: self._open_details(node, told),
            on_failed=lambda _error: self._open_details(node, NOT_ELSEWHERE),
        )

    def _open_details(self, node: Node, elsewhere: Elsewhere) -> None:
        state, system = self._desk.chat.state, self._workbench.settings.chat.system
        groups = details(node, state.nodes, seen=state.seen, instructions=system, elsewhere=elsewhere)
        DetailsCard(groups, self._appearance, self._page.window()).open()

    def _choose_copy(self, node: Node) -> None:
        text = node.message.text
        clipboard = QGuiApplication.clipboard()
        choices = [
            Choice(tr("As Markdown"), lambda: clipboard.setText(text), icon="code"),
            Choice(tr("As plain text"), lambda: clipboard.setText(copying.plain(text)), icon="file-text"),
            Choice(tr("With its formatting"), lambda: clipboard.setMimeData(copying.mime(text)), icon="copy"),
        ]
        Popover(tr("Copy"), choices, self._appearance, self._page.window()).open_at(
            self._desk.anchor(node.id, "copy_as")
        )

    def _open_message(self, node: Node) -> None:
        title = shortened(node.message.text.strip().partition("\n")[0].lstrip("# "), 60) or tr("Message")
        self._make_room()
        self._show_kept(node.id, WHOLE, title, "markdown", node.message.text)

    def show_text(self, title: str, text: str) -> None:
        """Plain text beside the page, as a document of its own."""
        self._make_room()
        self.panel.show_document(f"text:{title}", title, "", text)

    def _open_code(self, item_id: str, place: str, code: str, language: str) -> None:
        self._make_room()
        self._show_kept(item_id, place, language or tr("Text"), language, code)

    def _show_kept(self, message_id: str, place: str, title: str, language: str, text: str) -> None:
        """Of a message of a chat that is kept, its versions come and go with it."""
        stays = any(node.id == message_id for node in self._desk.chat.state.nodes) and not self._is_temporary
        self._versions.show(message_id, place, Document(title, language, (text,), stays=stays))

    @property
    def _is_temporary(self) -> bool:
        return self._desk.chat.service is not self._workbench.chat

    def _follow(self, target: str) -> None:
        """A link of a document: judged as those of answers are, by the one that says least truth."""
        shown = self.viewer().viewer.opened
        said = link_texts((shown.text,) if shown is not None else (), target)
        lying = next((words for words in said if judge(target, words).verdict is not Verdict.OPEN), "")
        if judge(target, lying).verdict is Verdict.ASK and not self._page.isVisible():
            self._make_room()  # the question stands above the composer
            self._desk.asked_for.emit()
        self._desk.links.open(target, lying)

    def _make_room(self) -> None:
        if self._viewer is not None:
            self._viewer.panel.dismiss()

    def _make_way(self, covered: bool) -> None:
        """In a narrow window the panel has the room of the page too."""
        pages = self._page.parentWidget()
        if pages is not None:
            pages.setVisible(not covered)

    def _uncover(self) -> None:
        """Something else is wanted in view: a panel that has all the room gives it back."""
        pages = self._page.parentWidget()
        if pages is not None and pages.isHidden() and self.panel.isVisible():
            self.panel.dismiss()

    def _go_back(self) -> None:
        """To the page that is in view."""
        pages = self._page.parentWidget()
        view: QWidget | None = self._page.transcript or self._page.composer.draft
        if not self._page.isVisible():
            view = pages.currentWidget() if isinstance(pages, QStackedWidget) else None
        if view is not None:
            view.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The window's threads end with it; in a narrower one the panel makes room."""
        if watched is self._page.window() and event.type() == QEvent.Type.Close:
            formulas().use(None)
            self._versions.flush()
        elif watched is self._page.window() and event.type() == QEvent.Type.Resize and self.panel.isVisible():
            self.panel.fit()
        return False


def _width_of_first(row: QLayout) -> int:
    item = row.itemAt(0)
    first = item.widget() if item is not None else None
    return first.width() if first is not None and first.isVisible() else 0

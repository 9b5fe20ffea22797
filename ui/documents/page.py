"""The Documents page: all folders, one of them, or the search over all. Layout only."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QButtonGroup, QStackedWidget, QWidget
from shiboken6 import isValid

from ui.appearance import Appearance
from ui.documents.adding import DropHere
from ui.documents.folder_view import FolderView
from ui.documents.folders import FoldersView
from ui.documents.search import SearchView
from ui.page_frame import header, lay_out, tab
from ui.translation import tr
from ui.widgets.buttons import IconButton
from ui.widgets.labels import label

AROUND = 120  # pixels of the header that are not for its words


class DocumentsPage(QWidget):
    """``closed``: back to the chat. ``looked_at``: it came into view. ``passage_asked``: the id of a document, and from
    where to where its passage stands (0, 0: its beginning)."""

    closed = Signal()
    looked_at = Signal()
    passage_asked = Signal(int, int, int)

    def __init__(self, appearance: Appearance, *, mac: bool = False) -> None:
        super().__init__()
        self.setProperty("look", "page")
        self.setAccessibleName(tr("Documents"))
        self.folders = FoldersView(appearance, mac=mac)
        self.folder = FolderView(appearance)
        self.search = SearchView(appearance)
        self.drop = DropHere(self)
        self._tabs = QButtonGroup(self)
        self.show_folders_button = tab(tr("Folders"), "folder", appearance, self._tabs)
        self.show_search_button = tab(tr("Search"), "search", appearance, self._tabs)
        self.close_button = IconButton("x", tr("Close documents"), appearance)
        self._title = label(tr("Documents"), "title")
        self._title.setContentsMargins(0, 0, 8, 0)
        self._asked_from: QWidget | None = None  # where the focus was when a passage was opened beside
        self._views = QStackedWidget()
        self._lay_out()
        self._connect()
        self.show_folders_button.setChecked(True)

    def show_all_folders(self) -> None:
        """The list of folders."""
        self.show_folders_button.setChecked(True)
        self._views.setCurrentWidget(self.folders)

    def show_folder(self) -> None:
        """The one that `folder` holds."""
        self.show_folders_button.setChecked(True)
        self._views.setCurrentWidget(self.folder)
        self.folder.back.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_search(self) -> None:
        """The search over all documents, ready to be typed into."""
        self.show_search_button.setChecked(True)
        self._views.setCurrentWidget(self.search)
        self.search.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def settle_focus(self) -> None:
        """The folders are there now: the focus goes from where it waited to the first thing to do."""
        if self.close_button.hasFocus() and not self.in_folder and not self.in_search:
            self.folders.add.choose.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def in_folder(self) -> bool:
        """Whether one folder is in view."""
        return self._views.currentWidget() is self.folder

    @property
    def in_search(self) -> bool:
        return self._views.currentWidget() is self.search

    def leave(self) -> bool:
        """A step back within the page; says whether there was one."""
        if self.in_search:
            return self.search.leave_why()
        if self.in_folder:
            self.folder.left.emit()
            return True
        return False

    def _lay_out(self) -> None:
        for view in (self.folders, self.folder, self.search):
            self._views.addWidget(view)
        left = (self._title, self.show_folders_button, self.show_search_button)
        lay_out(self, header(left, (self.close_button,)), self._views)

    def _connect(self) -> None:
        self.close_button.clicked.connect(self.closed)
        self.show_folders_button.clicked.connect(self.show_all_folders)
        self.show_search_button.clicked.connect(self.show_search)
        self.folder.left.connect(self.show_all_folders)
        self.search.folders_asked.connect(self.show_all_folders)
        self.search.chosen.connect(lambda hit: self._ask(hit.document.id, hit.chunk.start, hit.chunk.end))
        self.folder.files.opened.connect(lambda file: self._ask(file.id, 0, 0))

    def _ask(self, document_id: int, start: int, end: int) -> None:
        focused = QApplication.focusWidget()
        self._asked_from = focused if focused is not None and self.isAncestorOf(focused) else None
        self.passage_asked.emit(document_id, start, end)

    # Qt ---------------------------------------------------------------------------------------------------------------

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        before, self._asked_from = self._asked_from, None
        if before is not None and isValid(before) and before.isVisible():
            before.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        target = (
            self.search.field if self.in_search else self.folder.back if self.in_folder else self.folders.add.choose
        )
        (target if target.isVisible() else self.close_button).setFocus(Qt.FocusReason.OtherFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The name of the page goes first where there is no room for it beside the ways through it."""
        tabs = self.show_folders_button.sizeHint().width() + self.show_search_button.sizeHint().width()
        self._title.setVisible(self._title.sizeHint().width() + tabs + AROUND <= event.size().width())
        super().resizeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.looked_at.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.drop.hide()

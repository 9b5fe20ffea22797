"""The Documents page: all folders, one of them, or the search over all. Layout only."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from ui.appearance import Appearance
from ui.documents.adding import DropHere
from ui.documents.folder_view import FolderView
from ui.documents.folders import FoldersView
from ui.documents.search import SearchView
from ui.tabbed_page import TabbedPage
from ui.translation import tr


class DocumentsPage(TabbedPage):
    """``passage_asked``: the id of a document, and from where to where its passage stands (0, 0: its beginning)."""

    passage_asked = Signal(int, int, int)

    def __init__(self, appearance: Appearance, *, mac: bool = False) -> None:
        super().__init__(appearance, tr("Documents"), close_words=tr("Close documents"))
        self.folders = FoldersView(appearance, mac=mac)
        self.folder = FolderView(appearance)
        self.search = SearchView(appearance)
        self.drop = DropHere(self)
        self.show_folders_button = self._tab(tr("Folders"), "folder")
        self.show_search_button = self._tab(tr("Search"), "search")
        self._asked_from: QWidget | None = None  # where the focus was when a passage was opened beside
        self._put_views((self.folders, self.folder, self.search))
        self._connect()

    def show_all_folders(self) -> None:
        """The list of folders."""
        self._turn_to(self.folders, self.show_folders_button)

    def show_folder(self) -> None:
        """The one that `folder` holds."""
        self._turn_to(self.folder, self.show_folders_button)
        self.folder.back.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_search(self) -> None:
        """The search over all documents, ready to be typed into."""
        self._turn_to(self.search, self.show_search_button)
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

    def _connect(self) -> None:
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

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.drop.hide()

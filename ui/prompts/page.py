"""The Prompts page: the library, its bin, or one prompt with its versions. Layout only."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QButtonGroup, QStackedWidget, QWidget

from ui.appearance import Appearance
from ui.page_frame import header, lay_out, tab
from ui.prompts.bin_view import BinView
from ui.prompts.editor.view import EditorView
from ui.prompts.history_view import HistoryView
from ui.prompts.library_view import LibraryView
from ui.translation import tr
from ui.widgets.buttons import Button, IconButton
from ui.widgets.labels import label

AROUND = 120  # pixels of the header that are not for its words


class PromptsPage(QWidget):
    """``closed``: back to the chat. ``looked_at``: it came into view; ``looked_away``: it left it. ``bin_asked``: the bin
    comes into view."""

    closed = Signal()
    looked_at = Signal()
    looked_away = Signal()
    bin_asked = Signal()

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self.setProperty("look", "page")
        self.setAccessibleName(tr("Prompts"))
        self.library = LibraryView(appearance)
        self.bin = BinView(appearance)
        self.editor = EditorView(appearance)
        self.history = HistoryView(appearance)
        self._tabs = QButtonGroup(self)
        self.show_library_button = tab(tr("Library"), "book-open", appearance, self._tabs)
        self.show_bin_button = tab(tr("Bin"), "trash-2", appearance, self._tabs)
        self.close_button = IconButton("x", tr("Close prompts"), appearance)
        self._title = label(tr("Prompts"), "title")
        self._title.setContentsMargins(0, 0, 8, 0)
        self._views = QStackedWidget()
        self._lay_out()
        self.show_library_button.setChecked(True)
        self._connect()

    def show_library(self) -> None:
        """The list, with the keyboard where it was."""
        self._turn_to(self.library, self.show_library_button)
        if self.library.list.isVisible() and self.library.list.current is not None:
            self.library.list.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.library.settle_focus()

    def show_bin(self) -> None:
        self._turn_to(self.bin, self.show_bin_button)
        self.bin_asked.emit()

    def show_editor(self) -> None:
        """The prompt that the editor holds."""
        self._turn_to(self.editor, self.show_library_button)

    def show_history(self) -> None:
        self._turn_to(self.history, self.show_library_button)

    @property
    def in_editor(self) -> bool:
        """Whether one prompt is in view."""
        return self._views.currentWidget() is self.editor

    @property
    def in_history(self) -> bool:
        return self._views.currentWidget() is self.history

    @property
    def in_bin(self) -> bool:
        return self._views.currentWidget() is self.bin

    def leave(self) -> bool:
        """A step back within the page; says whether there was one."""
        if self.in_history:
            self.history.left.emit()
            return True
        if self.in_editor:
            self.editor.left.emit()
            return True
        if self.in_bin:
            self.show_library()
            return True
        return self.library.leave_search()

    def settle_focus(self) -> None:
        """The library is there now: the focus goes from where it waited to the first thing to do."""
        if self.close_button.hasFocus() and self._views.currentWidget() is self.library:
            self.library.settle_focus()

    # Inside -----------------------------------------------------------------------------------------------------------

    def _turn_to(self, view: QWidget, tab: Button) -> None:
        tab.setChecked(True)
        self._views.setCurrentWidget(view)

    def _ask_library(self) -> None:
        """From the editor too: what is written there is saved by the way."""
        if self.in_editor:
            self.editor.left.emit()
        else:
            self.show_library()

    def _lay_out(self) -> None:
        for view in (self.library, self.bin, self.editor, self.history):
            self._views.addWidget(view)
        left = (self._title, self.show_library_button, self.show_bin_button)
        lay_out(self, header(left, (self.close_button,)), self._views)

    def _connect(self) -> None:
        self.close_button.clicked.connect(self.closed)
        self.show_library_button.clicked.connect(self._ask_library)
        self.show_bin_button.clicked.connect(self.show_bin)

    # Qt ---------------------------------------------------------------------------------------------------------------

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.close_button.setFocus(Qt.FocusReason.OtherFocusReason)
        if self.in_editor:
            self.editor.text.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.in_history:
            self.history.list.setFocus(Qt.FocusReason.OtherFocusReason)
        elif not self.in_bin:
            self.library.settle_focus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The name of the page goes first where there is no room for it beside the ways through it."""
        tabs = self.show_library_button.sizeHint().width() + self.show_bin_button.sizeHint().width()
        self._title.setVisible(self._title.sizeHint().width() + tabs + AROUND <= event.size().width())
        super().resizeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.looked_at.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.looked_away.emit()

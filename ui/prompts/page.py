"""The Prompts page: the library, its bin, or one prompt with its versions. Layout only."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent

from ui.appearance import Appearance
from ui.prompts.bin_view import BinView
from ui.prompts.editor.view import EditorView
from ui.prompts.history_view import HistoryView
from ui.prompts.library_view import LibraryView
from ui.tabbed_page import TabbedPage
from ui.translation import tr


class PromptsPage(TabbedPage):
    """``bin_asked``: the bin comes into view."""

    bin_asked = Signal()

    def __init__(self, appearance: Appearance) -> None:
        super().__init__(appearance, tr("Prompts"), close_words=tr("Close prompts"))
        self.library = LibraryView(appearance)
        self.bin = BinView(appearance)
        self.editor = EditorView(appearance)
        self.history = HistoryView(appearance)
        self.show_library_button = self._tab(tr("Library"), "book-open")
        self.show_bin_button = self._tab(tr("Bin"), "trash-2")
        self._put_views((self.library, self.bin, self.editor, self.history))
        self.show_library_button.clicked.connect(self._ask_library)
        self.show_bin_button.clicked.connect(self.show_bin)

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

    def _ask_library(self) -> None:
        """From the editor too: what is written there is saved by the way."""
        if self.in_editor:
            self.editor.left.emit()
        else:
            self.show_library()

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

"""Asks before a folder is forgotten: what was read of it would have to be read again."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.documents.words import files_words, passages_words
from ui.translation import tr
from ui.widgets.buttons import Button
from ui.widgets.floating import Floating
from ui.widgets.flow import Flow
from ui.widgets.labels import label
from workbench.documents.collection import CollectionState

WIDTH, MARGIN = 440, 20


class Removing(Floating):
    """``agreed``: forget it."""

    agreed = Signal()

    def __init__(self, appearance: Appearance, window: QWidget, state: CollectionState) -> None:
        question = tr("Remove {name}?").format(name=state.collection.name)
        super().__init__(question, window)
        told = tr("What was read of it is forgotten: {passages} of {files}. The files themselves stay as they are.")
        told = told.format(passages=passages_words(state.chunks), files=files_words(state.files))
        self.setAccessibleDescription(told)
        self.remove_button = Button(tr("Remove"), appearance, icon_name="trash-2", tone="danger")
        self.cancel_button = Button(tr("Keep it"), appearance, look="primary")
        self._buttons = QWidget()
        buttons = Flow(self._buttons, gap=8)
        buttons.addWidget(self.cancel_button)
        buttons.addWidget(self.remove_button)
        outside = QVBoxLayout(self)
        outside.setContentsMargins(MARGIN, 18, MARGIN, 16)
        outside.setSpacing(10)
        self._texts = (label(question, "strong", wrap=True), label(told, wrap=True))
        for text in self._texts:
            outside.addWidget(text)
        outside.addWidget(self._buttons)
        self.cancel_button.clicked.connect(self.dismiss)
        self.remove_button.clicked.connect(self._agree)

    def open(self) -> None:
        room = min(WIDTH, self.host.width() - 48) - 2 * MARGIN
        for text in self._texts:
            text.ensurePolished()
            text.setFixedHeight(text.heightForWidth(room))
        self._buttons.setFixedHeight(self._buttons.heightForWidth(room))
        self.place_at_top(WIDTH)
        self.appear()
        self.cancel_button.setFocus(Qt.FocusReason.PopupFocusReason)

    def _agree(self) -> None:
        self.dismiss()
        self.agreed.emit()

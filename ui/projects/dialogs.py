"""What floats above the page: the name of a new project, and what moving a chat changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.projects.words import EMPTY_LIST
from ui.translation import tr
from ui.widgets.buttons import Button
from ui.widgets.floating import Floating
from ui.widgets.labels import label
from workbench.chat.projects.projects import MOST_NAME_CHARACTERS

WIDTH: Final = 460
MARGIN: Final = 20
TAKEN: Final = 260  # pixels of a window's height that are not for the sentences


class NewProject(Floating):
    """``named`` carries the name. Whoever hears it calls `dismiss` or `show_failure`."""

    named = Signal(str)

    def __init__(self, appearance: Appearance, window: QWidget) -> None:
        super().__init__(tr("New project"), window)
        self.field = QLineEdit()
        self.field.setAccessibleName(tr("Name of the project"))
        self.field.setPlaceholderText(tr("Thesis"))
        self.field.setMaxLength(MOST_NAME_CHARACTERS)
        self._problem = label("", "danger", wrap=True)
        self._problem.hide()
        self.create_button = Button(tr("Create"), appearance, look="primary")
        self.create_button.setEnabled(False)
        outside = _layout(self)
        outside.addWidget(label(tr("New project"), "strong"))
        outside.addWidget(label(tr(EMPTY_LIST), "caption", wrap=True))
        outside.addWidget(self.field)
        outside.addWidget(self._problem)
        outside.addLayout(_buttons(self, appearance, self.create_button))
        self.field.textChanged.connect(lambda text: self.create_button.setEnabled(bool(text.strip())))
        self.field.returnPressed.connect(self.create_button.click)
        self.create_button.clicked.connect(lambda: self.named.emit(self.field.text()))

    def open(self) -> None:
        self.place_at_top(WIDTH)
        self.appear()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def show_failure(self, words: str) -> None:
        self._problem.setText(words)
        self._problem.show()
        self.setAccessibleDescription(words)
        self.place_at_top(WIDTH)
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)


class Moving(Floating):
    """What changes for a chat that is moved. ``agreed``: move it."""

    agreed = Signal()

    def __init__(
        self, appearance: Appearance, window: QWidget, question: str, sentences: Sequence[str], step: str
    ) -> None:
        super().__init__(question, window)
        self.setAccessibleDescription(" ".join(sentences))
        self.move_button = Button(step, appearance, look="primary")
        outside = _layout(self)
        outside.addWidget(label(question, "strong", wrap=True))
        self._words = label("\n\n".join(sentences), wrap=True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._scroll = QScrollArea()  # large type in a low window: the buttons stay in view
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(self._words)
        outside.addWidget(self._scroll)
        outside.addSpacing(4)
        outside.addLayout(_buttons(self, appearance, self.move_button))
        self.move_button.clicked.connect(self._agree)

    def open(self) -> None:
        room = min(WIDTH, self.host.width() - 48) - 2 * MARGIN
        self._words.ensurePolished()
        self._scroll.setFixedHeight(min(self._words.heightForWidth(room) + 4, max(80, self.host.height() - TAKEN)))
        self.place_at_top(WIDTH)
        self.appear()
        self.move_button.setFocus(Qt.FocusReason.PopupFocusReason)

    def _agree(self) -> None:
        self.dismiss()
        self.agreed.emit()


def _layout(dialog: Floating) -> QVBoxLayout:
    outside = QVBoxLayout(dialog)
    outside.setContentsMargins(MARGIN, 18, MARGIN, 16)
    outside.setSpacing(10)
    return outside


def _buttons(dialog: Floating, appearance: Appearance, agree: Button) -> QHBoxLayout:
    cancel = Button(tr("Cancel"), appearance)
    cancel.clicked.connect(dialog.dismiss)
    row = QHBoxLayout()
    row.setSpacing(8)
    row.addStretch()
    row.addWidget(cancel)
    row.addWidget(agree)
    return row

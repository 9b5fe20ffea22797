"""A new chat: what this is, and first steps: suggestions that fill the composer, or how to get a model."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.chat.words import HEADING, WORDS
from ui.icons import pixmap
from ui.translation import marked, tr
from ui.widgets.buttons import ElidedButton
from ui.widgets.labels import label

# icon, words on the button, text put into the composer
SUGGESTIONS = (
    ("file-text", marked("Summarise a text"), marked("Summarise the following text in five short points:\n\n")),
    ("code", marked("Explain some code"), marked("Explain step by step what this code does:\n\n")),
    ("mail", marked("Draft a letter"), marked("Write a short, friendly letter to my landlord about a dripping tap.")),
    (
        "lightbulb",
        marked("Understand something"),
        marked("Explain how public-key cryptography works, with one everyday example."),
    ),
)
ROOM_GAP = 12  # between the suggestions and what is below them


def with_suggestion(text: str, draft: str) -> str:
    """The suggestion, and below it what was written already, unless that was a suggestion too."""
    if not draft or draft in {tr(known).strip() for _icon, _words, known in SUGGESTIONS}:
        return text
    return f"{text.rstrip()}\n\n{draft}"


class Welcome(QWidget):
    """``suggested`` carries the text for the composer."""

    suggested = Signal(str)

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._sign = QLabel()
        self._sign.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._heading = label(tr(HEADING), "heading", wrap=True)
        self._heading.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._words = label(tr(WORDS), "muted", wrap=True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._buttons = [self._suggestion(*suggestion) for suggestion in SUGGESTIONS]
        grid = QGridLayout()
        grid.setSpacing(12)
        for place, button in enumerate(self._buttons):
            grid.addWidget(button, place // 2, place % 2)
        self._room = QVBoxLayout()
        self._room.setContentsMargins(0, ROOM_GAP, 0, 0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 24, 0, 24)
        layout.addStretch(2)
        layout.addWidget(self._sign)
        layout.addSpacing(12)
        layout.addWidget(self._heading)
        layout.addSpacing(4)
        layout.addWidget(self._words)
        layout.addSpacing(28)
        layout.addLayout(grid)
        layout.addLayout(self._room)
        layout.addStretch(3)
        appearance.follow(self._recolour)

    @property
    def last_suggestion(self) -> QWidget:
        """After it comes, for the keyboard, what stands below."""
        return self._buttons[-1]

    def show_ready(self) -> None:
        """A model can answer, or will: suggestions to begin with."""
        self._greet(tr(HEADING), tr(WORDS), suggests=True)

    def show_offer(self, heading: str, words: str) -> None:
        """No model can answer yet: room for the offer of one."""
        self._greet(heading, words, suggests=False)

    def _greet(self, heading: str, words: str, *, suggests: bool) -> None:
        self._heading.setText(heading)
        self._words.setText(words)
        for button in self._buttons:
            button.setVisible(suggests)

    def hold(self, offer: QWidget) -> None:
        """Place the offer of a model below the words."""
        self._room.addWidget(offer)

    def _suggestion(self, icon_name: str, words: str, text: str) -> ElidedButton:
        words, text = tr(words), tr(text)
        button = ElidedButton(words, self._appearance, look="suggestion", icon_name=icon_name, name=words)
        button.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)  # else nothing is elided
        button.clicked.connect(lambda: self.suggested.emit(text))
        return button

    def _recolour(self) -> None:
        self._sign.setPixmap(pixmap("cpu", self._appearance.tokens.accent, 40, self.devicePixelRatioF()))

"""One folder of the Documents page: its name and place, how its files stand, what is going on and what is wrong."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.documents import words
from ui.documents.status_bar import StatusBar
from ui.documents.words import Attention
from ui.models.parts import Sign, empty
from ui.translation import tr
from ui.widgets.buttons import Button, ElidedButton, IconButton
from ui.widgets.flow import Flow
from ui.widgets.labels import ElidedLabel, label
from workbench.documents.collection import CollectionState, Phase

WORDS_CHARACTERS = 36  # that words get beside their buttons, at least


class AttentionRow(QWidget):
    """A sign and words, and what to do at the right of them; below them where there is no room."""

    def __init__(self, sign: QWidget, words: str, steps: Flow) -> None:
        super().__init__()
        self._buttons = QWidget()
        self._buttons.setLayout(steps)
        self._line = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._line.setSpacing(6)
        self._line.addWidget(label(words, wrap=True), 1)
        self._line.addWidget(self._buttons)
        self._sign = sign
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(0, 3, 0, 0)
        row.setSpacing(8)
        row.addWidget(sign)
        row.addLayout(self._line, 1)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._buttons.minimumSizeHint().width(), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        words = WORDS_CHARACTERS * self.fontMetrics().averageCharWidth()
        beside = event.size().width() >= words + self._buttons.sizeHint().width()
        wanted = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        if wanted != self._line.direction():
            self._line.setDirection(wanted)
            self._row.setAlignment(self._sign, Qt.AlignmentFlag(0) if beside else Qt.AlignmentFlag.AlignTop)
        super().resizeEvent(event)


class FolderCard(QFrame):
    """``asked`` carries what to do: open, pause, resume, look, move, privacy, download, show STATUS. ``more_asked``: the
    button where the list of all actions opens."""

    asked = Signal(str)
    more_asked = Signal(QWidget)

    def __init__(self, state: CollectionState, appearance: Appearance, *, mac: bool = False) -> None:
        super().__init__()
        self._appearance = appearance
        self._mac = mac
        self._state: CollectionState | None = None
        self._shown: tuple[Attention, ...] = ()
        self.setProperty("look", "card")
        self._sign = Sign("folder", appearance, size=18)
        self.open = ElidedButton(state.collection.name, appearance, look="quiet").gives_way()
        self._badge = label(tr("Private"), "badge")
        self._path = ElidedLabel("", "caption")
        self._bar = StatusBar(appearance)
        self._counts = label("", "caption", wrap=True)
        self._doing = label("", "caption", wrap=True)
        self.pause = IconButton("pause", tr("Pause"), appearance)
        self.more = IconButton("ellipsis", tr("More for {name}").format(name=state.collection.name), appearance)
        self._wrong = QVBoxLayout()
        self._lay_out()
        self.open.clicked.connect(lambda: self.asked.emit("open"))
        self.pause.clicked.connect(lambda: self.asked.emit("resume" if self._paused else "pause"))
        self.more.clicked.connect(lambda: self.more_asked.emit(self.more))
        self.show_state(state)

    @property
    def steps(self) -> tuple[Button, ...]:
        """The buttons beside what is wrong."""
        return tuple(self.findChildren(Button, "step"))

    def show_state(self, state: CollectionState) -> None:
        if state == self._state:
            return
        self._state = state
        now = datetime.now().astimezone()
        name = state.collection.name
        self.setAccessibleName(words.spoken_state(state, now))
        self.open.say(name)
        self.open.setAccessibleName(tr("Files of {name}").format(name=name))
        self._sign.show_icon(*sign(state))
        self._badge.setVisible(state.collection.private)
        self._path.setText(words.shown_path(str(state.collection.path)))
        self._bar.show_counts(state.counts)
        self._bar.setVisible(bool(state.counts))
        _say(self._counts, words.counts_words(state))
        _say(self._doing, words.doing_words(state, now))
        self.pause.show_icon("play" if state.paused else "pause")
        step = tr("Go on reading {name}") if state.paused else tr("Pause reading {name}")
        self.pause.say(step.format(name=name))
        self.pause.setVisible(state.paused or words.own_progress(state).phase is not Phase.IDLE)
        self._show_wrong(words.attentions(state, mac=self._mac))

    @property
    def _paused(self) -> bool:
        return self._state is not None and self._state.paused

    def _show_wrong(self, wrong: tuple[Attention, ...]) -> None:
        if wrong == self._shown:
            return
        self._shown = wrong
        empty(self._wrong)
        for one in wrong:
            self._wrong.addWidget(self._attention(one))

    def _attention(self, one: Attention) -> QWidget:
        steps = Flow(gap=6, one_line=True)
        for key, text in one.steps:
            button = ElidedButton(text, self._appearance, look="filter", name=f"{text}: {one.words}")
            button.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
            button.setObjectName("step")
            button.clicked.connect(partial(self._ask, key))
            steps.addWidget(button)
        return AttentionRow(Sign(one.icon, self._appearance, colour=one.colour, size=15), one.words, steps)

    def _ask(self, key: str, _checked: bool = False) -> None:
        self.asked.emit(key)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(2)
        head.addWidget(self._sign)
        head.addWidget(self.open)
        head.addSpacing(6)
        head.addWidget(self._badge, 0, Qt.AlignmentFlag.AlignVCenter)
        head.addStretch(1)
        head.addWidget(self.pause)
        head.addWidget(self.more)
        below = QVBoxLayout()
        below.setContentsMargins(2, 0, 6, 0)
        below.setSpacing(6)
        below.addWidget(self._path)
        below.addWidget(self._bar)
        below.addWidget(self._counts)
        below.addWidget(self._doing)
        below.addLayout(self._wrong)
        inside = QVBoxLayout(self)
        inside.setContentsMargins(14, 10, 8, 12)
        inside.setSpacing(2)
        inside.addLayout(head)
        inside.addLayout(below)


def sign(state: CollectionState) -> tuple[str, str]:
    """A folder's icon and its colour."""
    if state.problem_kind == "offline":
        return "unplug", "muted"
    if state.problem_kind or state.problem:
        return "triangle-alert", "danger"
    return ("lock", "accent") if state.collection.private else ("folder", "muted")


def _say(where: QLabel, text: str) -> None:
    where.setText(text)
    where.setVisible(bool(text))

"""The page of a prompt with steps: its form, then each step with its answer, tokens and seconds."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.models.parts import Sign
from ui.page_frame import HEADER_HEIGHT, column
from ui.prompts.batches.run_state import STEP_ICONS, STEP_STATES, RunLook, StepLook
from ui.prompts.form import PromptForm
from ui.translation import tr
from ui.widgets.buttons import Button, ElidedButton, IconButton
from ui.widgets.labels import ElidedLabel, label
from ui.widgets.scrolling import scrolling
from workbench.prompts.running.run import RunState

WIDTH = 720
MOST_LINES = 14


class StepCard(QFrame):
    """One step; its text is folded once the next is at work. ``again_asked`` carries its name; ``copy_asked`` a text."""

    again_asked = Signal(str)
    copy_asked = Signal(str)

    def __init__(self, appearance: Appearance, number: int) -> None:
        super().__init__()
        self._number = number
        self.look = StepLook("")
        self.setProperty("look", "card")
        self._sign = Sign("clock", appearance)
        self.fold = ElidedButton("", appearance, look="quiet", icon_name="chevron-right").gives_way()
        self.fold.setCheckable(True)
        self._told = label("", "caption", wrap=True)
        self.again = ElidedButton(tr("Again from here"), appearance, look="quiet", icon_name="refresh-cw").gives_way()
        self.copy_button = IconButton("copy", tr("Copy this answer"), appearance)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setProperty("look", "field")
        self.text.setTabChangesFocus(True)
        self.text.hide()
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._sign)
        head.addWidget(self.fold)
        head.addStretch(1)
        head.addWidget(self.again)
        head.addWidget(self.copy_button)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(14, 8, 10, 10)
        rows.setSpacing(6)
        rows.addLayout(head)
        rows.addWidget(self._told)
        rows.addWidget(self.text)
        self.fold.toggled.connect(self._unfold)
        self.again.clicked.connect(lambda: self.again_asked.emit(self.look.name))
        self.copy_button.clicked.connect(lambda: self.copy_asked.emit(self.look.text))

    def show_step(self, look: StepLook, *, running: bool, unfold: bool) -> None:
        """``running``: the whole is; ``unfold``: this is the step to look at."""
        changed = look.state is not self.look.state
        self.look = look
        state = tr(STEP_STATES[look.state])
        self.fold.say(f"{self._number}. {look.name}")
        self.fold.setAccessibleName(f"{self._number}. {look.name}, {state}, {look.told}".rstrip(", "))
        self._told.setText(" · ".join(words for words in (state, look.model, look.told) if words))
        self._sign.show_icon(STEP_ICONS[look.state], "danger" if look.state is RunState.FAILED else "accent")
        self.again.setVisible(not running and look.state is not RunState.WAITING)
        self.copy_button.setVisible(bool(look.text))
        self.fold.setEnabled(bool(look.text))
        self.text.setAccessibleName(tr("Answer of {name}").format(name=look.name))
        if look.text != self.text.toPlainText():
            self.text.setPlainText(look.text)
            self.text.verticalScrollBar().setValue(self.text.verticalScrollBar().maximum() if running else 0)
        if changed or not look.text:
            self.fold.setChecked(unfold and bool(look.text))
        elif unfold and running:
            self.fold.setChecked(True)
        self._fit()

    def _unfold(self, shown: bool) -> None:
        self.text.setVisible(shown)
        self.fold.show_icon("chevron-down" if shown else "chevron-right")
        self._fit()

    def _fit(self) -> None:
        lines = max(2, min(MOST_LINES, round(self.text.document().size().height()) + 1))
        self.text.setFixedHeight(lines * self.text.fontMetrics().lineSpacing() + 20)


class RunPage(QWidget):
    """``closed``: back to the chat. ``stop_asked``, ``go_on_asked``: of the run in view. ``again_asked`` carries the
    name of the step from which on it is asked anew."""

    closed = Signal()
    stop_asked = Signal()
    go_on_asked = Signal()
    again_asked = Signal(str)
    copy_asked = Signal(str)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self.form: PromptForm | None = None
        self.cards: list[StepCard] = []
        self.setProperty("look", "page")
        self.setAccessibleName(tr("Run a prompt"))
        self.title = ElidedLabel(tr("Run a prompt"), "title")
        self.stop = Button(tr("Stop"), appearance, icon_name="square")
        self.go_on = Button(tr("Go on"), appearance, look="primary", icon_name="play")
        self.close_button = IconButton("x", tr("Close"), appearance)
        self._activity = label("", "caption", wrap=True)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(8)
        self._lay_out()
        self.close_button.clicked.connect(self.closed)
        self.stop.clicked.connect(self.stop_asked)
        self.go_on.clicked.connect(self.go_on_asked)

    def show_form(self, form: PromptForm) -> None:
        """In place of the one before."""
        if self.form is not None:
            self.form.hide()
            self.form.deleteLater()
        self.form = form
        form.insert_button.hide()
        form.copy_button.hide()
        form.close_button.hide()
        self.title.setText(tr("Run “{title}”").format(title=form.saved.prompt.title))
        self._form_place.addWidget(form)
        form.fit(2 * self.height())
        form.take_focus()

    def show_run(self, look: RunLook) -> None:
        self._activity.setText(look.activity)
        self._activity.setVisible(bool(look.activity))
        self.stop.setVisible(look.running)
        self.go_on.setVisible(look.can_go_on)
        if self.form is not None:
            self.form.show_busy(look.running)
        self._make(len(look.steps))
        at = _to_look_at(look.steps)
        for place, (card, step) in enumerate(zip(self.cards, look.steps, strict=True)):
            card.show_step(step, running=look.running, unfold=place == at)

    def leave(self) -> bool:
        """There is no step back within it."""
        return False

    def _make(self, count: int) -> None:
        while len(self.cards) > count:
            card = self.cards.pop()
            card.hide()
            card.deleteLater()
        while len(self.cards) < count:
            card = StepCard(self._appearance, len(self.cards) + 1)
            card.again_asked.connect(self.again_asked)
            card.copy_asked.connect(self.copy_asked)
            self.cards.append(card)
            self._rows.addWidget(card)

    def _lay_out(self) -> None:
        header = QWidget()
        header.setFixedHeight(HEADER_HEIGHT)
        bar = QHBoxLayout(header)
        bar.setContentsMargins(24, 0, 16, 0)
        bar.setSpacing(8)
        bar.addWidget(self.title, 1)
        for button in (self.stop, self.go_on, self.close_button):
            bar.addWidget(button)
        outside = QWidget()
        outside.setProperty("look", "column")
        rows = QVBoxLayout(outside)
        rows.setContentsMargins(0, 8, 0, 32)
        rows.setSpacing(12)
        self._form_place = QVBoxLayout()
        rows.addLayout(self._form_place)
        rows.addWidget(self._activity)
        rows.addLayout(self._rows)
        rows.addStretch(1)
        scroll = scrolling(column(outside, WIDTH))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(header)
        layout.addWidget(scroll, 1)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self.form is not None:
            self.form.take_focus()
        else:
            self.close_button.setFocus(Qt.FocusReason.OtherFocusReason)


def _to_look_at(steps: Sequence[StepLook]) -> int:
    """The step that is at work or failed, else the last that answered."""
    for place, step in enumerate(steps):
        if step.state in (RunState.RUNNING, RunState.FAILED, RunState.INTERRUPTED):
            return place
    answered = [place for place, step in enumerate(steps) if step.text]
    return answered[-1] if answered else -1

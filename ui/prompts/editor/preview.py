"""What the model will be told: the prompt with what was filled in last, and how many tokens that is."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.prompts.filled_text import FilledText
from ui.prompts.form_filling import FilledPrompt
from ui.settings.parts import Picker
from ui.translation import tr
from ui.widgets.labels import label
from ui.widgets.popover import Choice, Popover


class Preview(QFrame):
    """``step_chosen``: another step of the prompt is to be shown; see `step`."""

    step_chosen = Signal()

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "card")
        self.setAccessibleName(tr("Preview"))
        self._appearance = appearance
        self._steps: tuple[str, ...] = ()
        self._step = ""
        self._chooser = Picker(tr("Step of the preview"), appearance)
        self._chooser.hide()
        self._tokens = label("", "caption", wrap=True)
        self.note = label("", "caption", wrap=True)
        self.text = FilledText(appearance, tr("Filled with what was used last"))
        self.text.setProperty("look", "draft")
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.text.document().setDocumentMargin(0)
        self.text.setMinimumHeight(120)
        self.failed = label("", "danger", wrap=True)
        self.failed.hide()
        rows = QVBoxLayout(self)
        rows.setContentsMargins(14, 12, 14, 12)
        rows.setSpacing(6)
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.addWidget(label(tr("Preview"), "strong"))
        head.addStretch(1)
        head.addWidget(self._chooser)
        rows.addLayout(head)
        rows.addWidget(self._tokens)
        rows.addWidget(self.failed)
        rows.addWidget(self.text, 1)
        rows.addWidget(self.note)
        self._chooser.clicked.connect(self._offer)
        self._say_note()

    def show_filled(self, filled: FilledPrompt) -> None:
        self.failed.hide()
        self.text.show_filled(filled)
        words = tr("{count} characters").format(count=f"{len(filled.whole):,}")
        counted = tr("{count} tokens").format(count=f"{filled.tokens:,}") if filled.tokens is not None else ""
        self._tokens.setText(" · ".join(one for one in (counted, words) if one))

    @property
    def step(self) -> str:
        """The one that is shown, of a prompt that has several; empty: there is only one."""
        return self._step

    def show_steps(self, names: Sequence[str]) -> None:
        """Which ones there are. The one that is shown stays, unless it is gone."""
        self._steps = tuple(names) if len(names) > 1 else ()
        if self._step not in self._steps:
            self._step = next(iter(self._steps), "")
        self._chooser.setVisible(bool(self._steps))
        self._chooser.show_choice(self._step)
        self._say_note()

    def _offer(self) -> None:
        choices = [Choice(name, partial(self._choose, name), checked=name == self._step) for name in self._steps]
        Popover(self._chooser.name, choices, self._appearance, self.window()).open_at(self._chooser)

    def _choose(self, name: str) -> None:
        self._step = name
        self._chooser.show_choice(name)
        self._say_note()
        self.step_chosen.emit()

    def _say_note(self) -> None:
        later = bool(self._steps) and self._step != self._steps[0]
        words = [tr("With what was filled in last, else with the defaults.")]
        if later:
            words.append(tr("What earlier steps answer is known when they are performed."))
        self.note.setText(" ".join(words))

    def clear(self) -> None:
        """Another prompt: what stood here was of the one before."""
        self.text.clear()
        self._tokens.clear()
        self.show_failure("")

    def show_failure(self, words: str) -> None:
        """What stood there before stays."""
        self.failed.setText(words)
        self.failed.setVisible(bool(words))

"""The models in memory: what each is doing and takes, a button that releases it, and keeping one ready."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.models import loaded_words
from ui.models.loaded_words import InMemory, Keeping
from ui.models.parts import Sign
from ui.translation import tr
from ui.widgets.buttons import Button
from ui.widgets.labels import ElidedLabel, label, rule
from ui.widgets.switch import Switch
from workbench.engine.connection import State


class LoadedCard(QFrame):
    """``release_asked`` carries an `InMemory`, ``keep_asked`` whether the preferred model shall be kept ready."""

    release_asked = Signal(object)
    keep_asked = Signal(bool)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._rows: dict[tuple[Path | None, str], LoadedRow] = {}
        self._keeping: Keeping | None = None
        self.setProperty("look", "card")
        self.setAccessibleName(tr("In memory"))
        self.empty = label(tr(loaded_words.EMPTY), "muted", wrap=True)
        self.keep = Switch(tr("Keep ready"), appearance)
        self.keep.clicked.connect(lambda: self.keep_asked.emit(self.keep.isChecked()))
        self._title = ElidedLabel(tr("Keep ready"))
        self._cost = label("", "caption", wrap=True)
        self._lay_out()
        self.show_models(())
        self.show_keeping(Keeping())

    def show_models(self, models: Sequence[InMemory]) -> None:
        """The rows of models that stay are kept, and with them the focus."""
        wanted = {(model.status.path, model.status.model): model for model in models}
        for key in [key for key in self._rows if key not in wanted]:
            self._drop(self._rows.pop(key))
        for key, model in wanted.items():
            if key not in self._rows:
                row = self._rows[key] = LoadedRow(self._appearance)
                row.release_asked.connect(self.release_asked)
                self._list.addWidget(row)
            self._rows[key].show_model(model)
        self.empty.setVisible(not models)

    def show_keeping(self, keeping: Keeping) -> None:
        """Without a model of this computer that answers there is nothing to keep."""
        if keeping == self._keeping:
            return
        self._keeping = keeping
        name = tr("Keep {name} ready").format(name=keeping.name)
        self._title.setText(name)
        self._cost.setText(loaded_words.cost(keeping))
        self.keep.setChecked(keeping.on)
        self.keep.setAccessibleName(name)
        self.keep.setAccessibleDescription(self._cost.text())
        self._below.setVisible(bool(keeping.name))

    def restore_keeping(self) -> None:
        """What was asked for could not be done: show what is."""
        self.keep.setChecked(self._keeping is not None and self._keeping.on)

    def _drop(self, row: LoadedRow) -> None:
        """What had the focus hands it on."""
        focused = QApplication.focusWidget() is row.release
        row.hide()
        row.deleteLater()
        if focused:
            left = [other.release for other in self._rows.values() if not other.release.isHidden()]
            (left[0] if left else self.keep).setFocus(Qt.FocusReason.OtherFocusReason)

    def _lay_out(self) -> None:
        self._list = QVBoxLayout()
        self._list.setSpacing(10)
        self._below = QWidget()
        below = QVBoxLayout(self._below)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(10)
        below.addWidget(rule())
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._title)
        words.addWidget(self._cost)
        line = QHBoxLayout()
        line.setSpacing(16)
        line.addLayout(words, 1)
        line.addWidget(self.keep)
        below.addLayout(line)
        inside = QVBoxLayout(self)
        inside.setContentsMargins(16, 12, 16, 12)
        inside.setSpacing(10)
        inside.addWidget(label(tr("In memory"), "strong"))
        inside.addWidget(self.empty)
        inside.addLayout(self._list)
        inside.addWidget(self._below)


class LoadedRow(QWidget):
    """One model; ``release_asked`` carries it."""

    release_asked = Signal(object)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._model: InMemory | None = None
        self.release = Button(tr("Release"), appearance)
        self.release.clicked.connect(lambda: self.release_asked.emit(self._model))
        self._sign = Sign("memory-stick", appearance)
        self._name = ElidedLabel("")
        self._facts = label("", "caption", wrap=True)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._name)
        words.addWidget(self._facts)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(10)
        line.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(words, 1)
        line.addWidget(self.release)

    def show_model(self, model: InMemory) -> None:
        if model == self._model:
            return
        self._model = model
        status, said = model.status, loaded_words.facts(model)
        failed = status.state is State.FAILED
        self._sign.show_icon(*(("triangle-alert", "danger") if failed else ("memory-stick", "accent")))
        self._name.setText(status.model)
        self._facts.setText(said)
        self.setAccessibleName(f"{status.model}: {said}")
        self.release.setVisible(status.state is State.READY)
        self.release.setAccessibleName(tr("Release {model}").format(model=status.model))
        self.release.setAccessibleDescription(loaded_words.warning(status))
        self.release.setToolTip(loaded_words.warning(status))

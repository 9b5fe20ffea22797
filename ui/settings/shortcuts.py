"""The keyboard shortcuts, each with a button that takes other keys."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from ui.actions import ACTIONS, CHANGEABLE, DEFAULT_KEYS, HIDDEN_KEYS, ActionText
from ui.appearance import Appearance
from ui.keys import in_use, owner, problem, shown
from ui.notify import announce
from ui.settings.key_button import KeyButton
from ui.translation import marked, tr
from ui.widgets.buttons import ElidedButton, IconButton
from ui.widgets.flow import Flow
from ui.widgets.labels import label

SHOW, HIDE = marked("Change shortcuts…"), marked("Hide shortcuts")
TEXTS = {action.id: action.text for action in ACTIONS}


class _Row(QWidget):
    """One action: its words, its keys, the way back to the usual ones, and why keys were refused."""

    def __init__(self, action: ActionText, appearance: Appearance) -> None:
        super().__init__()
        self.keys = KeyButton(tr(action.text), appearance)
        self.reset = IconButton(
            "undo-2", tr("Usual keys of “{action}”").format(action=tr(action.text)), appearance, size=16
        )
        self.keys.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)  # else nothing is elided
        self.refused = label("", "danger", wrap=True)
        self.refused.hide()
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(label(tr(action.text), wrap=True), 1)
        line.addWidget(self.reset)
        line.addWidget(self.keys, 1, Qt.AlignmentFlag.AlignRight)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(line)
        layout.addWidget(self.refused)

    def refuse(self, why: str) -> None:
        self.refused.setText(why)
        self.refused.setVisible(bool(why))
        if why:
            announce(self, why)


class ShortcutsSection(QWidget):
    """``saved`` carries ``shortcuts.keys`` and the person's keys by action."""

    saved = Signal(str, object)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._own: dict[str, str] = {}
        self.rows: dict[str, _Row] = {}
        self._shown = QWidget()
        self._shown.hide()
        self.fold = ElidedButton(tr(SHOW), appearance, icon_name="keyboard", name=tr(SHOW))
        self.fold.clicked.connect(self._toggle)
        self.reset_all = ElidedButton(tr("Usual keys for all"), appearance, icon_name="undo-2")
        self.reset_all.clicked.connect(lambda: self._save({}))
        self.reset_all.hide()
        self._words: QLabel = label(tr("The keys of every action, as your fingers know them."), "caption", wrap=True)
        buttons = Flow()
        for button in (self.reset_all, self.fold):
            button.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)  # else nothing is elided
            buttons.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self._words)
        layout.addLayout(buttons)
        layout.addWidget(self._shown)

    def show_keys(self, own: Mapping[str, str]) -> None:
        """``own``: the person's keys by action, as in the settings."""
        self._own = dict(own)
        used = in_use(DEFAULT_KEYS, own)
        self.reset_all.setVisible(bool(own) and not self._shown.isHidden())
        for action_id, row in self.rows.items():
            row.keys.show_keys(tuple(keys for keys in used[action_id] if keys not in HIDDEN_KEYS))
            row.reset.setVisible(used[action_id] != DEFAULT_KEYS[action_id])

    def open(self) -> None:
        """Unfold the list."""
        if self._shown.isHidden():
            self._toggle()

    # Changing ---------------------------------------------------------------------------------------------------------

    def _take(self, action_id: str, keys: str) -> None:
        for row in self.rows.values():
            row.refuse("")
        taken = owner(keys, in_use(DEFAULT_KEYS, self._own), besides=action_id) if keys else ""
        why = problem(keys) if keys else ""
        if taken:
            why = tr("{keys} is already “{action}”. Give that other keys first.").format(
                keys=shown(keys), action=tr(TEXTS[taken])
            )
        if why:
            self.rows[action_id].refuse(why)
        else:
            self._save(self._own | {action_id: keys})

    def _reset(self, action_id: str) -> None:
        """The usual keys, unless another action has one of them by now: then it is told which."""
        rest = {action: keys for action, keys in self._own.items() if action != action_id}
        used = in_use(DEFAULT_KEYS, rest)
        lost = [keys for keys in DEFAULT_KEYS[action_id] if keys not in used[action_id]]
        taken = owner(lost[0], used) if lost else ""
        self.rows[action_id].refuse(
            tr("{keys} stays with “{action}”.").format(keys=shown(lost[0]), action=tr(TEXTS[taken])) if taken else ""
        )
        self._save(rest)

    def _save(self, own: dict[str, str]) -> None:
        self.show_keys(own)
        self.saved.emit("shortcuts.keys", own)

    # Layout -----------------------------------------------------------------------------------------------------------

    def _toggle(self) -> None:
        if not self.rows:
            self._make_rows()
        self._shown.setVisible(self._shown.isHidden())
        words = tr(SHOW) if self._shown.isHidden() else tr(HIDE)
        self.fold.say(words)
        self.fold.setAccessibleName(words)
        self.show_keys(self._own)

    def _make_rows(self) -> None:
        """Only when they are asked for: there are many."""
        layout = QVBoxLayout(self._shown)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for action in CHANGEABLE:
            self.rows[action.id] = row = _Row(action, self._appearance)
            row.keys.pressed_keys.connect(partial(self._take, action.id))
            row.reset.clicked.connect(partial(self._reset, action.id))
            layout.addWidget(row)

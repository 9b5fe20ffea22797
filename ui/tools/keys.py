"""Asks for the keys that a server of tools still needs, before it is started."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.translation import tr
from ui.widgets.buttons import Button
from ui.widgets.fields import line_edit
from ui.widgets.floating import Floating
from ui.widgets.labels import label

WIDTH = 460


class KeysDialog(Floating):
    """``given`` carries the keys by their names, once all are there."""

    given = Signal(dict)

    def __init__(self, server: str, names: Sequence[str], appearance: Appearance, window: QWidget) -> None:
        super().__init__(tr("Keys of {name}").format(name=server), window)
        self._appearance = appearance
        self.fields = {name: _key_field(name) for name in names}
        self.keep = Button(tr("Keep and go on"), appearance, look="primary")
        self.cancel = Button(tr("Cancel"), appearance)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(20, 18, 20, 16)
        rows.setSpacing(8)
        rows.addWidget(label(tr("Keys of {name}").format(name=server), "title"))
        told = tr("They are kept in the keychain of this system, and given to this server alone.")
        rows.addWidget(label(told, "caption", wrap=True))
        for name, field in self.fields.items():
            rows.addWidget(label(name, "strong"))
            rows.addWidget(field)
            field.textChanged.connect(lambda _text: self._check())
            field.returnPressed.connect(self._give)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.keep)
        rows.addLayout(buttons)
        self.cancel.clicked.connect(self.dismiss)
        self.keep.clicked.connect(self._give)
        self._check()

    def open(self) -> None:
        self.place_at_top(self._appearance.pixels(WIDTH))
        self.appear()
        next(iter(self.fields.values())).setFocus(Qt.FocusReason.PopupFocusReason)

    def _check(self) -> None:
        self.keep.setEnabled(all(field.text().strip() for field in self.fields.values()))

    def _give(self) -> None:
        keys = {name: field.text().strip() for name, field in self.fields.items()}
        if all(keys.values()):
            self.dismiss()
            self.given.emit(keys)


def _key_field(name: str) -> QLineEdit:
    made = line_edit(name)
    made.setEchoMode(QLineEdit.EchoMode.Password)
    return made

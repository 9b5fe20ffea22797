"""Being at hand: notifications, the icon in the tray, starting at login, and the quick entry from any program."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.keys import problem
from ui.notify import announce
from ui.settings.key_button import KeyButton
from ui.settings.parts import Picker, setting_row
from ui.translation import marked, tr
from ui.widgets.buttons import IconButton
from ui.widgets.labels import label
from ui.widgets.popover import Choice
from ui.widgets.switch import Switch
from workbench.settings import Settings

WAITS = (0, 5, 10, 30, 60, 300)
TRAY = marked("An icon to open the window and the quick entry. Closing the window then leaves Workbench running.")
NO_TRAY = marked("This desktop has no place for such icons.")
QUICK = marked("Opens a small field over any program; what you write there begins a new chat.")
NO_KEYS_HERE = marked(
    "Programs cannot take keys of the whole desktop here. Bind keys to the command `workbench quick` in your "
    "desktop's keyboard settings."
)
COMMAND = marked("Keys bound to the command `workbench quick` in your desktop's settings do the same.")


class AtHandRows(QWidget):
    """``saved`` carries a key and its new value. ``tray``, ``global_keys``: whether this desktop has them."""

    saved = Signal(str, object)

    def __init__(self, appearance: Appearance, *, tray: bool, global_keys: bool) -> None:
        super().__init__()
        self._appearance = appearance
        self._settings = Settings()
        self.wait = Picker(tr("Notification"), appearance)
        self.tray = Switch(tr("Icon in the tray"), appearance)
        self.login = Switch(tr("Open at login"), appearance)
        self.quick = KeyButton(tr("Keys of the quick entry"), appearance)
        self.no_quick = IconButton("x", tr("No keys for the quick entry"), appearance, size=16)
        self.refused = label("", "danger", wrap=True)
        self.refused.hide()
        self.tray.setEnabled(tray)
        for button, key in ((self.tray, "at_hand.tray"), (self.login, "at_hand.open_at_login")):
            button.clicked.connect(lambda on, key=key: self.saved.emit(key, on))
        self.wait.clicked.connect(self._choose_wait)
        self.quick.pressed_keys.connect(self._take_keys)
        self.no_quick.clicked.connect(lambda: self.saved.emit("at_hand.quick_entry", ""))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        told = tr("When an answer took long and you look elsewhere.")
        layout.addWidget(setting_row(tr("Notification"), told, self.wait))
        layout.addWidget(setting_row(tr("Icon in the tray"), tr(TRAY if tray else NO_TRAY), self.tray))
        layout.addWidget(setting_row(tr("Open at login"), tr("The window opens when you log in."), self.login))
        keys = QWidget()
        line = QHBoxLayout(keys)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(6)
        line.addWidget(self.no_quick)
        line.addWidget(self.quick)
        keys.setVisible(global_keys)
        words = f"{tr(QUICK)} {tr(COMMAND if global_keys else NO_KEYS_HERE)}"
        layout.addWidget(setting_row(tr("Quick entry"), words, keys))
        layout.addWidget(self.refused)

    def show_settings(self, settings: Settings) -> None:
        """Show the values as they are."""
        self._settings = settings
        chosen = settings.at_hand
        self.wait.show_choice(wait_words(chosen.notify_after_seconds))
        for button, on in ((self.tray, chosen.tray), (self.login, chosen.open_at_login)):
            button.setChecked(on)
        self.quick.show_keys((chosen.quick_entry,) if chosen.quick_entry else ())
        self.no_quick.setVisible(bool(chosen.quick_entry))

    def refuse(self, why: str) -> None:
        """Say why the keys are not taken; "" takes it back."""
        self.refused.setText(why)
        self.refused.setVisible(bool(why))
        if why:
            announce(self, why)

    def _take_keys(self, keys: str) -> None:
        why = problem(keys) if keys else ""
        self.refuse(why)
        if not why:
            self.saved.emit("at_hand.quick_entry", keys)

    def _choose_wait(self) -> None:
        key, current = "at_hand.notify_after_seconds", self._settings.at_hand.notify_after_seconds
        values = WAITS if current in WAITS else (*WAITS, current)
        choices = [
            Choice(wait_words(value), partial(self.saved.emit, key, value), checked=value == current)
            for value in values
        ]
        self.wait.offer(choices)


def wait_words(seconds: int) -> str:
    """After how long an answer is told."""
    if not seconds:
        return tr("Never")
    return tr("After {n} s").format(n=seconds) if seconds < 60 else tr("After {n} min").format(n=seconds // 60)

"""A button that shows keys and takes others: press it, then the new keys."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent

from ui.appearance import Appearance
from ui.keys import NONE, portable, shown
from ui.translation import marked, tr
from ui.widgets.buttons import ElidedButton

WAITING = marked("Press the new keys…")
HOW = marked("Escape leaves them, Backspace takes them away.")
ALONE = frozenset(
    (Qt.Key.Key_Control, Qt.Key.Key_Shift, Qt.Key.Key_Alt, Qt.Key.Key_AltGr, Qt.Key.Key_Meta, Qt.Key.Key_unknown)
)


class KeyButton(ElidedButton):
    """``pressed_keys`` carries the new keys in Qt's portable form, "" for none (Backspace).

    While it waits, every combination is taken before the window's shortcuts get it. Esc and Tab leave things as they are.
    """

    pressed_keys = Signal(str)
    _waiting = False  # before the first event of all, which Qt sends while the button is made

    def __init__(self, name: str, appearance: Appearance) -> None:
        super().__init__("", appearance, name=name)
        self._name = name
        self._keys: tuple[str, ...] = ()
        self.clicked.connect(self._wait)
        self.show_keys(())

    @property
    def waiting(self) -> bool:
        """Whether the next keys are the new ones."""
        return self._waiting

    def show_keys(self, keys: tuple[str, ...]) -> None:
        self._keys = keys
        if not self._waiting:
            words = ", ".join(map(shown, keys)) or tr(NONE)
            self.say(words)
            self.setAccessibleName(f"{self._name}: {words}")

    def _wait(self) -> None:
        self._waiting = True
        self.say(tr(WAITING))
        self.setAccessibleName(f"{self._name}: {tr(WAITING)} {tr(HOW)}")

    def _leave(self) -> None:
        self._waiting = False
        self.show_keys(self._keys)

    def event(self, event: QEvent) -> bool:
        if self._waiting and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()  # the keys are meant for this button, whatever they do elsewhere
            return True
        if self._waiting and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._take(event) or super().event(event)
        return super().event(event)

    def _take(self, event: QKeyEvent) -> bool:
        """True when the key is dealt with."""
        if event.key() in ALONE:
            return True
        bare = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)
        if bare and event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            self._leave()
            return False
        if bare and event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            self._leave()
            self.pressed_keys.emit("")
            return True
        escape = event.key() == Qt.Key.Key_Escape and event.modifiers() == Qt.KeyboardModifier.NoModifier
        self._leave()
        if not escape:
            self.pressed_keys.emit(portable(event.keyCombination()))
        return True

    def focusOutEvent(self, event: QFocusEvent) -> None:
        if self._waiting:
            self._leave()
        super().focusOutEvent(event)

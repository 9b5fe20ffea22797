"""A button that is on or off, and says so."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from ui.appearance import Appearance
from ui.translation import tr
from ui.widgets.buttons import Button


class Switch(Button):
    """``name``: what is on or off. Its words follow `setChecked` and clicks alike."""

    def __init__(self, name: str, appearance: Appearance, *, on: bool = False, parent: QWidget | None = None) -> None:
        super().__init__("", appearance, name=name, parent=parent)
        self.setCheckable(True)
        self.toggled.connect(self._tell)
        self.setChecked(on)
        self._tell(on)

    def _tell(self, on: bool) -> None:
        self.say(tr("On") if on else tr("Off"))

"""The focus, where the control that had it was made again."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from ui.widgets.buttons import Button, IconButton


def focus_again(inside: QWidget, name: str, *, or_first: bool = False) -> None:
    """Give it to the control of the same name in ``inside``; ``or_first``: else to the first that is left."""
    every = (*inside.findChildren(IconButton), *inside.findChildren(Button))
    controls = [one for one in every if not one.isHidden()]
    first = controls[0] if controls and or_first else None
    again = next((one for one in controls if name and one.accessibleName() == name), first)
    if again is not None:
        again.setFocus(Qt.FocusReason.OtherFocusReason)

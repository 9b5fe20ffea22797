"""Keys that open the quick entry from any program, where the system lets a program have them. Imports its system only."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Protocol

from PySide6.QtGui import QGuiApplication


class GlobalKeys(Protocol):
    """Keys of the whole desktop."""

    def take(self, keys: str) -> str:
        """Have ``keys`` (Qt's portable form, "" for none) instead of those before; returns why not, "" when it worked."""

    def close(self) -> None:
        """Give them back."""


def has_global_keys() -> bool:
    """Whether this system lets programs have such keys: not on Wayland, where the desktop binds them to commands."""
    return sys.platform in ("win32", "darwin") or QGuiApplication.platformName() == "xcb"


def open_global_keys(pressed: Callable[[], None]) -> GlobalKeys | None:
    """``pressed`` is called in the main thread for each press; None where there are no such keys."""
    if not has_global_keys():
        return None
    if sys.platform == "win32":
        from ui.global_keys.windows import WindowsKeys

        return WindowsKeys(pressed)
    if sys.platform == "darwin":
        from ui.global_keys.macos import MacKeys

        return MacKeys(pressed)
    from ui.global_keys.x11 import X11Keys

    return X11Keys.open(pressed)

"""What begins at login follows the settings. Nothing of the system is touched before one of them changes."""

from __future__ import annotations

from workbench.paths import Paths
from workbench.settings import Settings


def follow_at_login(paths: Paths, before: Settings, new: Settings) -> None:
    """Have begin at login what ``new`` says, where that is something else than ``before``. Raises `StorageError`."""
    if (wanted := new.engine.keep_ready) != before.engine.keep_ready:
        from workbench.power.login import entry_for, set_at_login

        set_at_login(entry_for(paths) if wanted else None)
    if (wanted := new.at_hand.open_at_login) != before.at_hand.open_at_login:
        from workbench.power.login import WINDOW, entry_for, set_at_login

        set_at_login(entry_for(paths, what=WINDOW) if wanted else None, what=WINDOW)

"""Keeping, as assistive technology does it: a backup is restored, the window comes back, the bin gives back; no mouse."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.conftest import Display, Program, ScreenReader
from tests.e2e.test_window import chats
from workbench.app import build
from workbench.cancel import CancelToken
from workbench.messages import user
from workbench.paths import Paths

pytestmark = [pytest.mark.display, pytest.mark.timeout(300)]


def written(home: Path, *titles: str, backup: bool = False, binned: str = "") -> None:
    """Chats of these titles are on the disk."""
    workbench = build(Paths(home))
    store = workbench.chat._store
    for title in titles:
        chat = store.create(title)
        store.append(chat, None, user(f"{title}?"))
        if title == binned:
            workbench.chat.delete(chat)
    if backup:
        workbench.backups.create(CancelToken())
    workbench.close()


def open_settings(reader: ScreenReader, display: Display) -> None:
    reader.until(lambda: reader("exists", "Settings"))
    display.keys("ctrl+comma")
    reader.until(lambda: reader("exists", "Close settings"))


def test_a_backup_is_restored_and_the_window_comes_back(
    home: Path, open_window: Callable[[], Program], reader: ScreenReader, display: Display
) -> None:
    written(home, "Before", backup=True)
    written(home, "After")
    program = open_window()
    reader.until(lambda: any("After" in one for one in chats(reader)))
    open_settings(reader, display)
    name = reader.until(lambda: next((one for one in reader("words") if one.startswith("Restore the backup of")), ""))
    reader.press(name)
    reader.until(lambda: reader.hears("1 chat would go, as it is newer: “After”."))
    assert reader("nameless") == []
    reader.press("Restore now")
    reader.until(lambda: reader.hears("is restored."), 60)
    reader.until(lambda: [one for one in chats(reader) if "Before" in one or "After" in one] == ["Before"])
    assert program.end() == 0


def test_a_chat_comes_back_from_the_bin(
    home: Path, open_window: Callable[[], Program], reader: ScreenReader, display: Display
) -> None:
    written(home, "Kept", "Thrown away", binned="Thrown away")
    program = open_window()
    reader.until(lambda: any("Kept" in one for one in chats(reader)))
    open_settings(reader, display)
    reader.press("Take Thrown away out of the bin")
    reader.until(lambda: any("Thrown away" in one for one in chats(reader)))
    assert reader("nameless") == []
    assert program.end() == 0

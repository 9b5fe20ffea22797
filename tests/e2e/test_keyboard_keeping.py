"""Keeping by keys alone: a backup restored, the bin, a project exported; and killed amid a restore in the window."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.conftest import Display, Program, ScreenReader
from tests.e2e.keyboard import Keyboard
from tests.e2e.test_access_keeping import open_settings, written
from tests.e2e.test_window import chats
from workbench.app import build
from workbench.diagnostics.backup import Kind
from workbench.paths import Paths

pytestmark = [pytest.mark.display, pytest.mark.timeout(300)]


@pytest.fixture
def keyboard(reader: ScreenReader, display: Display) -> Keyboard:
    return Keyboard(reader, display)


def go_back(home: Path, start: Callable[[], Program], reader: ScreenReader, keyboard: Keyboard) -> Program:
    """A window that asks whether to go back to a backup from before a chat; the keyboard is on yes."""
    program = start()
    reader.until(lambda: any("After" in one for one in chats(reader)))
    keyboard.keys("ctrl+comma")
    keyboard.press("Restore the backup of")
    reader.until(lambda: reader.hears("1 chat would go"))
    keyboard.go("Restore now")
    return program


def test_a_backup_is_restored(
    home: Path, open_window: Callable[[], Program], reader: ScreenReader, keyboard: Keyboard
) -> None:
    written(home, "Before", backup=True)
    written(home, "After")
    program = go_back(home, open_window, reader, keyboard)
    keyboard.keys("space")
    reader.until(lambda: reader.hears("is restored."), 60)
    reader.until(lambda: [one for one in chats(reader) if "Before" in one or "After" in one] == ["Before"])
    assert program.end() == 0


@pytest.mark.parametrize("seconds", [0.02, 0.2, 0.5])
def test_killed_amid_a_restore(
    home: Path, open_window: Callable[[], Program], reader: ScreenReader, keyboard: Keyboard, seconds: float
) -> None:
    """All as it was, or all as restored and the rest kept; see tests/losing for each moment of it."""
    written(home, "Before", backup=True)
    written(home, "After")
    program = go_back(home, open_window, reader, keyboard)
    keyboard.keys("space")
    time.sleep(seconds)  # any moment will do
    program.process.send_signal(signal.SIGKILL)
    program.process.wait(60)
    program = open_window()
    reader.until(lambda: any("Before" in one for one in chats(reader)))
    shown = {one for one in chats(reader) if one in ("Before", "After")}
    assert program.end() == 0
    workbench = build(Paths(home))
    try:
        kept = [one for one in workbench.backups.list() if one.kind is Kind.REPLACED]
        assert {chat.title for chat in workbench.chat.list()} == shown
        assert workbench._database.check() == "ok"
        if shown == {"Before"}:
            assert [workbench.backups.sizes()[one.name] for one in kept] == [2]
        else:
            assert shown == {"Before", "After"}
            assert kept == []
    finally:
        workbench.close()
    assert not (home / "restoring").exists()


def throw_away(reader: ScreenReader, keyboard: Keyboard) -> None:
    """The first chat of the list."""
    keyboard.keys("ctrl+1")
    reader.until(lambda: reader.hears("Thrown away?"))
    keyboard.keys("ctrl+shift+BackSpace")
    reader.until(lambda: not any("Thrown away" in one for one in chats(reader)))


def test_a_chat_is_thrown_away_and_taken_out_of_the_bin(
    home: Path, open_window: Callable[[], Program], reader: ScreenReader, display: Display, keyboard: Keyboard
) -> None:
    written(home, "Kept", "Thrown away")
    program = open_window()
    reader.until(lambda: any("Thrown away" in one for one in chats(reader)))
    throw_away(reader, keyboard)
    keyboard.press("Undo")
    reader.until(lambda: any("Thrown away" in one for one in chats(reader)))
    throw_away(reader, keyboard)
    open_settings(reader, display)
    keyboard.press("Take Thrown away out of the bin")
    reader.until(lambda: any("Thrown away" in one for one in chats(reader)))
    assert program.end() == 0


def test_a_project_is_exported(
    home: Path,
    open_window: Callable[[], Program],
    reader: ScreenReader,
    display: Display,
    keyboard: Keyboard,
    tmp_path: Path,
) -> None:
    workbench = build(Paths(home))
    workbench.projects.create("Boat")
    workbench.close()
    program = open_window()
    name = reader.until(lambda: next((one for one in reader("words") if "Boat" in one), ""))
    keyboard.press(name, "shift+Tab")
    keyboard.press("Export project")
    reader.until(lambda: reader("exists", "Directory:"))
    display.keys("ctrl+a")
    display.type(str(tmp_path))
    display.keys("Return")
    reader.until(lambda: reader.hears("Exported to"))
    assert any("Boat" in one.name for one in tmp_path.iterdir())
    assert program.end() == 0

"""The section "Your chats": out and in, backups with a consent before a restore, the bin."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from tests.ui.conftest import MakeWindow, OpenWindow
from tests.unit.chat import foreign_chats as foreign
from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.settings.keeping import DailyBackups, KeepingSection
from ui.settings.keeping_consent import ConsentDialog
from ui.settings.keeping_words import NOTHING_IN_BIN, backups_words, difference_words, forgotten_words, when_words
from ui.widgets.buttons import Button, IconButton
from workbench.chat.keeping.store import BinnedChat
from workbench.diagnostics.backup import Kind
from workbench.diagnostics.backup_looking import Difference
from workbench.diagnostics.backup_making import BackupState
from workbench.jobs import quiet_job

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Shown:
    """The section in a window of its own place."""

    def __init__(self, opened: OpenWindow, section: KeepingSection) -> None:
        self.opened = opened
        self.section = section
        self.errors: list[Any] = []
        section.told.connect(self.errors.append)

    @property
    def words(self) -> str:
        return "\n".join(each.text() for each in self.section.findChildren(QLabel) if not each.isHidden())

    def button(self, name: str) -> Any:
        controls = [*self.section.findChildren(Button), *self.section.findChildren(IconButton)]
        return next(each for each in controls if each.accessibleName().startswith(name) and not each.isHidden())

    @property
    def dialog(self) -> ConsentDialog:
        return next(each for each in self.opened.window.findChildren(ConsentDialog) if each.isVisible())

    @property
    def titles(self) -> list[str]:
        return [chat.title for chat in self.opened.workbench.chat.list()]


@pytest.fixture
def shown(make_window: MakeWindow, bridge: Bridge, appearance: Appearance) -> Iterator[Callable[[], Shown]]:
    made: list[KeepingSection] = []

    def show() -> Shown:
        opened = make_window()
        section = KeepingSection(bridge, opened.workbench.as_workbench(), appearance)
        section.setParent(opened.window)
        section.resize(600, 600)
        section.show()
        section.refresh()
        made.append(section)
        opened.until(lambda: bridge.idle)
        return Shown(opened, section)

    yield show
    for section in made:
        section.deleteLater()


def test_chats_go_out_and_come_in_with_a_report(shown: Callable[[], Shown], tmp_path: Path) -> None:
    one = shown()
    file = tmp_path / "claude.json"
    file.write_text(json.dumps(foreign.claude()))
    one.section.exchange.import_from(str(file))
    one.opened.until(lambda: "2 chats imported: 5 new messages." in one.words)
    assert "Left out: Nothing: it has no messages" in one.words
    assert sorted(one.titles) == ["Gardening", "Left or right?"]
    one.section.exchange.export_to(str(tmp_path / "out.json"), "json")
    one.opened.until(lambda: "2 chats written to" in one.words)
    assert len(json.loads((tmp_path / "out.json").read_text())) == 2
    one.section.exchange.export_to(str(tmp_path / "pages"), "html")
    one.opened.until(lambda: "pages" in one.words)
    assert len(list((tmp_path / "pages").iterdir())) == 2
    assert one.errors == []


def test_what_is_no_export_is_told_in_the_section(shown: Callable[[], Shown], tmp_path: Path) -> None:
    one = shown()
    (tmp_path / "x.json").write_text("hello")
    one.section.exchange.import_from(str(tmp_path / "x.json"))
    one.opened.until(lambda: "no chats in a format" in one.words)
    assert one.section.exchange.bring_in.isEnabled()
    assert len(one.errors) == 1


def test_a_backup_is_made_and_restored_only_by_consent(shown: Callable[[], Shown], bridge: Bridge) -> None:
    one = shown()
    backups = one.opened.workbench.backups
    assert "There is none yet. The next one is made in a moment." in one.words
    one.opened.workbench.chat.send(None, "Before", quiet_job())
    one.section.backups.make_now.click()
    one.opened.until(lambda: "made by you" in one.words and "· 1 chat" in one.words)
    one.opened.workbench.chat.send(None, "After", quiet_job())
    asked(one)
    dialog = one.dialog
    assert dialog.cancel.hasFocus()
    assert "becomes a backup of its own" in dialog.accessibleDescription()
    assert "1 chat would go, as it is newer: “After”." in dialog.accessibleDescription()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    one.opened.until(lambda: bridge.idle)
    assert backups.state().at_start == ""
    asked(one)
    assert one.dialog.other is not None
    one.dialog.other.click()
    one.opened.until(lambda: "Restored at the next start" in one.words)
    assert backups.state().at_start == backups.list()[0].name
    one.button("Do not restore").click()
    one.opened.until(lambda: "Restored at the next start" not in one.words)
    assert backups.state().at_start == ""
    restarts: list[bool] = []
    one.section.restart_asked.connect(lambda: restarts.append(True))
    asked(one)
    one.dialog.agree.click()
    one.opened.until(lambda: restarts == [True])
    assert backups.state().at_start == backups.list()[0].name


def asked(one: Shown) -> None:
    """What restoring would change was looked up, and the question stands."""
    one.button("Restore the backup of").click()
    one.opened.until(lambda: any(each.isVisible() for each in one.opened.window.findChildren(ConsentDialog)))


def test_a_damaged_backup_is_told_before_anything_is_asked(shown: Callable[[], Shown]) -> None:
    one = shown()
    made = one.opened.workbench.backups.create(quiet_job().cancel)
    (made.path / "workbench.db").write_bytes(b"nothing" * 1000)
    one.section.refresh()
    one.opened.until(lambda: "cannot be read" in one.words)
    one.button("Restore the backup of").click()
    one.opened.until(lambda: len(one.errors) == 1)
    assert not any(each.isVisible() for each in one.opened.window.findChildren(ConsentDialog))


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (Difference(same=4), "It has the same chats as now."),
        (Difference(back=("A", "")), "2 chats would come back: “A”, “New chat”."),
        (Difference(changed=("x" * 50,)), f"1 chat would lose what was written since then: “{'x' * 39}…”."),
        (Difference(gone=tuple("ABCDE")), "5 chats would go, as they are newer: “A”, “B”, “C”, 2 more."),
    ],
)
def test_what_a_restore_would_change_is_told_in_sentences(found: Difference, words: str) -> None:
    assert difference_words(found) == (words,)


def test_the_bin_gives_back_and_forgets_only_by_consent(shown: Callable[[], Shown], bridge: Bridge) -> None:
    one = shown()
    chats = one.opened.workbench.chat
    assert NOTHING_IN_BIN in one.words
    for text in ("First", "Second", "Third"):
        chats.send(None, text, quiet_job())
    for chat in chats.list():
        chats.delete(chat.id)
    one.opened.until(lambda: "3 chats." in one.words)
    assert "forgotten in 30 days" in one.words
    restore = one.button("Take Second out of the bin")
    restore.click()
    one.opened.until(lambda: "2 chats." in one.words)
    assert one.titles == ["Second"]
    one.button("Remove First for good").click()
    one.dialog.cancel.click()
    one.opened.until(lambda: bridge.idle)
    assert len(one.opened.workbench.bin.list()) == 2
    one.section.bin.empty_all.click()
    one.dialog.agree.click()
    one.opened.until(lambda: NOTHING_IN_BIN in one.words)
    assert one.opened.workbench.bin.list() == ()
    assert one.titles == ["Second"]


def test_the_daily_backup_is_made_behind_the_window(make_window: MakeWindow, bridge: Bridge) -> None:
    opened = make_window()
    daily = opened.window.findChild(DailyBackups)
    assert daily is not None
    daily.look()
    opened.until(lambda: [one.kind for one in opened.workbench.backups.list()] == [Kind.DAILY])
    daily.look()
    opened.until(lambda: bridge.idle)
    assert len(opened.workbench.backups.list()) == 1


def test_times_are_told_as_people_say_them() -> None:
    now = NOW.timestamp()
    assert when_words(now - 3600, NOW) == "Today 11:00"
    assert when_words(now - 86400, NOW) == "Yesterday 12:00"
    assert when_words(now - 10 * 86400, NOW) == "12 November 12:00"
    assert when_words(now - 400 * 86400, NOW) == "18 October 2025 12:00"
    chat = BinnedChat("x", "X", 1, now - 29 * 86400)
    assert forgotten_words(chat, NOW) == "1 message · forgotten tomorrow (23 November)"
    assert "No daily one is made now: only 3 MB free." in backups_words(BackupState((), now, "only 3 MB free"), NOW)
    assert backups_words(BackupState((), now + 3600), NOW) == "There is none yet. Next: today 13:00."

"""Backups: made while others write, rotated, and restored only after a rehearsal, with what was there kept too."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.unit.chat.escalating.world import SUBJECT, World
from tests.unit.chat.keeping import Home, full_chat, new_home, small_chat
from workbench import ownership
from workbench.cancel import CancelToken
from workbench.clock import SystemClock
from workbench.cloud.provider import Billed, CloudModel, Price
from workbench.cloud.spending.money import CapKind, Purpose
from workbench.cloud.spending.service import LedgerService
from workbench.cloud.spending.store import LedgerStore
from workbench.consents.consent import ConsentKind, ConsentState, Scope
from workbench.diagnostics import backup_use
from workbench.diagnostics.backup import (
    DAY,
    Backup,
    Kind,
    find_backup,
    is_due,
    list_backups,
    new_name,
    next_due,
    outdated,
)
from workbench.diagnostics.backup_making import SPARE_BYTES, Backups
from workbench.diagnostics.backup_restoring import restore, restore_requested
from workbench.diagnostics.backup_wish import request, requested
from workbench.errors import Cancelled, RefusedError, StorageError, UsageError
from workbench.events import Bus
from workbench.jobs import quiet_job
from workbench.paths import Paths

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC).timestamp()
GO_ON = CancelToken()
MODEL = CloudModel("groq", "openai/gpt-oss-120b", price=Price(150_000, 600_000))


def _backups(home: Home, paths: Paths, free: int = 1 << 40) -> Backups:
    return Backups(paths, home.database, SystemClock(), lambda _folder: free)


def _made(kind: Kind, *ages_in_days: float) -> list[Backup]:
    return [Backup(new_name(kind, NOON - age * DAY), kind, NOON - age * DAY, 10, Path("x")) for age in ages_in_days]


# Which are due, and which may go ----------------------------------------------------------------------------------------


def test_seven_days_and_four_weeks_are_kept() -> None:
    backups = _made(Kind.DAILY, *range(60))
    for _ in range(3):  # as it happens day by day, or at once
        gone = set(outdated(backups, NOON))
        backups = [backup for backup in backups if backup not in gone]
    ages = sorted(round((NOON - backup.made_at) / DAY) for backup in backups)
    assert ages[:7] == list(range(7))
    assert len(ages) in (9, 10)
    assert max(ages) >= 20


def test_day_by_day_the_same_are_kept() -> None:
    kept: list[Backup] = []
    for day in range(60, -1, -1):
        kept += _made(Kind.DAILY, day)
        gone = set(outdated(kept, NOON - day * DAY))
        kept = [backup for backup in kept if backup not in gone]
    ages = sorted(round((NOON - backup.made_at) / DAY) for backup in kept)
    assert ages[:7] == list(range(7))
    assert 20 <= max(ages) <= 28
    assert len(kept) <= 11


def test_the_last_ones_of_somebody_who_was_away_are_kept() -> None:
    backups = _made(Kind.DAILY, 400, 500)
    assert outdated(backups, NOON) == ()


def test_what_a_person_made_is_never_removed() -> None:
    assert outdated(_made(Kind.MANUAL, *range(100)), NOON) == ()
    assert len(outdated(_made(Kind.REPLACED, *range(10)), NOON)) == 7


def test_one_is_due_a_day_after_the_last_whatever_the_clock_says() -> None:
    assert is_due([], NOON)
    assert not is_due(_made(Kind.DAILY, 0.9), NOON)
    assert is_due(_made(Kind.DAILY, 1.0), NOON)
    assert is_due(_made(Kind.DAILY, -3.0), NOON)
    assert is_due(_made(Kind.MANUAL, 0.1), NOON)
    assert next_due(_made(Kind.DAILY, 0.25), NOON) == NOON + 0.75 * DAY


def test_a_name_is_found_by_its_beginning() -> None:
    backups = _made(Kind.DAILY, 0, 1)
    assert find_backup(backups, "2026-11-21") is backups[1]
    assert find_backup(backups, "latest") is backups[0]
    for wrong in ("", "2026", "1999", "../x"):
        with pytest.raises(UsageError):
            find_backup(backups, wrong)


# Making ---------------------------------------------------------------------------------------------------------------


def test_a_backup_has_chats_and_files_and_takes_little_room(home: Home, paths: Paths) -> None:
    chat = full_chat(home)
    backup = _backups(home, paths).create(GO_ON)
    attached = home.read(chat).attachments[0].sha256
    assert (backup.path / "attachments" / attached).samefile(home.attachments / attached)
    assert backup.path.stat().st_mode & 0o077 == 0
    assert (backup.path / "workbench.db").stat().st_mode & 0o077 == 0
    assert list_backups(paths.backups) == (backup,)
    shutil.copytree(backup.path, paths.home.parent / "copy")
    with new_home(paths.home.parent / "copy") as copy:
        assert copy.read(chat) == home.read(chat)


def test_the_daily_one_is_made_once_a_day_and_not_on_a_full_disk(home: Home, paths: Paths) -> None:
    assert _backups(home, paths, SPARE_BYTES).keep_daily(GO_ON) is None
    assert "free" in _backups(home, paths, SPARE_BYTES).too_little_room()
    backups = _backups(home, paths)
    made = backups.keep_daily(GO_ON)
    assert made is not None
    assert made.kind is Kind.DAILY
    assert backups.keep_daily(GO_ON) is None
    assert backups.next_due() == made.made_at + DAY


def test_outdated_ones_go_and_so_does_what_was_left_unfinished(home: Home, paths: Paths) -> None:
    for age in range(2, 90):
        old = paths.backups / new_name(Kind.DAILY, SystemClock().now() - age * DAY)
        old.mkdir()
        (old / "workbench.db").write_bytes(b"x")
    (paths.backups / ".unfinished-2026-01-01T000000Z-daily").mkdir()
    (paths.backups / "workbench-before-m007_conversations.db").write_bytes(b"x")
    _backups(home, paths).keep_daily(GO_ON)
    names = {entry.name for entry in paths.backups.iterdir()}
    assert len(list_backups(paths.backups)) <= 11
    assert "workbench-before-m007_conversations.db" in names
    assert not any(name.startswith(".") for name in names)


def test_nothing_unfinished_stays(home: Home, paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    cancelled = CancelToken()
    cancelled.cancel()
    with pytest.raises(Cancelled):
        _backups(home, paths).create(cancelled)
    with pytest.raises(StorageError, match="are free"):
        _backups(home, paths, 1000).create(GO_ON)

    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    full_chat(home)
    monkeypatch.setattr(os, "link", full)
    monkeypatch.setattr(shutil, "copyfile", full)
    with pytest.raises(StorageError, match="No space left"):
        _backups(home, paths).create(GO_ON)
    assert list(paths.backups.iterdir()) == []


# Restoring ------------------------------------------------------------------------------------------------------------


def _with_backup(paths: Paths) -> tuple[Backup, str, str]:
    """A home with a chat in its backup, and another one that was begun later."""
    with new_home(paths.home) as home:
        before = full_chat(home)
        backup = _backups(home, paths).create(GO_ON)
        return backup, before, small_chat(home, "Later")


def _chats(paths: Paths) -> set[str]:
    with new_home(paths.home) as home:
        assert home.database.check() == "ok"
        return set(home.ids)


def test_restoring_brings_back_what_was_and_keeps_what_is(paths: Paths) -> None:
    backup, before, later = _with_backup(paths)
    attached = next(paths.attachments.iterdir())
    attached.unlink()
    restored, kept = restore(paths, backup.name, SystemClock().now)
    assert restored == backup
    assert _chats(paths) == {before}
    assert attached.exists()
    assert kept is not None
    restore(paths, kept.name, SystemClock().now)
    assert _chats(paths) == {before, later}
    assert not (paths.home / "restoring").exists()


def test_what_was_spent_since_stays_spent(paths: Paths) -> None:
    with new_home(paths.home) as home:
        ledger = _ledger(home)
        known, open_then = (ledger.reserve(MODEL, 300_000, Purpose.ESCALATION) for _ in range(2))
        ledger.settle(known, Billed(cost_micros=5))
        backup = _backups(home, paths).create(GO_ON)
        ledger.settle(open_then, Billed(cost_micros=7))
        ledger.reserve(MODEL, 400_000, Purpose.ESCALATION)
    _backup, kept = restore(paths, backup.name, SystemClock().now)
    assert kept is not None
    for name in (kept.name, backup.name):  # and back again
        with new_home(paths.home) as home:
            assert sorted(entry.cost_micros for entry in _ledger(home).entries()) == [5, 7, 400_000]
            assert home.database.check() == "ok"
        restore(paths, name, SystemClock().now)


def test_caps_of_now_hold_after_a_restore(paths: Paths) -> None:
    with new_home(paths.home) as home:
        ledger = _ledger(home)
        ledger.set_cap(CapKind.DAY, 50_000_000)
        ledger.set_cap(CapKind.PROVIDER, 1_000_000, "groq")
        backup = _backups(home, paths).create(GO_ON)
        ledger.set_cap(CapKind.DAY, 0)
    restore(paths, backup.name, SystemClock().now)
    with new_home(paths.home) as home:
        found = {(cap.kind, cap.name): cap.micros for cap in _ledger(home).caps()}
        assert found[CapKind.DAY, ""] == 0
        assert found[CapKind.PROVIDER, "groq"] == 1_000_000


@pytest.mark.parametrize("lost", [False, True])
def test_nothing_that_was_agreed_to_by_then_leaves_after_a_restore(tmp_path: Path, lost: bool) -> None:
    world = World(tmp_path / "home")
    paths = world.workbench.paths
    agreed = world.accepted(world.asked(), scope=Scope.ALWAYS)
    waits = world.escalations.propose(world.preview(world.asked("And 3+3?")))
    backup = Backups(paths, world.workbench.database, SystemClock(), lambda _folder: 1 << 40).create(GO_ON)
    world.escalations.send(agreed.id, quiet_job())
    world.consents.revoke(ConsentKind.CLOUD, SUBJECT)
    world.close()
    if lost:
        paths.database.unlink()
    restore(paths, backup.name, SystemClock().now)
    world = World(paths.home)
    try:
        assert world.consents.standing() == ()
        assert world.consents.list() == ()
        assert world.consents.get(waits.id).state is ConsentState.REFUSED
        assert not world.escalations.is_unsent(agreed.id)
        for one in (agreed, waits):
            with pytest.raises(UsageError):
                world.escalations.send(one.id, quiet_job())
        assert not world.client.sent
        assert world.escalations.send(world.accepted(world.asked("And now?")).id, quiet_job()).message.text
    finally:
        world.close()


def _ledger(home: Home) -> LedgerService:
    return LedgerService(LedgerStore(home.database, SystemClock()), Bus(), "engine")


def test_a_damaged_backup_changes_nothing(paths: Paths) -> None:
    backup, before, later = _with_backup(paths)
    file = backup.path / "workbench.db"
    whole = file.read_bytes()
    for damage in (b"", b"no database at all", whole[: len(whole) // 2], whole[:8192] + b"\xff" * 9000 + whole[17192:]):
        file.write_bytes(damage)
        with pytest.raises(UsageError, match="is damaged and was not restored"):
            restore(paths, backup.name, SystemClock().now)
        assert len(list_backups(paths.backups)) == 1
    assert _chats(paths) == {before, later}


def test_damage_that_only_a_whole_check_finds_changes_nothing(paths: Paths) -> None:
    backup, before, later = _with_backup(paths)
    with new_home(backup.path) as damaged:
        root = damaged.database.rows("SELECT rootpage FROM sqlite_master WHERE name = 'messages_of_conversation'")[0][0]
    with (backup.path / "workbench.db").open("r+b") as file:
        file.seek((root - 1) * 4096 + 8)
        file.write(b"\x01" * 2000)
    with pytest.raises(UsageError, match="is damaged and was not restored"):
        restore(paths, backup.name, SystemClock().now)
    assert _chats(paths) == {before, later}


def test_a_backup_of_a_newer_version_changes_nothing(paths: Paths) -> None:
    backup, before, later = _with_backup(paths)
    with new_home(backup.path) as newer, newer.database.write() as tx:
        tx.execute("INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('workbench', 'm999', '')")
    with pytest.raises(UsageError, match="made by a newer Workbench"):
        restore(paths, backup.name, SystemClock().now)
    assert _chats(paths) == {before, later}


def test_a_full_disk_changes_nothing(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    backup, before, later = _with_backup(paths)
    with pytest.raises(StorageError, match="are free"):
        restore(paths, backup.name, SystemClock().now, lambda _folder: 1000)

    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(shutil, "copyfile", full)
        with pytest.raises(StorageError, match="No space left"):
            restore(paths, backup.name, SystemClock().now)
    assert _chats(paths) == {before, later}
    assert not (paths.home / "restoring").exists()


def test_a_damaged_home_is_restored_and_kept_as_it_was(paths: Paths) -> None:
    backup, before, _later = _with_backup(paths)
    paths.database.write_bytes(b"zeros" * 1000)
    _restored, kept = restore(paths, backup.name, SystemClock().now)
    assert _chats(paths) == {before}
    assert kept is not None
    assert (kept.path / "workbench.db").read_bytes() == b"zeros" * 1000


def test_a_lost_database_is_restored(paths: Paths) -> None:
    backup, before, _later = _with_backup(paths)
    paths.database.unlink()
    assert restore(paths, backup.name, SystemClock().now)[1] is None
    assert _chats(paths) == {before}


def test_nothing_is_restored_while_another_process_uses_the_home(paths: Paths) -> None:
    backup, before, later = _with_backup(paths)
    other = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        users = paths.run / "users"
        users.mkdir()
        (users / ownership.of(other.pid)).touch()
        (users / "4194000@1.00").touch()  # of one that was killed
        with pytest.raises(RefusedError, match=f"process {other.pid}"):
            restore(paths, backup.name, SystemClock().now)
        assert _chats(paths) == {before, later}
    finally:
        other.communicate(b"\n")
    restore(paths, backup.name, SystemClock().now)
    assert _chats(paths) == {before}
    assert list(users.iterdir()) == []


def test_nobody_enters_while_a_backup_is_restored(paths: Paths) -> None:
    other = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        (paths.run / backup_use.RESTORING).write_text(ownership.of(other.pid))
        with pytest.raises(StorageError, match="being restored"):
            backup_use.enter(paths)
        assert backup_use.users(paths) == ()
    finally:
        other.communicate(b"\n")
    note = backup_use.enter(paths)
    assert backup_use.users(paths) == (ownership.this_process(),)
    backup_use.leave(note)
    assert backup_use.users(paths) == ()


def test_a_window_leaves_it_to_the_next_start(paths: Paths) -> None:
    backup, before, later = _with_backup(paths)
    request(paths, backup.name)
    assert requested(paths) == backup.name
    assert _chats(paths) == {before, later}
    assert "is restored" in restore_requested(paths, SystemClock().now)
    assert _chats(paths) == {before}
    assert restore_requested(paths, SystemClock().now) == ""


def test_a_wish_that_cannot_be_met_is_told_and_forgotten(paths: Paths) -> None:
    backup, before, later = _with_backup(paths)
    request(paths, backup.name)
    (backup.path / "workbench.db").write_bytes(b"broken")
    assert "was not restored" in restore_requested(paths, SystemClock().now)
    assert _chats(paths) == {before, later}
    assert requested(paths) == ""

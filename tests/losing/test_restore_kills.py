"""Killed at any moment of a restore: what was there, or what was restored, whole; and what was there is not lost."""

from __future__ import annotations

import multiprocessing
import random
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest

from tests.losing.restoring import restore_until
from tests.unit.chat.keeping import Home, full_chat, new_home, small_chat
from workbench.cancel import CancelToken
from workbench.chat.exporting.values import KeptChat
from workbench.clock import SystemClock
from workbench.diagnostics.backup import Backup, Kind, list_backups
from workbench.diagnostics.backup_making import Backups
from workbench.diagnostics.backup_restoring import restore, restore_requested
from workbench.diagnostics.backup_wish import request
from workbench.paths import Paths

LATE_KILLS = 20
Chats = dict[str, KeptChat]


@dataclass(frozen=True)
class Case:
    """A home with a wish in it, its chats of the backup, and those of now."""

    home: Path
    backup: Backup
    then: Chats
    now: Chats

    def copy(self, folder: Path) -> Paths:
        shutil.copytree(self.home, folder / "home")
        return Paths(folder / "home")


@pytest.fixture
def processes() -> Iterator[ForkServerContext]:
    from multiprocessing import forkserver, resource_tracker

    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.losing.restoring"])
    yield context
    forkserver._forkserver._stop()  # type: ignore[attr-defined]
    resource_tracker._resource_tracker._stop()  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    paths = Paths(tmp_path_factory.mktemp("made") / "home")
    paths.prepare()
    with new_home(paths.home) as home:
        kept = full_chat(home)
        backup = Backups(paths, home.database, SystemClock(), lambda _folder: 1 << 40).create(CancelToken())
        then = {kept: home.read(kept)}
        for number in range(3):
            small_chat(home, f"Later {number}")
        now = chats(home)
    request(paths, backup.name)
    return Case(paths.home, backup, then, now)


def chats(home: Home) -> Chats:
    return {one: home.read(one) for one in home.ids}


def chats_at(folder: Path) -> Chats:
    with new_home(folder) as home:
        assert home.database.check() == "ok"
        return chats(home)


@pytest.fixture
def newer(case: Case, tmp_path: Path) -> Path:
    """A home whose database a newer version wrote and did not close: a part of it is only in its log."""
    paths = case.copy(tmp_path / "open")
    with new_home(paths.home) as home:
        with home.database.write() as tx:
            tx.execute(
                "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('workbench', 'm999', '')"
            )
        return shutil.copytree(paths.home, tmp_path / "newer")


def as_it_is(paths: Paths) -> tuple[bytes, bytes]:
    """Database and log."""
    log = paths.database.with_name("workbench.db-wal")
    return paths.database.read_bytes(), log.read_bytes() if log.exists() else b""


def killed(processes: ForkServerContext, paths: Paths, step: int, seconds: float = 0.0) -> bool:
    """Whether the process was killed before it was done."""
    process = processes.Process(target=restore_until, args=(str(paths.home), step, seconds))
    process.start()
    process.join()
    code = process.exitcode
    process.close()
    assert code in (0, -9)
    return code == -9


def look(paths: Paths, case: Case, folder: Path) -> str:
    """What the next start has: ``then`` or ``now``. Fails where something is lost, mixed, or no longer to be had."""
    told = restore_requested(paths, time.time)  # as the next start does; a wish that was not begun is performed
    found = chats_at(paths.home)
    assert found in (case.then, case.now), told
    safe = [one for one in list_backups(paths.backups) if one.kind is Kind.REPLACED]
    for backup in safe:
        assert not (backup.path / "workbench.db").samefile(paths.database)
    if found == case.then:
        assert "was not restored" not in told
        assert len(safe) == 1
        shutil.copytree(safe[0].path, folder / "safe")
        assert chats_at(folder / "safe") == case.now
    else:
        assert "was not restored" in told
        assert safe == []
    assert sorted(one.name for one in paths.home.glob("restoring*")) == []
    for chat in found.values():
        for attached in chat.attachments:
            assert (paths.attachments / attached.sha256).read_bytes()
    return "then" if found == case.then else "now"


def again(paths: Paths, case: Case) -> None:
    """The same wish is met at last."""
    restore(paths, case.backup.name, time.time)
    assert chats_at(paths.home) == case.then


def test_killed_before_anything_that_it_does_with_a_file(
    tmp_path: Path, processes: ForkServerContext, case: Case
) -> None:
    whole = tmp_path / "whole"
    assert not killed(processes, case.copy(whole), 0)
    steps = int((whole / "steps").read_text())
    found = set()
    for step in range(1, steps + 1):
        folder = tmp_path / str(step)
        paths = case.copy(folder)
        assert killed(processes, paths, step), step
        found.add(look(paths, case, folder))
        if step % 8 == 0:
            again(paths, case)
        shutil.rmtree(folder)
    assert steps > 20
    assert found == {"then", "now"}


def test_killed_after_any_time(tmp_path: Path, processes: ForkServerContext, case: Case) -> None:
    """Between two things that Python does, SQLite writes for itself."""
    began = time.monotonic()
    assert not killed(processes, case.copy(tmp_path / "whole"), 0)
    longest = time.monotonic() - began
    chance = random.Random(20261123)
    kills = 0
    for number in range(LATE_KILLS):
        folder = tmp_path / str(number)
        paths = case.copy(folder)
        kills += killed(processes, paths, 0, chance.uniform(0.001, longest))
        look(paths, case, folder)
        again(paths, case)
        shutil.rmtree(folder)
    assert kills


def test_a_log_that_nobody_here_can_read_stays_with_its_database(
    tmp_path: Path, processes: ForkServerContext, case: Case, newer: Path
) -> None:
    before = as_it_is(Paths(newer))
    assert before[1]
    whole = Paths(shutil.copytree(newer, tmp_path / "whole" / "home"))
    assert not killed(processes, whole, 0)
    steps = int((tmp_path / "whole" / "steps").read_text())
    found = set()
    for step in range(steps - 20, steps + 1):  # what comes before is the same as above
        paths = Paths(shutil.copytree(newer, tmp_path / str(step) / "home"))
        assert killed(processes, paths, step)
        restore_requested(paths, time.time)
        kept = [one for one in list_backups(paths.backups) if one.kind is Kind.REPLACED]
        found.add(bool(kept))
        if kept:
            assert as_it_is(Paths(kept[0].path)) == before
            assert chats_at(paths.home) == case.then
        else:
            assert as_it_is(paths) == before
    assert found == {True, False}

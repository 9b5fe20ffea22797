"""Making a backup: a copy of the database as of one moment, and the attached files by hard link. Never in the way."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from workbench.cancel import CancelToken
from workbench.db import Database
from workbench.diagnostics import backup_wish
from workbench.diagnostics.backup import (
    ATTACHMENTS,
    DATABASE,
    Backup,
    Kind,
    find_backup,
    is_due,
    list_backups,
    new_name,
    next_due,
    outdated,
)
from workbench.diagnostics.backup_looking import Difference, chats_in, chats_of, difference
from workbench.errors import StorageError, UsageError
from workbench.paths import Paths, private_folder
from workbench.ports import Clock
from workbench.sizes import size_words

SPARE_BYTES = 1 << 30  # of the disk, left free by backups that nobody asked for
UNFINISHED = ".unfinished-"

FreeBytes = Callable[[Path], int]


@dataclass(frozen=True, slots=True)
class BackupState:
    """``backups``: the newest first. ``next_due``: when the next daily one is made, in seconds since 1970. ``no_room``: why
    it is not, in words. ``at_start``: the name of the one that the next start restores."""

    backups: tuple[Backup, ...]
    next_due: float
    no_room: str = ""
    at_start: str = ""


class Backups:
    """Any thread; one backup at a time."""

    def __init__(
        self,
        paths: Paths,
        database: Database,
        clock: Clock,
        free_bytes: FreeBytes = lambda folder: shutil.disk_usage(folder).free,
    ) -> None:
        self._paths = paths
        self._database = database
        self._clock = clock
        self._free_bytes = free_bytes
        self._lock = threading.Lock()
        self._sizes: dict[str, int | None] = {}

    def list(self) -> tuple[Backup, ...]:
        """The newest first."""
        return list_backups(self._paths.backups)

    def find(self, name: str) -> Backup:
        """By the beginning of its name, or ``latest``. Raises `UsageError`."""
        return find_backup(self.list(), name)

    def state(self) -> BackupState:
        """All that a person wants to know of the backups."""
        backups = self.list()
        due = next_due(backups, self._clock.now())
        return BackupState(backups, due, self.too_little_room(), backup_wish.requested(self._paths))

    def sizes(self) -> Mapping[str, int | None]:
        """By name of each backup: how many chats it has; None where it cannot be read. A backup is read once."""
        for backup in self.list():
            if backup.name not in self._sizes:
                try:
                    self._sizes[backup.name] = len(chats_in(backup))
                except UsageError:
                    self._sizes[backup.name] = None
        return dict(self._sizes)

    def difference(self, name: str) -> Difference:
        """What going back to this backup would change. Raises `UsageError` for an unknown or unreadable one."""
        return difference(chats_of(self._database.rows), chats_in(self.find(name)))

    def restore_at_start(self, name: str) -> None:
        """The next start of the program puts this backup into place. Raises `UsageError`, `StorageError`."""
        backup_wish.request(self._paths, name)

    def withdraw(self) -> None:
        """The next start restores nothing."""
        backup_wish.withdraw(self._paths)

    def next_due(self) -> float:
        """When the next daily backup is made; now when one is due."""
        return next_due(self.list(), self._clock.now())

    def create(self, cancel: CancelToken, kind: Kind = Kind.MANUAL) -> Backup:
        """Raises `StorageError` when there is no room or the disk refuses; nothing unfinished is left then."""
        with self._lock:
            need = self._need()
            free = self._free_bytes(self._paths.home)
            if free < need:
                raise StorageError(
                    f"A backup needs {size_words(need)} and {size_words(free)} are free.",
                    hint="Make room on the disk, then try again.",
                )
            return self._make(cancel, kind)

    def keep_daily(self, cancel: CancelToken) -> Backup | None:
        """Make the daily backup when it is due and there is room to spare, and remove those that are outdated.

        None when nothing was made. Raises `StorageError` when the disk refuses.
        """
        with self._lock:
            if self._database.read_only or not is_due(self.list(), self._clock.now()) or self.too_little_room():
                return None
            backup = self._make(cancel, Kind.DAILY)
            for old in outdated(self.list(), self._clock.now()):
                shutil.rmtree(old.path, ignore_errors=True)
            return backup

    def too_little_room(self) -> str:
        """Why no daily backup is made now, in words; empty when there is room."""
        free, need = self._free_bytes(self._paths.home), self._need() + SPARE_BYTES
        return "" if free >= need else f"only {size_words(free)} free: a daily backup wants {size_words(need)}"

    def _need(self) -> int:
        log = self._paths.database.with_name(f"{self._paths.database.name}-wal")
        return sum(file.stat().st_size for file in (self._paths.database, log) if file.exists()) + (1 << 20)

    def _make(self, cancel: CancelToken, kind: Kind) -> Backup:
        folder = private_folder(self._paths.backups)
        _sweep(folder)
        name = new_name(kind, self._clock.now(), (entry.name for entry in folder.iterdir()))
        part = folder / f"{UNFINISHED}{name}"
        with _telling(part):
            part.mkdir(mode=0o700)
            self._database.copy_to(part / DATABASE, cancel.check)
            share_files(self._paths.attachments, part / ATTACHMENTS, cancel)
            sync(part / DATABASE)
            part.rename(folder / name)
            sync(folder)
        return find_backup(self.list(), name)


def share_files(source: Path, target: Path, cancel: CancelToken) -> None:
    """Every file of ``source`` into ``target``, where it is not yet: by hard link, or by copy where there are none.

    The files never change, because each is named by its content.
    """
    if not source.is_dir():
        return
    private_folder(target)
    for file in source.iterdir():
        cancel.check()
        there = target / file.name
        if file.name.startswith(".") or there.exists() or not file.is_file():
            continue
        try:
            os.link(file, there)
        except OSError:
            part = there.with_name(f".{file.name}.part")
            shutil.copyfile(file, part)
            part.chmod(0o600)
            part.replace(there)


def sync(path: Path) -> None:
    """To the disk itself, where the system can."""
    with suppress(OSError):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextmanager
def _telling(part: Path) -> Iterator[None]:
    """Nothing unfinished stays, and what the disk refuses is told in words."""
    try:
        yield
    except BaseException as error:
        shutil.rmtree(part, ignore_errors=True)
        if isinstance(error, OSError):
            raise StorageError(f"The backup could not be made: {error.strerror or error}.") from error
        raise


def _sweep(folder: Path) -> None:
    """Remove what a killed program left unfinished."""
    for left in folder.glob(f"{UNFINISHED}*"):
        shutil.rmtree(left, ignore_errors=True)

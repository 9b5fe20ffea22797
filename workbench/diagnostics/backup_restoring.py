"""Putting a backup into place: rehearsed on a copy first, then in one step, with what was there kept as a backup too."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from workbench import migrations
from workbench.cancel import CancelToken
from workbench.db import Database
from workbench.diagnostics.backup import ATTACHMENTS, DATABASE, Backup, Kind, find_backup, list_backups, new_name
from workbench.diagnostics.backup_making import FreeBytes, share_files, sync
from workbench.diagnostics.backup_unfinished import LOGS, REHEARSAL, Unfinished, clear, link, note
from workbench.diagnostics.backup_use import alone
from workbench.diagnostics.backup_wish import requested, withdraw
from workbench.errors import RefusedError, StorageError, UsageError, WorkbenchError
from workbench.paths import Paths, private_folder
from workbench.sizes import size_words

LEAST_BYTES = 4096


def restore(
    paths: Paths,
    name: str,
    now: Callable[[], float],
    free_bytes: FreeBytes = lambda folder: shutil.disk_usage(folder).free,
) -> tuple[Backup, Backup | None]:
    """Put the backup of this name into place. Returns it, and the one that keeps what was there (None: nothing was).

    Nobody may use the home, this process's own database included. Raises `UsageError` for an unknown name or a damaged or
    newer backup, `RefusedError` when somebody uses the home, `StorageError` for a full disk; then all is as it was.
    """
    rehearsal = paths.home / REHEARSAL
    with alone(paths):
        clear(paths)
        backup = find_backup(list_backups(paths.backups), name)
        try:
            _rehearse(paths, backup, free_bytes)
            _let_nothing_leave(rehearsal, now())
            _carry_ledger(paths, rehearsal)
            kept = _keep_what_is_there(paths, backup, now())
            share_files(backup.path / ATTACHMENTS, paths.attachments, CancelToken())
            _put(rehearsal / DATABASE, paths)
        except OSError as error:
            raise StorageError(f"The backup could not be restored: {error.strerror or error}.") from error
        finally:
            clear(paths)
    return backup, kept


def restore_requested(paths: Paths, now: Callable[[], float]) -> str:
    """At the start, before the database is opened: do what `request` asked for. Returns what to tell; empty for nothing.

    Never raises: when it cannot be done, all is as it was, and the wish is forgotten.
    """
    unfinished = _finish(paths)
    name = requested(paths)
    if not name:
        return unfinished
    try:
        backup, _kept = restore(paths, name, now)
    except WorkbenchError as error:
        withdraw(paths)
        return f"The backup {name} was not restored: {error.message} {error.hint}"
    return _restored(backup.name)


def _finish(paths: Paths) -> str:
    """What a restore that was cut short has left is cleared away; what to tell of it. Another process that restores just
    now, or uses the home, is left alone."""
    if not (paths.home / REHEARSAL).exists():
        return ""
    found: Unfinished | None = None
    with suppress(StorageError, RefusedError, OSError), alone(paths):
        found = clear(paths)
    if found is None or not found.backup:
        return ""
    if found.in_place:
        return _restored(found.backup)
    return f"The backup {found.backup} was not restored: Workbench ended before it was done. All is as it was."


def _restored(name: str) -> str:
    return f"The backup {name} is restored. What was there before is kept among the backups."


def _rehearse(paths: Paths, backup: Backup, free_bytes: FreeBytes) -> None:
    """A copy of the backup that was opened, brought to this version and checked whole. Raises as `restore` does."""
    folder = paths.home / REHEARSAL
    need, free = 2 * backup.bytes + (1 << 20), free_bytes(paths.home)
    if free < need:
        raise StorageError(
            f"Restoring needs {size_words(need)} and {size_words(free)} are free.",
            hint="Make room on the disk, then try again.",
        )
    private_folder(folder)
    note(paths, backup.name)
    withdraw(
        paths
    )  # from here on it is begun: the next start tells what became of it, and does not try again by itself
    for suffix in ("", *LOGS):
        file = backup.path / f"{DATABASE}{suffix}"
        if file.exists():
            shutil.copyfile(file, folder / file.name)
            (folder / file.name).chmod(0o600)
    _check(folder, backup)
    sync(folder / DATABASE)


def _check(folder: Path, backup: Backup) -> None:
    if (folder / DATABASE).stat().st_size < LEAST_BYTES:  # which SQLite would take for a new, empty one
        raise _damaged(backup, "it is empty")
    try:
        database = Database(folder / DATABASE, migrations.workbench, backups=folder)
    except StorageError as error:
        if "newer" in error.message:
            hint = "Install the newer version to restore it."
            raise UsageError(f"The backup {backup.name} was made by a newer Workbench.", hint=hint) from error
        raise _damaged(backup, error.detail or error.message) from error
    try:
        found = database.read_only or database.check()
    except StorageError as error:
        found = error.detail or error.message
    finally:
        database.close()
    if found != "ok":
        raise _damaged(backup, found)


def _damaged(backup: Backup, detail: str) -> UsageError:
    return UsageError(
        f"The backup {backup.name} is damaged and was not restored.", hint="Choose another one.", detail=detail
    )


def _keep_what_is_there(paths: Paths, backup: Backup, now: float) -> Backup | None:
    """The database as it is, damaged or not, becomes a backup: by hard link, so that it takes no room."""
    if not paths.database.exists():
        note(paths, backup.name, "")
        return None
    with suppress(StorageError):  # a healthy one takes its log in; of a damaged one database and log are kept
        Database(paths.database, migrations.workbench, backups=paths.backups).close()
    folder = private_folder(paths.backups)
    name = new_name(Kind.REPLACED, now, (entry.name for entry in folder.iterdir()))
    note(paths, backup.name, name)
    kept = private_folder(folder / name)
    for suffix in ("", *LOGS):
        file = paths.database.with_name(f"{paths.database.name}{suffix}")
        if file.exists():
            link(file, kept / f"{DATABASE}{suffix}")
    share_files(paths.attachments, kept / ATTACHMENTS, CancelToken())
    sync(kept)
    return find_backup(list_backups(folder), name)


def _let_nothing_leave(rehearsal: Path, at: float) -> None:
    """What a person has agreed to by the time of the backup may have been sent or taken back since: it is asked again."""
    from workbench.chat.escalating.store import end_all
    from workbench.consents.consent import ConsentKind
    from workbench.consents.store import take_back

    with closing(Database(rehearsal / DATABASE, migrations.workbench, backups=rehearsal)) as restored:
        end_all(restored, at)
        take_back(restored, ConsentKind.CLOUD, at)
    sync(rehearsal / DATABASE)


def _carry_ledger(paths: Paths, rehearsal: Path) -> None:
    """What was spent since the backup stays spent, and the caps of now hold. Of a damaged database nothing can be
    carried."""
    from workbench.cloud.spending.store import carry_calls, carry_caps

    if not paths.database.exists():
        return
    with suppress(StorageError):
        with (
            closing(Database(paths.database, migrations.workbench, backups=paths.backups)) as old,
            closing(Database(rehearsal / DATABASE, migrations.workbench, backups=rehearsal)) as new,
        ):
            carry_calls(old, new)
            carry_caps(old, new)
        sync(rehearsal / DATABASE)


def _put(rehearsed: Path, paths: Paths) -> None:
    """The log of the old database must not meet the new one; what it held is in the copy that was kept."""
    for suffix in LOGS:
        paths.database.with_name(f"{paths.database.name}{suffix}").unlink(missing_ok=True)
    rehearsed.replace(paths.database)
    sync(paths.home)

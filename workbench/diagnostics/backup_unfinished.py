"""A restore that was cut short, by a kill or a cut of the power: undone, or seen to have got to its end.

A note beside the rehearsed copy says which backup is being restored and where what was there is kept. The copy leaves its
folder in the one step that puts it into place: while it is still there, nothing was put.
"""

from __future__ import annotations

import json
import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from workbench.diagnostics.backup import DATABASE
from workbench.errors import StorageError
from workbench.paths import Paths

REHEARSAL = "restoring"
LOGS = ("-wal", "-shm", "-journal")
_NOTE = "restore.json"


@dataclass(frozen=True, slots=True)
class Unfinished:
    """``backup``: the name of what was being restored, empty where it had hardly begun. ``in_place``: it is what is there
    now."""

    backup: str
    in_place: bool


def note(paths: Paths, backup: str, kept: str | None = None) -> None:
    """Say what is being done, before any of it is. ``kept``: the name of the backup of what is there, empty where nothing
    is; None while the copy is not whole yet. Raises `OSError`."""
    file = paths.home / REHEARSAL / _NOTE
    draft = file.with_suffix(".part")
    draft.write_text(json.dumps({"backup": backup, "kept": kept}), encoding="utf-8")
    draft.replace(file)


def clear(paths: Paths) -> Unfinished | None:
    """Leave nothing unfinished: all is as it was before, or as restored. None where nothing was unfinished.

    Nobody else may use the home. May be cut short itself, and is then done again. Raises `StorageError`; what is left then
    is cleared the next time.
    """
    folder = paths.home / REHEARSAL
    if not folder.exists():
        return None
    backup, kept = _read(folder)
    in_place = kept is not None and not (folder / DATABASE).exists()
    try:
        if kept and not in_place:
            _give_back(paths.backups / kept, paths)
        (folder / _NOTE).unlink(missing_ok=True)  # first: without it, a copy that is gone tells nothing
    except OSError as error:
        raise StorageError(f"What a restore left cannot be cleared away: {error.strerror or error}.") from error
    shutil.rmtree(folder, ignore_errors=True)
    return Unfinished(backup, in_place)


def link(file: Path, target: Path) -> None:
    """The same file by another name; a copy where there are no hard links. Raises `OSError`."""
    try:
        os.link(file, target)
    except OSError:
        shutil.copyfile(file, target)
        target.chmod(0o600)


def _give_back(kept: Path, paths: Paths) -> None:
    """The copy shares its file with the database, which goes on being written: it is no backup. A log that the database
    has lost already is only here."""
    for suffix in LOGS:
        log = kept / f"{DATABASE}{suffix}"
        there = paths.database.with_name(f"{paths.database.name}{suffix}")
        if log.exists() and not there.exists():
            link(log, there)
    shutil.rmtree(kept, ignore_errors=True)


def _read(folder: Path) -> tuple[str, str | None]:
    """What `note` was told; an empty name where there is no note."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        found = json.loads((folder / _NOTE).read_text(encoding="utf-8"))
        backup, kept = found["backup"], found["kept"]
        if Path(backup).name == backup and (kept is None or Path(kept).name == kept):
            return backup, kept
    return "", None

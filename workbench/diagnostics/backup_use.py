"""Which processes use a data home: each leaves a note while it does, and a restore waits for none of them.

The note is written before its writer looks whether a restore runs, and a restore is announced before it looks for notes: of
the two one always sees the other.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from workbench import ownership
from workbench.errors import RefusedError, StorageError
from workbench.paths import Paths, private_folder

RESTORING = "restoring"


def enter(paths: Paths) -> Path | None:
    """Note that this process uses the home. None where notes cannot be written: such a home is only read.

    Raises `StorageError` while a backup is being restored.
    """
    note: Path | None = _folder(paths) / ownership.this_process()
    try:
        private_folder(_folder(paths))
        if note is not None:
            os.close(os.open(note, os.O_CREAT | os.O_WRONLY, 0o600))
    except (OSError, StorageError):
        note = None
    restorer = _restorer(paths)
    if restorer and restorer != ownership.this_process() and ownership.is_alive(restorer):
        leave(note)
        raise StorageError("A backup is being restored just now.", hint="Try again in a minute.")
    return note


def leave(note: Path | None) -> None:
    if note is not None:
        with suppress(OSError):
            note.unlink(missing_ok=True)


@contextmanager
def alone(paths: Paths) -> Iterator[None]:
    """While a backup is put into place. Raises `RefusedError` when another process uses the home."""
    announcement = private_folder(paths.run) / RESTORING
    restorer = _restorer(paths)
    if restorer and restorer != ownership.this_process() and ownership.is_alive(restorer):
        raise RefusedError("Another backup is being restored just now.", hint="Wait until it is done.")
    announcement.write_text(ownership.this_process(), encoding="utf-8")
    try:
        others = [owner for owner in users(paths) if owner != ownership.this_process()]
        if others:
            who = ", ".join(owner.partition("@")[0] for owner in others)
            raise RefusedError(
                f"Another Workbench uses this data (process {who}).",
                hint="Close its window, and end `workbench serve` where it runs. Then try again.",
            )
        yield
    finally:
        with suppress(OSError):
            announcement.unlink(missing_ok=True)


def users(paths: Paths) -> tuple[str, ...]:
    """The living processes that use the home; notes of those that were killed are removed."""
    try:
        notes = list(_folder(paths).iterdir())
    except OSError:
        return ()
    living = []
    for note in notes:
        if ownership.is_alive(note.name):
            living.append(note.name)
        else:
            leave(note)
    return tuple(living)


def _folder(paths: Paths) -> Path:
    return paths.run / "users"


def _restorer(paths: Paths) -> str:
    try:
        return (paths.run / RESTORING).read_text(encoding="utf-8")
    except (OSError, ValueError):
        return ""

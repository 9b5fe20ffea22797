"""A restore that the next start performs: the window that wishes it uses the database itself."""

from __future__ import annotations

import json
from contextlib import suppress

from workbench.diagnostics.backup import Backup, find_backup, list_backups
from workbench.errors import StorageError
from workbench.paths import Paths, private_folder

REQUEST = "restore-at-start.json"


def request(paths: Paths, name: str) -> Backup:
    """Have the next start restore this backup. Raises `UsageError` for an unknown one, `StorageError`."""
    backup = find_backup(list_backups(paths.backups), name)
    try:
        private_folder(paths.run)
        (paths.run / REQUEST).write_text(json.dumps({"backup": backup.name}), encoding="utf-8")
    except OSError as error:
        raise StorageError(f"The wish cannot be kept: {error.strerror or error}.") from error
    return backup


def withdraw(paths: Paths) -> None:
    """The next start restores nothing."""
    with suppress(OSError):
        (paths.run / REQUEST).unlink(missing_ok=True)


def requested(paths: Paths) -> str:
    """The name of the backup that the next start restores; empty for none."""
    try:
        found = json.loads((paths.run / REQUEST).read_text(encoding="utf-8"))["backup"]
    except (OSError, ValueError, KeyError, TypeError):
        return ""
    return found if isinstance(found, str) else ""

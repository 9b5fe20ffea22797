"""Small private files in the run folder: who runs which engine, where it listens. Never trusted from outside."""

from __future__ import annotations

import json
import os
import re
import stat
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from workbench import ownership
from workbench.paths import Paths

_MAX_BYTES = 64 << 10
_SAFE_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}\.(sock|key)")


def write_private(path: Path, text: str) -> None:
    """Replace ``path`` by a file that only this user can read, in one step. Raises `OSError`."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.new")
    with suppress(FileNotFoundError):
        draft.unlink()
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    draft.replace(path)


def read_private(path: Path) -> str | None:
    """The text of a file that this user, and nobody else, can have written; None for anything else."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(descriptor, "rb") as file:
            return file.read(_MAX_BYTES).decode() if _is_ours(os.fstat(descriptor)) else None
    except (OSError, UnicodeDecodeError):
        return None


def _is_ours(status: os.stat_result) -> bool:
    if not stat.S_ISREG(status.st_mode):
        return False
    return not hasattr(os, "getuid") or (status.st_uid == os.getuid() and not status.st_mode & 0o077)


def read_private_json(path: Path) -> dict[str, Any]:
    """The object in a private file; empty when there is none that can be trusted and read."""
    try:
        found = json.loads(read_private(path) or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


@dataclass(frozen=True, slots=True)
class ProcessRecord:
    """One engine process. ``owner`` and ``engine`` as `workbench.ownership` writes them; ``files``: names of its socket
    or key file."""

    owner: str
    engine: str
    files: tuple[str, ...] = ()

    def write(self, paths: Paths) -> Path:
        path = paths.run / f"engine-{self.engine.partition('@')[0]}.process"
        write_private(path, json.dumps(asdict(self)))
        return path


def sweep(paths: Paths) -> int:
    """End the engines of this home whose owner is gone, and remove what they left. Returns how many were ended.

    Only a fallback: on Linux and Windows the system ends an engine with its owner.
    """
    ended = 0
    for path in paths.run.glob("engine-*.process"):
        record = read_private_json(path)
        owner, engine = str(record.get("owner", "")), str(record.get("engine", ""))
        if owner and ownership.is_alive(owner):
            continue
        if engine and ownership.is_alive(engine):
            kill(int(engine.partition("@")[0]))
            ended += 1
        for name in record.get("files", ()):
            remove_listening_file(paths, str(name))
        with suppress(OSError):
            path.unlink()
    return ended


def remove_listening_file(paths: Paths, name: str) -> None:
    """Remove an engine's socket or key file by its bare name; a name that is anything else is left alone."""
    if _SAFE_NAME.fullmatch(name):
        folder = paths.sockets() if name.endswith(".sock") else paths.run
        with suppress(OSError):
            (folder / name).unlink()


def kill(process_id: int) -> None:
    """End a process, at once; it may be gone already."""
    import psutil

    with suppress(psutil.Error):
        psutil.Process(process_id).kill()

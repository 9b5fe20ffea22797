"""Exported chats on the disk: whole or not at all, never over what is there unless that was asked for."""

from __future__ import annotations

import os
import re
import shutil
import uuid
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from workbench.errors import StorageError, UsageError

_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u0080-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]+')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)
LONGEST_NAME_BYTES = 120


def write_file(target: Path, pieces: Iterable[str], *, force: bool) -> None:
    """Raises `UsageError` when the file is there already or its folder is not, `StorageError` when the disk refuses."""
    _refuse_existing(target, force=force)
    part = target.with_name(f".{target.name[:60]}.{uuid.uuid4().hex[:8]}.part")
    with _telling(target, lambda: part.unlink(missing_ok=True)):
        with part.open("x", encoding="utf-8", newline="\n") as file:
            part.chmod(0o600)
            for piece in pieces:
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        if force:
            part.replace(target)
        else:
            _place(part, target)


def write_folder(target: Path, files: Iterable[tuple[str, Iterable[str]]], *, force: bool) -> int:
    """A folder with these files; one that is there already only with ``force``: then files of the same names are replaced.

    Returns how many. Raises as `write_file` does.
    """
    _refuse_existing(target, force=force)
    is_new = not target.exists()
    folder = target.with_name(f".{target.name[:60]}.{uuid.uuid4().hex[:8]}.part") if is_new else target
    count = 0
    with _telling(target, lambda: shutil.rmtree(folder, ignore_errors=True) if is_new else None):
        folder.mkdir(exist_ok=True, mode=0o700)
        for name, pieces in files:
            write_file(folder / name, pieces, force=not is_new)
            count += 1
        if is_new:
            folder.rename(target)
    return count


def file_name(title: str, conversation_id: str, suffix: str) -> str:
    """A name that every system takes and that tells the chat: its title, and the beginning of its id."""
    words = _NOT_IN_NAMES.sub(" ", title).encode("utf-8", "replace")[:LONGEST_NAME_BYTES].decode("utf-8", "ignore")
    name = " ".join(words.split()).strip(". ")
    if not name or _RESERVED.fullmatch(name.split(".")[0].strip()):
        name = f"Chat {name}".strip()
    return f"{name} {conversation_id[:8]}{suffix}"


def _refuse_existing(target: Path, *, force: bool) -> None:
    if target.exists() and not force:
        raise UsageError(f"{target} is there already.", hint="Choose another name, or replace it with --force.")


def _place(part: Path, target: Path) -> None:
    """Under its name only where nothing is: a link is made or not, in one step."""
    try:
        os.link(part, target)
    except FileExistsError:
        part.unlink()
        _refuse_existing(target, force=False)
    except OSError:  # a file system without links
        _refuse_existing(target, force=False)
        part.replace(target)
    else:
        part.unlink()


class _telling:  # noqa: N801 - used as a function
    """Errors of the disk in words, after ``undo``."""

    def __init__(self, target: Path, undo: Callable[[], object]) -> None:
        self._target = target
        self._undo = undo

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if error is None:
            return
        with suppress(OSError):
            self._undo()
        if isinstance(error, FileNotFoundError | NotADirectoryError):
            raise UsageError(
                f"There is no folder {self._target.parent}.", hint="Make it first, or choose another one."
            ) from error
        if isinstance(error, OSError):
            raise StorageError(f"{self._target} cannot be written: {error.strerror or error}.") from error

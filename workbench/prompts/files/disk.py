"""The folder as it is on the disk: what is in it, and files that are put there whole or not at all."""

from __future__ import annotations

import hashlib
import os
import stat
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Final

from workbench.errors import StorageError, UsageError
from workbench.prompts.files.deciding import File, Filed, original
from workbench.prompts.files.markdown import MOST_BYTES, SUFFIX, UnreadablePrompt, merge_mark, read_markdown
from workbench.prompts.tidy import tidied

MOST_FILES: Final = 20_000
MARK: Final = ".workbench-prompts"
MARK_TEXT: Final = "Workbench keeps the prompts of this folder in step with its library, and knows it by this file.\n"
SETTLED_SECONDS: Final = 3.0  # as coarse as the clocks of disks get
_NO_PROMPTS: Final = ("readme", "license", "licence", "changelog", "contributing", "code_of_conduct", "security")
_NO_FOLDERS: Final = ("node_modules", "__pycache__")
_NEVER: Final = -1


@dataclass(frozen=True, slots=True)
class Seen:
    """How a file was. ``modified_ns``: below 0 where it had changed just before, so that only its content can tell."""

    filed: Filed
    bytes: int
    modified_ns: int


def folder_files(root: Path) -> dict[str, os.stat_result]:
    """All Markdown files below, by their paths with "/"; nothing hidden. Raises `OSError`."""
    found: dict[str, os.stat_result] = {}
    for path, entry in _walk(root, ""):
        if len(found) >= MOST_FILES:
            break
        with suppress(OSError):  # gone this moment, or a link to nothing
            about = entry.stat()
            if stat.S_ISREG(about.st_mode):
                found[path] = about
    return found


def _walk(folder: Path, before: str) -> Iterator[tuple[str, os.DirEntry[str]]]:
    with os.scandir(folder) as entries:
        listed = sorted(entries, key=lambda entry: entry.name)
    for entry in listed:
        path = f"{before}{entry.name}"
        if entry.name.startswith(".") or entry.name in _NO_FOLDERS:
            continue
        if entry.is_dir(follow_symlinks=False):
            with suppress(OSError):
                yield from _walk(folder / entry.name, f"{path}/")
        elif entry.name.lower().endswith(SUFFIX):
            yield path, entry


def look(
    root: Path,
    path: str,
    about: os.stat_result,
    seen: Seen | None,
    had_marks: Callable[[str], bool],
) -> File | None:
    """The file as it is; None for one that says by its name that it is no prompt. ``seen``: how it was, where nothing is to
    be read of it while it is the same. ``had_marks``: whether the prompt of this id has the marks of a merge for good."""
    if seen and (about.st_size, about.st_mtime_ns) == (seen.bytes, seen.modified_ns):
        return File(path, seen.filed.sha256, id=seen.filed.prompt_id, same=True)
    if about.st_size > MOST_BYTES:
        return File(path, line=1, problem=f"it is larger than {MOST_BYTES >> 20} MB")
    try:
        content = (root / path).read_bytes()
    except OSError as error:
        return File(path, problem=f"it cannot be read ({error.strerror or error})")
    return read(path, content, had_marks)


def read(path: str, content: bytes, had_marks: Callable[[str], bool] = lambda _id: False) -> File | None:
    """See `look`."""
    stem = PurePosixPath(path).stem
    file = File(path, hashlib.sha256(content).hexdigest())
    if stem.lower() in _NO_PROMPTS and not content.startswith((b"---", b"\xef\xbb\xbf---")):
        return None
    try:
        found = read_markdown(content, original(stem) or stem, path)
        file = replace(file, id=found.id)
        mark = merge_mark(content.decode("utf-8", "replace"))
        if mark and not had_marks(found.id):
            return replace(file, line=mark, problem="it has the marks of a merge that is not finished")
        return replace(file, prompt=tidied(found.prompt), warnings=found.warnings)
    except UnreadablePrompt as error:
        return replace(file, line=error.line, problem=error.what)
    except UsageError as error:  # nothing in it yet
        return replace(file, line=1, problem=error.message.rstrip("."))


def remembered(filed: Filed, about: os.stat_result, now: float | None = None) -> Seen:
    """``about``: of the file before it was read, or as it was written."""
    age = (time.time() if now is None else now) - about.st_mtime
    return Seen(filed, about.st_size, about.st_mtime_ns if age > SETTLED_SECONDS else _NEVER)


def content(root: Path, path: str) -> bytes:
    """All of a file that is as large as files of prompts are; nothing of any other."""
    try:
        with (root / path).open("rb") as file:
            found = file.read(MOST_BYTES + 1)
    except OSError:
        return b""
    return found if len(found) <= MOST_BYTES else b""


# Writing --------------------------------------------------------------------------------------------------------------


class ChangedMeanwhile(Exception):  # noqa: N818 - no failure: it is looked at again
    """The file is not what it was when this was decided."""


def put(root: Path, path: str, content: bytes, instead: str | None) -> os.stat_result:
    """The whole file or none of it; `flush` its folder afterwards. ``instead``: the sha256 of what is there; None: nothing.

    Raises `ChangedMeanwhile`, `StorageError`.
    """
    target = Path(os.path.realpath(root / path))
    part = target.with_name(f".{target.name[:40]}.{uuid.uuid4().hex[:8]}.part")
    try:
        mode = _mode(target, instead)
        with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if mode is not None:
            part.chmod(mode)
        about = part.stat()
        _unchanged(target, instead)
        if instead is None:
            _place(part, target)
        else:
            part.replace(target)
    except OSError as error:
        raise StorageError(f"{root / path} cannot be written: {error.strerror or error}.") from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return about


def remove(root: Path, path: str, sha256: str) -> None:
    """Only what is as it was. Raises `ChangedMeanwhile`, `StorageError`."""
    target = root / path
    try:
        _unchanged(target, sha256)
        target.unlink(missing_ok=True)
    except OSError as error:
        raise StorageError(f"{target} cannot be removed: {error.strerror or error}.") from error


def _mode(target: Path, instead: str | None) -> int | None:
    """As the person has set it."""
    return None if instead is None or not target.exists() else stat.S_IMODE(target.stat().st_mode)


def _unchanged(target: Path, sha256: str | None) -> None:
    try:
        found = hashlib.sha256(target.read_bytes()).hexdigest()
    except FileNotFoundError:
        found = None
    if found != sha256:
        raise ChangedMeanwhile


def _place(part: Path, target: Path) -> None:
    """Where nothing is, in one step on disks with links."""
    try:
        os.link(part, target)
    except FileExistsError:
        raise ChangedMeanwhile from None
    except OSError:
        if target.exists():
            raise ChangedMeanwhile from None
        part.replace(target)


def flush(folder: Path) -> None:
    """What was put there has its name on the disk too, also after a power cut."""
    with suppress(OSError):  # not on every system
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


# Whether it is the folder -------------------------------------------------------------------------------------------


def is_it(root: Path, present: Mapping[str, os.stat_result], known: Mapping[str, object]) -> bool:
    """Whether this is the folder whose files are known: no drive that is not there now, no empty place where one was."""
    return not known or (root / MARK).exists() or any(path in present for path in known)


def strangers(root: Path) -> int:
    """How many Markdown files are in a folder that prompts were never kept in; 0 where they were, or there is no folder."""
    if (root / MARK).exists():
        return 0
    try:
        return len(folder_files(root))
    except OSError:
        return 0


def mark(root: Path) -> None:
    with suppress(OSError):
        if not (root / MARK).exists():
            with os.fdopen(os.open(root / MARK, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
                file.write(MARK_TEXT)

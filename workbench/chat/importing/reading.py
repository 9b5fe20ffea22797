"""What a person gives to import: JSON, a zip as the other program made it, or a folder. Bounded, whatever is in it."""

from __future__ import annotations

import lzma
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from workbench.chat.importing.json import Readable
from workbench.errors import UsageError

MOST_MEMBERS = 200_000
MOST_ASSET_BYTES = 64 << 20
MOST_FILES = 20_000
BOMB_RATIO, BOMB_BYTES = 400, 32 << 20
_CHATS = re.compile(r"(?:conversations|chats?)(?:[-_.]?\w+)?\.jsonl?", re.IGNORECASE)
_BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, RuntimeError, NotImplementedError, ValueError)


@dataclass(frozen=True, slots=True)
class Source:
    """A file with chats in it, and how to open it."""

    name: str
    open: Callable[[], BinaryIO]


@dataclass(slots=True)
class Given:
    """``sources`` in the order in which they are read. ``asset`` finds a file that belongs to a message."""

    sources: tuple[Source, ...]
    archive: zipfile.ZipFile | None = None
    _names: dict[str, str] = field(default_factory=dict)

    def asset(self, file_id: str, name: str) -> bytes | None:
        """The content of the archive's file of this id, or of this name; None where there is none, or too large a one.

        Never a path: only what the archive lists under a name of its own is found.
        """
        if self.archive is None:
            return None
        if not self._names:
            self._names = {PurePosixPath(member.filename).name: member.filename for member in self.archive.infolist()}
        by_id = (member for short, member in self._names.items() if file_id and short.startswith(file_id))
        found = next(by_id, None) or self._names.get(name)
        return None if found is None else self._read(found)

    def _read(self, member: str) -> bytes | None:
        if self.archive is None or self.archive.getinfo(member).file_size > MOST_ASSET_BYTES:
            return None
        try:
            with self.archive.open(member) as file:
                return file.read(MOST_ASSET_BYTES)
        except (*_BROKEN, OSError):
            return None


@contextmanager
def opened(path: Path) -> Iterator[Given]:
    """The chats' files in ``path``. Raises `UsageError` for what cannot be read or should not be."""
    given = _given(path)
    try:
        yield given
    finally:
        if given.archive is not None:
            given.archive.close()


def _given(path: Path) -> Given:
    try:
        if path.is_dir():
            return _folder(path)
        if path.is_file() and zipfile.is_zipfile(path):
            return _zip(path)
        if path.is_file():
            return Given((Source(path.name, _opener(path)),))
    except (*_BROKEN, OSError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UsageError(f"{path} cannot be read: {reason}.", hint="Download the export once more.") from error
    raise UsageError(f"There is no file {path}.", hint="Give the path of an exported file.")


def _zip(path: Path) -> Given:
    archive = zipfile.ZipFile(path)
    try:
        return Given(_members(archive), archive)
    except BaseException:
        archive.close()
        raise


def guarded(file: Readable) -> Readable:
    """What goes wrong while a zip is unpacked becomes an `OSError`, which the reader tells."""
    return _Guarded(file)


class _Guarded:
    def __init__(self, file: Readable) -> None:
        self._file = file

    def read(self, size: int, /) -> bytes:
        try:
            return self._file.read(size)
        except _BROKEN as error:
            raise OSError(f"it is damaged or locked ({error})") from error


def _folder(path: Path) -> Given:
    files = sorted(file for file in path.rglob("*.json") if file.is_file() and not file.is_symlink())
    if not files:
        raise UsageError(f"There are no JSON files in {path}.", hint="Give the path of an exported file.")
    return Given(tuple(Source(file.name, _opener(file)) for file in files[:MOST_FILES]))


def _opener(file: Path) -> Callable[[], BinaryIO]:
    return lambda: file.open("rb")


def _members(archive: zipfile.ZipFile) -> tuple[Source, ...]:
    members = archive.infolist()
    if len(members) > MOST_MEMBERS:
        raise UsageError("This zip file has too many files in it.", hint="Unpack it and import conversations.json.")
    listed = [one for one in members if one.filename.lower().endswith((".json", ".jsonl"))]
    named = [one for one in listed if _CHATS.fullmatch(PurePosixPath(one.filename).name)]
    chosen = sorted(named or listed, key=lambda one: one.filename)[:MOST_FILES]
    if not chosen:
        raise UsageError("There are no chats in this zip file.", hint="It should have a file conversations.json.")
    for member in chosen:
        if member.file_size > BOMB_BYTES and member.file_size > BOMB_RATIO * max(1, member.compress_size):
            raise UsageError(
                f"{member.filename} in this zip file would grow to {member.file_size >> 20} MB: no export does.",
                hint="Download the export once more.",
            )
    return tuple(Source(member.filename, _unpacking(archive, member)) for member in chosen)


def _unpacking(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Callable[[], BinaryIO]:
    def opening() -> BinaryIO:
        try:
            return cast(BinaryIO, archive.open(member))
        except _BROKEN as error:
            raise OSError(f"{member.filename} is damaged or locked ({error})") from error

    return opening

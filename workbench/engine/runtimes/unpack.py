"""Unpacks an engine's archive into a folder of its own, trusting nothing in it but its bytes.

No name leaves the folder, no link points out of it, nothing is written but files, folders and links, and no more than
`limit_bytes` in all. What stands in one common folder is unpacked without it, so that the several archives of one build
come to lie side by side.
"""

from __future__ import annotations

import os
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import IO

from workbench.cancel import CancelToken
from workbench.engine.runtimes.archive_names import THROWN_AWAY, link_stays_inside, member_path
from workbench.errors import DownloadError
from workbench.models.fetching.partial import READ_BYTES, speaking_disk_errors
from workbench.paths import private_folder

MOST_MEMBERS = 20_000
_GROWTH = 12  # libraries shrink to a third at best; a bomb grows a thousandfold
_GROWTH_BYTES = 64 << 20
_MOST_LINK = 400


_Archive = tarfile.TarFile | zipfile.ZipFile
_Entry = tarfile.TarInfo | zipfile.ZipInfo


def limit_bytes(archive_bytes: int) -> int:
    """What an honest archive of this size may unpack to."""
    return _GROWTH * archive_bytes + _GROWTH_BYTES


@dataclass(frozen=True, slots=True)
class Member:
    """``target``: where a link points, for links only. ``entry``: what the archive's own reader calls it."""

    path: PurePosixPath
    entry: _Entry
    executable: bool = False
    target: str | None = None


def unpack(archive: Path, folder: Path, cancel: CancelToken) -> None:
    """Unpack the ``.zip`` or ``.tar.gz`` at ``archive`` into ``folder``, which must be there.

    Raises `DownloadError` for an archive that is damaged or wants what it must not have, `StorageError`, `Cancelled`.
    """
    with _speaking(archive), _opened(archive) as opened:
        members = _without_common_folder(_members(opened, limit_bytes(archive.stat().st_size)))
        for member in members:
            cancel.check()
            if member.target is None:
                _write(opened, member, folder, cancel)
        _make_links([member for member in members if member.target is not None], folder)


@contextmanager
def _opened(archive: Path) -> Iterator[_Archive]:
    if archive.suffix == ".zip":
        with zipfile.ZipFile(archive) as zipped:
            yield zipped
    else:
        with tarfile.open(archive, "r:gz") as tarred:
            yield tarred


def _members(archive: _Archive, allowed: int) -> list[Member]:
    """What is to be written; folders are made as they are needed."""
    entries: Iterable[_Entry] = archive.infolist() if isinstance(archive, zipfile.ZipFile) else archive
    members: list[Member] = []
    declared = 0
    for count, entry in enumerate(entries, 1):
        declared += entry.file_size if isinstance(entry, zipfile.ZipInfo) else entry.size
        if count > MOST_MEMBERS:
            raise DownloadError(f"The archive holds more than {MOST_MEMBERS:,} files.", hint=THROWN_AWAY)
        if declared > allowed:  # before the reader has to decompress it all on its way to the next entry
            raise _bomb()
        member = _zipped(archive, entry) if isinstance(entry, zipfile.ZipInfo) else _tarred(entry)
        if member is not None:
            members.append(member)
    return members


def _zipped(archive: _Archive, entry: zipfile.ZipInfo) -> Member | None:
    mode = entry.external_attr >> 16
    kind = stat.S_IFMT(mode)
    if entry.is_dir() or kind == stat.S_IFDIR:
        return None
    if kind == stat.S_IFLNK and isinstance(archive, zipfile.ZipFile):
        with archive.open(entry) as link:
            return Member(member_path(entry.filename), entry, target=link.read(_MOST_LINK).decode())
    if kind not in (0, stat.S_IFREG):
        raise _strange(entry.filename)
    return Member(member_path(entry.filename), entry, executable=bool(mode & 0o100))


def _tarred(entry: tarfile.TarInfo) -> Member | None:
    if entry.isdir():
        return None
    if entry.issym():
        return Member(member_path(entry.name), entry, target=entry.linkname)
    if not entry.isfile():
        raise _strange(entry.name)
    return Member(member_path(entry.name), entry, executable=bool(entry.mode & 0o100))


def _bomb() -> DownloadError:
    return DownloadError("The archive unpacks to far more than an engine has.", hint=THROWN_AWAY)


def _strange(name: str) -> DownloadError:
    return DownloadError(
        f"The archive holds something that is neither a file nor a folder: {name[:80]!r}.", hint=THROWN_AWAY
    )


def _without_common_folder(members: Sequence[Member]) -> list[Member]:
    """The members without the folders that hold them all."""
    if not members:
        raise DownloadError("The archive is empty.", hint=THROWN_AWAY)
    folders = [member.path.parts[:-1] for member in members]
    common = 0
    while len({folder[: common + 1] for folder in folders}) == 1 and len(folders[0]) > common:
        common += 1
    return [replace(member, path=PurePosixPath(*member.path.parts[common:])) for member in members]


def _write(archive: _Archive, member: Member, folder: Path, cancel: CancelToken) -> None:
    """The readers give no more bytes than the entry declares, and these were counted."""
    target = _place(folder, member.path)
    mode = 0o700 if member.executable else 0o600
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    with _reader(archive, member) as source, speaking_disk_errors(target):
        with os.fdopen(os.open(target, flags, mode), "wb") as file:
            while block := source.read(READ_BYTES):
                cancel.check()
                file.write(block)
        if os.name == "posix":
            target.chmod(mode)


def _place(folder: Path, path: PurePosixPath) -> Path:
    """Where ``path`` goes; its folder is made. Raises `DownloadError` when a link stands on the way there."""
    parent = folder.resolve().joinpath(*path.parts[:-1])
    if parent.resolve() != parent:
        raise _leads_out(path)
    return private_folder(parent) / path.name


def _reader(archive: _Archive, member: Member) -> IO[bytes]:
    if isinstance(archive, zipfile.ZipFile):
        return archive.open(member.entry)  # type: ignore[arg-type]
    opened = archive.extractfile(member.entry)  # type: ignore[arg-type]
    assert opened is not None, "a regular file"  # noqa: S101 - for the type checker
    return opened


def _make_links(links: Sequence[Member], folder: Path) -> None:
    made: list[Path] = []
    for link in links:
        if not link_stays_inside(link.path, link.target or ""):
            raise _leads_out(link.path)
        at = _place(folder, link.path)
        with speaking_disk_errors(at):
            at.unlink(missing_ok=True)
            at.symlink_to(link.target or "")
        made.append(at)
    for at in made:  # once all are there: a link may go through another one
        if not at.resolve().is_relative_to(folder.resolve()):
            raise _leads_out(PurePosixPath(at.name))


def _leads_out(path: PurePosixPath) -> DownloadError:
    return DownloadError(f"The archive holds a link that leads out of it: {str(path)[:80]!r}.", hint=THROWN_AWAY)


@contextmanager
def _speaking(archive: Path) -> Iterator[None]:
    try:
        yield
    except (
        tarfile.TarError,
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        UnicodeError,
        ValueError,
        RuntimeError,  # an encrypted zip
    ) as error:
        raise DownloadError(
            f"The archive {archive.name} is damaged.",
            hint="It was thrown away: start the download again.",
            detail=repr(error),
        ) from error
    except OSError as error:  # gzip's own complaint is an OSError
        raise DownloadError(f"The archive {archive.name} cannot be read: {error}.", detail=repr(error)) from error

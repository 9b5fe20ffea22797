"""An unfinished download on disk: ``NAME.part``, and ``NAME.json`` that says what its bytes are worth.

Only bytes that were synced before the sidecar said so are trusted after a crash; the rest is cut off.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO, Self

from filelock import FileLock, Timeout

from workbench.cancel import CancelToken
from workbench.errors import DownloadError, StorageError

SYNC_BYTES = 4 << 20
READ_BYTES = 1 << 20
RESERVE_BYTES = 64 << 20  # left free for everything else, above all the database

FreeBytes = Callable[[Path], int]


def free_bytes(folder: Path) -> int:
    """Bytes that this user can still write to the disk of ``folder``."""
    return shutil.disk_usage(folder).free


def check_room(needed: int, folder: Path, free: FreeBytes) -> None:
    """Raise `StorageError` unless ``needed`` bytes fit and a reserve stays free."""
    short = needed + RESERVE_BYTES - free(folder)
    if short > 0:
        raise StorageError(
            f"The disk with {folder} is too full: {-(-short // 1_000_000):,} MB more must be free.",
            hint="Make room, then start the download again: it goes on where it stopped.",
        )


@contextmanager
def locked(target: Path) -> Iterator[None]:
    """Hold the lock of ``target`` against other processes and threads; raises `DownloadError` when it is taken."""
    lock = FileLock(target.with_name(f"{target.name}.lock"), timeout=0, mode=0o600)
    try:
        lock.acquire()
    except Timeout as error:  # itself an OSError
        hint = "Wait until it has finished, or end the other download."
        raise DownloadError(f"{target.name} is already being downloaded.", hint=hint) from error
    except OSError as error:
        raise _disk_error(target, error) from error
    try:
        yield
    finally:
        lock.release()


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the bytes of a part come from. ``etag``: a strong validator, or empty. ``size``: of the whole file."""

    url: str = ""
    etag: str = ""
    size: int | None = None


class PartFile:
    """The part of ``target``: appended to, hashed as it grows, and renamed at the end. Use under `locked`, with `with`."""

    def __init__(self, target: Path, free: FreeBytes = free_bytes) -> None:
        self.target = target
        self.path = target.with_name(f"{target.name}.part")
        self.sidecar = target.with_name(f"{target.name}.json")
        self.origin = Origin()
        self.bytes = 0
        self._synced = 0
        self._digest = hashlib.sha256()
        self.free = free
        self._file: BinaryIO

    def __enter__(self) -> Self:
        with speaking_disk_errors(self.path):
            self._file = os.fdopen(
                os.open(self.path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600), "r+b"
            )
            self.path.chmod(0o600)
        return self

    def __exit__(self, *_exception: object) -> None:
        """Whatever ended the block, what has arrived is kept."""
        if not self._file.closed:
            with suppress(OSError, StorageError):
                self.sync()
            with suppress(OSError):
                self._file.close()

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()

    def recover(self, cancel: CancelToken, on_bytes: Callable[[int], None]) -> None:
        """Go on from what an earlier try left: cut to the synced bytes, and hash these again, telling how far."""
        self.origin, self._synced = self._read_sidecar()
        with speaking_disk_errors(self.path):
            self._synced = min(self._synced, os.fstat(self._file.fileno()).st_size)
            self._file.truncate(self._synced)
            self._file.seek(0)
            while self.bytes < self._synced:
                cancel.check()
                block = self._file.read(READ_BYTES)
                self._digest.update(block)
                self.bytes += len(block)
                on_bytes(self.bytes)

    def restart(self, origin: Origin) -> None:
        """Forget every byte: what comes now is ``origin`` from its beginning."""
        with speaking_disk_errors(self.path):
            self._file.seek(0)
            self._file.truncate()
        self.bytes = self._synced = 0
        self._digest = hashlib.sha256()
        self.origin = origin
        self._write_sidecar()

    def append(self, block: bytes) -> None:
        with speaking_disk_errors(self.path):
            self._file.write(block)
        self._digest.update(block)
        self.bytes += len(block)
        if self.bytes - self._synced >= SYNC_BYTES:
            self.sync()
            check_room(0, self.path.parent, self.free)

    def sync(self) -> None:
        """Put the bytes on the disk, and only then say so in the sidecar."""
        with speaking_disk_errors(self.path):
            self._file.flush()
            os.fsync(self._file.fileno())
        self._synced = self.bytes
        self._write_sidecar()

    def complete(self) -> None:
        """The part is the file: give it its name."""
        self.sync()
        self._file.close()
        move_into_place(self.path, self.target)
        self.sidecar.unlink(missing_ok=True)

    def discard(self) -> None:
        """The bytes are known to be wrong: nobody may resume from them."""
        self._file.close()
        self.sidecar.unlink(missing_ok=True)
        self.path.unlink(missing_ok=True)

    def _read_sidecar(self) -> tuple[Origin, int]:
        try:
            found = json.loads(self.sidecar.read_bytes())
            origin = Origin(
                str(found["url"]), str(found["etag"]), None if found["size"] is None else int(found["size"])
            )
            return origin, max(int(found["synced"]), 0)
        except (OSError, ValueError, TypeError, KeyError):  # absent or damaged: nothing is known about the bytes
            return Origin(), 0

    def _write_sidecar(self) -> None:
        text = json.dumps({**asdict(self.origin), "synced": self._synced})
        with speaking_disk_errors(self.sidecar):
            replace_file(self.sidecar, text.encode())


def replace_file(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path`` so that a crash leaves the old or the new file, never a mixture."""
    fresh = path.with_name(f"{path.name}.new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def move_into_place(source: Path, target: Path) -> None:
    """Rename a synced file, and sync the folder so that the name survives a power cut."""
    with speaking_disk_errors(target):
        source.replace(target)
        if os.name == "posix":
            folder = os.open(target.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)


@contextmanager
def speaking_disk_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _disk_error(path, error) from error


def _disk_error(path: Path, error: OSError) -> StorageError:
    if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
        hint = "Make room, then start the download again: it goes on where it stopped."
        return StorageError(f"The disk with {path.parent} is full.", hint=hint)
    return StorageError(f"{path} cannot be written: {error.strerror or error}.")

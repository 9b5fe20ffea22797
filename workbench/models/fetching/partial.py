"""An unfinished download on disk: ``NAME.part``, and ``NAME.json`` that says what its bytes are worth.

What this process wrote survives its own end, because the system has it. A power cut or crash of the system may take what
was not synced: when the system was started anew, only bytes that were synced before the sidecar said so are trusted.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from functools import cache
from io import FileIO
from pathlib import Path
from typing import Self

from filelock import FileLock, Timeout

from workbench.cancel import CancelToken
from workbench.errors import DownloadError, StorageError
from workbench.models.fetching.preallocate import allocate, allocated_bytes, release
from workbench.models.fetching.writer import Writer

SYNC_SECONDS, SYNC_BYTES = (
    1.0,
    64 << 20,
)  # synced when so much time and bytes have passed, at the latest after the bytes
LEAST_SYNC_BYTES = 4 << 20
READ_BYTES = 1 << 20
PART, SIDECAR = ".part", ".json"  # behind a file's name: what has arrived of it, and what is known of that
RESERVE_BYTES = 64 << 20  # left free for everything else, above all the database; on small disks a tenth

FreeBytes = Callable[[Path], int]


def free_bytes(folder: Path) -> int:
    """Bytes that this user can still write to the disk of ``folder``."""
    return shutil.disk_usage(folder).free


class NoRoomError(StorageError):
    """The disk is too full; everything else is well."""


class BusyError(DownloadError):
    """Another process or thread is fetching the same file."""


def reserve_bytes(folder: Path) -> int:
    """Bytes to leave free on the disk of ``folder``."""
    return min(RESERVE_BYTES, shutil.disk_usage(folder).total // 10)


def check_room(needed: int, folder: Path, free: FreeBytes) -> None:
    """Raise `NoRoomError` unless ``needed`` bytes fit and a reserve stays free."""
    short = needed + reserve_bytes(folder) - free(folder)
    if short > 0:
        raise NoRoomError(
            f"The disk with {folder} is too full: {-(-short // 1_000_000):,} MB more must be free.",
            hint="Make room, then start the download again: it goes on where it stopped.",
        )


@contextmanager
def locked(target: Path) -> Iterator[None]:
    """Hold the lock of ``target`` against other processes and threads; raises `BusyError` when it is taken."""
    lock = FileLock(target.with_name(f"{target.name}.lock"), timeout=0, mode=0o600)
    try:
        lock.acquire()
    except Timeout as error:  # itself an OSError
        hint = "Wait until it has finished, or end the other download."
        raise BusyError(f"{target.name} is already being downloaded.", hint=hint) from error
    except OSError as error:
        raise _disk_error(target, error) from error
    try:
        yield
    finally:
        lock.release()


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the bytes of a part come from. ``etag``: a strong validator, or empty. ``size`` and ``sha256``: what the whole
    file was promised to have, where that is known."""

    url: str = ""
    etag: str = ""
    size: int | None = None
    sha256: str | None = None


class PartFile:
    """The part of ``target``: appended to, hashed as it grows, and renamed at the end. Use under `locked`, with `with`.

    ``bytes``: how many it was given. The disk work is done by a thread of its own; its errors come with the next call.
    """

    def __init__(self, target: Path, free: FreeBytes = free_bytes) -> None:
        self.target = target
        self.path = target.with_name(f"{target.name}{PART}")
        self.sidecar = target.with_name(f"{target.name}{SIDECAR}")
        self.origin = Origin()
        self.bytes = 0
        self.free = free
        self._synced = 0
        self._synced_at = time.monotonic()
        self._stored = 0
        self._digest = hashlib.sha256()
        self._pending = bytearray()
        self._file: FileIO
        self._writer: Writer

    def __enter__(self) -> Self:
        with speaking_disk_errors(self.path):
            self._file = open_private(self.path)
        self._writer = Writer("download-writer")
        return self

    def __exit__(self, *_exception: object) -> None:
        """Whatever ended the block, what has arrived is kept, and disk that was only reserved is given back."""
        with suppress(StorageError):
            self._hand_over()
        self._writer.close()
        if not self._file.closed:
            with suppress(OSError, StorageError):
                self._sync()
            with suppress(OSError):
                release(self._file.fileno())
            with suppress(OSError):
                self._file.close()

    @property
    def sha256(self) -> str:
        """Of the bytes so far."""
        self._hand_over()
        self._writer.drain()
        return self._digest.hexdigest()

    def recover(self, cancel: CancelToken, on_bytes: Callable[[int], None]) -> None:
        """Go on from what an earlier try left: cut to the bytes to trust, and hash these again, telling how far."""
        self.origin, trusted = self._read_sidecar()
        with speaking_disk_errors(self.path):
            trusted = min(trusted, os.fstat(self._file.fileno()).st_size)
            self._file.truncate(trusted)
            self._file.seek(0)
            while block := self._file.read(READ_BYTES):
                cancel.check()
                self._digest.update(block)
                self.bytes += len(block)
                on_bytes(self.bytes)
        self._synced = self._stored = self.bytes

    def reserve(self, size: int) -> None:
        """Take the disk for a file of ``size`` bytes. Raises `NoRoomError` when there is not so much."""
        check_room(max(size - allocated_bytes(self.path), 0), self.path.parent, self.free)
        with speaking_disk_errors(self.path):
            allocate(self._file.fileno(), size)

    def restart(self, origin: Origin) -> None:
        """Forget every byte: what comes now is ``origin`` from its beginning."""
        self._pending.clear()
        self._writer.drain()
        with speaking_disk_errors(self.path):
            self._file.seek(0)
            self._file.truncate()
        self.bytes = self._synced = self._stored = 0
        self._digest = hashlib.sha256()
        self.know(origin)

    def know(self, origin: Origin) -> None:
        """Remember where the next bytes come from."""
        self._writer.drain()
        self.origin = origin
        self._write_sidecar()

    def append(self, block: bytes) -> None:
        self._pending += block
        self.bytes += len(block)
        if len(self._pending) >= READ_BYTES:
            self._hand_over()

    def sync(self) -> None:
        """Put the bytes on the disk, and only then say so in the sidecar."""
        if self._file.closed:
            return
        self._hand_over()
        self._writer.do(self._sync)
        self._writer.drain()

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

    # On the writer's thread -------------------------------------------------------------------------------------------

    def _hand_over(self) -> None:
        block, self._pending = self._pending, bytearray()
        if block:
            self._writer.do(lambda: self._store(block))

    def _store(self, block: bytearray) -> None:
        with speaking_disk_errors(self.path):
            write_all(self._file, block)
        self._digest.update(block)
        self._stored += len(block)
        fresh = self._stored - self._synced
        waited = time.monotonic() - self._synced_at >= SYNC_SECONDS
        if fresh >= SYNC_BYTES or (waited and fresh >= LEAST_SYNC_BYTES):
            self._sync()
            check_room(0, self.path.parent, self.free)

    def _sync(self) -> None:
        if self._stored == self._synced:
            return
        with speaking_disk_errors(self.path):
            os.fsync(self._file.fileno())
        self._synced, self._synced_at = self._stored, time.monotonic()
        self._write_sidecar()

    def _read_sidecar(self) -> tuple[Origin, int]:
        """What is known of the part, and how many of its bytes are to be trusted."""
        try:
            found = json.loads(self.sidecar.read_bytes())
            size, sha256 = found["size"], found.get("sha256")
            origin = Origin(
                str(found["url"]),
                str(found["etag"]),
                None if size is None else int(size),
                None if sha256 is None else str(sha256),
            )
            same_run = boot_id() != "" and found.get("boot") == boot_id()
            return origin, sys.maxsize if same_run else max(int(found["synced"]), 0)
        except (OSError, ValueError, TypeError, KeyError):  # absent or damaged: nothing is known about the bytes
            return Origin(), 0

    def _write_sidecar(self) -> None:
        text = json.dumps({**asdict(self.origin), "synced": self._synced, "boot": boot_id()})
        with speaking_disk_errors(self.sidecar):
            replace_file(self.sidecar, text.encode(), durable=self._synced > 0)


def throw_away(target: Path) -> None:
    """Remove what has arrived of ``target``, and it. For one that nobody fetches. Raises `StorageError`."""
    with speaking_disk_errors(target):
        for name in ("", PART, SIDECAR):
            target.with_name(f"{target.name}{name}").unlink(missing_ok=True)


@cache
def boot_id() -> str:
    """Another one after each start of the system; empty where it does not tell."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    except (OSError, ValueError):
        return ""


def open_private(path: Path) -> FileIO:
    """Open for reading and writing without a buffer, made when missing, for this user alone."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
    path.chmod(0o600)
    return FileIO(descriptor, "r+b")


def write_all(file: FileIO, block: bytes | bytearray) -> None:
    """Without a buffer a write may take only a part, as when the disk is nearly full."""
    left = memoryview(block)
    while left:
        left = left[file.write(left) :]


def replace_file(path: Path, content: bytes, *, durable: bool = True) -> None:
    """Write ``content`` to ``path`` so that a crash leaves the old or the new file, never a mixture.

    ``durable`` False: after a power cut it may be empty.
    """
    fresh = path.with_name(f"{path.name}.new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        if durable:
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
        return NoRoomError(f"The disk with {path.parent} is full.", hint=hint)
    return StorageError(f"{path} cannot be written: {error.strerror or error}.")

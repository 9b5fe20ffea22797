"""One file: what it holds is known already, or it is read and cut, or there is a reason why not."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import stat
import time
from contextlib import nullcontext
from pathlib import Path
from typing import Final, Protocol

from workbench.cancel import CancelToken
from workbench.documents.collection import Chunk, FileStatus
from workbench.documents.extract.cloud import kept_elsewhere, no_downloads
from workbench.documents.extract.document import DocumentError, Extracted, Why, refuse_shortage
from workbench.documents.scanning.scan import place_of
from workbench.documents.scanning.watched import Watched
from workbench.documents.storing.contents import Linked, Outcome, Read, Refused, Waiting

MOST_BYTES: Final = 1 << 30
YOUNG_NS: Final = 20_000_000
YOUNG_COARSE_NS: Final = 2_000_000_000  # of a time in whole seconds: FAT, HFS+
_PIECE: Final = 1 << 20


class Reader(Protocol):
    """As `ExtractionPool`: cutting takes time too, which the child has."""

    def read_cut(
        self, path: Path, name: str, cancel: CancelToken, *, download: bool = False
    ) -> tuple[Extracted, tuple[Chunk, ...]]: ...


class Known(Protocol):
    """As `ContentStore`."""

    def known(self, sha256: bytes, name: str) -> int | None: ...


def read(
    root: Path, file: Waiting, reader: Reader, known: Known, cancel: CancelToken, watched: Watched | None = None
) -> Outcome | None:
    """What becomes of a file that waits; None where it is another file now than was looked at, and is looked at again; so
    it is where its drive stops to answer, which ``watched`` notices.

    One that a cloud drive keeps elsewhere is opened only where a person asked. Raises `ReaderError`, `Cancelled`.
    """
    path = root / file.path
    cancel.check()
    met = _met(path, file, cancel, watched, place_of(root))
    if not isinstance(met, bytes):
        return met
    digest = met
    content_id = known.known(digest, file.name)
    if content_id is not None:
        return Linked(file, content_id)
    try:
        extracted, chunks = reader.read_cut(path, file.name, cancel, download=file.asked)
        if not _same(path.lstat(), file) or _too_young(file):  # what was read may be neither the old nor the new
            return None
    except DocumentError as error:
        return _unread(path, file, error)
    except OSError as error:
        return _refused(file, error)
    return Read(file, digest, extracted, chunks)


def _met(path: Path, file: Waiting, cancel: CancelToken, watched: Watched | None, place: str) -> bytes | Outcome | None:
    """The sha256 of what is there, or what becomes of it without being read."""
    if watched is None:
        return _hashed_file(path, file, cancel, [])
    found: list[bytes | Outcome | None] = []
    progress: list[int] = []
    if watched.hangs(place):
        return None
    came_back = watched.run(
        place, lambda: found.append(_hashed_file(path, file, cancel, progress)), lambda: len(progress), cancel
    )
    return found[0] if came_back else None


def _hashed_file(path: Path, file: Waiting, cancel: CancelToken, progress: list[int]) -> bytes | Outcome | None:
    try:
        before = path.lstat()
        if not _same(before, file):
            return None
        if not file.asked and kept_elsewhere(before):
            return Refused(file, FileStatus.IN_CLOUD, "")
        if before.st_size > MOST_BYTES:
            return Refused(file, FileStatus.SKIPPED, f"It is larger than {MOST_BYTES >> 30} GB.")
        with nullcontext() if file.asked else no_downloads():
            return _digest(path, cancel, progress)
    except OSError as error:
        return _refused(file, error)


def _digest(path: Path, cancel: CancelToken, progress: list[int]) -> bytes:
    """The sha256 of a regular file; something is put into ``progress`` for each piece. Raises `OSError`."""
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0)
    descriptor = os.open(path, flags)
    with os.fdopen(descriptor, "rb", buffering=0) as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "it is no regular file")
        return _hashed(file, cancel, progress)


def _hashed(file: io.FileIO, cancel: CancelToken, progress: list[int]) -> bytes:
    digest = hashlib.sha256()
    while piece := file.read(_PIECE):
        digest.update(piece)
        progress.append(len(piece))
        cancel.check()
    return digest.digest()


def _same(found: os.stat_result, file: Waiting) -> bool:
    return stat.S_ISREG(found.st_mode) and (found.st_size, found.st_mtime_ns) == (file.bytes, file.modified_ns)


def _too_young(file: Waiting) -> bool:
    """Whether it could have been written again without its time of change telling: clocks of file systems tick slowly."""
    tick = YOUNG_NS if file.modified_ns % 1_000_000_000 else YOUNG_COARSE_NS
    return 0 <= time.time_ns() - file.modified_ns < tick


def _unread(path: Path, file: Waiting, error: DocumentError) -> Outcome | None:
    """A file that went, or was written, while it was read is no failure: it is looked at again."""
    try:
        if error.why is Why.GONE or not _same(path.lstat(), file):
            return None
    except OSError as problem:
        return _refused(file, problem)
    return Refused(file, FileStatus(error.why.value), error.message)


def _refused(file: Waiting, error: OSError) -> Outcome | None:
    refuse_shortage(error)
    if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ESTALE):
        return None
    if error.errno in (errno.EACCES, errno.EPERM):
        return Refused(file, FileStatus.NO_PERMISSION, "This user may not read it.")
    return Refused(file, FileStatus.FAILED, f"It could not be read: {error.strerror or error}.")

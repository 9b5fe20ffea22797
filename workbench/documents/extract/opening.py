"""Opening what a person named: a real file, and nothing that blocks or never ends."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

from workbench.documents.extract.cloud import kept_elsewhere, no_downloads
from workbench.documents.extract.document import DocumentError, Extracted, Why, refuse_shortage

_KINDS = (
    (stat.S_ISDIR, "is a folder"),
    (stat.S_ISFIFO, "is a pipe, not a file"),
    (stat.S_ISSOCK, "is a socket, not a file"),
    (stat.S_ISCHR, "is a device, not a file"),
    (stat.S_ISBLK, "is a device, not a file"),
)
_REASONS = {
    errno.ENOENT: "is not there",
    errno.ENOTDIR: "is not there",
    errno.EACCES: "may not be read by you",
    errno.EPERM: "may not be read by you",
    errno.ELOOP: "is a link that leads back to itself",
    errno.ENAMETOOLONG: "has too long a name",
    errno.EISDIR: "is a folder",
    errno.ENXIO: "is a pipe or socket, not a file",
}
_WHY = {
    errno.ENOENT: Why.GONE,
    errno.ENOTDIR: Why.GONE,
    errno.EACCES: Why.NO_PERMISSION,
    errno.EPERM: Why.NO_PERMISSION,
    errno.EDEADLK: Why.IN_CLOUD,  # what macOS says to those who do not want a download
}
_IN_CLOUD = "is kept elsewhere by a cloud drive: reading it would download it"


def open_file(path: Path, *, download: bool = True) -> BinaryIO:
    """The file, for reading. Raises `DocumentError` with the reason for what is none, or cannot be opened; `ReaderError`.

    Opening never waits for the other end of a pipe; what a link leads to is looked at, not the link. Without ``download``
    a file that a cloud drive keeps elsewhere is refused before it is opened, and by the system where it can be told so.
    """
    if download:
        return _opened(path)
    try:
        if kept_elsewhere(path.stat()):
            raise cannot(path.name, _IN_CLOUD, "Download it first.", why=Why.IN_CLOUD)
    except (OSError, ValueError):
        pass  # told by opening it
    with no_downloads():
        return _opened(path)


def _opened(path: Path) -> BinaryIO:
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except OSError as error:
        refuse_shortage(error)
        why = _WHY.get(error.errno or 0, Why.FAILED)
        raise cannot(path.name, _IN_CLOUD if why is Why.IN_CLOUD else _reason(error), why=why) from error
    except ValueError as error:  # a NUL in the name
        raise cannot(path.name, "has a name that no file can have") from error
    try:
        _check_mode(os.fstat(descriptor).st_mode, path.name)
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def cannot(name: str, reason: str, hint: str = "", *, why: Why = Why.FAILED) -> DocumentError:
    """ "prices.xlsx is protected by a password." A name with odd bytes is shown with marks in their place."""
    shown = name.encode("utf-8", "replace").decode("utf-8")
    return DocumentError(f"{shown} {reason}.", hint=hint, why=why)


def with_text(extracted: Extracted, name: str) -> Extracted:
    """Raises `DocumentError` for a scan of which nothing was read."""
    if extracted.scanned and not extracted.text.strip():
        hint = "Install Tesseract and its pages are read, or attach one as a picture to a model that sees."
        raise cannot(name, "has no text: its pages are pictures", hint, why=Why.SKIPPED)
    return extracted


def _check_mode(mode: int, name: str) -> None:
    if not stat.S_ISREG(mode):
        raise cannot(name, next((why for is_it, why in _KINDS if is_it(mode)), "is not a file"), why=Why.SKIPPED)


def _reason(error: OSError) -> str:
    return _REASONS.get(error.errno or 0, f"cannot be opened ({error.strerror or error})")

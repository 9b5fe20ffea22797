"""Opening what a person named: a real file, and nothing that blocks or never ends."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

from workbench.documents.extract.document import DocumentError

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


def open_file(path: Path) -> BinaryIO:
    """The file, for reading. Raises `DocumentError` with the reason for what is none, or cannot be opened.

    Opening never waits for the other end of a pipe; what a link leads to is looked at, not the link.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except OSError as error:
        raise cannot(path.name, _reason(error)) from error
    except ValueError as error:  # a NUL in the name
        raise cannot(path.name, "has a name that no file can have") from error
    try:
        _check_mode(os.fstat(descriptor).st_mode, path.name)
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def cannot(name: str, reason: str, hint: str = "") -> DocumentError:
    """ "prices.xlsx is protected by a password." A name with odd bytes is shown with marks in their place."""
    shown = name.encode("utf-8", "replace").decode("utf-8")
    return DocumentError(f"{shown} {reason}.", hint=hint)


def _check_mode(mode: int, name: str) -> None:
    if not stat.S_ISREG(mode):
        raise cannot(name, next((why for is_it, why in _KINDS if is_it(mode)), "is not a file"))


def _reason(error: OSError) -> str:
    return _REASONS.get(error.errno or 0, f"cannot be opened ({error.strerror or error})")

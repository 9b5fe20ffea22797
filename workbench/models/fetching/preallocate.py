"""Disk blocks taken beforehand, without changing a file's size: a download that began cannot run out of disk half-way.

Linux has ``fallocate`` with KEEP_SIZE, macOS ``F_PREALLOCATE``. Elsewhere, and on file systems without it, nothing is taken
and the accounting of `room` has to do.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
import sys
from functools import cache
from pathlib import Path
from typing import Any

_KEEP_SIZE = 0x01  # FALLOC_FL_KEEP_SIZE in linux/falloc.h
_F_PREALLOCATE, _F_ALLOCATEALL, _F_PEOFPOSMODE = 42, 0x04, 3  # sys/fcntl.h of macOS
_FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))


def allocated_bytes(path: Path) -> int:
    """Bytes of disk that ``path`` occupies, also beyond its end; 0 when it is not there."""
    try:
        status = path.stat()
    except OSError:
        return 0
    return getattr(status, "st_blocks", 0) * 512 or status.st_size


def allocate(descriptor: int, size: int) -> None:
    """Take the blocks for the first ``size`` bytes of an open file. Raises `OSError` only when the disk is too full."""
    try:
        if sys.platform == "linux":
            _allocate_on_linux(descriptor, size)
        elif sys.platform == "darwin":
            _allocate_on_macos(descriptor, size)
    except OSError as error:
        if error.errno in _FULL:
            raise


def release(descriptor: int) -> None:
    """Give back what was taken beyond the end of the file."""
    os.ftruncate(descriptor, os.fstat(descriptor).st_size)


def _allocate_on_linux(descriptor: int, size: int) -> None:
    fallocate = _fallocate()
    if fallocate is not None and size > 0 and fallocate(descriptor, _KEEP_SIZE, 0, size) != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))


@cache
def _fallocate() -> Any:
    """The C library's function with 64-bit offsets; None where it has none."""
    library = ctypes.CDLL(None, use_errno=True)
    found = getattr(library, "fallocate64", None) or getattr(library, "fallocate", None)
    if found is not None:
        found.argtypes = (ctypes.c_int, ctypes.c_int, ctypes.c_int64, ctypes.c_int64)
    return found


def _allocate_on_macos(descriptor: int, size: int) -> None:
    import fcntl  # not on Windows

    missing = size - os.fstat(descriptor).st_size
    if missing > 0:
        request = struct.pack("=IiqqQ", _F_ALLOCATEALL, _F_PEOFPOSMODE, 0, missing, 0)  # struct fstore
        fcntl.fcntl(descriptor, _F_PREALLOCATE, request)

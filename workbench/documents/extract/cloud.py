"""Files that a cloud drive keeps elsewhere: known without opening them, for opening them would download them.

From Apple's `sys/stat.h` and `setiopolicy_np(3)`, and Microsoft's "File Attribute Constants".
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

SF_DATALESS = 0x40000000
_OFFLINE = 0x1000
_RECALL_ON_OPEN = 0x40000
_RECALL_ON_DATA_ACCESS = 0x400000
_MATERIALIZE_DATALESS_FILES = 3  # IOPOL_TYPE_VFS_MATERIALIZE_DATALESS_FILES
_SCOPE_PROCESS, _SCOPE_THREAD = 0, 1
_OFF = 1  # IOPOL_MATERIALIZE_DATALESS_FILES_OFF


def kept_elsewhere(status: os.stat_result) -> bool:
    """Whether the file's content is not on this disk. Pure."""
    flags = int(getattr(status, "st_flags", 0))
    attributes = int(getattr(status, "st_file_attributes", 0))
    return bool(flags & SF_DATALESS or attributes & (_OFFLINE | _RECALL_ON_OPEN | _RECALL_ON_DATA_ACCESS))


def never_download() -> None:
    """For this whole process: opening such a file fails where the system (macOS) can be told so."""
    if sys.platform == "darwin":
        ctypes.CDLL(None).setiopolicy_np(_MATERIALIZE_DATALESS_FILES, _SCOPE_PROCESS, _OFF)


@contextmanager
def no_downloads() -> Iterator[None]:
    """In this block and thread: as `never_download`."""
    libc = ctypes.CDLL(None) if sys.platform == "darwin" else None
    before = 0
    if libc is not None:
        before = libc.getiopolicy_np(_MATERIALIZE_DATALESS_FILES, _SCOPE_THREAD)
        libc.setiopolicy_np(_MATERIALIZE_DATALESS_FILES, _SCOPE_THREAD, _OFF)
    try:
        yield
    finally:
        if libc is not None:
            libc.setiopolicy_np(_MATERIALIZE_DATALESS_FILES, _SCOPE_THREAD, max(before, 0))

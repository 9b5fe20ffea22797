"""Which of several windows that start at once on one data home opens: the one that holds its lock.

The system takes the lock back from a process that ends, however it ends: a lock is never left behind.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from workbench.doorbell import ring
from workbench.errors import StorageError
from workbench.paths import Paths, private_folder

FILE = "window.lock"
PATIENCE_SECONDS = 10.0  # for a window that starts, or ends, just now
STEP_SECONDS = 0.05


class Lock:
    """Held by one process at a time, from `taken` until the process ends or lets go."""

    def __init__(self, home: Path) -> None:
        self._paths = Paths(home)
        self._file = -1

    def taken(self) -> bool:
        """Whether this process holds it now: it does, or nobody else did. Where there can be no lock, nobody else does."""
        if self._file >= 0:
            return True
        try:
            self._file = os.open(private_folder(self._paths.run) / FILE, os.O_RDWR | os.O_CREAT, 0o600)
        except (OSError, StorageError):
            return True
        try:
            _lock(self._file)
        except (BlockingIOError, PermissionError):  # the second is what Windows calls it
            self.let_go()
            return False
        except OSError:  # a file system without locks
            self.let_go()
        return True

    def let_go(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


def _lock(file: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def forwarded(home: Path, word: str, lock: Lock, patience: float = PATIENCE_SECONDS) -> bool:
    """Whether the window that is open on this home took the word; see `doorbell.ring`. If not, ``lock`` is taken.

    One that holds the lock and does not answer starts or ends just now: it is waited for, but for no longer than
    ``patience`` (seconds), as one that hangs is not to keep a person from their chats.
    """
    deadline = time.monotonic() + patience
    while not ring(home, word):
        if lock.taken() or time.monotonic() > deadline:
            return False
        time.sleep(STEP_SECONDS)
    return True

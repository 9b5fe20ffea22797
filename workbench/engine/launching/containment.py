"""Tying an engine to the process that started it, so that no orphan outlives a killed app; and lowering its rights.

Linux: the kernel kills the child when the parent's *thread* that started it ends. Windows: a job object that dies with
its last handle. Everywhere: the child ends when its standard input does, and `records.sweep` ends what is left over.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from typing import Any

# linux/prctl.h
_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38


def lower_rights() -> None:
    """In the child: files for this user alone, no core dump of somebody's chats, no rights gained by execution."""
    os.umask(0o077)
    if os.name == "posix":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        set_option(_PR_SET_NO_NEW_PRIVS, 1)


def end_with_parent(parent: int) -> None:
    """In the child: die when the thread of process ``parent`` that started this one dies. Exits when it already has."""
    if sys.platform != "linux":
        return
    set_option(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before the request above took effect
        os._exit(1)


def set_option(option: int, value: int) -> None:
    """Of this process, for Linux (`prctl`). Raises `OSError`."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(option, ctypes.c_ulong(value), 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl failed")


def spawn_options() -> dict[str, Any]:
    """For `subprocess.Popen`: Ctrl-C in the terminal is the app's to handle, so the child gets its own group."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}


def bind(process: subprocess.Popen[bytes], memory_bytes: int = 0) -> object | None:
    """In the parent: what must be kept as long as ``process`` may live (on Windows a job's handle), or None.

    ``memory_bytes``: on Windows it may have no more, and no children; 0: as it likes. Elsewhere a child limits itself.
    """
    if sys.platform == "win32":
        from workbench.engine.launching.windows_job import KillOnCloseJob

        return KillOnCloseJob(process, memory_bytes)
    return None

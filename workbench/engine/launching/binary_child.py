"""Becomes a `llama-server` binary, in the process that was tied to its parent before: see `containment`.

The death signal of Linux survives the change of program. Where there is none, a small watcher is left behind that
holds the standard input and ends the engine with it. Not for Windows, where the parent starts the binary itself.
"""

from __future__ import annotations

import os
import select
import signal
import sys

LOOK_SECONDS = 0.5  # how often the watcher looks whether the engine has ended by itself


def become(command: list[str]) -> int:
    """Replace this process by ``command``; returns only when that fails, after saying why on standard error."""
    if sys.platform != "linux":
        leave_a_watcher()
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    try:
        os.execve(command[0], command, environment())  # noqa: S606 - no shell is what is wanted
    except OSError as error:
        sys.stderr.write(f"{command[0]}: {error.strerror}\n")
        return 126


def environment() -> dict[str, str]:
    """This process's, but a frozen app's own libraries are not for other programs: PyInstaller keeps the person's path."""
    own = dict(os.environ)
    if getattr(sys, "frozen", False):
        for name in ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"):
            before = own.pop(f"{name}_ORIG", "")
            own.pop(name, None)
            if before:
                own[name] = before
    return own


def leave_a_watcher() -> None:
    """Fork a process that ends this one, or what it becomes, when the standard input does."""
    engine = os.getpid()
    if os.fork() != 0:
        return
    os.closerange(1, 256)  # the parent reads the engine's output to its end
    while os.getppid() == engine:
        ready, _, _ = select.select([0], [], [], LOOK_SECONDS)
        if ready and not os.read(0, 1 << 12):
            os.kill(engine, signal.SIGKILL)
            break
    os._exit(0)

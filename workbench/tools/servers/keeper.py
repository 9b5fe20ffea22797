"""The process between this program and a server of tools: it starts the server, and ends all of it when this program ends.

What a server starts belongs to it (`npx` starts `node`, which does the work), and a signal for one process reaches none of
them. So the keeper leads them: it holds one end of a pipe whose other end only this program has. When that closes, also by
`kill -9`, it ends the whole group, and on Linux whatever else came from it. The server's own input and output are this
program's pipes: the keeper lets go of them. Not for Windows, where a job object does all that.
"""

from __future__ import annotations

import json
import os
import select
import signal
import struct
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from workbench.engine.launching import containment

CHILD_FLAG: Final = "--keeper-child"
LENGTH: Final = struct.Struct(">I")
NOT_STARTED: Final = 126
_MODULE: Final = "workbench.tools.servers.keeper"
_PR_SET_CHILD_SUBREAPER: Final = 36
_GRACE_SECONDS: Final = 1.0
_STEP_SECONDS: Final = 0.02
_MOST_ROUNDS: Final = 100


def command(control: int) -> list[str]:
    """What starts this module as a process that watches the descriptor ``control``."""
    if getattr(sys, "frozen", False):
        return [sys.executable, CHILD_FLAG, str(control)]
    return [sys.executable, "-m", _MODULE, str(control)]


def order(command: Sequence[str], environment: Mapping[str, str], folder: str) -> bytes:
    """What the keeper reads first of its input; the server reads what follows."""
    said = json.dumps({"command": list(command), "environment": dict(environment), "folder": folder}).encode()
    return LENGTH.pack(len(said)) + said


def main(arguments: Sequence[str] | None = None) -> int:
    """Start the server that is asked for, and end with all that came from it when the program goes or says so.

    ``arguments``: the last one is the descriptor of the line to the program. The process ends here, as the server did;
    only on Windows, where it is not used, does this return.
    """
    if sys.platform == "win32":
        return 1
    control = int((sys.argv[1:] if arguments is None else arguments)[-1])
    wanted = json.loads(_received(LENGTH.unpack(_received(LENGTH.size))[0]))
    if sys.platform == "linux":
        containment.set_option(_PR_SET_CHILD_SUBREAPER, 1)
    woken, wakes = os.pipe()
    for end in (woken, wakes):
        os.set_blocking(end, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wakes, warn_on_full_buffer=False)
    server = _start(wanted, control)
    _let_go()
    status = _watch(server, control, woken)
    _end(server)
    os._exit(status)


def _received(count: int) -> bytes:
    got = b""
    while len(got) < count:
        piece = os.read(0, count - len(got))
        if not piece:
            os._exit(1)
        got += piece
    return got


def _start(wanted: Mapping[str, Any], control: int) -> int:
    """Its process id. It leads a group of its own, has this process's input and output, and dies with it on Linux."""
    keeper = os.getpid()
    server = os.fork()
    if server:
        with suppress(OSError):
            os.setpgid(server, server)
        return server
    try:
        os.setpgid(0, 0)
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
        containment.end_with_parent(keeper)
        os.closerange(3, max(control + 1, 64))
        os.chdir(wanted["folder"])
        os.execvpe(wanted["command"][0], wanted["command"], wanted["environment"])  # noqa: S606 - no shell is wanted
    except OSError as error:
        os.write(2, f"{wanted['command'][0]} cannot be started: {error.strerror}\n".encode())
    os._exit(NOT_STARTED)


def _let_go() -> None:
    """Of the server's pipes: their ends are the server's and this program's to see."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)


def _watch(server: int, control: int, woken: int) -> int:
    """Until the server ends (its status, as a shell tells it) or this program does (0)."""
    while True:
        ready, _, _ = select.select([control, woken], [], [])
        if control in ready:
            return 0
        with suppress(BlockingIOError):
            os.read(woken, 4096)
        if (status := _reaped(server)) is not None:
            return status


def _reaped(server: int) -> int | None:
    """How the server ended, None while it lives; others that came from it and ended are tidied up."""
    found = None
    with suppress(ChildProcessError):
        while True:
            child, status = os.waitpid(-1, os.WNOHANG)
            if child == 0:
                break
            if child == server:
                code = os.waitstatus_to_exitcode(status)
                found = code if code >= 0 else 128 - code
    return found


def _end(server: int) -> None:
    """The group is asked, waited for, killed; then whoever is left of those that came from the server."""
    _signal_group(server, signal.SIGTERM)
    until = time.monotonic() + _GRACE_SECONDS
    while time.monotonic() < until and _signal_group(server, 0):
        _reaped(server)
        time.sleep(_STEP_SECONDS)
    _signal_group(server, signal.SIGKILL)
    for _round in range(_MOST_ROUNDS):
        _reaped(server)
        left = _children()
        if not left:
            return
        for child in left:
            with suppress(OSError):
                os.kill(child, signal.SIGKILL)
        time.sleep(_STEP_SECONDS)


def _signal_group(group: int, number: int) -> bool:
    try:
        os.killpg(group, number)
    except OSError:
        return False
    return True


def _children() -> list[int]:
    """Of this process; those whose parents have ended too, on Linux. Elsewhere nobody is told of them."""
    with suppress(OSError):
        return [int(one) for one in Path(f"/proc/self/task/{os.getpid()}/children").read_bytes().split()]
    return []


if __name__ == "__main__":
    sys.exit(main())

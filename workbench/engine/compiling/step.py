"""One program of the installation: what it prints goes to the log, and it ends when the person cancels."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from workbench.cancel import CancelToken
from workbench.engine.compiling.output import failure
from workbench.engine.launching import containment
from workbench.errors import EngineError

_LAST_LINES = 400
_MOST_LINE = 1 << 16
_MOST_ROUNDS, _ROUND_SECONDS = 50, 0.02


@dataclass(frozen=True, slots=True)
class Runner:
    """``log`` gets every line; ``file`` is its name, for errors."""

    log: IO[str]
    file: Path
    cancel: CancelToken

    def note(self, text: str) -> None:
        self.log.write(f"\n== {text}\n")
        self.log.flush()

    def run(
        self,
        doing: str,
        command: Sequence[str],
        environment: Mapping[str, str],
        heard: Callable[[str], None] = lambda _line: None,
    ) -> None:
        """Raises `WorkbenchError` saying why ``doing`` failed, `Cancelled`; the whole group of processes is ended then."""
        self.cancel.check()
        self.note(f"{doing}\n{shlex.join(command)}")
        try:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env=dict(environment),
                **containment.spawn_options(),
            )
        except OSError as error:
            raise EngineError(f"{command[0]} cannot be started: {error.strerror or error}.") from error
        bond = containment.bind(process)
        last: deque[str] = deque(maxlen=_LAST_LINES)
        try:
            with self.cancel.unblocks(lambda: _end(process)):
                self._listen(process, last, heard)
        finally:
            _end(process)
            process.wait()
            del bond
        self.cancel.check()
        if process.returncode != 0:
            raise failure(doing, list(last), self.file)

    def _listen(self, process: subprocess.Popen[bytes], last: deque[str], heard: Callable[[str], None]) -> None:
        assert process.stdout is not None, "opened as a pipe"  # noqa: S101 - for the type checker
        with process.stdout as stdout:
            while line := stdout.readline(_MOST_LINE):
                text = line.decode("utf-8", "replace").rstrip()
                last.append(text)
                self.log.write(f"{text}\n")
                self.log.flush()
                heard(text)
        process.wait()


def _end(process: subprocess.Popen[bytes]) -> None:
    """End it and what it started. Only before it was waited for."""
    if process.returncode is not None:
        return
    with suppress(OSError):
        if sys.platform == "win32":
            subprocess.run(["taskkill", "/T", "/F", "/PID", str(process.pid)], capture_output=True, check=False)
        else:
            _end_session(process.pid)


def _end_session(session: int) -> None:
    """Kill every process of a session that is ours. Its leader's group is not enough: ninja gives each compiler its own.

    The leader goes first and the others until none is left, so that nobody starts another one meanwhile.
    """
    import psutil

    os.killpg(session, signal.SIGKILL)
    for _ in range(_MOST_ROUNDS):
        left = [pid for pid in psutil.pids() if pid != session and _session(pid) == session]
        if not left:
            return
        for pid in left:
            with suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(_ROUND_SECONDS)


def _session(pid: int) -> int:
    try:
        return os.getsid(pid)
    except OSError:
        return -1

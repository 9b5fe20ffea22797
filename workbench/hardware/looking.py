"""Looking at everything at once: each probe in a thread of its own with a time limit, so that a driver that hangs is
left behind and named, and the rest is told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import workbench
from workbench.errors import HardwareError

Run = Callable[[Sequence[str], float], str]

PROBE_SECONDS = 3.0
KILLED_SECONDS = 0.5  # how long a killed child may take to go; one stuck in its driver never does


@dataclass(frozen=True, slots=True)
class Probe:
    """``look`` returns what it found, or None where there is nothing of its kind; it may raise `HardwareError`, `OSError`
    or `ValueError`. ``live``: what it tells changes by the second (free memory), so it is asked again."""

    name: str
    look: Callable[[], Any]
    seconds: float = PROBE_SECONDS
    live: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """``found`` None: nothing, or nothing could be learned; then ``problem`` says why, in words for people."""

    found: Any = None
    problem: str = ""


def look(probes: Sequence[Probe]) -> dict[str, Outcome]:
    """Ask all of ``probes`` at once; returns after the slowest, or after its limit."""
    runs = [_Looking(probe) for probe in probes]
    return {run.probe.name: run.outcome() for run in runs}


class _Looking:
    """One probe on its way."""

    def __init__(self, probe: Probe) -> None:
        self.probe = probe
        self._outcome = Outcome(problem="failed unexpectedly")
        self._deadline = time.monotonic() + probe.seconds
        self._thread = threading.Thread(target=self._look, name=f"probe-{probe.name}", daemon=True)
        self._thread.start()

    def outcome(self) -> Outcome:
        self._thread.join(max(0.0, self._deadline - time.monotonic()))
        if self._thread.is_alive():
            return Outcome(problem=f"gave no answer within {self.probe.seconds:g} seconds")
        return self._outcome

    def _look(self) -> None:
        try:
            self._outcome = Outcome(self.probe.look())
        except HardwareError as error:
            self._outcome = Outcome(problem=error.message)
        except (OSError, ValueError) as error:
            self._outcome = Outcome(problem=str(error))


def run(command: Sequence[str], seconds: float) -> str:
    """The standard output of ``command``. Raises `FileNotFoundError` when there is no such program, `HardwareError` when it
    fails or takes longer than ``seconds``; it is killed then, and not waited for if even that does not end it. The message
    leaves the name to the caller, who knows what was asked."""
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=Path(workbench.__file__).parent.parent,  # not the user's folder: Python imports from there
        creationflags=_flags(),
        start_new_session=True,  # a group of its own, which is ended whole
    )
    try:
        output, _nothing = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired as error:
        _end(process)
        raise HardwareError(f"gave no answer within {seconds:g} seconds") from error
    if process.returncode != 0 and not output:
        raise HardwareError(f"failed with status {process.returncode}")
    return output.decode("utf-8", "replace")


def _flags() -> int:
    """On Windows a console program would flash up a window of its own."""
    if sys.platform == "win32":
        return subprocess.CREATE_NO_WINDOW
    return 0


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill it and what it has started."""
    if sys.platform == "win32":
        process.kill()
    else:
        with suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
    try:
        process.communicate(timeout=KILLED_SECONDS)
    except subprocess.TimeoutExpired:
        if process.stdout is not None:
            process.stdout.close()

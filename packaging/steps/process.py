"""Child processes and what is said to the person, in one voice."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence

from steps.places import ROOT


class StepError(Exception):
    """A step that cannot go on: the message says what happened and what to do."""

    def __init__(self, message: str, status: int = 3) -> None:
        """`status` is the exit status of the whole command."""
        super().__init__(message)
        self.status = status


def say(text: str) -> None:
    """One line of narration, on stderr and at once, so that it stays in order with what children print."""
    print(text, file=sys.stderr, flush=True)


def kept_bytecode(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment in which Python keeps what it compiled.

    Images of containers tell it not to, and then each of the thousands of children that the tests start compiles what it
    imports: half of the time of a short one.
    """
    return {name: value for name, value in environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def call(command: Sequence[str], environ: Mapping[str, str] = os.environ) -> int:
    """Run a child in the repository and return its exit status.

    Ctrl-C reaches the child by itself (same terminal): we wait for it to finish tidying up.
    """
    child = subprocess.Popen(command, cwd=ROOT, env=kept_bytecode(environ))
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:
            continue


def timed(name: str, work: Sequence[str] | Callable[[], int]) -> tuple[int, float]:
    """Run one named check, a command or what gives an exit status; returns that and the seconds it took."""
    say(f"\n== {name}")
    started = time.monotonic()
    status = work() if callable(work) else call(work)
    return status, time.monotonic() - started

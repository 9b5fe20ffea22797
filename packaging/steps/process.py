"""Child processes and what is said to the person, in one voice."""

import subprocess
import sys
import time
from collections.abc import Mapping, Sequence

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


def call(command: Sequence[str], environ: Mapping[str, str] | None = None) -> int:
    """Run a child in the repository and return its exit status.

    Ctrl-C reaches the child by itself (same terminal): we wait for it to finish tidying up.
    """
    child = subprocess.Popen(command, cwd=ROOT, env=environ)
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:
            continue


def timed(name: str, command: Sequence[str]) -> tuple[int, float]:
    """Run one named check; returns its exit status and the seconds it took."""
    say(f"\n== {name}")
    started = time.monotonic()
    status = call(command)
    return status, time.monotonic() - started

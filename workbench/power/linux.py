"""Linux: a child `systemd-inhibit` holds logind's lock against idle sleep as long as its standard input is open.

It ends with this process, however that ends. Putting the machine to sleep and closing its lid stay the person's own.
"""

from __future__ import annotations

import shutil
import subprocess

from workbench.power.words import PROGRAM

END_SECONDS = 2.0


class LinuxHold:
    def __init__(self, inhibit: str | None = None) -> None:
        """``inhibit``: the program; None: wherever it is."""
        self._inhibit = inhibit or shutil.which("systemd-inhibit")
        self._child: subprocess.Popen[bytes] | None = None

    def take(self, reason: str) -> None:
        if self._inhibit is None:
            raise OSError("systemd-inhibit is not installed")
        self._child = subprocess.Popen(
            command(self._inhibit, reason),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def let_go(self) -> None:
        child = self._child
        if child is None or child.stdin is None:
            return
        child.stdin.close()
        try:
            child.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def command(inhibit: str, reason: str) -> list[str]:
    """`cat` ends when its input does, and with it the hold. Pure."""
    return [inhibit, "--what=idle", f"--who={PROGRAM}", f"--why={reason}", "--mode=block", "cat"]

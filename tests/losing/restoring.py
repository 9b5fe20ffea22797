"""A process that restores a backup at its start, as the window does, and is killed at a moment that is told.

Not at a random one alone: each thing that Python does with a file of the home is counted, and the kill comes before the
one that is told. What SQLite does inside is met by kills after a time.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from pathlib import Path

from workbench.diagnostics.backup_restoring import restore_requested
from workbench.paths import Paths

COUNTED = ("open", "os.", "shutil.", "sqlite3.connect")


def restore_until(home: str, step: int, seconds: float = 0.0) -> None:
    """Killed before the ``step``-th thing that is done with a file of the home, or after ``seconds``; 0: not.

    Ends in peace when the restore is done before; `HOME/../steps` then has how many there were.
    """
    done = 0

    def count(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal done
        if event.startswith(COUNTED) and any(str(argument).startswith(home) for argument in arguments):
            done += 1
            if done == step:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)
    if seconds:
        killer = threading.Timer(seconds, lambda: os.kill(os.getpid(), signal.SIGKILL))
        killer.daemon = True
        killer.start()
    restore_requested(Paths(Path(home)), time.time)
    steps = done
    (Path(home).parent / "steps").write_text(str(steps), encoding="utf-8")

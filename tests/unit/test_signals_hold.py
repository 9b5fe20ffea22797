"""Qt's signals are not connected to methods of what may end in another thread."""

from __future__ import annotations

import re
from pathlib import Path

UI = Path(__file__).parents[2] / "ui"
BOUND = re.compile(r"\.connect\((?:\w+\.)*(?:job|turn|cancel|token)\.\w+(?:\.\w+)*\)")


def test_no_signal_is_connected_to_a_method_of_a_job() -> None:
    """PySide disconnects such a method in the thread where its object ends, which may be a worker's: Qt deadlocks."""
    found = [
        f"{path.name}: {line.strip()}"
        for path in UI.rglob("*.py")
        for line in path.read_text().splitlines()
        if BOUND.search(line)
    ]
    assert found == []
    assert BOUND.search("dialog.destroyed.connect(job.cancel.cancel)")

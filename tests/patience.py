"""How long a test waits for what must happen.

Long, for a busy machine is slow: only a test that fails waits so long.
"""

from __future__ import annotations

import time
from collections.abc import Callable

PATIENCE = 60.0
MILLISECONDS = int(PATIENCE * 1000)


def until(condition: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Wait for ``condition`` to be true."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)

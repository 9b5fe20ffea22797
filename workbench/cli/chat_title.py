"""After an answer at a terminal the chat gets its title, if that takes next to no time."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING

from workbench.cli.stopping import interrupt_cancels
from workbench.errors import Cancelled
from workbench.jobs import quiet_job

if TYPE_CHECKING:
    from workbench.app import Workbench

MOST_SECONDS = 2.0


def name(workbench: Workbench, conversation_id: str) -> None:
    """Quietly, while a person reads the answer. A script waits for nothing: its chats get their titles from the window."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return
    job = quiet_job()
    late = threading.Timer(MOST_SECONDS, job.cancel.cancel)
    late.daemon = True
    late.start()
    try:
        with interrupt_cancels(job):
            workbench.titles.make(conversation_id, job.cancel, within=MOST_SECONDS)
    except Cancelled:
        pass
    finally:
        late.cancel()
        late.join()

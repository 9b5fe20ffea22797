"""After an answer, a chat that nobody named gets a title from the model: quietly, behind everything else."""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from ui.bridge import Bridge
from workbench.errors import WorkbenchError
from workbench.jobs import Job, Pool
from workbench.messages import Id

if TYPE_CHECKING:
    from ui.chat.desk import Desk
    from workbench.app import Workbench

log = logging.getLogger(__name__)


class Titling(QObject):
    """Asks for a title of each chat whose answer has ended; the core decides whether it gets one."""

    def __init__(self, bridge: Bridge, workbench: Workbench, desk: Desk) -> None:
        super().__init__(desk)
        self._bridge = bridge
        self._workbench = workbench
        self._desk = desk
        self._busy: frozenset[Id] = frozenset()
        desk.busy_changed.connect(self._look)

    def _look(self) -> None:
        ended, self._busy = self._busy - self._desk.busy, self._desk.busy
        for conversation_id in ended:
            self._bridge.run(partial(self._make, conversation_id), on_failed=_say_nothing, pool=Pool.LONG)

    def _make(self, conversation_id: Id, job: Job) -> str:
        """In a worker. A model is loaded and nobody waits: what the command line began may get its title too."""
        title = self._workbench.titles.make(conversation_id, job.cancel)
        self._workbench.titles.make_others(job.cancel)
        return title


def _say_nothing(error: WorkbenchError) -> None:
    log.info("a chat got no title: %s", error.message)

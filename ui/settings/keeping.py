"""The section *Your chats* of the settings: out and in, backups, the bin; and the backup that is made once a day."""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.settings.keeping_backups import BackupRows
from ui.settings.keeping_bin import BinRows
from ui.settings.keeping_exchange import ExchangeRows
from ui.settings.parts import setting_row
from ui.translation import tr
from ui.widgets.buttons import Button
from ui.widgets.labels import rule
from workbench.errors import WorkbenchError
from workbench.events import Changed, Topic
from workbench.jobs import Job, Pool

if TYPE_CHECKING:
    from workbench.app import Workbench

log = logging.getLogger(__name__)

FIRST_LOOK_MILLISECONDS = 60_000
LOOK_MILLISECONDS = 3_600_000


class KeepingSection(QWidget):
    """``told`` carries errors, ``said`` what there is to know. ``restart_asked``: the program ends and starts again.
    ``feedback_asked``: the page with feedback and test cases."""

    told = Signal(object)
    said = Signal(str)
    restart_asked = Signal()
    feedback_asked = Signal()

    def __init__(self, bridge: Bridge, workbench: Workbench, appearance: Appearance) -> None:
        super().__init__()
        self.setAccessibleName(tr("Your chats"))
        self.exchange = ExchangeRows(bridge, workbench, appearance)
        self.backups = BackupRows(bridge, workbench, appearance)
        self.bin = BinRows(bridge, workbench, appearance)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        parts: tuple[ExchangeRows | BackupRows | BinRows, ...] = (self.exchange, self.backups, self.bin)
        for place, part in enumerate(parts):
            if place:
                layout.addWidget(rule())
            layout.addWidget(part)
            part.told.connect(self.told)
            part.said.connect(self.said)
        self.backups.restart_asked.connect(self.restart_asked)
        self.feedback = Button(tr("Open…"), appearance, name=tr("Open feedback and test cases"))
        self.feedback.clicked.connect(self.feedback_asked)
        layout.addWidget(rule())
        words = tr("What you said of answers, and the test cases that you made of them.")
        layout.addWidget(setting_row(tr("Feedback and test cases"), words, self.feedback))
        bridge.listen(self._on_changed)

    def refresh(self) -> None:
        """Show the backups and the bin as they are."""
        self.backups.refresh()
        self.bin.refresh()

    def _on_changed(self, changed: Changed) -> None:
        if Topic.CHATS in changed.topics and self.isVisible():
            self.bin.refresh()


class DailyBackups(QObject):
    """Looks a minute after the start, then once an hour, whether the day's backup is due; the window never waits for it."""

    def __init__(self, bridge: Bridge, workbench: Workbench, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._workbench = workbench
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.look)
        self._timer.start(FIRST_LOOK_MILLISECONDS)

    def look(self) -> None:
        self._timer.start(LOOK_MILLISECONDS)
        self._bridge.run(partial(_keep_daily, self._workbench), on_failed=_note, pool=Pool.LONG)


def _keep_daily(workbench: Workbench, job: Job) -> None:
    workbench.backups.keep_daily(job.cancel)


def _note(error: WorkbenchError) -> None:
    """Nobody asked for it: the log knows, and the doctor tells when none was made for days."""
    log.warning("no backup was made: %s", error.message)

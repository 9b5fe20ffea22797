"""The backups: the last and the next one, one more now, and going back to one at the next start."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.models.parts import empty
from ui.settings.keeping_consent import ConsentDialog
from ui.settings.keeping_words import (
    backup_words,
    backups_words,
    difference_words,
    restore_words,
    when_words,
    within,
)
from ui.settings.parts import setting_row
from ui.translation import tr
from ui.widgets.buttons import Button
from ui.widgets.labels import label
from workbench.diagnostics.backup import Backup
from workbench.diagnostics.backup_looking import Difference
from workbench.diagnostics.backup_making import BackupState
from workbench.errors import WorkbenchError
from workbench.jobs import Pool

if TYPE_CHECKING:
    from workbench.app import Workbench

SHOWN = 5


class BackupRows(QWidget):
    """``told`` carries errors, ``said`` what there is to know. ``restart_asked``: the program ends and starts again."""

    told = Signal(object)
    said = Signal(str)
    restart_asked = Signal()

    def __init__(self, bridge: Bridge, workbench: Workbench, appearance: Appearance) -> None:
        super().__init__()
        self._bridge = bridge
        self._workbench = workbench
        self._appearance = appearance
        self._all = False
        self._sizes: Mapping[str, int | None] = {}
        self._of: dict[str, QLabel] = {}
        self.make_now = Button(tr("Back up now"), appearance, icon_name="hard-drive")
        self.make_now.clicked.connect(self.make_one)
        self._words = label("", "caption", wrap=True)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(8)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(
            setting_row(tr("Backups"), tr("One a day, by itself; kept for 7 days and 4 weeks."), self.make_now)
        )
        layout.addWidget(self._words)
        layout.addLayout(self._rows)

    def refresh(self) -> None:
        self._bridge.run(lambda _job: self._workbench.backups.state(), on_done=self._take_state)

    def make_one(self) -> None:
        self.make_now.setEnabled(False)
        self.make_now.say(tr("Backing up…"))
        self._bridge.run(
            lambda job: self._workbench.backups.create(job.cancel),
            on_done=self._made,
            on_failed=self._failed,
            on_cancelled=self._again,
            pool=Pool.LONG,
        )

    def look(self, backup: Backup) -> None:
        """What restoring would change, then the question."""
        self._bridge.run(
            lambda _job: self._workbench.backups.difference(backup.name),
            on_done=partial(self._ask, backup),
            on_failed=self.told.emit,
            pool=Pool.LONG,
        )

    def ask(self, backup: Backup, found: Difference) -> ConsentDialog:
        """What restoring means, before it is wished."""
        now = datetime.now().astimezone()
        dialog = ConsentDialog(
            tr("Go back to this backup?"),
            (*difference_words(found), *restore_words(backup, now)),
            tr("Restore now"),
            lambda: self._wish(backup, self.restart_asked.emit),
            self._appearance,
            self.window(),
            (tr("At the next start"), lambda: self._wish(backup, self.refresh)),
        )
        dialog.open()
        return dialog

    def _ask(self, backup: Backup, found: Difference) -> None:
        self.ask(backup, found)

    # Inside -----------------------------------------------------------------------------------------------------------

    def _wish(self, backup: Backup, then: Callable[[], None]) -> None:
        self._bridge.run(
            lambda _job: self._workbench.backups.restore_at_start(backup.name),
            on_done=lambda _done: then(),
            on_failed=self.told.emit,
        )

    def _withdraw(self) -> None:
        self._bridge.run(lambda _job: self._workbench.backups.withdraw(), on_done=lambda _done: self.refresh())

    def _made(self, _backup: Backup) -> None:
        self._again()
        self.said.emit(tr("The backup is made."))

    def _failed(self, error: WorkbenchError) -> None:
        self._again()
        self.told.emit(error)

    def _again(self) -> None:
        self.make_now.setEnabled(True)
        self.make_now.say(tr("Back up now"))
        self.refresh()

    def _show_all(self) -> None:
        self._all = True
        self.refresh()

    def _take_state(self, state: BackupState) -> None:
        """At once without the chats of each: backups that were not looked into yet are read behind it."""
        self._show(state)
        self._bridge.run(
            lambda _job: self._workbench.backups.sizes(),
            on_done=partial(self._take_sizes, state),
            on_failed=self.told.emit,
            pool=Pool.LONG,
        )

    def _take_sizes(self, state: BackupState, sizes: Mapping[str, int | None]) -> None:
        self._sizes = sizes
        for backup in state.backups:
            if (words := self._of.get(backup.name)) is not None:
                words.setText(backup_words(backup, sizes))

    def _show(self, state: BackupState) -> None:
        now = datetime.now().astimezone()
        self._words.setText(backups_words(state, now))
        empty(self._rows)
        self._of.clear()
        if state.at_start:
            self._rows.addWidget(self._wished(state, now))
        shown = state.backups if self._all else state.backups[:SHOWN]
        for backup in shown:
            restore = Button(
                tr("Restore…"),
                self._appearance,
                name=tr("Restore the backup of {when}").format(when=when_words(backup.made_at, now)),
            )
            restore.clicked.connect(lambda _checked=False, one=backup: self.look(one))
            self._of[backup.name] = words = label(backup_words(backup, self._sizes), "caption", wrap=True)
            self._rows.addWidget(setting_row(when_words(backup.made_at, now), words, restore))
        if len(shown) < len(state.backups):
            more = Button(tr("Show all {count}").format(count=len(state.backups)), self._appearance, look="quiet")
            more.clicked.connect(lambda: self._show_all())
            self._rows.addWidget(more, 0, Qt.AlignmentFlag.AlignLeft)

    def _wished(self, state: BackupState, now: datetime) -> QWidget:
        made = next((when_words(one.made_at, now) for one in state.backups if one.name == state.at_start), "")
        withdraw = Button(tr("Do not restore"), self._appearance)
        withdraw.clicked.connect(lambda: self._withdraw())
        words = tr("Close Workbench and start it again: it then has the chats of {when}.").format(when=within(made))
        return setting_row(tr("Restored at the next start"), words, withdraw)

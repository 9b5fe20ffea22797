"""Drafts on the disk: written quietly, a moment after the last key, and read once at the start."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from ui.bridge import Bridge
from workbench.chat.steering.drafts import Draft
from workbench.errors import WorkbenchError
from workbench.messages import Id

if TYPE_CHECKING:
    from workbench.app import Workbench

QUIET_MILLISECONDS = 600


class KeptDrafts(QObject):
    """Makes the disk say what ``wanted`` says: every draft by its chat, without those that must not be kept."""

    def __init__(
        self, bridge: Bridge, workbench: Workbench, wanted: Callable[[], Mapping[Id, Draft]], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._workbench = workbench
        self._wanted = wanted
        self._kept: dict[Id, Draft] | None = None  # None: not read yet
        self._writing = False
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(QUIET_MILLISECONDS)
        self._soon.timeout.connect(self.flush)

    def load(self, then: Callable[[Mapping[Id, Draft]], None]) -> None:
        def take(found: Mapping[Id, Draft]) -> None:
            self._kept = dict(found)
            then(found)
            self.touch()

        self._bridge.run(lambda _job: self._workbench.chat.drafts(), on_done=take, on_failed=lambda _error: take({}))

    def touch(self) -> None:
        """Something was written: keep it in a moment."""
        self._soon.start()

    def flush(self) -> None:
        """Keep it now."""
        self._soon.stop()
        if self._kept is None or self._writing:
            return
        wanted = {chat: draft for chat, draft in self._wanted().items() if draft}
        changed = {
            chat: wanted.get(chat, Draft())
            for chat in {*wanted, *self._kept}
            if wanted.get(chat, Draft()) != self._kept.get(chat, Draft())
        }
        if not changed:
            return
        self._writing = True
        self._bridge.run(
            lambda _job: self._write(changed), on_done=lambda _none: self._wrote(changed), on_failed=self._not_written
        )

    def _write(self, changed: Mapping[Id, Draft]) -> None:
        """In a worker."""
        for chat, draft in changed.items():
            self._workbench.chat.keep_draft(chat, draft)

    def _wrote(self, changed: Mapping[Id, Draft]) -> None:
        self._writing = False
        if self._kept is not None:
            self._kept.update(changed)
        self.flush()  # what was written meanwhile

    def _not_written(self, _error: WorkbenchError) -> None:
        """A full disk: what is typed stays on the screen, and is tried again with the next key."""
        self._writing = False

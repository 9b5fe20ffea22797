"""Writes drafts beside the main thread, one at a time, the newest of each prompt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from ui.bridge import Bridge
from ui.prompts import drafts
from ui.prompts.drafts import PromptDraft
from workbench.errors import WorkbenchError
from workbench.messages import Id

if TYPE_CHECKING:
    from pathlib import Path

SOON_MILLISECONDS = 300


class DraftKeeper(QObject):
    """``kept``: what is wanted on the disk, by prompt; None: to be forgotten."""

    def __init__(self, bridge: Bridge, place: Path, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._place = place
        self._waiting: dict[Id, PromptDraft | None] = {}
        self._writing = False
        self.known: dict[Id, PromptDraft] = {}
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(SOON_MILLISECONDS)
        self._soon.timeout.connect(self._write)

    def keep(self, draft: PromptDraft) -> None:
        """Within a moment; what is typed meanwhile does not put it off."""
        self.known[draft.prompt_id] = draft
        self._waiting[draft.prompt_id] = draft
        if not self._soon.isActive():
            self._soon.start()

    def forget(self, prompt_id: Id) -> None:
        if self.known.pop(prompt_id, None) is not None or prompt_id in self._waiting:
            self._waiting[prompt_id] = None
            self._soon.start()

    def flush(self) -> None:
        """At once, in this thread: the program ends. A full disk is no reason not to end."""
        self._soon.stop()
        try:
            _put(self._place, self._taken())
        except (WorkbenchError, OSError):
            return

    def _taken(self) -> dict[Id, PromptDraft | None]:
        taken, self._waiting = self._waiting, {}
        return taken

    def _write(self) -> None:
        if self._writing or not self._waiting:
            return
        self._writing = True
        taken, place = self._taken(), self._place
        self._bridge.run(
            lambda _job: _put(place, taken),
            on_done=lambda _none: self._wrote(),
            on_failed=lambda _error: self._not_written(taken),
        )

    def _wrote(self) -> None:
        self._writing = False
        self._write()

    def _not_written(self, taken: dict[Id, PromptDraft | None]) -> None:
        """A full disk: what is typed stays on the screen, and is tried again with the next key."""
        self._writing = False
        self._waiting = {**taken, **self._waiting}


def _put(place: Path, wanted: dict[Id, PromptDraft | None]) -> None:
    for prompt_id, draft in wanted.items():
        if draft is None:
            drafts.forget(place, prompt_id)
        else:
            drafts.keep(place, draft)

"""Versions of the panel's documents, kept with the message that each was written in."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from ui.bridge import Bridge
from ui.notify import Toasts
from ui.panel.documents import Document
from ui.panel.side_panel import SidePanel
from workbench.chat.versions.versions import Version
from workbench.errors import WorkbenchError
from workbench.messages import Id

if TYPE_CHECKING:
    from workbench.app import Workbench


class KeptVersions(QObject):
    """Reads them when a document is opened for the first time, and writes each that is made."""

    def __init__(self, bridge: Bridge, workbench: Workbench, panel: SidePanel, toasts: Toasts) -> None:
        super().__init__(panel)
        self._bridge, self._workbench = bridge, workbench
        self._panel, self._toasts = panel, toasts
        self._texts: dict[str, tuple[Id, str]] = {}
        panel.version_made.connect(self._keep)

    def show(self, message_id: Id, place: str, document: Document) -> None:
        """Open ``document``, the text at ``place`` of a message, with what was made of it before."""
        key = f"{message_id}:{place}"
        if document.stays:
            self._texts[key] = (message_id, place)
            self._bridge.run(
                lambda _job: self._workbench.versions.of(message_id, place),
                on_done=partial(self._read, key),
                on_failed=self._toasts.tell,
            )
        self._panel.show_document(key, document.title, document.language, document.text, stays=document.stays)

    def flush(self) -> None:
        """The window closes: keep what was typed a moment ago, here and now. The same twice is kept once."""
        with suppress(WorkbenchError):
            if (made := self._panel.keep_edits()) is not None and made[0] in self._texts:
                self._workbench.versions.keep(*self._texts[made[0]], made[1])

    def _read(self, key: str, versions: tuple[Version, ...]) -> None:
        self._panel.take_versions(key, [version.text for version in versions])

    def _keep(self, key: str, text: str) -> None:
        if key not in self._texts:
            return
        message_id, place = self._texts[key]
        self._bridge.run(
            lambda _job: self._workbench.versions.keep(message_id, place, text), on_failed=self._toasts.tell
        )

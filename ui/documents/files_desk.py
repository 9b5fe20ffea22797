"""The work behind the files of one folder: reads them a page at a time and again when they change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, QUrl
from PySide6.QtGui import QDesktopServices

from ui.bridge import Bridge
from ui.documents.folder_view import FolderView
from ui.notify import Toasts
from workbench.documents.collection import Document, FileStatus
from workbench.errors import WorkbenchError
from workbench.messages import Id

if TYPE_CHECKING:
    from pathlib import Path

    from workbench.app import Workbench

FIRST, NEXT = 500, 2000  # files read at once
AGAIN_MILLISECONDS = 700  # while files change all the time


class FilesDesk(QObject):
    """One at a time: what is asked for meanwhile is asked when that is here."""

    def __init__(self, bridge: Bridge, workbench: Workbench, view: FolderView, toasts: Toasts) -> None:
        super().__init__(view)
        self._bridge = bridge
        self._workbench = workbench
        self._view = view
        self._toasts = toasts
        self._key: tuple[Id, FileStatus | None, str] | None = None
        self._reading = False
        self._stale = False
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.timeout.connect(self._refresh)
        view.files.wanted.connect(self.read)
        view.files.more_asked.connect(self._read_more)
        view.files.asked.connect(self._act)

    def read(self) -> None:
        """The first files of what is chosen now."""
        state = self._view.state
        if state is None:
            return
        self._key = (state.collection.id, self._view.files.status, self._view.files.text)
        self._load(self._key, FIRST)

    def changed(self) -> None:
        """Files of some folder have changed; those in view are read again soon."""
        if self._key is not None and not self._again.isActive():
            pages = len(self._view.files.model.files) / NEXT  # the more there is to read, the more rarely
            self._again.start(round(AGAIN_MILLISECONDS * max(1.0, pages / 2)))

    def forget(self) -> None:
        """No folder is in view."""
        self._key = None
        self._again.stop()

    def _refresh(self) -> None:
        if self._key is None:
            return
        if self._reading:
            self._stale = True
        else:
            self._load(self._key, max(FIRST, len(self._view.files.model.files)))

    def _load(self, key: tuple[Id, FileStatus | None, str], limit: int) -> None:
        collection_id, status, text = key
        statuses = (status,) if status else ()
        self._reading = True

        def done(files: tuple[Document, ...]) -> None:
            self._ended()
            if self._key == key:
                self._view.files.show_files(files, whole=len(files) < limit)

        self._bridge.run(
            lambda _job: self._workbench.documents.items(collection_id, statuses, text, limit),
            on_done=done,
            on_failed=self._failed,
        )

    def _read_more(self) -> None:
        files = self._view.files.model.files
        if self._key is None or not files:
            return
        key, after = self._key, files[-1].id
        collection_id, status, text = key
        statuses = (status,) if status else ()

        def done(more: tuple[Document, ...]) -> None:
            now = self._view.files.model.files
            if self._key == key and now and now[-1].id == after:
                self._view.files.add_files(more, whole=len(more) < NEXT)
            else:
                self._view.files.model.give_up()

        self._bridge.run(
            lambda _job: self._workbench.documents.items(collection_id, statuses, text, NEXT, after),
            on_done=done,
            on_failed=self._failed,
        )

    def _ended(self) -> None:
        self._reading = False
        if self._stale:
            self._stale = False
            self.changed()

    def _failed(self, error: WorkbenchError) -> None:
        self._ended()
        self._view.files.show_failure(f"{error.message} {error.hint}".strip())

    def _act(self, what: str, files: list[Document]) -> None:
        if what == "reveal":
            state = self._view.state
            if state is not None:
                reveal(state.collection.path / files[0].path)
            return
        ids = [file.id for file in files]
        self._bridge.run(lambda _job: self._workbench.documents.retry(ids), on_failed=self._toasts.tell)


def reveal(path: Path) -> None:
    """Show the folder that a file is in, in the system's file manager."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))

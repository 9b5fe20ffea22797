"""Opens documents in the panel at the right: reads them off the main thread and tells what became of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.documents.viewer.face import may_be_opened
from ui.documents.viewer.opened import Opened, opened, opened_cited, opened_gone, shown_path
from ui.documents.viewer.page_view import Box
from ui.documents.viewer.panel import DocumentPanel
from ui.notify import Toasts, announce
from ui.translation import tr
from workbench.errors import WorkbenchError
from workbench.jobs import Job
from workbench.messages import Passage

if TYPE_CHECKING:
    from workbench.documents.service import Documents


class ViewerDesk(QObject):
    """``documents`` opens the folders when they are first needed, in the thread that needs them. ``beside``: the pages of
    the window. ``show_list`` is called when a person goes back to where a passage was listed."""

    def __init__(
        self,
        bridge: Bridge,
        documents: Callable[[], Documents],
        appearance: Appearance,
        toasts: Toasts,
        beside: QWidget,
    ) -> None:
        super().__init__(beside)
        self._bridge, self._documents, self._toasts = bridge, documents, toasts
        self.panel = DocumentPanel(appearance, beside)
        if (row := beside.window().layout()) is not None:
            row.addWidget(self.panel)
        self.panel.follow(beside.window())
        self.viewer = self.panel.viewer
        self._passages: tuple[Passage, ...] = ()
        self._at = 0
        self._reading: Job | None = None
        self._drawing: Job | None = None
        self.show_list: Callable[[], None] | None = None  # back to where the passages were listed
        self.viewer.stepped.connect(self._step)
        self.viewer.listed.connect(self._go_back)
        self.viewer.handed_over.connect(self.hand_over)
        self.viewer.page_wanted.connect(self._draw)

    def open_passage(self, document_id: int, start: int = 0, end: int = 0) -> None:
        """A document of a folder, at the characters that were found in it; at its begin without them."""
        self._passages = ()
        documents = self._documents
        self.viewer.show_place(1, 1, listed=False)
        self._open("", lambda _job: opened(documents().text(document_id), start, end))

    def open_cited(self, passages: Sequence[Passage], at: int, show_list: Callable[[], None] | None = None) -> None:
        """The passage at place ``at`` of those that an answer stands on; the others are a key away."""
        self._passages, self._at, self.show_list = tuple(passages), at, show_list
        self._open_at()

    # Inside -----------------------------------------------------------------------------------------------------------

    def _open_at(self) -> None:
        passage, opened_documents = self._passages[self._at], self._documents

        def read(_job: Job) -> Opened:
            documents = opened_documents()
            document = documents.find_document(Path(passage.path))
            if document is None or not document.chunks:
                return opened_gone(passage)
            return opened_cited(documents.text(document.id), passage)

        self.viewer.show_place(self._at + 1, len(self._passages), listed=self.show_list is not None)
        self._open(passage.name, read)

    def _open(self, name: str, read: Callable[[Job], Opened]) -> None:
        """Only what was asked for last is shown."""
        if self._reading is not None:
            self._reading.cancel.cancel()
        self.panel.open()
        self.viewer.show_loading(name)
        job = self._reading = self._bridge.run(
            lambda job: read(job).prepared(),
            on_done=lambda found: self._show(job, found),
            on_failed=lambda error: self._fail(job, error),
        )

    def _show(self, job: Job, found: Opened) -> None:
        if job is self._reading:
            self._reading = None
            self.viewer.show_opened(found)
            self.viewer.focus_text()
            where = found.labels[found.section] if found.labels else ""
            announce(self.viewer, ", ".join(one for one in (shown_path(found.name), where, *found.notes[:1]) if one))

    def _fail(self, job: Job, error: WorkbenchError) -> None:
        if job is self._reading:
            self._reading = None
            self.viewer.show_failure(error.message, error.hint)

    def _step(self, by: int) -> None:
        if 0 <= self._at + by < len(self._passages):
            self._at += by
            self._open_at()

    def _go_back(self) -> None:
        if self.show_list is not None:
            self.show_list()

    def _draw(self, page: int, width: int) -> None:
        """The picture of a page of the document in view; only the one asked for last is drawn."""
        shown = self.viewer.opened
        if shown is None or shown.document_id is None:
            return
        if self._drawing is not None:
            self._drawing.cancel.cancel()
        documents, document_id, words = self._documents, shown.document_id, shown.passage_in(page - 1)

        def draw(job: Job) -> None:
            job.emit(documents().page_image(document_id, page, width, job.cancel))
            job.emit(documents().page_boxes(document_id, page, words, job.cancel) if words else ())

        self._drawing = self._bridge.run(
            draw,
            on_event=lambda made: self._show_drawn(shown, page, made),
            on_failed=lambda _error: self._show_drawn(shown, page, b""),
        )

    def _show_drawn(self, shown: Opened, page: int, made: bytes | tuple[Box, ...]) -> None:
        """The picture of a page, or where the passage stands in it."""
        if shown is not self.viewer.opened:
            return
        if isinstance(made, bytes):
            self.viewer.show_picture(page, made)
        else:
            self.viewer.show_boxes(page, made)

    def hand_over(self, path: str) -> None:
        """To the system's program for it, if that only reads it; else its folder is shown."""
        target = Path(path)
        if not target.exists():
            self._toasts.show(tr("{path} is not there now.").format(path=shown_path(path)))
            return
        opened_path = target if may_be_opened(target.name) else target.parent
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(opened_path)))

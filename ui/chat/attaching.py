"""Files on their way into a message: chosen, dropped or pasted, read off the main thread, and shown as chips."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDir, QEvent, QObject, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QVBoxLayout, QWidget

from ui.bridge import Bridge
from ui.chat.attach import Chip, ChipState, spoken, why_not
from ui.chat.composer import Composer, local_files
from ui.notify import announce
from ui.translation import marked, tr
from ui.widgets.labels import label
from workbench.errors import WorkbenchError
from workbench.jobs import Job
from workbench.messages import Attachment

if TYPE_CHECKING:
    from workbench.app import Workbench

KINDS = marked("Texts, code, PDF, Word, Excel, PowerPoint, CSV, web pages and pictures")
MOST_AT_ONCE = 20


class Attaching(QObject):
    """Reads what the composer is given. ``page``: where files may be dropped; ``temporary``: whether the chat in view is
    never written."""

    def __init__(
        self,
        bridge: Bridge,
        workbench: Workbench,
        page: QWidget,
        composer: Composer,
        temporary: Callable[[], bool] = lambda: False,
    ) -> None:
        super().__init__(page)
        self._bridge = bridge
        self._workbench = workbench
        self._page = page
        self._composer = composer
        self._jobs: dict[Chip, Job] = {}
        self._temporary = temporary
        self._drop_here = DropHere(page)
        composer.attach_asked.connect(self.choose)
        composer.chip_added.connect(self._begin)
        composer.chip_removed.connect(self._on_removed)
        page.setAcceptDrops(True)
        page.installEventFilter(self)
        for chip in composer.chips:  # what was pasted before the core was there
            self._begin(chip)

    def choose(self) -> None:
        """Let the person choose files."""
        title = " · ".join((tr("Attach files"), tr(KINDS)))
        dialog = QFileDialog(self._page.window(), title, QDir.homePath())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(self.attach)
        dialog.open()

    def attach(self, files: Sequence[str]) -> None:
        """These files, as far as there are not too many at once."""
        for file in files[:MOST_AT_ONCE]:
            self._composer.attach(Path(file), Path(file).name)
        if len(files) > MOST_AT_ONCE:
            announce(self._composer, tr("Only the first {count} files were attached.").format(count=MOST_AT_ONCE))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Files over the page: show that they may be dropped, and take them."""
        if isinstance(event, QDropEvent) and event.type() == QEvent.Type.Drop:
            self._drop_here.hide()
            files = local_files(event.mimeData())
            if files:
                event.acceptProposedAction()
                self.attach(files)
            return bool(files)
        if isinstance(event, (QDragEnterEvent, QDragMoveEvent)) and local_files(event.mimeData()):
            event.acceptProposedAction()
            self._drop_here.appear()
            return True
        if event.type() == QEvent.Type.DragLeave:
            self._drop_here.hide()
        return False

    def _begin(self, chip: Chip) -> None:
        if chip.begun:
            return
        chip.begun = True
        source, name, attachments = chip.source, chip.name, self._workbench.attachments
        keep = not self._temporary()

        def read(job: Job) -> Attachment:
            if isinstance(source, Path):
                return attachments.read(source, job.cancel, keep=keep)
            return attachments.read_content(source or b"", name, job.cancel, keep=keep)

        self._jobs[chip] = self._bridge.run(
            read,
            on_done=lambda attachment: self._end(chip, attachment, None),
            on_failed=lambda error: self._end(chip, None, error),
            on_cancelled=lambda: self._end(chip, None, None),
        )

    def _end(self, chip: Chip, attachment: Attachment | None, error: WorkbenchError | None) -> None:
        self._jobs.pop(chip, None)
        if attachment is not None:
            chip.done(attachment)
        elif error is not None:
            chip.failed(why_not(chip.name, error.message, error.hint))
        if self._composer.show_chip(chip) and chip.state is not ChipState.READING:
            done = tr("Attached {file}").format(file=spoken(chip))
            announce(self._composer, done if attachment is not None else chip.reason)

    def _on_removed(self, chip: Chip) -> None:
        job = self._jobs.get(chip)
        if job is not None:
            job.cancel.cancel()


class DropHere(QFrame):
    """Lies over the page while files are dragged over it."""

    def __init__(self, page: QWidget) -> None:
        super().__init__(page)
        self.setProperty("look", "drop")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        inside = QVBoxLayout(self)
        words = label(tr("Drop files to attach them"), "heading")
        words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        kinds = label(tr(KINDS), "caption", wrap=True)
        kinds.setAlignment(Qt.AlignmentFlag.AlignCenter)
        inside.addStretch()
        inside.addWidget(words)
        inside.addWidget(kinds)
        inside.addStretch()
        self.hide()

    def appear(self) -> None:
        page = self.parentWidget()
        if page is not None and self.isHidden():
            self.setGeometry(page.rect().adjusted(16, 16, -16, -16))
            self.show()
            self.raise_()

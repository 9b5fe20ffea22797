"""One chat as a file: the person chooses the format, then where."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDir, QPoint
from PySide6.QtWidgets import QFileDialog, QWidget

from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.notify import Toasts
from ui.translation import marked, tr
from ui.widgets.popover import Choice, Popover
from workbench.chat.exporting.service import ExportFormat
from workbench.messages import Id

if TYPE_CHECKING:
    from workbench.app import Workbench

FORMATS = (
    (ExportFormat.MARKDOWN, marked("Markdown"), marked("The branch in view")),
    (ExportFormat.HTML, marked("HTML"), marked("The branch in view, for any browser; nothing in it runs or loads")),
    (
        ExportFormat.JSON,
        marked("Everything (JSON)"),
        marked("All branches, thoughts, files and feedback; can be imported again"),
    ),
    (ExportFormat.CHATGPT, marked("ChatGPT's shape (JSON)"), marked("All branches, for other programs")),
)


class ChatExports:
    """Over ``window``."""

    def __init__(
        self, bridge: Bridge, workbench: Workbench, appearance: Appearance, window: QWidget, toasts: Toasts
    ) -> None:
        self._bridge, self._workbench, self._appearance = bridge, workbench, appearance
        self._window, self._toasts = window, toasts

    def choose(self, conversation_id: Id, place: QWidget | QPoint) -> None:
        """The formats, listed at a control or at a corner of the window."""
        choices = [
            Choice(tr(words), partial(self._name, conversation_id, form), note=tr(note))
            for form, words, note in FORMATS
        ]
        popover = Popover(tr("Format of the export"), choices, self._appearance, self._window.window())
        if isinstance(place, QPoint):
            popover.open_with_corner(place)
        else:
            popover.open_at(place)

    def export_to(self, conversation_id: Id, form: ExportFormat, path: str) -> None:
        """``path`` is new: nothing that is there is replaced, unless the person said so in the system's dialog."""
        target = Path(path)
        self._bridge.run(
            lambda job: self._workbench.exports.write(
                (conversation_id,), form, target, job.cancel, single=True, force=target.is_file()
            ),
            on_done=lambda _count: self._toasts.show(tr("Exported to {path}.").format(path=path), seconds=6),
            on_failed=self._toasts.tell,
        )

    def _name(self, conversation_id: Id, form: ExportFormat) -> None:
        self._bridge.run(
            lambda _job: self._workbench.exports.name(conversation_id, form),
            on_done=lambda name: self._ask(conversation_id, form, name),
            on_failed=self._toasts.tell,
        )

    def _ask(self, conversation_id: Id, form: ExportFormat, name: str) -> None:
        dialog = QFileDialog(self._window.window(), tr("Export this chat"), QDir.homePath())
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.selectFile(name)
        dialog.fileSelected.connect(lambda path: self.export_to(conversation_id, form, QDir.toNativeSeparators(path)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

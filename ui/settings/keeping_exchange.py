"""Chats out and in: a file for all of them, and the exports of other programs."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QDir, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.models.parts import empty
from ui.settings.keeping_words import FORMATS, chats_words, report_words
from ui.settings.parts import setting_row
from ui.translation import tr
from ui.widgets.buttons import Button
from ui.widgets.labels import label
from ui.widgets.popover import Choice, Popover
from workbench.chat.exporting.service import ExportFormat
from workbench.chat.importing.service import ImportProgress, ImportReport
from workbench.errors import WorkbenchError
from workbench.jobs import Job, Pool

if TYPE_CHECKING:
    from workbench.app import Workbench

SHOWN = 12


class ExchangeRows(QWidget):
    """``told`` carries errors, ``said`` what there is to know."""

    told = Signal(object)
    said = Signal(str)

    def __init__(self, bridge: Bridge, workbench: Workbench, appearance: Appearance) -> None:
        super().__init__()
        self._bridge = bridge
        self._workbench = workbench
        self._appearance = appearance
        self._job: Job | None = None
        self.take_out = Button(tr("Export all…"), appearance, icon_name="download")
        self.bring_in = Button(tr("Import…"), appearance, icon_name="folder-open")
        self.stop = Button(tr("Stop"), appearance)
        self.stop.hide()
        self.progress = label("", "muted", wrap=True)
        self.progress.hide()
        self._report = QVBoxLayout()
        self._report.setSpacing(4)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(setting_row(tr("Take them with you"), tr("All chats, in an open format."), self.take_out))
        from_where = tr("From ChatGPT, Claude, Open WebUI, LM Studio or another Workbench: a zip or a JSON file.")
        layout.addWidget(setting_row(tr("Bring chats in"), from_where, self.bring_in))
        layout.addWidget(self.progress)
        layout.addWidget(self.stop, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addLayout(self._report)
        self.take_out.clicked.connect(self.open_formats)
        self.bring_in.clicked.connect(self._choose_import)
        self.stop.clicked.connect(self._stop)

    def open_formats(self) -> None:
        choices = [
            Choice(tr(words), partial(self._choose_export, form), note=tr(note)) for form, words, note in FORMATS
        ]
        Popover(tr("Format of the export"), choices, self._appearance, self.window()).open_at(self.take_out)

    def export_to(self, path: str, form: str) -> None:
        """``path`` is new: nothing that is there is replaced, unless the person said so in the system's dialog."""

        def work(job: Job) -> int:
            exports, target = self._workbench.exports, Path(path)
            return exports.write(exports.all(), ExportFormat(form), target, job.cancel, force=target.is_file())

        self._begin(tr("Writing your chats…"))
        self._job = self._bridge.run(
            work,
            on_done=lambda count: self._exported(count, path),
            on_failed=self._failed,
            on_cancelled=self._ended,
            pool=Pool.LONG,
        )

    def import_from(self, path: str) -> None:
        self._begin(tr("Reading…"))
        self._job = self._bridge.run(
            lambda job: self._workbench.imports.run(Path(path), job),
            on_event=self._progressed,
            on_done=self.show_report,
            on_failed=self._failed,
            on_cancelled=self._cancelled,
            pool=Pool.LONG,
        )

    def show_report(self, report: ImportReport) -> None:
        """What came in, and what was left out and why."""
        self._ended()
        empty(self._report)
        self._report.addWidget(label(report_words(report), wrap=True, selectable=True))
        for skipped in report.skipped[:SHOWN]:
            words = tr("Left out: {what}: {why}").format(what=skipped.what, why=skipped.why)
            self._report.addWidget(label(words, "caption", wrap=True, selectable=True))
        if len(report.skipped) > SHOWN:
            more = tr("… and {count} more: `workbench chats import FILE --json` lists all.")
            more = more.format(count=len(report.skipped) - SHOWN)
            self._report.addWidget(label(more, "caption", wrap=True, selectable=True))
        self.said.emit(report_words(report))

    # Inside -----------------------------------------------------------------------------------------------------------

    def _choose_export(self, form: str) -> None:
        suffix = "" if ExportFormat(form).is_for_reading else ".json"
        name = tr("Workbench chats {date}").format(date=f"{datetime.now().astimezone():%Y-%m-%d}") + suffix
        dialog = self._dialog(tr("Export all chats"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.selectFile(name)
        dialog.fileSelected.connect(lambda path: self.export_to(QDir.toNativeSeparators(path), form))
        dialog.open()

    def _choose_import(self) -> None:
        dialog = self._dialog(tr("Import chats"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        exports, everything = tr("Exports"), tr("All files")
        dialog.setNameFilter(f"{exports} (*.zip *.json *.jsonl);;{everything} (*)")
        dialog.fileSelected.connect(lambda path: self.import_from(QDir.toNativeSeparators(path)))
        dialog.open()

    def _dialog(self, title: str) -> QFileDialog:
        dialog = QFileDialog(self.window(), title, QDir.homePath())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return dialog

    def _begin(self, words: str) -> None:
        empty(self._report)
        self.progress.setText(words)
        self._show_running(running=True)

    def _progressed(self, progress: ImportProgress) -> None:
        self.progress.setText(
            tr("{chats} read: {title}").format(chats=chats_words(progress.chats), title=progress.title)
        )

    def _exported(self, count: int, path: str) -> None:
        self._ended()
        words = tr("{chats} written to {path}").format(chats=chats_words(count), path=path)
        self._report.addWidget(label(words, wrap=True, selectable=True))
        self.said.emit(words)

    def _failed(self, error: WorkbenchError) -> None:
        self._ended()
        self._report.addWidget(label(f"{error.message} {error.hint}", "danger", wrap=True, selectable=True))
        self.told.emit(error)

    def _cancelled(self) -> None:
        self._ended()
        self._report.addWidget(label(tr("Stopped. The chats that were read are here."), wrap=True))

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel.cancel()

    def _ended(self) -> None:
        self._job = None
        self._show_running(running=False)

    def _show_running(self, *, running: bool) -> None:
        focus_lost = self.stop.hasFocus()
        self.progress.setVisible(running)
        self.stop.setVisible(running)
        for button in (self.take_out, self.bring_in):
            button.setEnabled(not running)
        if focus_lost and not running:
            self.bring_in.setFocus(Qt.FocusReason.OtherFocusReason)

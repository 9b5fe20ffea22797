"""One batch: how far it is, what can be done with it, and the table of its results."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QPlainTextEdit,
    QProgressBar,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from ui.appearance import Appearance
from ui.models.parts import Sign
from ui.prompts.batches.items import ResultModel
from ui.prompts.batches.words import (
    ICONS,
    RUN_STATES,
    STATES,
    can_go_on,
    can_pause,
    counts_words,
    progress_words,
)
from ui.translation import tr
from ui.widgets.buttons import Button, IconButton
from ui.widgets.labels import ElidedLabel, label
from workbench.prompts.running.batches.batch import Batch, BatchProgress, BatchState
from workbench.prompts.running.run import Run

LABEL_WIDTH, STATE_WIDTH, TIME_WIDTH = 220, 120, 80  # pixels at 100 %
LEAST_LABEL, LEAST_STATE, LEAST_TIME = 72, 88, 56
RESULT_LINES = 9


class BatchView(QWidget):
    """``pause_asked``, ``go_on_asked``, ``again_asked`` (what failed has another try), ``export_asked``, ``remove_asked``:
    of the batch in view. ``left``: back to all. ``copy_asked`` carries a text."""

    pause_asked = Signal()
    go_on_asked = Signal()
    again_asked = Signal()
    export_asked = Signal()
    remove_asked = Signal()
    left = Signal()
    copy_asked = Signal(str)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self.batch: Batch | None = None
        self.back = Button(tr("All batches"), appearance, look="quiet", icon_name="chevron-left")
        self.title = ElidedLabel("", "heading")
        self._sign = Sign("clock", appearance)
        self.state = label("", "strong")
        self.counts = label("", wrap=True)
        self.told = label("", "caption", wrap=True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.pause = Button(tr("Pause"), appearance, icon_name="pause")
        self.go_on = Button(tr("Go on"), appearance, look="primary", icon_name="play")
        self.again = Button(tr("Try the failed again"), appearance, icon_name="refresh-cw")
        self.export = Button(tr("Export…"), appearance, icon_name="download")
        self.remove = IconButton("trash-2", tr("Delete this batch"), appearance)
        self.model = ResultModel(self)
        self.table = QTableView()
        self.table.setProperty("look", "results")
        self.result = QPlainTextEdit()
        self.result_title = label("", "strong")
        self.copy_button = IconButton("copy", tr("Copy this answer"), appearance)
        self._result_box = QWidget()
        self._dress()
        self._lay_out()
        self._connect()

    def show_batch(self, batch: Batch, *, working: bool, progress: BatchProgress | None = None) -> None:
        """``working``: this window is at it."""
        if self.batch is None or self.batch.id != batch.id:
            self.model.begin(batch.total)
            self._show_run(None)
            self.title.setText(batch.title)
        self.batch = batch
        state = BatchState.RUNNING if working else batch.state
        self.state.setText(tr(STATES[state]))
        self._sign.show_icon(ICONS[state], "danger" if state is BatchState.INTERRUPTED else "accent")
        self.counts.setText(counts_words(batch))
        said = progress_words(progress) if working else batch.why
        self.told.setText(said)
        self.told.setVisible(bool(said))
        self.bar.setRange(0, max(1, batch.total))
        self.bar.setValue(batch.done + batch.failed)
        self.bar.setAccessibleName(f"{tr(STATES[state])}, {counts_words(batch)}")
        self.pause.setVisible(can_pause(batch, working=working))
        self.go_on.setVisible(can_go_on(batch, working=working))
        self.go_on.say(tr("Start") if state is BatchState.WAITING else tr("Go on"))
        self.again.setVisible(bool(batch.failed) and not can_pause(batch, working=working))
        self.export.setEnabled(bool(batch.done or batch.failed))

    def show_page(self, first: int, runs: tuple[Run, ...]) -> None:
        """Results from row ``first`` on."""
        self.model.show_page(first, runs)
        row = self.table.currentIndex().row()
        if first <= row < first + len(runs):
            self._show_run(self.model.run_at(row))

    def take_focus(self) -> None:
        for button in (self.pause, self.go_on, self.export):
            if not button.isHidden() and button.isEnabled():
                button.setFocus(Qt.FocusReason.OtherFocusReason)
                return
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    # Inside -----------------------------------------------------------------------------------------------------------

    def _show_run(self, run: Run | None) -> None:
        self._result_box.setVisible(run is not None)
        if run is None:
            return
        failed = run.failed_step
        told = tr(RUN_STATES[run.state]) if RUN_STATES[run.state] else tr("Not begun")
        self.result_title.setText(f"{run.label} · {told}")
        text = f"{failed.error}\n{failed.hint}".strip() if failed is not None else run.answer
        if text != self.result.toPlainText():
            self.result.setPlainText(text)

    def _dress(self) -> None:
        table, appearance = self.table, self._appearance
        table.setModel(self.model)
        table.setAccessibleName(tr("Results"))
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        rows = table.verticalHeader()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = table.horizontalHeader()
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.result.setReadOnly(True)
        self.result.setProperty("look", "field")
        self.result.setAccessibleName(tr("The answer for the chosen input"))
        self.result.setTabChangesFocus(True)
        appearance.follow(self._fit)

    def _fit(self) -> None:
        self.table.verticalHeader().setDefaultSectionSize(self.table.fontMetrics().height() + 14)
        self._fit_columns()
        self.result.setFixedHeight(RESULT_LINES * self.result.fontMetrics().lineSpacing() + 20)

    def _fit_columns(self) -> None:
        """Where there is little room, what was asked gives way to what was answered."""
        pixels, room = self._appearance.pixels, self.table.viewport().width()
        self.table.setColumnWidth(0, min(pixels(LABEL_WIDTH), max(pixels(LEAST_LABEL), room // 5)))
        self.table.setColumnWidth(1, min(pixels(STATE_WIDTH), max(pixels(LEAST_STATE), room // 6)))
        self.table.setColumnWidth(3, min(pixels(TIME_WIDTH), max(pixels(LEAST_TIME), room // 8)))

    def _lay_out(self) -> None:
        rows = QVBoxLayout(self)
        rows.setContentsMargins(24, 4, 24, 20)
        rows.setSpacing(10)
        rows.addWidget(self.back, 0, Qt.AlignmentFlag.AlignLeft)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.title, 1)
        for button in (self.pause, self.go_on, self.again, self.export, self.remove):
            head.addWidget(button)
        rows.addLayout(head)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self._sign)
        line.addWidget(self.state)
        line.addWidget(self.counts, 1)
        rows.addLayout(line)
        rows.addWidget(self.bar)
        rows.addWidget(self.told)
        rows.addWidget(self.table, 1)
        box = QVBoxLayout(self._result_box)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(6)
        over = QHBoxLayout()
        over.addWidget(self.result_title, 1)
        over.addWidget(self.copy_button)
        box.addLayout(over)
        box.addWidget(self.result)
        rows.addWidget(self._result_box)

    def _connect(self) -> None:
        self.back.clicked.connect(self.left)
        self.pause.clicked.connect(self.pause_asked)
        self.go_on.clicked.connect(self.go_on_asked)
        self.again.clicked.connect(self.again_asked)
        self.export.clicked.connect(self.export_asked)
        self.remove.clicked.connect(self.remove_asked)
        self.copy_button.clicked.connect(lambda: self.copy_asked.emit(self.result.toPlainText()))
        self.table.selectionModel().currentRowChanged.connect(self._on_row)

    def _on_row(self, index: QModelIndex, _before: QModelIndex) -> None:
        self._show_run(self.model.run_at(index.row()))

    # Qt ---------------------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_columns()

"""What is being fetched: one row each, with what can be done about it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.models import words
from ui.models.parts import section
from ui.translation import tr
from ui.widgets.buttons import Button, IconButton
from ui.widgets.labels import ElidedLabel, label
from ui.widgets.popover import Choice, Popover
from workbench.models.fetching.queue import DownloadItem, DownloadState
from workbench.sizes import size_words

NEGLIGIBLE_BYTES = 50_000_000  # so little is thrown away without a question
OVER = (DownloadState.READY, DownloadState.FAILED)


class DownloadRow(QFrame):
    """One wish. ``asked`` carries what to do with it: pause, resume or cancel."""

    asked = Signal(str)

    def __init__(self, item: DownloadItem, appearance: Appearance) -> None:
        super().__init__()
        self._item: DownloadItem | None = None
        self.setProperty("look", "card")
        self._title = ElidedLabel(item.title, "strong")
        self._state = label("", "caption", wrap=True)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(tr("Download of {title}").format(title=item.title))
        self._step = IconButton("pause", tr("Pause"), appearance)
        self._cancel = IconButton("x", tr("Cancel the download of {title}").format(title=item.title), appearance)
        self._step.clicked.connect(lambda: self.asked.emit(self._next_step))
        self._cancel.clicked.connect(lambda: self.asked.emit("cancel"))
        self._lay_out()
        self.show_item(item)

    @property
    def _next_step(self) -> str:
        going = (DownloadState.QUEUED, DownloadState.RUNNING)
        return "pause" if self._item is not None and self._item.state in going else "resume"

    def show_item(self, item: DownloadItem) -> None:
        if item == self._item:
            return
        self._item = item
        failed, ready = item.state is DownloadState.FAILED, item.state is DownloadState.READY
        said = words.download_words(item)
        self._state.setText(said)
        self._state.setProperty("tone", "danger" if failed else "caption")
        self._state.style().polish(self._state)
        self.setAccessibleName(f"{item.title}: {said}")
        self._bar.setVisible(not ready)
        if item.total_bytes:
            self._bar.setRange(0, 1000)
            self._bar.setValue(min(1000, 1000 * item.bytes // item.total_bytes))
        else:  # a busy bar would animate all the time
            self._bar.setRange(0, 1)
            self._bar.setValue(0)
        self._show_step(item, failed=failed, ready=ready)

    def _show_step(self, item: DownloadItem, *, failed: bool, ready: bool) -> None:
        icon_name, doing = ("pause", tr("Pause")) if self._next_step == "pause" else ("play", tr("Resume"))
        if failed:
            icon_name, doing = "refresh-cw", tr("Try again")
        self._step.show_icon(icon_name)
        self._step.say(f"{doing}: {item.title}")
        self._step.setVisible(not ready)
        self._cancel.setVisible(not ready)

    def _lay_out(self) -> None:
        texts = QVBoxLayout()
        texts.setSpacing(6)
        texts.addWidget(self._title)
        texts.addWidget(self._bar)
        texts.addWidget(self._state)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 10, 10, 10)
        row.setSpacing(6)
        row.addLayout(texts, 1)
        row.addSpacing(6)
        for control in (self._step, self._cancel):
            row.addWidget(control, 0, Qt.AlignmentFlag.AlignVCenter)


class DownloadList(QWidget):
    """A row for each. ``asked``: pause, resume or cancel, and the id of the download."""

    asked = Signal(str, str)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._items: dict[str, DownloadItem] = {}
        self._rows: dict[str, DownloadRow] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)

    def show_items(self, items: Sequence[DownloadItem]) -> None:
        """Rows stay where they are; only what changed is touched."""
        self._items = {item.id: item for item in items}
        for gone in self._rows.keys() - self._items.keys():
            row = self._rows.pop(gone)
            row.hide()
            row.deleteLater()
        for item in items:
            if item.id not in self._rows:
                self._add(item)
            self._rows[item.id].show_item(item)

    def _add(self, item: DownloadItem) -> None:
        row = DownloadRow(item, self._appearance)
        row.asked.connect(lambda what: self._ask(what, item.id))
        self._rows[item.id] = row
        self._column.addWidget(row)

    def _ask(self, what: str, item_id: str) -> None:
        """Gigabytes that have arrived are thrown away only when that is said."""
        item = self._items[item_id]
        if what != "cancel" or item.bytes < NEGLIGIBLE_BYTES:
            self.asked.emit(what, item_id)
            return
        said = tr("Cancel, and throw away {size}").format(size=size_words(item.bytes))
        choice = Choice(said, lambda: self.asked.emit(what, item_id), icon="trash-2", danger=True)
        popover = Popover(tr("Cancel {title}").format(title=item.title), [choice], self._appearance, self.window())
        popover.open_at(self._rows[item_id])


class DownloadsSection(QWidget):
    """The queue, hidden while it is empty. ``asked`` as of the list; ``clear_asked``: take away what is over."""

    asked = Signal(str, str)
    clear_asked = Signal()

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._clear = Button(tr("Clear finished"), appearance, look="quiet")
        self._clear.clicked.connect(self.clear_asked)
        self._list = DownloadList(appearance)
        self._list.asked.connect(self.asked)
        made, inside = section(tr("Downloads"), self._clear)
        inside.addWidget(self._list)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(made)
        self.hide()

    def show_items(self, items: Sequence[DownloadItem]) -> None:
        self._list.show_items(items)
        self._clear.setVisible(any(item.state in OVER for item in items))
        self.setVisible(bool(items))

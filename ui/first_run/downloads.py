"""What is being fetched, below the welcome."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.chat.words import size_words
from ui.models.downloads import DownloadRow
from ui.widgets.popover import Choice, Popover
from workbench.models.queue import DownloadItem

NEGLIGIBLE_BYTES = 50_000_000  # so little is thrown away without a question


class Downloads(QWidget):
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

    def show_items(self, items: tuple[DownloadItem, ...]) -> None:
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
        words = f"Cancel, and throw away {size_words(item.bytes)}"
        choice = Choice(words, lambda: self.asked.emit(what, item_id), icon="trash-2", danger=True)
        popover = Popover(f"Cancel {item.title}", [choice], self._appearance, self.window())
        popover.open_at(self._rows[item_id])

"""The Models page: this computer and the downloads on top, then the library or the catalog, details at the side."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.models.catalog import CatalogSection
from ui.models.details import WIDTH as DETAILS_WIDTH
from ui.models.details import Details
from ui.models.downloads import DownloadsSection
from ui.models.library import FoundSection, LibrarySection
from ui.models.loaded_card import LoadedCard
from ui.models.machine_card import MachineCard
from ui.models.state import Area, ModelsState
from ui.page_frame import column, tab
from ui.translation import tr
from ui.widgets.buttons import Button, IconButton
from ui.widgets.labels import short_label
from ui.widgets.notice import NoticeCard

WIDTH = 760
BESIDE = 900  # pixels: below, the details take the place of the list
UNLIMITED = 16_777_215  # what Qt takes for no limit
LOOK_MILLISECONDS = 3000


class ModelsPage(QWidget):
    """``closed``: back to the chat. ``looked_at``: it came into view. ``ticked``: a moment in view has passed."""

    closed = Signal()
    looked_at = Signal()
    ticked = Signal()
    again_asked = Signal()

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self.setProperty("look", "page")
        self.setAccessibleName(tr("Models"))
        self.machine = MachineCard(appearance)
        self.loaded = LoadedCard(appearance)
        self.downloads = DownloadsSection(appearance)
        self.library = LibrarySection(appearance)
        self.found = FoundSection(appearance)
        self.catalog = CatalogSection(appearance)
        self.details = Details(appearance)
        self._tabs = QButtonGroup(self)
        self.here = self._tab(tr("On this computer"), "hard-drive")
        self.there = self._tab(tr("Catalog"), "list")
        self._failure: NoticeCard | None = None
        self._told = ""
        self._detailed = False
        self._back = IconButton("x", tr("Close models"), appearance)
        self._scroll = QScrollArea()
        self._tick = QTimer(self)
        self._tick.setInterval(LOOK_MILLISECONDS)
        self._lay_out()
        self._connect()
        self.details.hide()
        self.here.setChecked(True)

    def show_state(self, state: ModelsState) -> None:
        self.machine.show_state(state)
        self.downloads.show_items(state.downloads)
        self.library.show_state(state)
        self.found.show_state(state)
        self.catalog.show_state(state)
        self.here.say(
            tr("On this computer · {count}").format(count=len(state.library))
            if state.library
            else tr("On this computer")
        )
        self.there.say(
            tr("Catalog · {count}").format(count=len(state.picks) + len(state.unseen)) if state.picks else tr("Catalog")
        )
        self._show_failure(state)

    def show_catalog(self) -> None:
        self.there.setChecked(True)
        self.catalog.search.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_details(self, shown: bool) -> None:
        """Beside the list, or in its place where that is narrow."""
        self._detailed = shown
        self._arrange()
        if shown:
            self.details.close_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave_details(self) -> bool:
        """Close the details and say whether they were open."""
        was_open = self._detailed
        if was_open:
            self.details.closed.emit()
        return was_open

    # Parts ------------------------------------------------------------------------------------------------------------

    def _show_failure(self, state: ModelsState) -> None:
        """Of what has no place of its own to say it. The catalog tells its failure itself."""
        errors = [error for area, error in state.failures.items() if area is not Area.CATALOG]
        told = "\n".join(f"{error.message} {error.hint}".strip() for error in errors)
        if told == self._told:
            return
        self._told = told
        if self._failure is not None:
            self._failure.hide()
            self._failure.deleteLater()
            self._failure = None
        if told:
            steps = ((tr("Try again"), self.again_asked.emit),)
            detail = "\n".join(error.detail for error in errors if error.detail)
            self._failure = NoticeCard(self._appearance, told, detail=detail, severe=True, steps=steps)
            self._rows.insertWidget(0, self._failure)

    def _tab(self, words: str, icon_name: str) -> Button:
        return tab(words, icon_name, self._appearance, self._tabs)

    def _show_tab(self) -> None:
        library = self.here.isChecked()
        for part in (self.library, self.found):
            part.setVisible(library)
        self.catalog.setVisible(not library)

    def _arrange(self) -> None:
        """First away with what gives room, so that the window never has to grow."""
        beside = self.width() >= BESIDE
        left = beside or not self._detailed
        if not left:
            self._left.hide()
        self.details.setMinimumWidth(DETAILS_WIDTH if beside else 0)
        self.details.setMaximumWidth(DETAILS_WIDTH if beside else UNLIMITED)
        self.details.setVisible(self._detailed)
        self._left.setVisible(left)

    def _lay_out(self) -> None:
        header = QWidget()
        header.setFixedHeight(54)
        bar = QHBoxLayout(header)
        bar.setContentsMargins(24, 0, 16, 0)
        bar.setSpacing(8)
        bar.addWidget(short_label(tr("Models"), "title"))
        bar.addSpacing(8)
        bar.addWidget(self.here)
        bar.addWidget(self.there)
        bar.addStretch()
        bar.addWidget(self._back)
        inside = QWidget()
        inside.setProperty("look", "column")
        self._rows = QVBoxLayout(inside)
        self._rows.setContentsMargins(0, 8, 0, 32)
        self._rows.setSpacing(16)
        for part in (self.machine, self.loaded, self.downloads, self.library, self.found, self.catalog):
            self._rows.addWidget(part)
        self._rows.addStretch(1)
        self._column = column(inside, WIDTH)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(self._column)
        self._left = QWidget()
        left = QVBoxLayout(self._left)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(0)
        left.addWidget(header)
        left.addWidget(self._scroll, 1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._left, 1)
        layout.addWidget(self.details)

    def _connect(self) -> None:
        self._back.clicked.connect(self.closed)
        self._tabs.buttonToggled.connect(lambda _button, _on: self._show_tab())
        self._tick.timeout.connect(self.ticked)
        self.library.catalog_asked.connect(self.show_catalog)
        self.catalog.list.row_shown.connect(self._keep_in_view)

    def _keep_in_view(self, box: object) -> None:
        """The row that the arrow keys have reached."""
        place = self.catalog.list.visualRect(self.catalog.list.currentIndex())
        centre = self.catalog.list.mapTo(self._column, place.center())
        self._scroll.ensureVisible(centre.x(), centre.y(), 0, place.height())

    # Qt ---------------------------------------------------------------------------------------------------------------

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        (self.here if self.here.isChecked() else self.catalog.search).setFocus(Qt.FocusReason.OtherFocusReason)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.looked_at.emit()
        self._tick.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._tick.stop()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

"""Settings: few, each saved when it changes, each in config.toml too."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QFocusEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.cloud.settings.return_bar import ReturnBar
from ui.cloud.settings.section import CloudSection
from ui.global_keys import has_global_keys
from ui.page_frame import column
from ui.settings.about import AboutCard
from ui.settings.answers_rows import AnswersRows
from ui.settings.api import ApiSection
from ui.settings.appearance_rows import AppearanceRows
from ui.settings.at_hand import AtHandRows
from ui.settings.compiled_row import CompiledRow
from ui.settings.engine_rows import EngineRows
from ui.settings.instructions_row import KEY as INSTRUCTIONS
from ui.settings.instructions_row import InstructionsRow
from ui.settings.keeping import KeepingSection
from ui.settings.machine_rows import MachineRows
from ui.settings.meaning_row import MeaningRow, RankingRow
from ui.settings.model_rows import ModelRows
from ui.settings.parts import setting_row
from ui.settings.prompt_rows import PromptRows
from ui.settings.routing_row import RoutingRow
from ui.settings.servers import ServersSection
from ui.settings.shortcuts import ShortcutsSection
from ui.settings.titles_row import TitlesRow
from ui.settings.web_search import WebSearchSection
from ui.translation import tr
from ui.tray import has_tray
from ui.widgets.buttons import Button, IconButton
from ui.widgets.labels import ElidedLabel, label
from workbench.errors import WorkbenchError

if TYPE_CHECKING:
    from workbench.app import Workbench
    from workbench.models.library import InstalledModel

WIDTH = 640


class SettingsPage(QWidget):
    """``closed``: back to the chat. ``told`` carries the error of what could not be done, ``said`` what was."""

    closed = Signal()
    told = Signal(object)
    said = Signal(str)

    def __init__(self, bridge: Bridge, workbench: Workbench, appearance: Appearance) -> None:
        super().__init__()
        self._bridge = bridge
        self._workbench = workbench
        self._appearance = appearance
        self.setProperty("look", "page")
        self.setAccessibleName(tr("Settings"))
        self._back = IconButton("x", tr("Close settings"), appearance)
        self._back.clicked.connect(self.closed)
        self.return_bar = ReturnBar(appearance)
        self._make_rows(appearance)
        self._make_sections(bridge, workbench, appearance)
        for rows in self._saving:
            rows.saved.connect(self._save)
        for section in self._telling:
            section.told.connect(self.told)
            section.said.connect(self.said)
        self._lay_out()

    def _make_rows(self, appearance: Appearance) -> None:
        """What shows the settings, and saves each as it changes."""
        self.appearance = AppearanceRows(appearance)
        self.model = ModelRows(appearance)
        self._machine = MachineRows(appearance, self)
        self.engine = EngineRows(self._bridge, self._workbench, appearance)
        self.at_hand = AtHandRows(appearance, tray=has_tray(), global_keys=has_global_keys())
        self.titles = TitlesRow(appearance)
        self.answers = AnswersRows(appearance)
        self.meaning = MeaningRow(appearance)
        self.meaning.download_asked.connect(self._download)
        self.ranking = RankingRow(appearance)
        self.ranking.download_asked.connect(self._download)
        self.prompts = PromptRows(appearance)
        self.system = InstructionsRow()
        self._saving = (
            self.appearance, self.model, self._machine, self.engine, self.at_hand, self.titles, self.answers, self.meaning,
            self.ranking, self.prompts, self.system,
        )  # fmt: skip

    def _make_sections(self, bridge: Bridge, workbench: Workbench, appearance: Appearance) -> None:
        """What does its work itself, and tells of it."""
        self.compiled = CompiledRow(bridge, workbench, appearance)
        self.api = ApiSection(bridge, workbench, appearance)
        self.api.saved.connect(self._save)
        self.shortcuts = ShortcutsSection(appearance)
        self.shortcuts.saved.connect(self._save)
        self.servers = ServersSection(bridge, workbench, appearance)
        self.routing = RoutingRow(bridge, workbench, appearance)
        self.web_search = WebSearchSection(bridge, workbench, appearance)
        self.cloud = CloudSection(bridge, workbench, appearance)
        self.keeping = KeepingSection(bridge, workbench, appearance)
        self._telling = (
            self.compiled, self.api, self.servers, self.routing, self.web_search, self.cloud, self.keeping,
        )  # fmt: skip

    def refresh(self) -> None:
        """Show the settings as they are."""
        current = self._workbench.settings
        for rows in self._saving:
            rows.show_settings(current)
        self.shortcuts.show_keys(current.shortcuts.keys)
        self.routing.refresh()
        self.servers.refresh()
        self.keeping.refresh()
        self.compiled.refresh()
        self._bridge.run(lambda _job: self._workbench.models.list(), on_done=self._take_models)
        self._bridge.run(lambda _job: self._workbench.runtimes.installed(), on_done=self._machine.show_engines)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._back.setFocus(Qt.FocusReason.OtherFocusReason)

    def open_shortcuts(self) -> None:
        """Unfold the list of shortcuts, and bring it into view."""
        self.shortcuts.open()
        QTimer.singleShot(0, self._show_shortcuts)

    def _show_shortcuts(self) -> None:
        self._scroll.ensureWidgetVisible(self.shortcuts.fold, 0, 200)
        self.shortcuts.fold.setFocus(Qt.FocusReason.OtherFocusReason)

    def open_web_search(self) -> None:
        """Bring who is asked on the web into view."""
        QTimer.singleShot(0, self, self._show_web_search)

    def _show_web_search(self) -> None:
        self._scroll.ensureWidgetVisible(self.web_search, 0, 80)
        self.web_search.who.setFocus(Qt.FocusReason.OtherFocusReason)

    def open_cloud(self) -> None:
        """Bring the providers into view."""
        QTimer.singleShot(0, self, self._show_cloud)

    def _show_cloud(self) -> None:
        self._scroll.ensureWidgetVisible(self.cloud.switch, 0, 240)
        self.cloud.switch.setFocus(Qt.FocusReason.OtherFocusReason)

    # Keeping ----------------------------------------------------------------------------------------------------------

    def _take_models(self, models: tuple[InstalledModel, ...]) -> None:
        self.model.show_models(models)
        self.meaning.show_models(models)
        self.ranking.show_models(models)

    def flush(self) -> None:
        """The window closes: keep what was typed a moment ago, here and now."""
        if (typed := self.system.unsaved()) is not None:
            with suppress(WorkbenchError):
                self._workbench.change_setting(INSTRUCTIONS, typed)

    def _save(self, key: str, value: Any) -> None:
        """Off the main thread: the file is flushed to the disk."""
        self._bridge.run(
            lambda _job: self._workbench.change_setting(key, value),
            on_done=lambda _result: self.refresh(),
            on_failed=self.told.emit,
        )

    def _download(self, reference: str, title: str) -> None:
        self._bridge.run(
            lambda _job: self._workbench.downloads.add(reference, title),
            on_done=lambda _item: self.said.emit(
                tr("{title} is being fetched: Models shows how far it is.").format(title=title)
            ),
            on_failed=self.told.emit,
        )

    # Layout -----------------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        header = QWidget()
        header.setFixedHeight(54)
        bar = QHBoxLayout(header)
        bar.setContentsMargins(24, 0, 16, 0)
        bar.addWidget(label(tr("Settings"), "title"))
        bar.addStretch()
        bar.addWidget(self._back)
        inside = QWidget()
        inside.setProperty("look", "column")
        rows = QVBoxLayout(inside)
        rows.setContentsMargins(0, 8, 0, 32)
        rows.setSpacing(12)
        rows.addWidget(self._section(tr("Appearance"), [self.appearance]))
        rows.addWidget(self._section(tr("Model"), [self.model, self.routing, self.titles, self.answers]))
        rows.addWidget(self._section(tr("Documents"), [self.meaning, self.ranking]))
        rows.addWidget(self._section(tr("Prompts"), [self.prompts]))
        rows.addWidget(self._section(tr("Web search"), [self.web_search]))
        rows.addWidget(self._section(tr("Cloud"), [self.cloud]))
        rows.addWidget(self._section(tr("At hand"), [self.at_hand]))
        rows.addWidget(self._section(tr("Keyboard shortcuts"), [self.shortcuts]))
        rows.addWidget(self._section(tr("Engine"), [*self._machine.engine, self.compiled, self.engine]))
        rows.addWidget(self._section(tr("Other machines"), [self.servers]))
        rows.addWidget(self._section(tr("Downloads"), self._machine.downloads))
        rows.addWidget(self._section(tr("Local API"), [self.api]))
        rows.addWidget(self._section(tr("Instructions"), [self.system]))
        rows.addWidget(self._section(tr("Your chats"), [self.keeping]))
        rows.addWidget(self._section(tr("Storage"), [self._storage_row()]))
        rows.addWidget(self._section(tr("About"), [AboutCard(self._appearance)]))
        rows.addStretch()
        self._scroll = scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        middle = column(inside, WIDTH)
        # As high as it is at the width it has: the least height is that of the narrowest, and left air between the rows.
        middle.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        scroll.setWidget(middle)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(header)
        layout.addWidget(self.return_bar)
        layout.addWidget(scroll, 1)

    def _section(self, title: str, rows: list[QWidget]) -> QWidget:
        section = QWidget()
        layout = QVBoxLayout(section)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(label(title, "strong"))
        card = QFrame()
        card.setProperty("look", "card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(16, 12, 16, 12)
        inside.setSpacing(12)
        for row in rows:
            inside.addWidget(row)
        layout.addWidget(card)
        return section

    def _storage_row(self) -> QWidget:
        place = ElidedLabel(str(self._workbench.paths.home), "muted")
        folder = Button(tr("Open folder"), self._appearance, icon_name="folder-open")
        folder.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._workbench.paths.home))))
        return setting_row(tr("Chats, models and settings"), place, folder)

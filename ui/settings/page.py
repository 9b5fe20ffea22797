"""Settings: few, each saved when it changes, each in config.toml too."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QFocusEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QPlainTextEdit,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.chat.choosing import AUTO_NAME
from ui.cloud.settings.section import CloudSection
from ui.global_keys import has_global_keys
from ui.page_frame import column
from ui.settings.about import AboutCard
from ui.settings.api import ApiSection
from ui.settings.at_hand import AtHandRows
from ui.settings.compiled_row import CompiledRow
from ui.settings.engine_rows import EngineRows
from ui.settings.keeping import KeepingSection
from ui.settings.machine_rows import MachineRows
from ui.settings.meaning_row import MeaningRow
from ui.settings.parts import Picker, setting_row
from ui.settings.prompt_rows import PromptRows
from ui.settings.routing_row import RoutingRow
from ui.settings.servers import ServersSection
from ui.settings.shortcuts import ShortcutsSection
from ui.settings.titles_row import TitlesRow
from ui.settings.web_search import WebSearchSection
from ui.translation import marked, tr
from ui.tray import has_tray
from ui.widgets.buttons import Button, IconButton
from ui.widgets.flow import Flow
from ui.widgets.labels import ElidedLabel, label
from ui.widgets.popover import Choice, Popover
from workbench.errors import WorkbenchError
from workbench.settings import AUTO, FONTS, THEMES

if TYPE_CHECKING:
    from workbench.app import Workbench
    from workbench.models.library import InstalledModel

TEXT_SCALES = (0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0)
COLUMN_WIDTHS = (600, 744, 960, 1600)
FONT_WORDS = {"inter": "Inter", "system": marked("As the system"), "serif": marked("With serifs")}
THEME_WORDS = {  # on the button, and said of it
    "system": (marked("System"), marked("Theme: system")),
    "light": (marked("Light"), marked("Theme: light")),
    "dark": (marked("Dark"), marked("Theme: dark")),
}
CONTEXT_SIZES = (0, 2048, 4096, 8192, 16384, 32768, 65536, 131072)
WIDTH = 640
SAVE_MILLISECONDS = 600


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
        self._models: tuple[InstalledModel, ...] = ()
        self.setProperty("look", "page")
        self.setAccessibleName(tr("Settings"))
        self._themes = QButtonGroup(self)
        self._scale = Picker(tr("Text size"), appearance)
        self._font = Picker(tr("Font"), appearance)
        self._width = Picker(tr("Column width"), appearance)
        self._model = Picker(tr("Model"), appearance)
        self._context = Picker(tr("Context size"), appearance)
        self._machine = MachineRows(appearance, self)
        self._machine.saved.connect(self._save)
        self.engine = EngineRows(bridge, workbench, appearance)
        self.engine.saved.connect(self._save)
        self.compiled = CompiledRow(bridge, workbench, appearance)
        self.compiled.told.connect(self.told)
        self.compiled.said.connect(self.said)
        self.api = ApiSection(bridge, workbench, appearance)
        self.api.saved.connect(self._save)
        self.api.told.connect(self.told)
        self.api.said.connect(self.said)
        self.at_hand = AtHandRows(appearance, tray=has_tray(), global_keys=has_global_keys())
        self.at_hand.saved.connect(self._save)
        self.shortcuts = ShortcutsSection(appearance)
        self.shortcuts.saved.connect(self._save)
        self.servers = ServersSection(bridge, workbench, appearance)
        self.servers.told.connect(self.told)
        self.servers.said.connect(self.said)
        self.titles = TitlesRow(appearance)
        self.titles.saved.connect(self._save)
        self.routing = RoutingRow(bridge, workbench, appearance)
        self.routing.told.connect(self.told)
        self.routing.said.connect(self.said)
        self.meaning = MeaningRow(appearance)
        self.meaning.saved.connect(self._save)
        self.meaning.download_asked.connect(self._download)
        self.prompts = PromptRows(appearance)
        self.prompts.saved.connect(self._save)
        self.web_search = WebSearchSection(bridge, workbench, appearance)
        self.web_search.told.connect(self.told)
        self.web_search.said.connect(self.said)
        self.cloud = CloudSection(bridge, workbench, appearance)
        self.cloud.told.connect(self.told)
        self.cloud.said.connect(self.said)
        self.keeping = KeepingSection(bridge, workbench, appearance)
        self.keeping.told.connect(self.told)
        self.keeping.said.connect(self.said)
        self.system = QPlainTextEdit()
        self._save_system = QTimer(self)
        self._save_system.setSingleShot(True)
        self._save_system.setInterval(SAVE_MILLISECONDS)
        self._save_system.timeout.connect(self._keep_system)
        self._back = IconButton("x", tr("Close settings"), appearance)
        self._back.clicked.connect(self.closed)
        self._lay_out()
        self._connect()

    def refresh(self) -> None:
        """Show the settings as they are."""
        current = self._workbench.settings
        for button in self._themes.buttons():
            button.setChecked(button.property("value") == current.appearance.theme)
        self._scale.show_choice(scale_words(current.appearance.text_scale))
        self._font.show_choice(tr(FONT_WORDS[current.appearance.font]))
        self._width.show_choice(width_words(current.appearance.column_width))
        self._context.show_choice(context_words(current.engine.context_tokens))
        self._show_model()
        if not self.system.hasFocus() and not self._save_system.isActive():
            self.system.setPlainText(current.chat.system)
            self._save_system.stop()  # this was no typing
        self._machine.show_settings(current)
        self.engine.show_settings(current)
        self.at_hand.show_settings(current)
        self.titles.show_settings(current)
        self.meaning.show_settings(current)
        self.prompts.show_settings(current)
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

    # Choosing ---------------------------------------------------------------------------------------------------------

    def _take_models(self, models: tuple[InstalledModel, ...]) -> None:
        self._models = tuple(model for model in models if not model.problem)
        self.meaning.show_models(models)
        self._show_model()

    def _show_model(self) -> None:
        wanted = self._workbench.settings.chat.model
        named = next((model.name for model in self._models if wanted in (model.id, model.name)), wanted)
        named = tr(AUTO_NAME) if wanted == AUTO else named
        self._model.show_choice(named or tr("The most useful one"))

    def _choose_scale(self) -> None:
        current = self._workbench.settings.appearance.text_scale
        self._open(
            self._scale,
            [(scale_words(scale), "appearance.text_scale", scale, scale == current) for scale in TEXT_SCALES],
        )

    def _choose_font(self) -> None:
        current = self._workbench.settings.appearance.font
        self._open(self._font, [(tr(FONT_WORDS[font]), "appearance.font", font, font == current) for font in FONTS])

    def _choose_width(self) -> None:
        current = self._workbench.settings.appearance.column_width
        rows = [(width_words(width), "appearance.column_width", width, width == current) for width in COLUMN_WIDTHS]
        self._open(self._width, rows)

    def _choose_context(self) -> None:
        current = self._workbench.settings.engine.context_tokens
        self._open(
            self._context,
            [(context_words(size), "engine.context_tokens", size, size == current) for size in CONTEXT_SIZES],
        )

    def _choose_model(self) -> None:
        current = self._workbench.settings.chat.model
        rows = [
            (tr(AUTO_NAME), "chat.model", AUTO, current == AUTO),
            (tr("The most useful one"), "chat.model", "", not current),
        ]
        rows += [(model.name, "chat.model", model.id, current in (model.id, model.name)) for model in self._models]
        self._open(self._model, rows)

    def _open(self, picker: Picker, rows: list[tuple[str, str, Any, bool]]) -> None:
        choices = [
            Choice(words, partial(self._save, key, value), checked=checked) for words, key, value, checked in rows
        ]
        Popover(picker.name, choices, self._appearance, self.window()).open_at(picker)

    def _keep_system(self) -> None:
        self._save_system.stop()
        if self.system.toPlainText() != self._workbench.settings.chat.system:
            self._save("chat.system", self.system.toPlainText())

    def flush(self) -> None:
        """The window closes: keep what was typed a moment ago, here and now."""
        if self._save_system.isActive():
            self._save_system.stop()
            with suppress(WorkbenchError):
                self._workbench.change_setting("chat.system", self.system.toPlainText())

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
        rows.addWidget(self._section(tr("Appearance"), self._appearance_rows()))
        rows.addWidget(self._section(tr("Model"), [*self._model_rows(), self.routing, self.titles]))
        rows.addWidget(self._section(tr("Documents"), [self.meaning]))
        rows.addWidget(self._section(tr("Prompts"), [self.prompts]))
        rows.addWidget(self._section(tr("Web search"), [self.web_search]))
        rows.addWidget(self._section(tr("Cloud"), [self.cloud]))
        rows.addWidget(self._section(tr("At hand"), [self.at_hand]))
        rows.addWidget(self._section(tr("Keyboard shortcuts"), [self.shortcuts]))
        rows.addWidget(self._section(tr("Engine"), [*self._machine.engine, self.compiled, self.engine]))
        rows.addWidget(self._section(tr("Other machines"), [self.servers]))
        rows.addWidget(self._section(tr("Downloads"), self._machine.downloads))
        rows.addWidget(self._section(tr("Local API"), [self.api]))
        rows.addWidget(self._section(tr("Instructions"), [self._system_row()]))
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

    def _appearance_rows(self) -> list[QWidget]:
        themes = QWidget()
        row = Flow(themes, gap=6, one_line=True)
        for theme, icon_name in zip(THEMES, ("monitor", "sun", "moon"), strict=True):
            words, name = THEME_WORDS[theme]
            button = Button(tr(words), self._appearance, icon_name=icon_name, name=tr(name))
            button.setCheckable(True)
            button.setProperty("value", theme)
            button.clicked.connect(lambda _checked=False, value=theme: self._save("appearance.theme", value))
            self._themes.addButton(button)
            row.addWidget(button)
        return [
            setting_row(tr("Theme"), tr("System follows the setting of your desktop."), themes),
            setting_row(tr("Text size"), tr("Scales all text of the window."), self._scale),
            setting_row(tr("Font"), tr("Of all text but code and formulas."), self._font),
            setting_row(tr("Column width"), tr("How wide the conversation may be."), self._width),
        ]

    def _model_rows(self) -> list[QWidget]:
        return [
            setting_row(tr("Model"), tr("Answers new messages in every chat."), self._model),
            setting_row(tr("Context size"), tr("Larger remembers more and needs more memory."), self._context),
        ]

    def _system_row(self) -> QWidget:
        self.system.setProperty("look", "field")
        self.system.setAccessibleName(tr("Instructions for the model"))
        self.system.setPlaceholderText(
            tr("What the model is told before every chat. For example: Answer in two sentences.")
        )
        self.system.setTabChangesFocus(True)
        self.system.setFixedHeight(96)
        return self.system

    def _storage_row(self) -> QWidget:
        place = ElidedLabel(str(self._workbench.paths.home), "muted")
        folder = Button(tr("Open folder"), self._appearance, icon_name="folder-open")
        folder.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._workbench.paths.home))))
        return setting_row(tr("Chats, models and settings"), place, folder)

    def _connect(self) -> None:
        self._scale.clicked.connect(self._choose_scale)
        self._font.clicked.connect(self._choose_font)
        self._width.clicked.connect(self._choose_width)
        self._context.clicked.connect(self._choose_context)
        self._model.clicked.connect(self._choose_model)
        self.system.textChanged.connect(self._save_system.start)


def width_words(pixels: int) -> str:
    names = {600: tr("Narrow"), 744: tr("Normal"), 960: tr("Wide"), 1600: tr("As wide as the window")}
    return names.get(pixels) or tr("{count} pixels").format(count=f"{pixels:,}")


def scale_words(scale: float) -> str:
    return f"{round(scale * 100)} %"


def context_words(tokens: int) -> str:
    return tr("{count} tokens").format(count=f"{tokens:,}") if tokens else tr("As large as fits")

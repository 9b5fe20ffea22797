"""The settings of engine and downloads: which engine answers, a binary of one's own, how much is fetched at once."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import QDir, QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.settings.parts import Picker, setting_row
from ui.translation import marked, tr
from ui.widgets.buttons import Button, IconButton
from ui.widgets.labels import ElidedLabel, label
from ui.widgets.popover import Choice
from workbench.engine.runtimes.builds import InstalledEngine
from workbench.settings import Settings

AT_ONCE = (1, 2, 3, 4, 6, 8)
LIMITS = (0.0, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0)
AUTO = "auto"
NO_BINARY = marked("Only what is on the PATH")


class MachineRows(QObject):
    """``engine`` and ``downloads`` are the rows of two sections; ``saved`` carries a key and its new value."""

    saved = Signal(str, object)

    def __init__(self, appearance: Appearance, page: QWidget) -> None:
        super().__init__(page)
        self._appearance = appearance
        self._page = page
        self._settings = Settings()
        self._engines: tuple[InstalledEngine, ...] = ()
        self._runtime = Picker(tr("Engine"), appearance)
        self._at_once = Picker(tr("Files at once"), appearance)
        self._limit = Picker(tr("Limit"), appearance)
        self._binary = ElidedLabel("", "muted")
        self._forget = IconButton("x", tr("Use no binary of my own"), appearance, size=16)
        self._runtime.clicked.connect(self._choose_runtime)
        self._at_once.clicked.connect(self._choose_at_once)
        self._limit.clicked.connect(self._choose_limit)
        self._forget.clicked.connect(lambda: self.saved.emit("engine.binary", ""))
        self.engine = [
            setting_row(tr("Engine"), tr("Automatic takes the fastest that works on this computer."), self._runtime),
            self._binary_row(),
        ]
        self.downloads = [
            setting_row(tr("Files at once"), tr("More of them share the connection."), self._at_once),
            setting_row(tr("Limit"), tr("Of all downloads together."), self._limit),
        ]

    def show_settings(self, settings: Settings) -> None:
        self._settings = settings
        self._at_once.show_choice(str(settings.downloads.at_once))
        self._limit.show_choice(limit_words(settings.downloads.limit_megabytes_per_second))
        self._runtime.show_choice(runtime_words(settings.engine.runtime, self._engines))
        self._binary.setText(settings.engine.binary or tr(NO_BINARY))
        self._forget.setVisible(bool(settings.engine.binary))

    def show_engines(self, engines: tuple[InstalledEngine, ...]) -> None:
        self._engines = engines
        self._runtime.show_choice(runtime_words(self._settings.engine.runtime, engines))

    # Choosing ---------------------------------------------------------------------------------------------------------

    def _choose_runtime(self) -> None:
        current = self._settings.engine.runtime
        choices = [self._choice("engine.runtime", AUTO, tr("Automatic"), current)]
        choices += [
            Choice(
                engine.label,
                partial(self.saved.emit, "engine.runtime", engine.id),
                detail=engine.version,
                note=engine.problem or engine_words(engine),
                checked=current == engine.id,
                enabled=not engine.problem,
            )
            for engine in self._engines
        ]
        self._runtime.offer(choices)

    def _choose_at_once(self) -> None:
        current = self._settings.downloads.at_once
        self._at_once.offer([self._choice("downloads.at_once", count, str(count), current) for count in AT_ONCE])

    def _choose_limit(self) -> None:
        key, current = "downloads.limit_megabytes_per_second", self._settings.downloads.limit_megabytes_per_second
        self._limit.offer([self._choice(key, limit, limit_words(limit), current) for limit in LIMITS])

    def _choice(self, key: str, value: Any, words: str, current: Any) -> Choice:
        return Choice(words, partial(self.saved.emit, key, value), checked=value == current)

    def _choose_binary(self) -> None:
        dialog = QFileDialog(self._page.window(), tr("Choose a llama-server"), QDir.homePath())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(partial(self.saved.emit, "engine.binary"))
        dialog.open()

    def _binary_row(self) -> QWidget:
        choose = Button(tr("Choose…"), self._appearance, icon_name="folder-open", name=tr("Choose a llama-server"))
        choose.clicked.connect(self._choose_binary)
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(label(tr("A llama-server of your own"), wrap=True))
        words.addWidget(self._binary)
        line.addLayout(words, 1)
        line.addWidget(self._forget)
        line.addWidget(choose)
        return row


def limit_words(limit: float) -> str:
    return tr("{rate} MB/s").format(rate=f"{limit:g}") if limit else tr("No limit")


def runtime_words(runtime: str, engines: tuple[InstalledEngine, ...]) -> str:
    """The name of the engine with this id; an id that nothing here has says so."""
    if runtime == AUTO:
        return tr("Automatic")
    named = next((engine.label for engine in engines if engine.id == runtime), "")
    return named or tr("{engine} (not here)").format(engine=runtime)


def engine_words(engine: InstalledEngine) -> str:
    """What it can drive."""
    devices = ", ".join(device.name for device in engine.devices)
    return devices or ", ".join(sorted(engine.backends))

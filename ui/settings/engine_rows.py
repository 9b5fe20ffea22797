"""How an engine is started: what stays loaded, every choice of the launch plan, and why it is as it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.settings.parts import setting_row
from ui.settings.setting import Setting, SettingPicker, column
from ui.translation import marked, tr
from ui.widgets.buttons import Button
from ui.widgets.flow import Flow
from ui.widgets.labels import label, rule
from workbench.errors import WorkbenchError
from workbench.models.library import InstalledModel
from workbench.ports import LaunchPlan
from workbench.settings import Settings

if TYPE_CHECKING:
    from workbench.app import Workbench

ADVANCED, LESS = marked("Advanced"), marked("Fewer settings")
WHY, HIDE_WHY = marked("Why these settings"), marked("Hide the reasons")
YOURS = marked("your choice")


AUTO = marked("Automatic")
SWITCH = (("auto", AUTO), ("on", marked("On")), ("off", marked("Off")))
EVERYDAY = (
    Setting(
        "engine.keep_ready",
        marked("Keep ready"),
        marked("Loads the model at login and keeps it in memory: the first answer comes at once."),
        ((False, marked("Off")), (True, marked("On"))),
    ),
    Setting(
        "engine.unload_after_minutes",
        marked("Unload when idle"),
        marked("Gives the memory back when nobody has asked for so long."),
        (
            (0, marked("Never")),
            (5, marked("5 minutes")),
            (15, marked("15 minutes")),
            (30, marked("30 minutes")),
            (60, marked("1 hour")),
            (240, marked("4 hours")),
        ),
    ),
    Setting(
        "engine.models_at_once",
        marked("Models at once"),
        marked("Several stay loaded as long as they fit into memory."),
        ((0, marked("As many as fit")), (1, "1"), (2, "2"), (3, "3"), (4, "4")),
    ),
)
FOLDED = (
    Setting(
        "engine.gpu_layers",
        marked("Layers on the GPU"),
        marked("The rest is computed by the processor. A number of your own switches the engine's own fit off."),
        (
            (-1, marked("As many as fit")),
            (0, marked("None")),
            (8, "8"),
            (16, "16"),
            (24, "24"),
            (32, "32"),
            (48, "48"),
            (999, marked("All")),
        ),
    ),
    Setting(
        "engine.expert_layers_on_cpu",
        marked("Experts on the processor"),
        marked("Of how many layers. Makes room on the GPU for models with many experts."),
        (
            (-1, marked("As few as fit")),
            (0, marked("None")),
            (8, "8"),
            (16, "16"),
            (24, "24"),
            (32, "32"),
            (48, "48"),
            (999, marked("All")),
        ),
    ),
    Setting(
        "engine.cache_type",
        marked("Cache"),
        marked("What the model remembers of a chat. Compressed it takes half or a quarter of the memory."),
        (
            ("auto", AUTO),
            ("f16", marked("Exact (f16)")),
            ("q8_0", marked("Half (q8_0)")),
            ("q4_0", marked("A quarter (q4_0)")),
        ),
    ),
    Setting(
        "engine.flash_attention",
        marked("Flash attention"),
        marked("Saves memory and time on a GPU; on a processor answers get slower."),
        SWITCH,
    ),
    Setting(
        "engine.batch_tokens",
        marked("Batch"),
        marked("Tokens of a prompt computed at once. More reads faster on a GPU, and stops later."),
        ((0, AUTO), (64, "64"), (128, "128"), (256, "256"), (512, "512"), (1024, "1,024"), (2048, "2,048")),
    ),
    Setting(
        "engine.slots",
        marked("Answers at once"),
        marked("Each has a context of its own and needs the memory for it."),
        ((0, AUTO), (1, "1"), (2, "2"), (3, "3"), (4, "4"), (8, "8")),
    ),
    Setting(
        "engine.threads",
        marked("Threads"),
        marked("More than the processor has cores makes it slower."),
        ((0, marked("One a core")), (1, "1"), (2, "2"), (4, "4"), (6, "6"), (8, "8"), (12, "12"), (16, "16")),
    ),
    Setting(
        "engine.memory_map",
        marked("Map the model's file"),
        marked("Off copies the file into memory: slower to start, and safe where the file lies on a slow disk."),
        SWITCH,
    ),
    Setting(
        "engine.prompt_cache_megabytes",
        marked("Memory for chats read before"),
        marked("Going back to one of them is then quick."),
        (
            (-1, AUTO),
            (0, marked("None")),
            (256, "256 MB"),
            (512, "512 MB"),
            (1024, "1 GB"),
            (2048, "2 GB"),
            (8192, "8 GB"),
        ),
    ),
    Setting(
        "engine.saved_states_megabytes",
        marked("Disk for chats read before"),
        marked("A long chat answers at once after a restart."),
        ((0, marked("None")), (1024, "1 GB"), (4096, "4 GB"), (16_384, "16 GB"), (65_536, "64 GB")),
    ),
)


class EngineRows(QWidget):
    """``saved`` carries a key and its new value."""

    saved = Signal(str, object)

    def __init__(self, bridge: Bridge, workbench: Workbench, appearance: Appearance) -> None:
        super().__init__()
        self._bridge = bridge
        self._workbench = workbench
        self._appearance = appearance
        self._settings = Settings()
        self.setAccessibleName(tr("How the engine is started"))
        self.pickers = {setting.key: self._picker(setting) for setting in (*EVERYDAY, *FOLDED)}
        self.advanced = self._fold_button(tr(ADVANCED))
        self.why = self._fold_button(tr(WHY))
        self.folded = column([self._row(setting) for setting in FOLDED])
        self.reasons = column([])
        self.folded.hide()
        self.reasons.hide()
        self.advanced.clicked.connect(self._fold)
        self.why.clicked.connect(self._show_why)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        for setting in EVERYDAY:
            layout.addWidget(self._row(setting))
        buttons = Flow(gap=8)
        for button in (self.advanced, self.why):
            buttons.addWidget(button)
        layout.addLayout(buttons)
        layout.addWidget(self.folded)
        layout.addWidget(self.reasons)

    def show_settings(self, settings: Settings) -> None:
        """Show the values as they are; the reasons are looked up again where they are open and something changed."""
        changed, self._settings = settings.engine != self._settings.engine, settings
        for picker in self.pickers.values():
            picker.show_settings(settings)
        if changed and self.reasons.isVisible():
            self._look()

    # Choosing ---------------------------------------------------------------------------------------------------------

    def _picker(self, setting: Setting) -> SettingPicker:
        picker = SettingPicker(setting, self._appearance)
        picker.saved.connect(self.saved)
        return picker

    def _row(self, setting: Setting) -> QWidget:
        return self.pickers[setting.key].row()

    def _fold_button(self, words: str) -> Button:
        button = Button(words, self._appearance, name=words)
        button.setCheckable(True)
        return button

    def _fold(self) -> None:
        shown = self.advanced.isChecked()
        self.folded.setVisible(shown)
        _rename(self.advanced, tr(LESS if shown else ADVANCED))

    # Reasons ----------------------------------------------------------------------------------------------------------

    def _show_why(self) -> None:
        shown = self.why.isChecked()
        _rename(self.why, tr(HIDE_WHY if shown else WHY))
        self.reasons.setVisible(shown)
        if shown:
            self._look()

    def _look(self) -> None:
        """Off the main thread: the model's header is read, and the machine may be looked at."""
        self._bridge.run(
            lambda _job: self._workbench.launch_plan(), on_done=self._show_plan, on_failed=self._show_problem
        )

    def _show_plan(self, found: tuple[InstalledModel, LaunchPlan]) -> None:
        model, plan = found
        rows: list[QWidget] = [
            rule(),
            label(tr("How {model} is started").format(model=model.name), "strong", wrap=True),
        ]
        for choice in plan.choices:
            own = f"{choice.value} ({tr(YOURS)})" if choice.own else choice.value
            value = label(own, "muted")
            value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            row = setting_row(choice.name, choice.because, value)
            row.setAccessibleName(f"{choice.name}: {own}. {choice.because}")
            rows.append(row)
        self._replace(rows)

    def _show_problem(self, error: WorkbenchError) -> None:
        self._replace([label(f"{error.message} {error.hint}".strip(), "muted", wrap=True)])

    def _replace(self, rows: Sequence[QWidget]) -> None:
        layout = self.reasons.layout()
        assert layout is not None  # noqa: S101 - made with one
        while (item := layout.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        for row in rows:
            layout.addWidget(row)


def _rename(button: Button, words: str) -> None:
    button.say(words)
    button.setAccessibleName(words)

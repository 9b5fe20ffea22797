"""When an answer is stopped: its tokens by effort, and its minutes."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.settings.setting import Setting, SettingPicker
from ui.translation import marked, tr
from ui.widgets.labels import label
from workbench.settings import Settings

NO_LIMIT: Final = marked("No limit")
TOKENS: Final = marked("{value} tokens")
_TOKEN_VALUES: Final = (
    (2048, marked("2,048 tokens")),
    (4096, marked("4,096 tokens")),
    (8192, marked("8,192 tokens")),
    (16_384, marked("16,384 tokens")),
    (32_768, marked("32,768 tokens")),
    (65_536, marked("65,536 tokens")),
    (0, NO_LIMIT),
)
SETTINGS: Final = (
    Setting(
        "answers.low_tokens",
        marked("Longest answer with low effort"),
        marked("With its thoughts. One that gets there stops and is kept, and Continue goes on with it."),
        _TOKEN_VALUES,
        TOKENS,
    ),
    Setting(
        "answers.medium_tokens",
        marked("Longest answer with medium effort"),
        marked("Also where a model has no choice of effort."),
        _TOKEN_VALUES,
        TOKENS,
    ),
    Setting(
        "answers.high_tokens",
        marked("Longest answer with high effort"),
        marked("Also where a model is told to think."),
        _TOKEN_VALUES,
        TOKENS,
    ),
    Setting(
        "answers.most_minutes",
        marked("Longest time of an answer"),
        marked("From its first word on. Then it stops and is kept, and Continue goes on with it."),
        (
            (5, marked("5 minutes")),
            (15, marked("15 minutes")),
            (30, marked("30 minutes")),
            (60, marked("1 hour")),
            (120, marked("2 hours")),
            (0, NO_LIMIT),
        ),
        marked("{value} min"),
    ),
)
OVERRULED: Final = marked("chat.max_tokens in config.toml is {count}: every answer stops there, at any effort.")


class AnswersRows(QWidget):
    """``saved`` carries a key and its new value."""

    saved = Signal(str, object)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self.pickers = {setting.key: SettingPicker(setting, appearance) for setting in SETTINGS}
        self.overruled = label("", "caption", wrap=True)
        self.overruled.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        for picker in self.pickers.values():
            picker.saved.connect(self.saved)
            layout.addWidget(picker.row())
        layout.addWidget(self.overruled)

    def show_settings(self, settings: Settings) -> None:
        """Show the values as they are; and that they wait, where another setting stands above them."""
        for picker in self.pickers.values():
            picker.show_settings(settings)
        everywhere = settings.chat.max_tokens
        self.overruled.setText(tr(OVERRULED).format(count=f"{everywhere:,}"))
        self.overruled.setVisible(bool(everywhere))

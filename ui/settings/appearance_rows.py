"""How the window looks: theme, size and font of its text, width of the conversation."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.settings.parts import Picker, setting_row
from ui.translation import marked, tr
from ui.widgets.buttons import Button
from ui.widgets.flow import Flow
from ui.widgets.popover import Choice
from workbench.settings import FONTS, THEMES, Settings

TEXT_SCALES = (0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0)
COLUMN_WIDTHS = (600, 744, 960, 1600)
FONT_WORDS = {"inter": "Inter", "system": marked("As the system"), "serif": marked("With serifs")}
THEME_WORDS = {  # on the button, and said of it
    "system": (marked("System"), marked("Theme: system")),
    "light": (marked("Light"), marked("Theme: light")),
    "dark": (marked("Dark"), marked("Theme: dark")),
}


class AppearanceRows(QWidget):
    """``saved`` carries a key and its new value."""

    saved = Signal(str, object)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._settings = Settings()
        self._themes = QButtonGroup(self)
        self._scale = Picker(tr("Text size"), appearance)
        self._font = Picker(tr("Font"), appearance)
        self._width = Picker(tr("Column width"), appearance)
        self._scale.clicked.connect(self._choose_scale)
        self._font.clicked.connect(self._choose_font)
        self._width.clicked.connect(self._choose_width)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(12)
        themes = self._theme_buttons(appearance)
        rows.addWidget(setting_row(tr("Theme"), tr("System follows the setting of your desktop."), themes))
        rows.addWidget(setting_row(tr("Text size"), tr("Scales all text of the window."), self._scale))
        rows.addWidget(setting_row(tr("Font"), tr("Of all text but code and formulas."), self._font))
        rows.addWidget(setting_row(tr("Column width"), tr("How wide the conversation may be."), self._width))

    def show_settings(self, settings: Settings) -> None:
        """Show the values as they are."""
        self._settings = settings
        chosen = settings.appearance
        for button in self._themes.buttons():
            button.setChecked(button.property("value") == chosen.theme)
        self._scale.show_choice(scale_words(chosen.text_scale))
        self._font.show_choice(tr(FONT_WORDS[chosen.font]))
        self._width.show_choice(width_words(chosen.column_width))

    def _theme_buttons(self, appearance: Appearance) -> QWidget:
        themes = QWidget()
        row = Flow(themes, gap=6, one_line=True)
        for theme, icon_name in zip(THEMES, ("monitor", "sun", "moon"), strict=True):
            words, name = THEME_WORDS[theme]
            button = Button(tr(words), appearance, icon_name=icon_name, name=tr(name))
            button.setCheckable(True)
            button.setProperty("value", theme)
            button.clicked.connect(lambda _checked=False, value=theme: self.saved.emit("appearance.theme", value))
            self._themes.addButton(button)
            row.addWidget(button)
        return themes

    def _choose_scale(self) -> None:
        current = self._settings.appearance.text_scale
        self._offer(self._scale, "appearance.text_scale", current, [(one, scale_words(one)) for one in TEXT_SCALES])

    def _choose_font(self) -> None:
        current = self._settings.appearance.font
        self._offer(self._font, "appearance.font", current, [(one, tr(FONT_WORDS[one])) for one in FONTS])

    def _choose_width(self) -> None:
        current = self._settings.appearance.column_width
        self._offer(self._width, "appearance.column_width", current, [(one, width_words(one)) for one in COLUMN_WIDTHS])

    def _offer(self, picker: Picker, key: str, current: Any, values: Sequence[tuple[Any, str]]) -> None:
        picker.offer(
            Choice(words, partial(self.saved.emit, key, value), checked=value == current) for value, words in values
        )


def width_words(pixels: int) -> str:
    """How wide the conversation may be, said."""
    names = {600: tr("Narrow"), 744: tr("Normal"), 960: tr("Wide"), 1600: tr("As wide as the window")}
    return names.get(pixels) or tr("{count} pixels").format(count=f"{pixels:,}")


def scale_words(scale: float) -> str:
    """1.0 is 100 %."""
    return f"{round(scale * 100)} %"

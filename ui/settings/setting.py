"""A setting with a few values to choose from, as a button that opens their list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.settings.parts import Picker, setting_row
from ui.translation import tr
from ui.widgets.popover import Choice
from workbench.settings import Settings


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting with the values that are offered; another one that stands in the file is offered too. ``other``: how that
    one is said, with ``{value}``."""

    key: str
    title: str
    words: str
    values: tuple[tuple[Any, str], ...]
    other: str = "{value}"

    @property
    def name(self) -> str:
        """Of the field in its section of `workbench.settings.Settings`."""
        return self.key.partition(".")[2]

    def value(self, settings: Settings) -> Any:
        """As it is in ``settings``."""
        return getattr(getattr(settings, self.key.partition(".")[0]), self.name)

    def value_words(self, value: Any) -> str:
        said = next((words for one, words in self.values if one == value), "")
        if said:
            return tr(said)
        return tr(self.other).format(value=f"{value:,}" if isinstance(value, int) else value)


class SettingPicker(Picker):
    """Shows the value of ``setting`` and offers the others. ``saved`` carries the key and the value that was chosen."""

    saved = Signal(str, object)

    def __init__(self, setting: Setting, appearance: Appearance) -> None:
        super().__init__(tr(setting.title), appearance)
        self._setting = setting
        self._value: Any = None
        self.clicked.connect(self._choose)

    def show_settings(self, settings: Settings) -> None:
        """Show the value as it is."""
        self._value = self._setting.value(settings)
        self.show_choice(self._setting.value_words(self._value))

    def row(self) -> QWidget:
        """The setting with its words, and this at its end."""
        return setting_row(tr(self._setting.title), tr(self._setting.words), self)

    def _choose(self) -> None:
        values = [value for value, _words in self._setting.values]
        if self._value not in values:
            values.append(self._value)
        self.offer(self._choice(value) for value in values)

    def _choice(self, value: Any) -> Choice:
        chosen = partial(self.saved.emit, self._setting.key, value)
        return Choice(self._setting.value_words(value), chosen, checked=value == self._value)


def column(rows: Sequence[QWidget]) -> QWidget:
    """Rows below each other, as a card has them."""
    made = QWidget()
    layout = QVBoxLayout(made)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(12)
    for row in rows:
        layout.addWidget(row)
    return made

"""Whether the model names chats that the person did not name."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.settings.parts import setting_row
from ui.translation import marked, tr
from ui.widgets.switch import Switch
from workbench.settings import Settings

KEY = "chat.automatic_titles"
WORDS = marked(
    "A loaded model of this computer names a new chat after its first answer. A title of your own always stays."
)


class TitlesRow(QWidget):
    """``saved`` carries the key and its new value."""

    saved = Signal(str, object)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self.switch = Switch(tr("Titles by the model"), appearance)
        self.switch.clicked.connect(lambda: self.saved.emit(KEY, self.switch.isChecked()))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(setting_row(tr("Titles by the model"), tr(WORDS), self.switch))

    def show_settings(self, settings: Settings) -> None:
        """Show the value as it is."""
        self.switch.setChecked(settings.chat.automatic_titles)

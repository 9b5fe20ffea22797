"""What is hidden before a text leaves: the switch, and words of one's own."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.settings.parts import setting_row
from ui.translation import marked, tr
from ui.widgets.fields import line_edit
from ui.widgets.switch import Switch
from workbench.settings import Settings

REDACT, WORDS = "cloud.redact", "cloud.hidden_words"
FIELD_WIDTH = 220
TOLD = marked(
    "Names, mails, phones, keys, card and account numbers leave as [NAME_1] and are put back here. It helps, and"
    " misses some: look at what leaves."
)
OWN = marked("Always hidden too, with commas between: a customer, a project, your street.")


class HidingRows(QWidget):
    """``saved`` carries a key of the settings and its new value."""

    saved = Signal(str, object)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._kept = ""
        self.redact = Switch(tr("Hide names and numbers"), appearance)
        self.words = line_edit(tr("Words that are always hidden"), tr("none"))
        self.words.setFixedWidth(appearance.pixels(FIELD_WIDTH))
        self._own = setting_row(tr("Your own words"), tr(OWN), self.words)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(setting_row(tr("Hide names and numbers"), tr(TOLD), self.redact))
        layout.addWidget(self._own)
        self.redact.clicked.connect(lambda on: self.saved.emit(REDACT, on))
        self.words.editingFinished.connect(self._keep)

    def show_settings(self, settings: Settings) -> None:
        """Show the values as they are; words that are being written stay."""
        wanted = settings.cloud
        self._kept = wanted.hidden_words
        self.redact.setChecked(wanted.redact)
        self._own.setVisible(wanted.redact)
        if not self.words.hasFocus():
            self.words.setText(wanted.hidden_words)

    def _keep(self) -> None:
        words = ", ".join(filter(None, (one.strip() for one in self.words.text().split(","))))
        if words != self._kept:
            self._kept = words
            self.saved.emit(WORDS, words)

"""Version, and the licences of what is inside."""

from __future__ import annotations

from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.settings.parts import setting_row
from ui.translation import tr
from ui.widgets.buttons import Button
from workbench import __version__
from workbench.paths import asset

CREDITS = (
    "Workbench: Apache-2.0",
    "Qt and PySide6: LGPL-3.0",
    "llama.cpp and xllamacpp: MIT",
    "Inter and JetBrains Mono: SIL Open Font License 1.1",
    "Lucide icons: ISC, some MIT",
    "Vocabulary o200k of OpenAI: MIT",
)
LICENCE_FILES = ("fonts/Inter-OFL.txt", "fonts/JetBrainsMono-OFL.txt", "icons/lucide/LICENSE", "cloud/o200k-MIT.txt")


class AboutCard(QWidget):
    """The texts themselves are read from the installed files when they are asked for."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._texts = QPlainTextEdit()
        self._texts.setProperty("look", "field")
        self._texts.setReadOnly(True)
        self._texts.setTabChangesFocus(True)
        self._texts.setAccessibleName(tr("Licence texts"))
        self._texts.setFixedHeight(220)
        self._texts.hide()
        self._button = Button(tr("Show licences"), appearance, name=tr("Show licences"))
        self._button.clicked.connect(self._toggle)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(setting_row(f"Workbench {__version__}", "\n".join(CREDITS), self._button))
        layout.addWidget(self._texts)

    def _toggle(self) -> None:
        if not self._texts.toPlainText():
            self._texts.setPlainText("\n\n".join(asset(name).read_text(encoding="utf-8") for name in LICENCE_FILES))
        self._texts.setVisible(self._texts.isHidden())
        self._button.setText(tr("Show licences") if self._texts.isHidden() else tr("Hide licences"))
        self._button.setAccessibleName(self._button.text())

"""What prompts say of the person, and whether and where each is a file too."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from ui.appearance import Appearance
from ui.documents.adding import choose_folder
from ui.settings.parts import Picker, setting_row
from ui.translation import tr
from ui.widgets.popover import Choice
from ui.widgets.switch import Switch
from workbench.settings import Settings

NAME, FILES, FOLDER = "prompts.user_name", "prompts.files", "prompts.folder"
FIELD_WIDTH = 180


class PromptRows(QWidget):
    """``saved`` carries a key and its new value."""

    saved = Signal(str, object)

    def __init__(self, appearance: Appearance) -> None:
        super().__init__()
        self._appearance = appearance
        self._name, self._folder = "", ""
        self.name = QLineEdit()
        self.name.setAccessibleName(tr("Your name, as prompts say it"))
        self.name.setFixedWidth(appearance.pixels(FIELD_WIDTH))
        self.files = Switch(tr("Prompts as files"), appearance)
        self.folder = Picker(tr("Folder of prompts"), appearance)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        for words, told, control in (
            (tr("Your name"), tr("What {{ user_name }} says in a prompt."), self.name),
            (
                tr("Prompts as files"),
                tr("Each prompt is a Markdown file too; changes there are taken over."),
                self.files,
            ),
            (tr("Folder of prompts"), tr("For example one under git, or of a synced drive."), self.folder),
        ):
            layout.addWidget(setting_row(words, told, control))
        self.name.editingFinished.connect(self._keep_name)
        self.files.clicked.connect(lambda: self.saved.emit(FILES, self.files.isChecked()))
        self.folder.clicked.connect(self._offer)

    def show_settings(self, settings: Settings) -> None:
        """Show the values as they are; a name that is being written stays."""
        wanted = settings.prompts
        self._name, self._folder = wanted.user_name, wanted.folder
        if not self.name.hasFocus():
            self.name.setText(wanted.user_name)
        self.files.setChecked(wanted.files)
        self.folder.setEnabled(wanted.files)
        place = wanted.folder.rstrip("/\\").replace("\\", "/").rpartition("/")[2]
        self.folder.show_choice(place or tr("In the data folder"))
        self.folder.setToolTip(wanted.folder)

    def _keep_name(self) -> None:
        if self.name.text().strip() != self._name:
            self._name = self.name.text().strip()
            self.saved.emit(NAME, self._name)

    def _offer(self) -> None:
        choices = [
            Choice(tr("In the data folder"), partial(self.saved.emit, FOLDER, ""), checked=not self._folder),
            Choice(tr("Another folder…"), self._choose, icon="folder-open", checked=bool(self._folder)),
        ]
        self.folder.offer(choices)

    def _choose(self) -> None:
        choose_folder(self.window(), tr("Where are your prompts?"), partial(self.saved.emit, FOLDER))

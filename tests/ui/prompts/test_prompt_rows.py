"""Settings of prompts: the person's name, and whether and where they are files."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from ui.appearance import Appearance
from ui.settings.prompt_rows import PromptRows
from workbench.settings import Settings, with_value


def test_what_is_chosen_is_saved_and_shown(appearance: Appearance, qtbot: QtBot) -> None:
    rows = PromptRows(appearance)
    qtbot.addWidget(rows)
    heard: list[tuple[str, object]] = []
    rows.saved.connect(lambda key, value: heard.append((key, value)))
    rows.show_settings(Settings())
    assert rows.files.isChecked()
    rows.name.setText(" Ada ")
    rows.name.editingFinished.emit()
    rows.name.editingFinished.emit()  # nothing new
    rows.files.click()
    assert heard == [("prompts.user_name", "Ada"), ("prompts.files", False)]
    settings = with_value(with_value(Settings(), "prompts.folder", "/home/ada/My prompts"), "prompts.user_name", "Ada")
    rows.show_settings(settings)
    assert rows.name.text() == "Ada"
    assert rows.folder.accessibleName() == "Folder of prompts: My prompts"

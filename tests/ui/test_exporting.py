"""One chat as a file, in the window."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QPushButton

from tests.fakes.backend import ScriptedBackend
from tests.ui.conftest import MakeWindow
from workbench.chat.exporting.service import ExportFormat


def test_one_chat_is_exported_from_its_actions(make_window: MakeWindow, tmp_path: Path) -> None:
    opened = make_window(ScriptedBackend("Deep."))
    opened.send("How deep is the sea?")
    opened.until(lambda: opened.idle() and len(opened.texts) == 2)
    assert opened.window.desk is not None
    commands = opened.window.desk.commands
    (chat,) = opened.workbench.chat.list()
    commands.show_actions(opened.window)
    opened.until(lambda: any(one.accessibleName() == "Export…" for one in opened.window.findChildren(QPushButton)))
    for form in ExportFormat:
        path = tmp_path / form.value
        commands.exports.export_to(chat.id, form, str(path))
        opened.until(path.exists)
        assert "Deep." in path.read_text()
    commands.exports.export_to(chat.id, ExportFormat.HTML, str(tmp_path / "no folder" / "chat.html"))
    toasts = opened.window.toasts
    opened.until(lambda: toasts._toast is not None and "no folder" in toasts._toast.accessibleName())

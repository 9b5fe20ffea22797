"""Going back to a backup from the window: it ends, the backup takes its place, and it comes back on the restored data."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.patience import MILLISECONDS
from ui.application import Program, Trace
from ui.settings.keeping_consent import ConsentDialog
from workbench.app import build
from workbench.cancel import CancelToken
from workbench.diagnostics.backup import Kind, list_backups
from workbench.messages import user
from workbench.paths import Paths


def chat(home: Path, title: str) -> None:
    workbench = build(Paths(home))
    store = workbench.chat._store
    store.append(store.create(title), None, user("Is it?"))
    workbench.close()


def filled(program: Program, qtbot: QtBot) -> list[str]:
    """The titles of the sidebar, once the window is filled."""
    program.show()
    qtbot.waitUntil(lambda: program.window.desk is not None and bool(titles(program)), timeout=MILLISECONDS)
    return titles(program)


def titles(program: Program) -> list[str]:
    return [one.title for one in program.window.sidebar.all_chats]


def test_the_window_comes_back_on_the_restored_data(qapp: QApplication, home: Path, qtbot: QtBot) -> None:
    chat(home, "Before")
    workbench = build(Paths(home))
    backup = workbench.backups.create(CancelToken())
    workbench.close()
    chat(home, "After")
    program = Program(qapp, Paths(home), Trace(0.0))
    assert sorted(filled(program, qtbot)) == ["After", "Before"]
    program.window.actions_["settings"].trigger()
    page = program.window.settings_page
    assert page is not None
    page.keeping.backups.look(backup)
    qtbot.waitUntil(lambda: bool(program.window.findChildren(ConsentDialog)), timeout=MILLISECONDS)
    program.window.findChildren(ConsentDialog)[0].agree.click()
    qtbot.waitUntil(lambda: program._ended, timeout=MILLISECONDS)
    assert program.again
    program.forget()

    second = Program(qapp, Paths(home), Trace(0.0))
    assert filled(second, qtbot) == ["Before"]
    assert [one.kind for one in list_backups(Paths(home).backups)] == [Kind.REPLACED, Kind.MANUAL]
    second.window.finish()
    qtbot.waitUntil(lambda: second._ended, timeout=MILLISECONDS)
    assert not second.again
    second.forget()

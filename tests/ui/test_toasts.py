"""What is offered for some seconds is one Tab away, and stays while the keyboard is on it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tests.ui.conftest import MakeWindow, OpenWindow


def focus() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def offered(make_window: MakeWindow, done: list[str], seconds: float) -> OpenWindow:
    opened = make_window()
    opened.composer.draft.setFocus()
    opened.window.toasts.show("Deleted.", "Undo", lambda: done.append("undone"), seconds=seconds)
    return opened


def test_the_step_is_one_tab_away_and_stays_while_it_is_reached(make_window: MakeWindow) -> None:
    done: list[str] = []
    opened = offered(make_window, done, 0.1)
    QTest.keyClick(focus(), Qt.Key.Key_Tab)
    assert getattr(focus(), "text", str)() == "Undo"
    QTest.qWait(300)
    QTest.keyClick(focus(), Qt.Key.Key_Space)
    assert done == ["undone"]
    assert opened.window.toasts._toast is None


def test_it_goes_when_nobody_is_there(make_window: MakeWindow) -> None:
    opened = offered(make_window, [], 0.1)
    opened.until(lambda: opened.window.toasts._toast is None)
    QTest.keyClick(focus(), Qt.Key.Key_Tab)
    assert getattr(focus(), "text", str)() != "Undo"

"""Titles by the model in the window, and the switch that turns them off."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from tests.fakes.backend import ScriptedBackend, gate
from tests.ui.conftest import MakeWindow
from ui.appearance import Appearance
from ui.settings.titles_row import TitlesRow
from workbench.messages import TextDelta
from workbench.settings import Settings, with_value

QUESTION = "Could you please tell me how deep the sea is?"


def test_a_new_chat_is_named_after_its_first_answer(make_window: MakeWindow) -> None:
    window = make_window(ScriptedBackend("Deep."))
    window.workbench.titling = ScriptedBackend("Depth of the sea")
    window.send(QUESTION)
    window.until(lambda: window.page.title.text() == "Depth of the sea")
    (chat,) = window.workbench.chat.list()
    assert chat.title == "Depth of the sea"
    assert window.texts == [QUESTION, "Deep."]


def test_the_next_question_does_not_wait_for_a_title(make_window: MakeWindow) -> None:
    window = make_window(ScriptedBackend("Deep.", "Very."))
    held = gate()
    window.workbench.titling = ScriptedBackend([held, TextDelta("Depth of the sea")])
    window.send(QUESTION)
    window.until(held.reached.is_set)
    assert window.idle()
    window.send("Really?")
    window.until(lambda: window.idle() and window.texts[-1] == "Very.")
    held.opened.set()
    window.until(lambda: window.page.title.text() == "Depth of the sea")


def test_a_title_that_is_being_written_ends_with_the_window(make_window: MakeWindow) -> None:
    window = make_window(ScriptedBackend("Deep."))
    held = gate()
    window.workbench.titling = ScriptedBackend([held, TextDelta("Depth of the sea")])
    window.send(QUESTION)
    window.until(held.reached.is_set)  # closing is the fixture's; nothing may be left behind


def test_the_switch_tells_and_saves(appearance: Appearance, qtbot: QtBot) -> None:
    row = TitlesRow(appearance)
    qtbot.addWidget(row)
    row.show_settings(Settings())
    assert (row.switch.isChecked(), row.switch.text()) == (True, "On")
    with qtbot.waitSignal(row.saved) as saved:
        row.switch.click()
    assert saved.args == ["chat.automatic_titles", False]
    row.show_settings(with_value(Settings(), "chat.automatic_titles", value=False))
    assert (row.switch.isChecked(), row.switch.text()) == (False, "Off")

"""Two models on a new question: asked once, shown side by side, one of them taken."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from tests.fakes.backend import ScriptedBackend, gate
from tests.fakes.models import model
from tests.fakes.workbench import FakeWorkbench
from tests.ui.conftest import MakeWindow, OpenWindow
from ui.chat.compare import CompareDesk
from ui.command_list import CommandList
from ui.widgets.popover import Popover
from workbench.chat.feedback.feedback import PreferenceKind
from workbench.errors import EngineError
from workbench.messages import TextDelta

QUESTION = "How deep is the sea?"


def two_models(workbench: FakeWorkbench) -> None:
    workbench.models.installed = (model("Fake 1B"), model("Other 3B"))


def entries(opened: OpenWindow) -> dict[str, QPushButton]:
    return {
        entry.accessibleName(): entry
        for popover in opened.window.findChildren(Popover)
        if popover.isVisible()
        for entry in popover.findChildren(QPushButton)
    }


def press(opened: OpenWindow, name: str) -> None:
    """By the keyboard."""
    opened.until(lambda: name in entries(opened))
    entry = entries(opened)[name]
    entry.setFocus()
    QTest.keyClick(entry, Qt.Key.Key_Return)


def both_chosen(make_window: MakeWindow, *answers: Any) -> OpenWindow:
    opened = make_window(ScriptedBackend(*answers), two_models)
    keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(opened.window, Qt.Key.Key_M, keys)
    press(opened, "Ask two models…")
    press(opened, "Other 3B")
    assert opened.composer.second_chip.isVisible()
    return opened


def asked(make_window: MakeWindow, *answers: Any) -> tuple[OpenWindow, Any]:
    opened = both_chosen(make_window, *answers)
    opened.send(QUESTION)
    opened.until(lambda: desk(opened).panel is not None)
    return opened, desk(opened).panel


def desk(opened: OpenWindow) -> CompareDesk:
    found = opened.window.findChild(CompareDesk)
    assert found is not None
    return found


def shown(panel: Any) -> list[str]:
    return [item.text for column in panel.columns for item in column.view.items]


def pairs(opened: OpenWindow) -> list[tuple[PreferenceKind, str, str]]:
    kept = opened.workbench.feedback.preferred()
    return [(one.preference.kind, one.chosen.text, one.rejected.text) for one in kept]


def models(opened: OpenWindow) -> list[str]:
    (chat,) = opened.workbench.chat.list()
    nodes = opened.workbench.chat.open(chat.id).nodes
    return [node.turn.model for node in nodes if node.turn is not None]


def test_both_answer_one_question_and_the_one_that_is_taken_stays(make_window: MakeWindow) -> None:
    opened, panel = asked(make_window, "Deep.", "Some 3,700 m.")
    opened.until(lambda: shown(panel) == ["Deep.", "Some 3,700 m."])
    opened.until(lambda: panel.columns[1].use.isEnabled())
    assert models(opened) == ["Fake 1B", "Other 3B"]
    QTest.keyClick(panel.columns[1].use, Qt.Key.Key_Space)
    opened.until(lambda: pairs(opened) == [(PreferenceKind.COMPARE, "Some 3,700 m.", "Deep.")])
    opened.until(lambda: opened.texts == [QUESTION, "Some 3,700 m."])
    assert not opened.composer.second_chip.isVisible()
    opened.send("And the lake?")
    opened.until(lambda: opened.idle() and len(opened.texts) == 4)
    assert desk(opened).panel is None  # the next question is for one model again


def test_a_second_model_is_named_by_a_command_and_by_keys_of_ones_own(make_window: MakeWindow) -> None:
    opened = make_window(ScriptedBackend("Deep.", "Some 3,700 m."), two_models)
    opened.window.actions_["commands"].trigger()
    opened.until(lambda: bool(opened.window.findChildren(CommandList)))
    (listed,) = opened.window.findChildren(CommandList)
    QTest.keyClicks(listed.field, "ask two")
    QTest.keyClick(listed.field, Qt.Key.Key_Return)
    press(opened, "Other 3B")
    assert opened.composer.second is not None
    opened.composer.second_chip.click()
    opened.window.actions_.use({"second_model": "Ctrl+Shift+2"})
    keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(opened.window, Qt.Key.Key_2, keys)
    press(opened, "Other 3B")
    assert opened.composer.second is not None


def test_the_second_waits_for_the_first_and_says_why(make_window: MakeWindow) -> None:
    held = gate()
    opened, panel = asked(make_window, [TextDelta("De"), held, TextDelta("ep.")], "Some 3,700 m.")
    opened.until(lambda: shown(panel) == ["De"])
    assert "Other 3B answers after Fake 1B" in panel.columns[1].waits.text()
    assert panel.columns[1].waits.isVisible()
    held.opened.set()
    opened.until(lambda: shown(panel) == ["Deep.", "Some 3,700 m."])
    assert not panel.columns[1].waits.isVisible()
    opened.until(lambda: panel.columns[1].use.isEnabled())
    panel.columns[0].use.click()
    opened.until(lambda: pairs(opened) == [(PreferenceKind.COMPARE, "Deep.", "Some 3,700 m.")])
    opened.until(lambda: opened.texts == [QUESTION, "Deep."])


def test_closing_while_the_first_answers_asks_the_second_never(make_window: MakeWindow) -> None:
    held = gate()
    opened, panel = asked(make_window, [TextDelta("De"), held, TextDelta("ep.")], "Some 3,700 m.")
    opened.until(lambda: shown(panel) == ["De"])
    QTest.keyClick(panel, Qt.Key.Key_Escape)
    held.opened.set()
    opened.until(lambda: opened.idle() and opened.texts == [QUESTION, "Deep."])
    assert models(opened) == ["Fake 1B"]


def test_closing_while_the_second_answers_stops_it(make_window: MakeWindow) -> None:
    held = gate()
    opened, panel = asked(make_window, "Deep.", [TextDelta("Some "), held])
    opened.until(lambda: shown(panel) == ["Deep.", "Some "])
    QTest.keyClick(panel, Qt.Key.Key_Escape)
    opened.until(held.opened.is_set)  # by the cancelling
    opened.until(lambda: opened.idle() and opened.texts == [QUESTION, "Deep."])
    assert pairs(opened) == []


def test_a_first_answer_that_fails_does_not_keep_the_second_from_answering(make_window: MakeWindow) -> None:
    opened, panel = asked(make_window, [EngineError("It died.")], "Some 3,700 m.")
    opened.until(lambda: panel.columns[1].use.isEnabled())
    assert not panel.columns[0].use.isEnabled()
    panel.columns[1].use.click()
    opened.until(lambda: opened.texts == [QUESTION, "Some 3,700 m."])


def test_stopping_the_first_asks_no_second(make_window: MakeWindow) -> None:
    held = gate()
    opened, panel = asked(make_window, [TextDelta("De"), held], "Some 3,700 m.")
    opened.until(lambda: shown(panel) == ["De"])
    opened.composer.stopped.emit()
    opened.until(lambda: desk(opened).panel is None and opened.idle())
    assert models(opened) == ["Fake 1B"]


def test_the_second_is_taken_away_by_its_chip_and_left_behind_with_its_chat(make_window: MakeWindow) -> None:
    opened = both_chosen(make_window, "Deep.")
    assert opened.composer.second_chip.accessibleName().startswith("Asked the next question too: Other 3B.")
    opened.composer.second_chip.setFocus()
    QTest.keyClick(opened.composer.second_chip, Qt.Key.Key_Space)
    assert opened.composer.second is None
    opened.composer.show_second(("Other 3B", "other-3b"))
    opened.send(QUESTION)
    opened.until(lambda: opened.idle() and desk(opened).panel is not None)
    desk(opened).panel.dismiss()  # type: ignore[union-attr]
    opened.until(lambda: opened.idle() and len(opened.texts) == 2)
    opened.composer.show_second(("Other 3B", "other-3b"))
    opened.window._desk.new_chat()  # type: ignore[union-attr]
    assert opened.composer.second is None


def test_while_an_answer_is_written_two_are_not_asked_and_the_draft_stays(make_window: MakeWindow) -> None:
    held = gate()
    opened = make_window(ScriptedBackend([TextDelta("De"), held, TextDelta("ep.")], "More."), two_models)
    opened.send(QUESTION)
    opened.until(lambda: opened.texts == [QUESTION, "De"])
    opened.composer.show_second(("Other 3B", "other-3b"))
    opened.composer.show_text("And then?")
    opened.composer.queue_button.click()
    assert opened.composer.text() == "And then?"
    held.opened.set()
    opened.until(opened.idle)


@pytest.mark.parametrize("installed", [(), (model("Fake 1B"),)])
def test_with_one_model_it_is_not_offered(make_window: MakeWindow, installed: tuple[Any, ...]) -> None:
    def few(workbench: FakeWorkbench) -> None:
        workbench.models.installed = installed or workbench.models.installed

    opened = make_window(None, few)
    keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(opened.window, Qt.Key.Key_M, keys)
    opened.until(lambda: bool(entries(opened)))
    assert "Ask two models…" not in entries(opened)


def test_the_command_says_that_there_is_no_second_one(make_window: MakeWindow) -> None:
    opened = make_window(None, lambda workbench: setattr(workbench.models, "installed", (model("Fake 1B"),)))
    opened.until(lambda: opened.window._desk is not None and opened.window._desk.models.answering == "Fake 1B")
    opened.window.actions_["second_model"].trigger()
    assert "no second model" in opened.window.toasts._toast.accessibleName()  # type: ignore[union-attr]

"""Steering a chat from its window: versions, new answers, messages less, copies, quotations."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.fakes.backend import ScriptedBackend, gate
from tests.fakes.models import model
from tests.ui.conftest import MakeWindow, OpenWindow
from tests.ui.test_window import ask, button, has_button, titles
from ui.chat.steering import quotation
from ui.widgets.buttons import Button
from ui.widgets.popover import Popover
from workbench.messages import TextDelta


def foot(opened: OpenWindow, place: int, action: str) -> None:
    """Press a button at the foot of a message."""
    view = opened.page.transcript
    opened.until(lambda: view.button(view.items[place].id, action) is not None)
    view.button(view.items[place].id, action).click()


def entry(opened: OpenWindow, name: str) -> Button:
    (popover,) = (one for one in opened.window.findChildren(Popover) if one.isVisible())
    return next(one for one in popover.findChildren(Button) if one.accessibleName() == name)


def more(opened: OpenWindow, place: int, name: str) -> None:
    foot(opened, place, "more")
    entry(opened, name).click()


def two_versions(make_window: MakeWindow) -> OpenWindow:
    opened = make_window(ScriptedBackend("first", "second", "below"))
    ask(opened, "q")
    opened.window.actions_["regenerate"].trigger()
    opened.until(lambda: opened.idle() and opened.texts == ["q", "second"])
    opened.until(lambda: opened.page.transcript.items[1].place == (2, 2))
    return opened


def test_the_arrows_walk_through_the_versions_in_a_circle(make_window: MakeWindow) -> None:
    opened = two_versions(make_window)
    foot(opened, 1, "previous")
    opened.until(lambda: opened.texts == ["q", "first"])
    assert opened.page.transcript.items[1].place == (1, 2)
    foot(opened, 1, "previous")
    opened.until(lambda: opened.texts == ["q", "second"])
    foot(opened, 1, "next")
    opened.until(lambda: opened.texts == ["q", "first"])


def test_the_keyboard_walks_through_the_versions_and_stays_at_the_message(make_window: MakeWindow) -> None:
    opened = two_versions(make_window)
    opened.window.activateWindow()
    view = opened.page.transcript
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    opened.until(lambda: opened.texts == ["q", "first"])
    arrow = view.button(view.items[1].id, "next")
    assert arrow.accessibleDescription() == "Version 1 of 2"
    arrow.setFocus()
    QTest.keyClick(arrow, Qt.Key.Key_Space)
    opened.until(lambda: opened.texts == ["q", "second"])
    opened.until(lambda: QApplication.focusWidget() is view.button(view.items[1].id, "next"))
    QTest.keyClick(view.button(view.items[1].id, "next"), Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    opened.until(lambda: opened.texts == ["q", "first"])


def test_a_version_is_found_again_with_what_stood_below_it(make_window: MakeWindow) -> None:
    opened = two_versions(make_window)
    ask(opened, "go on")
    opened.until(lambda: opened.idle() and opened.texts == ["q", "second", "go on", "below"])
    foot(opened, 1, "previous")
    opened.until(lambda: opened.texts == ["q", "first"])
    foot(opened, 1, "next")
    opened.until(lambda: opened.texts == ["q", "second", "go on", "below"])


def test_any_question_is_edited_in_place(make_window: MakeWindow) -> None:
    opened = make_window(ScriptedBackend("a1", "a2", "a3"))
    ask(opened, "q1")
    ask(opened, "q2")
    opened.until(lambda: opened.idle() and opened.texts == ["q1", "a1", "q2", "a2"])
    foot(opened, 0, "edit")
    assert opened.composer.text() == "q1"
    opened.send("q1 again")
    opened.until(lambda: opened.idle() and opened.texts == ["q1 again", "a3"])
    opened.until(lambda: opened.page.transcript.items[0].place == (2, 2))


def test_any_answer_is_asked_again_with_another_model(make_window: MakeWindow) -> None:
    opened = make_window(
        ScriptedBackend("a1", "a2", "a3"),
        lambda workbench: setattr(workbench.models, "installed", (*workbench.models.installed, model("Other 3B", 3))),
    )
    ask(opened, "q1")
    ask(opened, "q2")
    opened.until(lambda: opened.idle() and opened.texts == ["q1", "a1", "q2", "a2"])
    foot(opened, 1, "regenerate")
    entry(opened, "Other 3B").click()
    opened.until(lambda: opened.idle() and opened.texts == ["q1", "a3"])
    assert opened.page.transcript.items[1].author == "Other 3B"
    foot(opened, 1, "regenerate")
    entry(opened, "Again").click()
    opened.until(lambda: opened.page.transcript.items[1].place == (3, 3))


def test_a_message_is_deleted_and_given_back(make_window: MakeWindow) -> None:
    opened = make_window(ScriptedBackend("a1", "a2"))
    ask(opened, "q1")
    ask(opened, "q2")
    opened.until(lambda: opened.idle() and opened.texts == ["q1", "a1", "q2", "a2"])
    more(opened, 1, "Delete")
    opened.until(lambda: opened.texts == ["q1", "q2", "a2"])
    opened.until(lambda: has_button(opened.window, "Undo"))
    button(opened.window, "Undo").click()
    opened.until(lambda: opened.texts == ["q1", "a1", "q2", "a2"])


def test_a_fork_opens_as_a_chat_of_its_own(make_window: MakeWindow) -> None:
    opened = make_window(ScriptedBackend("a1", "a2"))
    ask(opened, "q1")
    ask(opened, "q2")
    opened.until(lambda: opened.idle() and opened.texts == ["q1", "a1", "q2", "a2"])
    more(opened, 1, "Go on in a new chat")
    opened.until(lambda: opened.texts == ["q1", "a1"] and opened.page.title.text() == "q1 (2)")
    opened.until(lambda: sorted(titles(opened)) == ["q1", "q1 (2)"])


def test_a_message_and_a_selected_passage_are_quoted(make_window: MakeWindow) -> None:
    opened = make_window(ScriptedBackend("one\n\ntwo"))
    ask(opened, "q")
    opened.composer.draft.setPlainText("Look:")
    more(opened, 1, "Quote in the next message")
    assert opened.composer.text() == "Look:\n\n> one\n>\n> two"
    opened.composer.clear()
    view = opened.page.transcript
    view.select_all()
    view.menu_asked.emit(QPoint(300, 200))
    entry(opened, "Quote in the next message").click()
    assert opened.composer.text().startswith("> ")
    assert "> one" in opened.composer.text()


@pytest.mark.parametrize(
    ("text", "quoted"),
    [("a", "> a"), ("a\n\n b \n", "> a\n>\n>  b"), ("", ""), (" \n ", ""), ("> a", "> > a")],
)
def test_quotations(text: str, quoted: str) -> None:
    assert quotation(text) == quoted


def test_while_an_answer_is_written_nothing_of_the_chat_is_steered(make_window: MakeWindow) -> None:
    pause = gate()
    opened = make_window(ScriptedBackend("first", "second", [TextDelta("Slow"), pause]))
    ask(opened, "q")
    opened.window.actions_["regenerate"].trigger()
    opened.until(lambda: opened.idle() and opened.page.transcript.items[-1].place == (2, 2))
    opened.send("more")
    opened.until(pause.reached.is_set)
    opened.until(lambda: opened.texts[-1:] == ["Slow"])
    items = opened.page.transcript.items
    assert items[1].place == (0, 0)
    assert not {"edit", "regenerate"} & {action for item in items for action in item.actions}
    pause.opened.set()
    opened.until(opened.idle)
    opened.until(lambda: opened.page.transcript.items[1].place == (2, 2))

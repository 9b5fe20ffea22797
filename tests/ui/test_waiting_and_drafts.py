"""What is written and not sent yet: drafts over restarts, messages that wait, temporary chats, the tree."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QListWidget, QWidget
from pytestqt.qtbot import QtBot

from tests.fakes.backend import Gate, ScriptedBackend, Step, gate
from tests.fakes.workbench import FakeWorkbench
from tests.ui.conftest import MakeWindow, OpenWindow
from tests.ui.test_window import ask, titles
from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.chat.tree_list import TreeList, lines
from ui.main_window import MainWindow
from workbench.chat.steering.drafts import NOT_BEGUN, Draft
from workbench.errors import EngineError
from workbench.jobs import Jobs
from workbench.messages import Finish, Finished, TextDelta, UsedPrompt

# Messages that wait -----------------------------------------------------------------------------------------------------


def has_button(parent: QWidget, name: str) -> bool:
    return any(one.accessibleName() == name and one.isVisible() for one in parent.findChildren(QAbstractButton))


def button(parent: QWidget, name: str) -> QAbstractButton:
    return next(one for one in parent.findChildren(QAbstractButton) if one.accessibleName() == name and one.isVisible())


def slow(pause: Gate, *rest: str) -> ScriptedBackend:
    return ScriptedBackend([TextDelta("Slow"), pause], *rest)


def queue(opened: OpenWindow, text: str) -> None:
    opened.composer.draft.setPlainText(text)
    QTest.keyClick(opened.composer.draft, Qt.Key.Key_Return)


def begin(opened: OpenWindow, pause: Gate) -> None:
    opened.send("q1")
    opened.until(pause.reached.is_set)
    opened.until(lambda: opened.texts == ["q1", "Slow"])


def test_a_message_waits_for_the_answer_and_is_sent_then(make_window: MakeWindow) -> None:
    pause = gate()
    opened = make_window(slow(pause, "a2", "a3"))
    begin(opened, pause)
    queue(opened, "q2")
    queue(opened, "q3")
    assert opened.composer.text() == ""
    assert has_button(opened.page, "Remove: q2")
    assert not has_button(opened.page, "Send now: q2")
    pause.opened.set()
    opened.until(lambda: opened.idle() and opened.texts == ["q1", "Slow", "q2", "a2", "q3", "a3"])
    assert not has_button(opened.page, "Remove: q3")


def test_a_waiting_message_is_changed_and_removed(make_window: MakeWindow) -> None:
    pause = gate()
    opened = make_window(slow(pause, "a2"))
    begin(opened, pause)
    queue(opened, "q2")
    queue(opened, "q3")
    opened.composer.draft.setPlainText("typed meanwhile")
    button(opened.page, "Edit: q2").click()
    assert opened.composer.text() == "q2\n\ntyped meanwhile"
    button(opened.page, "Remove: q3").click()
    assert not has_button(opened.page, "Remove: q3")
    pause.opened.set()
    opened.until(lambda: opened.idle() and opened.texts == ["q1", "Slow"])
    assert opened.composer.text() == "q2\n\ntyped meanwhile"


@pytest.mark.parametrize("failing", [False, True])
def test_after_an_answer_that_did_not_end_well_nothing_is_sent_by_itself(
    make_window: MakeWindow, failing: bool
) -> None:
    pause = gate()
    steps: list[Step] = [TextDelta("Slow"), pause, *([EngineError("The engine died.")] if failing else [])]
    opened = make_window(ScriptedBackend(steps, "a2"))
    begin(opened, pause)
    queue(opened, "q2")
    if not failing:
        opened.window.actions_["stop"].trigger()
    pause.opened.set()
    opened.until(lambda: opened.idle() and has_button(opened.page, "Send now: q2"))
    assert opened.texts == ["q1", "Slow"]
    button(opened.page, "Send now: q2").click()
    opened.until(lambda: opened.idle() and opened.texts == ["q1", "Slow", "q2", "a2"])


def test_each_chat_has_its_own_and_sends_it_in_the_background(make_window: MakeWindow) -> None:
    pause = gate()
    opened = make_window(slow(pause, "other answer", "a2"))
    begin(opened, pause)
    queue(opened, "q2")
    opened.until(lambda: titles(opened) == ["q1"])
    opened.window.actions_["new_chat"].trigger()
    assert not has_button(opened.page, "Remove: q2")
    opened.send("other question")
    opened.until(lambda: opened.idle() and opened.texts == ["other question", "other answer"])
    pause.opened.set()
    first = next(chat for chat in opened.workbench.chat.list() if chat.title == "q1")
    opened.until(lambda: len(opened.workbench.chat.open(first.id).nodes) == 4 and opened.idle())
    desk = opened.window.desk
    assert desk is not None
    desk.open_chat(first.id)
    opened.until(lambda: opened.texts == ["q1", "Slow", "q2", "a2"])


def test_an_answer_that_reached_its_length_keeps_the_next_message_waiting(make_window: MakeWindow) -> None:
    pause = gate()
    opened = make_window(ScriptedBackend([TextDelta("Slow"), pause, Finished(Finish.LENGTH)], "a2"))
    begin(opened, pause)
    queue(opened, "q2")
    pause.opened.set()
    opened.until(lambda: opened.idle() and has_button(opened.page, "Send now: q2"))


# Drafts -----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def start(
    qapp: QApplication, appearance: Appearance, tmp_path: Path, qtbot: QtBot
) -> Iterator[Callable[[], OpenWindow]]:
    """Starts the program on the same disk; the one before is closed."""
    open_now: list[tuple[OpenWindow, Bridge]] = []

    def close() -> None:
        for opened, bridge in open_now:
            opened.window.close()
            assert bridge.close()
            bridge.deleteLater()
            opened.workbench.close()
            opened.window.deleteLater()
        open_now.clear()

    def begin_again() -> OpenWindow:
        close()
        bridge = Bridge(Jobs())
        workbench = FakeWorkbench(tmp_path / "home", ScriptedBackend("answer"))
        window = MainWindow(appearance, bridge, workbench.paths)
        window.show()
        window.fill(workbench.as_workbench())
        opened = OpenWindow(window, workbench, qtbot)
        open_now.append((opened, bridge))
        opened.until(lambda: window.page.composer.model_chip.text().strip() != "" and bridge.idle)
        return opened

    yield begin_again
    close()


def test_drafts_are_there_after_a_restart(start: Callable[[], OpenWindow]) -> None:
    opened = start()
    ask(opened, "first chat")
    opened.composer.draft.setPlainText("to the first chat")
    opened.window.actions_["new_chat"].trigger()
    opened.composer.draft.setPlainText("to a new chat")
    opened = start()
    opened.until(lambda: opened.composer.text() == "to a new chat")
    (chat,) = opened.workbench.chat.list()
    desk = opened.window.desk
    assert desk is not None
    desk.open_chat(chat.id)
    opened.until(lambda: opened.composer.text() == "to the first chat" and opened.texts == ["first chat", "answer"])
    opened.composer.draft.clear()
    opened = start()
    opened.until(lambda: opened.texts == ["first chat", "answer"])
    assert opened.workbench.chat.drafts() == {NOT_BEGUN: Draft("to a new chat")}


def test_the_prompt_of_a_draft_is_there_after_a_restart(start: Callable[[], OpenWindow]) -> None:
    opened = start()
    opened.composer.draft.setPlainText("to a new chat")
    used = UsedPrompt("p1", "mail", "Reply to a mail")
    opened.composer.show_prompt(used)
    opened = start()
    opened.until(lambda: opened.composer.text() == "to a new chat")
    opened.until(lambda: opened.composer.prompt == used and opened.composer.prompt_chip.isVisible())


def test_what_was_sent_is_no_draft(start: Callable[[], OpenWindow]) -> None:
    opened = start()
    opened.composer.draft.setPlainText("q")
    opened.until(lambda: opened.workbench.chat.drafts() == {NOT_BEGUN: Draft("q")})
    ask(opened, "q")
    opened.until(lambda: opened.workbench.chat.drafts() == {})


def test_a_draft_does_not_replace_what_was_typed_at_the_start(
    appearance: Appearance, bridge: Bridge, tmp_path: Path, qtbot: QtBot
) -> None:
    workbench = FakeWorkbench(tmp_path / "home", ScriptedBackend("answer"))
    workbench.chat.keep_draft(NOT_BEGUN, Draft("older"))
    window = MainWindow(appearance, bridge, workbench.paths)
    window.show()
    window.page.composer.draft.setPlainText("newer")
    window.fill(workbench.as_workbench())
    opened = OpenWindow(window, workbench, qtbot)
    opened.until(lambda: bridge.idle)
    assert opened.composer.text() == "newer"
    window.close()
    bridge.close()
    assert workbench.chat.drafts() == {NOT_BEGUN: Draft("newer")}
    workbench.close()
    window.deleteLater()


def test_a_message_that_waits_is_a_draft_after_a_restart(start: Callable[[], OpenWindow]) -> None:
    opened = start()
    pause = gate()
    opened.workbench.backend._answers = [[TextDelta("Slow"), pause]]
    begin(opened, pause)
    queue(opened, "q2")
    opened.composer.draft.setPlainText("more")
    chat = opened.workbench.chat.list()[0].id
    opened.until(lambda: opened.workbench.chat.drafts() == {chat: Draft("q2\n\nmore")})
    pause.opened.set()
    opened.until(lambda: opened.idle() and len(opened.texts) == 4)


# Temporary chats --------------------------------------------------------------------------------------------------------


def test_a_temporary_chat_is_marked_and_gone_when_it_is_left(make_window: MakeWindow, tmp_path: Path) -> None:
    opened = make_window(ScriptedBackend("a secret answer", "another secret answer"))
    opened.window.actions_["temporary_chat"].trigger()
    assert opened.page.temporary.isVisible()
    opened.composer.draft.setPlainText("a secret draft")
    ask(opened, "a secret question")
    opened.window.actions_["regenerate"].trigger()
    opened.until(lambda: opened.idle() and opened.page.transcript.items[1].place == (2, 2))
    assert not opened.page.more.isVisible()
    assert not {"good", "fork"} & set(opened.page.transcript.items[1].actions)
    opened.composer.draft.setPlainText("a secret draft")
    opened.window.actions_["new_chat"].trigger()
    opened.until(lambda: opened.texts == [] or not opened.page.talking)
    assert not opened.page.temporary.isVisible()
    assert opened.composer.text() == ""
    assert opened.workbench.chat.list() == ()
    assert titles(opened) == []
    opened.window.close()
    written = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert b"CREATE TABLE" in written
    assert b"secret" not in written


def test_a_temporary_chat_comes_back_while_its_end_is_told(make_window: MakeWindow) -> None:
    opened = make_window(ScriptedBackend("a1", "a2"))
    opened.window.actions_["temporary_chat"].trigger()
    ask(opened, "q1")
    opened.window.actions_["new_chat"].trigger()
    button(opened.window, "Go back").click()
    opened.until(lambda: opened.texts == ["q1", "a1"] and opened.page.temporary.isVisible())
    ask(opened, "q2")
    opened.until(lambda: opened.idle() and opened.texts == ["q1", "a1", "q2", "a2"])


def test_the_key_of_temporary_chats_leads_back_from_an_empty_one(make_window: MakeWindow) -> None:
    opened = make_window(ScriptedBackend("a1"))
    opened.window.actions_["temporary_chat"].trigger()
    opened.window.actions_["temporary_chat"].trigger()
    assert not opened.page.temporary.isVisible()
    ask(opened, "q1")
    opened.until(lambda: titles(opened) == ["q1"])


# The tree ---------------------------------------------------------------------------------------------------------------


def test_the_tree_shows_all_branches_and_goes_to_one(make_window: MakeWindow) -> None:
    opened = make_window(ScriptedBackend("a1", "a2", "again"))
    ask(opened, "q1")
    assert not opened.page.branches.isVisible()
    ask(opened, "q2")
    opened.until(lambda: opened.idle() and opened.texts == ["q1", "a1", "q2", "a2"])
    opened.page.transcript.action.emit(opened.page.transcript.items[0].id, "edit")
    opened.send("q1 again")
    opened.until(lambda: opened.idle() and opened.texts == ["q1 again", "again"] and opened.page.branches.isVisible())
    opened.window.activateWindow()
    opened.window.actions_["branches"].trigger()
    opened.until(lambda: bool(opened.window.findChildren(TreeList)))
    (tree,) = opened.window.findChildren(TreeList)
    rows = tree.findChild(QListWidget)
    assert rows is not None
    said = [rows.item(row).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(rows.count())]
    assert said[0] == "You: q1, level 1"
    assert said[-1] == "Fake 1B: again, level 1, in view"
    assert rows.currentRow() == len(said) - 1
    rows.setCurrentRow(2)
    QTest.keyClick(rows, Qt.Key.Key_Return)
    opened.until(lambda: opened.texts == ["q1", "a1", "q2", "a2"])


def test_lines_of_the_tree(make_window: MakeWindow) -> None:
    opened = make_window(ScriptedBackend("long " * 100))
    ask(opened, "q1\nin two lines")
    chat = opened.workbench.chat.open(opened.workbench.chat.list()[0].id)
    first, second = lines(chat)
    assert (first.who, first.text, first.depth, first.in_view) == ("You", "q1 in two lines", 0, True)
    assert len(second.text) <= 64

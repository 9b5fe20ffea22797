"""The window's flows, with real chats on a real database and a scripted model."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFrame, QPushButton, QTextEdit, QWidget
from pytestqt.qtbot import QtBot

from tests.fakes.backend import Pause, ScriptedBackend, Step, gate
from tests.fakes.models import model
from tests.fakes.workbench import FakeWorkbench
from tests.ui.conftest import MakeWindow, OpenWindow
from ui import window_state
from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.chat.composer import LONG_PASTE_CHARACTERS
from ui.chat.model_choice import NO_MODEL
from ui.chat.rename import TitleEdit
from ui.command_list import CommandList
from ui.main_window import MainWindow
from ui.shortcut_list import ShortcutList
from ui.widgets.floating import Floating
from ui.widgets.focus_ring import FocusRing
from ui.widgets.notice import NoticeCard
from ui.widgets.popover import Popover
from ui.window_state import WindowState
from workbench.chat.store import ConversationStore
from workbench.chat.tree import branch
from workbench.clock import SystemClock
from workbench.errors import EngineError
from workbench.events import Topic
from workbench.jobs import quiet_job
from workbench.messages import Message, Role, Text, TextDelta
from workbench.paths import Paths

QUESTION, ANSWER = "Who are you?", "I am a scripted model."


def spoken(control: QWidget) -> str:
    """What a screen reader says of a control: its name, or the paragraph that it is."""
    interface = QAccessible.queryAccessibleInterface(control)
    paragraph = control.toPlainText() if isinstance(control, QTextEdit) and control.isReadOnly() else ""
    return interface.text(QAccessible.Text.Name).strip() or paragraph


def button(parent: QWidget, name: str) -> QPushButton:
    found = [one for one in parent.findChildren(QPushButton) if one.accessibleName() == name and one.isVisible()]
    assert found, f"no visible button {name!r}"
    return found[0]


def has_button(parent: QWidget, name: str) -> bool:
    return any(one.accessibleName() == name and one.isVisible() for one in parent.findChildren(QPushButton))


def ask(opened: OpenWindow, text: str = QUESTION) -> None:
    opened.send(text)
    opened.until(lambda: opened.idle() and len(opened.texts) >= 2)


def titles(opened: OpenWindow) -> list[str]:
    return [chat.title for chat in opened.window.sidebar.model.chats]


def test_ask_and_read_the_answer(make_window: MakeWindow) -> None:
    opened = make_window(ScriptedBackend(ANSWER))
    ask(opened)
    assert opened.texts == [QUESTION, ANSWER]
    opened.until(lambda: titles(opened) == [QUESTION])
    opened.until(lambda: opened.page.title.text() == QUESTION)
    assert opened.composer.text() == ""
    opened.until(lambda: opened.composer.meter.text().endswith("/ 4,096"))


def test_what_is_typed_before_the_core_is_there_is_sent_then(
    appearance: Appearance, bridge: Bridge, tmp_path: Path, qtbot: QtBot
) -> None:
    workbench = FakeWorkbench(tmp_path / "home", ScriptedBackend(ANSWER))
    workbench.chat.send(None, "An older chat", quiet_job())
    window_state.save(workbench.paths.window_state, WindowState(chat=workbench.chat.list()[0].id))
    window = MainWindow(appearance, bridge, workbench.paths)
    window.show()
    QTest.keyClicks(window.page.composer.draft, QUESTION)
    QTest.keyClick(window.page.composer.draft, Qt.Key.Key_Return)
    window.fill(workbench.as_workbench())
    opened = OpenWindow(window, workbench, qtbot)
    opened.until(lambda: opened.idle() and opened.texts == [QUESTION, ANSWER])
    window.close()
    bridge.close()
    workbench.close()
    window.deleteLater()


def test_enter_sends_and_shift_enter_breaks_the_line(make_window: MakeWindow) -> None:
    opened = make_window(ScriptedBackend(ANSWER))
    draft = opened.composer.draft
    QTest.keyClicks(draft, "one")
    QTest.keyClick(draft, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClicks(draft, "two")
    QTest.keyClick(draft, Qt.Key.Key_Return)
    opened.until(lambda: opened.idle() and len(opened.texts) == 2)
    assert opened.texts[0] == "one\ntwo"


def test_stop_keeps_the_partial_answer_and_continue_goes_on(make_window: MakeWindow) -> None:
    stopped: list[Step] = [TextDelta("First half,"), Pause(60)]
    opened = make_window(ScriptedBackend(stopped, " second half."))
    opened.send(QUESTION)
    opened.until(lambda: opened.texts[-1:] == ["First half,"])
    assert opened.composer.send_button.accessibleName() == "Stop"
    opened.window.actions_["stop"].trigger()
    opened.until(opened.idle)
    item = opened.page.transcript.items[-1]
    assert (item.text, item.status) == ("First half,", "stopped")
    assert opened.composer.send_button.accessibleName() == "Send"
    opened.page.transcript.action.emit(item.id, "continue")
    opened.until(lambda: opened.idle() and opened.texts[-1] == "First half, second half.")
    assert opened.page.transcript.items[-1].status == "done"


def test_a_streaming_chat_goes_on_while_another_is_in_view(make_window: MakeWindow) -> None:
    pause = gate()
    opened = make_window(ScriptedBackend([TextDelta("Slow"), pause, TextDelta(" answer")], "Quick answer"))
    opened.send("slow question")
    opened.until(pause.reached.is_set)
    opened.until(lambda: titles(opened) == ["slow question"] and opened.page.title.text() == "slow question")
    opened.window.actions_["new_chat"].trigger()
    opened.until(lambda: opened.page.title.text() == "")
    ask(opened, "quick question")
    assert opened.texts == ["quick question", "Quick answer"]
    opened.until(lambda: len(titles(opened)) == 2)
    sidebar = opened.window.sidebar
    slow = next(chat for chat in sidebar.model.chats if chat.title == "slow question")
    assert opened.window._desk is not None
    assert opened.window._desk._live.busy == {slow.id}
    opened.window._desk.open_chat(slow.id)
    opened.until(lambda: opened.texts == ["slow question", "Slow"])
    pause.opened.set()
    opened.until(lambda: opened.idle() and opened.texts == ["slow question", "Slow answer"])


def test_only_the_end_of_the_answer_in_view_is_announced(
    make_window: MakeWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr("ui.chat.desk.announce", lambda _source, text: said.append(text))
    pause = gate()
    opened = make_window(ScriptedBackend("Quick answer", [TextDelta("Slow"), pause, TextDelta(" answer")]))
    ask(opened)
    assert said == ["Answer finished."]
    opened.until(lambda: len(titles(opened)) == 1)
    opened.window.actions_["new_chat"].trigger()
    opened.send("slow question")
    opened.until(pause.reached.is_set)
    opened.until(lambda: len(titles(opened)) == 2)
    opened.window.actions_["chat_2"].trigger()
    opened.until(lambda: opened.texts == [QUESTION, "Quick answer"])
    pause.opened.set()
    assert opened.window._desk is not None
    live = opened.window._desk._live
    opened.until(lambda: not live.busy)
    assert said == ["Answer finished."]


def test_rename_in_place(make_window: MakeWindow) -> None:
    opened = make_window(ScriptedBackend(ANSWER))
    ask(opened)
    opened.until(lambda: len(titles(opened)) == 1)
    opened.window.actions_["rename_chat"].trigger()
    editor = next(one for one in opened.window.sidebar.findChildren(TitleEdit))
    assert editor.accessibleName() == "Chat title"
    editor.setText("A better name")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    opened.until(lambda: titles(opened) == ["A better name"] and opened.page.title.text() == "A better name")


def test_delete_and_undo(make_window: MakeWindow) -> None:
    opened = make_window(ScriptedBackend(ANSWER))
    ask(opened)
    opened.until(lambda: len(titles(opened)) == 1)
    opened.window.actions_["delete_chat"].trigger()
    opened.until(lambda: titles(opened) == [] and has_button(opened.window, "Undo"))
    assert opened.texts == [] or opened.page.title.text() == ""
    button(opened.window, "Undo").click()
    opened.until(lambda: titles(opened) == [QUESTION] and opened.texts == [QUESTION, ANSWER])


def test_edit_the_last_message_makes_a_branch(make_window: MakeWindow) -> None:
    opened = make_window(ScriptedBackend("One", "Two"))
    ask(opened)
    QTest.keyClick(opened.composer.draft, Qt.Key.Key_Up)
    assert opened.composer.text() == QUESTION
    opened.composer.show_text("Other words")
    opened.composer.send_button.click()
    opened.until(lambda: opened.idle() and opened.texts == ["Other words", "Two"])
    opened.until(lambda: len(titles(opened)) == 1)
    chat_id = opened.window.sidebar.model.chats[0].id
    assert len(opened.workbench.chat.open(chat_id).nodes) == 4


def test_editing_gives_back_what_stood_in_the_composer(make_window: MakeWindow) -> None:
    opened = make_window(ScriptedBackend("One", "Two"))
    ask(opened)
    opened.composer.show_text("half a thought")
    opened.page.transcript.action.emit(opened.page.transcript.items[0].id, "edit")
    assert opened.composer.text() == QUESTION
    opened.window.actions_["stop"].trigger()
    assert opened.composer.text() == "half a thought"
    opened.page.transcript.action.emit(opened.page.transcript.items[0].id, "edit")
    opened.composer.send_button.click()
    opened.until(lambda: opened.idle() and opened.texts == [QUESTION, "Two"])
    assert opened.composer.text() == "half a thought"


def test_up_beside_a_long_paste_keeps_it(make_window: MakeWindow) -> None:
    opened = make_window(ScriptedBackend("One"))
    ask(opened)
    opened.composer.show_text("word " * LONG_PASTE_CHARACTERS)
    QTest.keyClick(opened.composer.draft, Qt.Key.Key_Up)
    assert not opened.composer.text()
    assert [chip.name for chip in opened.composer.chips] == ["Pasted text"]
    opened.until(lambda: len(opened.composer.attached()) == 1)


def test_a_suggestion_keeps_the_draft(make_window: MakeWindow) -> None:
    opened = make_window(ScriptedBackend("One"))
    opened.composer.show_text("my words")
    button(opened.page, "Summarise a text").click()
    assert opened.composer.text().endswith("points:\n\nmy words")
    opened.composer.clear()
    button(opened.page, "Summarise a text").click()
    button(opened.page, "Draft a letter").click()
    assert opened.composer.text().startswith("Write a short")


def test_regenerate(make_window: MakeWindow) -> None:
    opened = make_window(ScriptedBackend("One", "Two"))
    ask(opened)
    opened.window.actions_["regenerate"].trigger()
    opened.until(lambda: opened.idle() and opened.texts == [QUESTION, "Two"])


def test_regenerate_answers_a_question_that_has_no_answer_yet(make_window: MakeWindow) -> None:
    def unanswered(workbench: FakeWorkbench) -> None:
        workbench.chat.send(None, "First", quiet_job())
        first = workbench.chat.open(workbench.chat.list()[0].id)
        store = ConversationStore(workbench.database, SystemClock())
        store.append(first.id, branch(first)[-1].id, Message(Role.USER, (Text("Second"),)))

    opened = make_window(ScriptedBackend("One", "Two"), unanswered)
    opened.window.actions_["chat_1"].trigger()
    opened.until(lambda: opened.texts == ["First", "One", "Second"])
    opened.window.actions_["regenerate"].trigger()
    opened.until(lambda: opened.idle() and opened.texts == ["First", "One", "Second", "Two"])


def test_copy_answer_and_code(make_window: MakeWindow) -> None:
    opened = make_window(ScriptedBackend("Use this:\n```py\nprint(1)\n```"))
    ask(opened)
    opened.window.actions_["copy_answer"].trigger()
    assert QGuiApplication.clipboard().text().startswith("Use this:")
    opened.window.actions_["copy_code"].trigger()
    assert QGuiApplication.clipboard().text() == "print(1)\n"


def test_numbered_chats(make_window: MakeWindow) -> None:
    def three(workbench: FakeWorkbench) -> None:
        for text in ("alpha", "beta", "gamma"):
            workbench.chat.send(None, text, quiet_job())

    opened = make_window(ScriptedBackend(ANSWER), three)
    opened.until(lambda: titles(opened) == ["gamma", "beta", "alpha"])
    opened.window.actions_["chat_3"].trigger()
    opened.until(lambda: opened.texts == ["alpha", ANSWER])


def test_an_engine_that_dies_is_told_with_one_click_to_go_on(make_window: MakeWindow) -> None:
    failure = EngineError("The engine ran out of memory.", hint="Try a smaller context.", detail="ggml: failed")
    opened = make_window(ScriptedBackend([TextDelta("Half"), failure], " and whole."))
    opened.send(QUESTION)
    opened.until(lambda: opened.idle() and opened.texts[-1:] == ["Half"])
    opened.until(lambda: opened.page.transcript.items[-1].status == "failed")
    item = opened.page.transcript.items[-1]
    assert (item.error, item.hint) == ("The engine ran out of memory.", "Try a smaller context.")
    opened.page.transcript.action.emit(item.id, item.actions[0])
    opened.until(lambda: opened.idle() and opened.texts[-1] == "Half and whole.")


def test_a_text_that_could_not_be_kept_returns_to_the_composer(make_window: MakeWindow) -> None:
    opened = make_window(ScriptedBackend(ANSWER))
    opened.workbench.database.read_only = "the disk is full."
    opened.send("Do not lose me")
    opened.until(lambda: opened.idle() and opened.composer.text() == "Do not lose me")
    assert has_button(opened.page, "Dismiss")


def test_what_returned_to_the_composer_and_was_deleted_stays_away(make_window: MakeWindow) -> None:
    opened = make_window(ScriptedBackend(ANSWER))
    opened.workbench.database.read_only = "the disk is full."
    opened.send("Do not lose me")
    opened.until(lambda: opened.idle() and opened.composer.text() == "Do not lose me")
    opened.composer.clear()
    button(opened.page, "Dismiss").click()
    assert opened.composer.text() == ""
    opened.send("Do not lose me")
    opened.until(lambda: opened.idle() and opened.composer.text() == "Do not lose me")


def test_enter_without_a_model_says_so_and_sends_nothing_later(make_window: MakeWindow) -> None:
    def without(workbench: FakeWorkbench) -> None:
        workbench.models.installed = ()

    opened = make_window(ScriptedBackend(ANSWER), without)
    opened.composer.show_text("Not finished")
    QTest.keyClick(opened.composer.draft, Qt.Key.Key_Return)
    assert any(one.accessibleName() == NO_MODEL for one in opened.window.findChildren(QFrame))
    opened.workbench.models.installed = (model(),)
    opened.workbench.bus.publish(Topic.MODELS)
    opened.until(lambda: opened.composer.send_button.isEnabled())
    assert opened.composer.text() == "Not finished"


def test_what_cannot_be_saved_is_told_for_as_long_as_it_is_so(make_window: MakeWindow) -> None:
    def full(workbench: FakeWorkbench) -> None:
        workbench.read_only = "The disk is full."

    opened = make_window(ScriptedBackend(ANSWER), full)
    opened.window.toasts.show("Something else")
    told = [one for one in opened.page.findChildren(NoticeCard) if one.isVisible()]
    assert [one.accessibleDescription() for one in told] == [
        "The disk is full. Start Workbench again when that is solved."
    ]


def test_a_chat_that_opens_shows_no_welcome_before(make_window: MakeWindow) -> None:
    opened = make_window(ScriptedBackend(ANSWER), lambda workbench: workbench.chat.send(None, QUESTION, quiet_job()))
    assert opened.page.welcome.isVisible()
    opened.window.actions_["chat_1"].trigger()
    assert opened.texts == []  # not read yet
    assert not opened.page.welcome.isVisible()
    opened.until(lambda: opened.texts == [QUESTION, ANSWER])


def test_a_narrow_window_is_left_to_the_conversation(make_window: MakeWindow) -> None:
    opened = make_window(ScriptedBackend(ANSWER))
    opened.window.resize(600, 700)
    opened.until(lambda: not opened.window.sidebar.isVisible() and opened.page.show_sidebar.isVisible())
    opened.window.actions_["sidebar"].trigger()
    assert opened.window.sidebar.isVisible()
    opened.window.actions_["sidebar"].trigger()
    opened.window.resize(1000, 700)  # what was chosen in the wide window
    opened.until(opened.window.sidebar.isVisible)


def test_the_model_list_is_in_the_window(make_window: MakeWindow) -> None:
    def two(workbench: FakeWorkbench) -> None:
        workbench.models.installed = (model("Small"), model("Large"))

    opened = make_window(ScriptedBackend(ANSWER), two)
    opened.window.actions_["model"].trigger()
    popover = opened.window.findChild(Popover)
    assert popover is not None
    assert popover.isVisible()
    assert popover.window() is opened.window
    button(popover, "Large").click()
    opened.until(lambda: opened.workbench.settings.chat.model == "large")
    opened.until(lambda: opened.composer.model_chip.accessibleName() == "Model: Large")


def test_a_list_longer_than_the_window_scrolls_and_tab_stays_inside(make_window: MakeWindow) -> None:
    def many(workbench: FakeWorkbench) -> None:
        workbench.models.installed = tuple(model(f"Model {number}") for number in range(60))

    opened = make_window(ScriptedBackend(ANSWER), many)
    opened.window.activateWindow()
    opened.window.actions_["model"].trigger()
    popover = opened.window.findChild(Popover)
    assert popover is not None
    assert popover.height() <= opened.window.height()
    for key in (Qt.Key.Key_Up,) * 6:  # round to the last model, past Auto and what comes after the models
        QTest.keyClick(popover, key)
    last = button(popover, "Model 59")
    assert last.hasFocus()
    assert popover.rect().contains(last.mapTo(popover, last.rect().center()))
    for _step in range(3):
        QTest.keyClick(opened.window.focusWidget(), Qt.Key.Key_Tab)
        assert popover.isAncestorOf(opened.window.focusWidget())


def test_escape_closes_a_popover_and_the_focus_returns(make_window: MakeWindow) -> None:
    opened = make_window(ScriptedBackend(ANSWER))
    opened.window.activateWindow()
    opened.composer.draft.setFocus()
    opened.window.actions_["model"].trigger()
    popover = opened.window.findChild(Popover)
    assert popover is not None
    QTest.keyClick(popover, Qt.Key.Key_Escape)
    opened.until(lambda: not popover.isVisible() and opened.composer.draft.hasFocus())


def test_a_very_long_paste_does_not_block(make_window: MakeWindow) -> None:
    opened = make_window(ScriptedBackend(ANSWER))
    text = "word " * 400_000
    QGuiApplication.clipboard().setText(text)
    began = time.monotonic()
    opened.composer.draft.paste()
    assert time.monotonic() - began < 0.3
    assert len(text) > LONG_PASTE_CHARACTERS
    assert opened.composer.draft.toPlainText() == ""
    opened.bot.waitUntil(lambda: len(opened.composer.attached()) == 1, timeout=30_000)
    assert opened.composer.attached()[0].text == text.strip("\n")


def test_the_composer_grows_to_eight_lines(make_window: MakeWindow) -> None:
    opened = make_window(ScriptedBackend(ANSWER))
    draft = opened.composer.draft
    heights = []
    for lines in (1, 4, 8, 30):
        draft.setPlainText("\n".join(["line"] * lines))
        heights.append(draft.height())
    assert heights[0] < heights[1] < heights[2] == heights[3]


def test_a_chat_written_elsewhere_shows_up(make_window: MakeWindow) -> None:
    opened = make_window(ScriptedBackend(ANSWER))
    assert titles(opened) == []
    opened.workbench.chat.send(None, "From elsewhere", quiet_job())
    opened.until(lambda: titles(opened) == ["From elsewhere"])


def test_a_chat_deleted_elsewhere_leaves_the_window(make_window: MakeWindow) -> None:
    opened = make_window(ScriptedBackend(ANSWER))
    ask(opened)
    opened.until(lambda: len(titles(opened)) == 1)
    opened.workbench.chat.delete(opened.workbench.chat.list()[0].id)
    opened.until(lambda: titles(opened) == [] and opened.page.title.text() == "")


def test_links_are_judged(make_window: MakeWindow) -> None:
    opened = make_window(ScriptedBackend(ANSWER))
    assert opened.window._desk is not None
    opened.window._desk.links.open("https://evil.test/%41", "https://good.test")
    assert has_button(opened.page, "Leave it")
    button(opened.page, "Leave it").click()
    assert not has_button(opened.page, "Leave it")
    opened.window._desk.links.open("javascript:alert(1)")
    assert not has_button(opened.page, "Leave it")


def test_a_link_that_says_another_place_asks(make_window: MakeWindow) -> None:
    opened = make_window(ScriptedBackend("See [https://good.test](https://evil.test/x)."))
    ask(opened)
    opened.page.transcript.link_activated.emit("https://evil.test/x")
    assert has_button(opened.page, "Leave it")


def test_settings_are_saved_when_they_change(make_window: MakeWindow) -> None:
    opened = make_window(ScriptedBackend(ANSWER))
    opened.window.actions_["settings"].trigger()
    button(opened.window, "Theme: dark").click()
    opened.until(lambda: opened.workbench.settings.appearance.theme == "dark")
    opened.until(lambda: opened.window._appearance.tokens.dark)
    page = opened.window.pages.settings
    assert page is not None
    page.system.setPlainText("Answer briefly.")
    opened.until(lambda: opened.workbench.settings.chat.system == "Answer briefly.")
    button(opened.window, "Text size: 100 %").click()
    button(opened.window, "125 %").click()
    opened.until(lambda: opened.workbench.settings.appearance.text_scale == 1.25)
    opened.window.actions_["stop"].trigger()
    assert opened.page.isVisible()


def test_an_answer_that_ends_leaves_the_settings_open(make_window: MakeWindow) -> None:
    pause = gate()
    opened = make_window(ScriptedBackend([TextDelta("Slow"), pause, TextDelta(" answer")]))
    opened.send(QUESTION)
    opened.until(pause.reached.is_set)
    opened.until(lambda: titles(opened) == [QUESTION])
    opened.window.actions_["settings"].trigger()
    pause.opened.set()
    opened.until(lambda: opened.idle() and opened.texts[-1:] == ["Slow answer"])
    assert opened.window.pages.settings is not None
    assert opened.window.pages.settings.isVisible()
    assert opened.window._desk is not None
    opened.window._desk.open_chat(opened.window.sidebar.model.chats[0].id)  # the chat in view already
    assert opened.page.isVisible()


def test_instructions_typed_a_moment_ago_are_kept(make_window: MakeWindow) -> None:
    opened = make_window(ScriptedBackend(ANSWER))
    opened.window.actions_["settings"].trigger()
    page = opened.window.pages.settings
    assert page is not None
    page.system.setPlainText("Answer briefly.")
    page.refresh()
    assert page.system.toPlainText() == "Answer briefly."
    opened.window.close()
    assert opened.workbench.settings.chat.system == "Answer briefly."


def test_the_list_of_chats_keeps_its_place_when_another_chat_moves(make_window: MakeWindow) -> None:
    def many(workbench: FakeWorkbench) -> None:
        for number in range(60):
            workbench.chat.send(None, f"Chat {number}", quiet_job())

    opened = make_window(ScriptedBackend(ANSWER), many)
    opened.until(lambda: len(titles(opened)) == 60)
    opened.window.actions_["chat_1"].trigger()
    opened.until(lambda: len(opened.texts) == 2)
    bar = opened.window.sidebar.list.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    place = bar.value()
    assert place > 100
    opened.workbench.chat.send(opened.window.sidebar.model.chats[40].id, "again", quiet_job())
    opened.until(lambda: titles(opened)[0] == "Chat 19")
    assert bar.value() == place
    opened.window.sidebar.list.clicked.emit(opened.window.sidebar.model.index(30))
    ask_again = titles(opened)[29]
    opened.until(lambda: opened.page.title.text() == ask_again)
    opened.send("again")
    opened.until(lambda: opened.idle() and titles(opened)[0] == ask_again)
    opened.until(lambda: bar.value() == 0)


@pytest.mark.parametrize(("action", "kind"), [("commands", CommandList), ("shortcuts", ShortcutList)])
def test_the_key_that_opens_a_list_closes_it(make_window: MakeWindow, action: str, kind: type[Floating]) -> None:
    opened = make_window()
    opened.window.activateWindow()
    opened.composer.draft.setFocus()
    for shown in (1, 0, 1, 0):
        opened.window.actions_[action].trigger()
        assert len([one for one in opened.window.findChildren(kind) if one.isVisible()]) == shown
    opened.until(opened.composer.draft.hasFocus)


def test_a_list_of_choices_is_opened_once(make_window: MakeWindow) -> None:
    opened = make_window()
    opened.window.activateWindow()
    opened.composer.draft.setFocus()

    def shown() -> list[Popover]:
        return [one for one in opened.window.findChildren(Popover) if one.isVisible()]

    opened.window.actions_["model"].trigger()
    opened.until(lambda: len(shown()) == 1)
    (first,) = shown()
    opened.window.actions_["model"].trigger()
    opened.until(lambda: len(shown()) == 1 and shown() != [first])
    shown()[0].dismiss()
    assert opened.composer.draft.hasFocus()


def test_the_command_list_opens_chats_and_acts(make_window: MakeWindow) -> None:
    from ui.command_list import CommandList

    opened = make_window(ScriptedBackend(ANSWER))
    ask(opened)
    opened.until(lambda: len(titles(opened)) == 1)
    opened.window.actions_["new_chat"].trigger()
    opened.until(lambda: opened.page.title.text() == "")
    opened.window.actions_["commands"].trigger()
    dialog = opened.window.findChild(CommandList)
    assert dialog is not None
    QTest.keyClicks(dialog.field, "who are")
    QTest.keyClick(dialog.field, Qt.Key.Key_Return)
    opened.until(lambda: opened.texts == [QUESTION, ANSWER])


def test_a_core_that_cannot_be_built_is_told_on_the_whole_window(make_window: MakeWindow) -> None:
    opened = make_window(ScriptedBackend(ANSWER))
    again: list[bool] = []
    opened.window.show_failure(EngineError("The home is read-only.", detail="why"), lambda: again.append(True))
    for name in ("Try again", "Quit", "Copy details"):
        assert has_button(opened.window, name)
    button(opened.window, "Copy details").click()
    assert "The home is read-only." in QGuiApplication.clipboard().text()
    button(opened.window, "Try again").click()
    assert again == [True]


def test_the_window_remembers_size_sidebar_and_chat(make_window: MakeWindow, tmp_path: Path) -> None:
    opened = make_window(ScriptedBackend(ANSWER))
    ask(opened)
    opened.window.actions_["sidebar"].trigger()
    assert not opened.window.sidebar.isVisible()
    opened.window.resize(1000, 700)
    opened.window.close()
    state = window_state.load(opened.workbench.paths.window_state)
    assert (state.width, state.height, state.sidebar) == (1000, 700, False)
    assert state.chat == opened.workbench.chat.list()[0].id


def test_a_window_fits_the_screen(appearance: Appearance, bridge: Bridge, tmp_path: Path, qtbot: QtBot) -> None:
    paths = Paths(tmp_path)
    window_state.save(paths.window_state, WindowState(width=9000, height=9000))
    window = MainWindow(appearance, bridge, paths)
    qtbot.addWidget(window)
    room = window.screen().availableSize()
    assert window.width() < room.width()
    assert window.height() < room.height()


@pytest.mark.parametrize("page", ["chat", "settings", "commands", "shortcuts", "models", "failure", "no model"])
def test_every_control_has_a_name(make_window: MakeWindow, page: str) -> None:
    def prepare(workbench: FakeWorkbench) -> None:
        if page == "no model":
            workbench.models.installed = ()

    opened = make_window(ScriptedBackend("```py\nx\n```\n[link](https://a.b)"), prepare)
    if page == "failure":
        opened.window.show_failure(EngineError("No.", detail="why"), lambda: None)
    elif page == "no model":
        opened.until(lambda: has_button(opened.page, "Choose a GGUF file…"))
    else:
        ask(opened)
        if page in ("settings", "commands", "shortcuts"):
            opened.window.actions_[page].trigger()
        elif page == "models":
            opened.window.actions_["model"].trigger()
    nameless = [
        f"{type(one).__name__} {one.objectName()}"
        for one in opened.window.findChildren(QWidget)
        if one.isVisible() and one.focusPolicy() != Qt.FocusPolicy.NoFocus and not spoken(one)
    ]
    assert nameless == []


def test_tab_walks_in_reading_order(make_window: MakeWindow) -> None:
    opened = make_window(ScriptedBackend(ANSWER))
    opened.composer.show_text("text")
    opened.window.activateWindow()
    opened.window.sidebar._collapse.setFocus()
    walked: list[str] = []
    for _step in range(24):
        focused = opened.window.focusWidget()
        assert focused is not None
        walked.append(spoken(focused))
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    expected = ["Hide sidebar", "New chat", "Search chats", "New project", "Chats", "Models", "Documents"]
    expected += ["Prompts", "Tools", "Memory", "Settings"]
    expected += ["Summarise a text", "Explain some code", "Draft a letter", "Understand something"]
    expected += [
        "Message",
        "Attach files",
        "Ask folders and files",
        "Use a prompt",
        "Tools of this chat",
        "Model: Fake 1B",
        "Send",
        "Hide sidebar",
    ]
    assert walked[: len(expected)] == expected


def test_tab_goes_from_the_title_through_the_conversation_to_the_composer(make_window: MakeWindow) -> None:
    opened = make_window(ScriptedBackend(ANSWER))
    ask(opened)
    opened.composer.show_text("text")
    opened.window.activateWindow()
    opened.page.more.setFocus()
    walked: list[str] = []
    for _step in range(15):
        QTest.keyClick(opened.window.focusWidget(), Qt.Key.Key_Tab)
        walked.append(spoken(opened.window.focusWidget()))
        ring = opened.page.transcript.findChild(FocusRing)
        assert ring.isVisible() is (walked[-1] == "Conversation")
    more = "More for this message"
    rows = ["Copy message", "Edit this question", more, "Copy message", "Regenerate this answer", more]
    walked = [name for name in walked if name not in ("Good answer", "Not a good answer")]
    expected = [
        "Conversation",
        *rows,
        "Message",
        "Attach files",
        "Ask folders and files",
        "Use a prompt",
        "Tools of this chat",
        "Model: Fake 1B",
    ]
    assert walked[: len(expected)] == expected

"""The model and effort of a chat: chosen at the composer, kept with the chat, taken back."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from tests.fakes.backend import ScriptedBackend
from tests.fakes.models import model
from tests.fakes.workbench import FakeWorkbench
from tests.ui.conftest import MakeWindow, OpenWindow
from ui.widgets.popover import Popover
from workbench.chat.asking.of_chat import NOT_CHOSEN, ChatChoice
from workbench.chat.asking.options import Options
from workbench.chat.asking.resolve import KnownModel
from workbench.jobs import quiet_job
from workbench.messages import Effort, Finish

LEVELS = (Effort.LOW, Effort.MEDIUM, Effort.HIGH)
SMALL, LARGE = model("Small 1B"), model("Large 9B")


def two_models(workbench: FakeWorkbench) -> None:
    workbench.models.installed = (SMALL, LARGE)
    workbench.known = KnownModel(SMALL.id, SMALL.name, LEVELS, Effort.MEDIUM)
    workbench.backend.info = replace(workbench.backend.info, efforts=LEVELS)
    workbench.change_setting("chat.model", SMALL.id)
    for text in ("First", "Second"):
        workbench.chat.send(None, text, quiet_job())


def opened_chat(make_window: MakeWindow) -> OpenWindow:
    opened = make_window(ScriptedBackend("Yes."), two_models)
    desk(opened).open_chat(ids(opened)["First"])
    opened.until(lambda: opened.texts == ["First", "Yes."])
    return opened


def desk(opened: OpenWindow):  # type: ignore[no-untyped-def]
    return opened.window._desk


def ids(opened: OpenWindow) -> dict[str, str]:
    return {chat.title: chat.id for chat in opened.workbench.chat.list()}


def kept(opened: OpenWindow, title: str = "First") -> ChatChoice:
    return opened.workbench.chat.open(ids(opened)[title]).choice


def model_chip(opened: OpenWindow) -> str:
    return str(opened.composer.model_chip.accessibleName())


def effort_chip(opened: OpenWindow) -> str:
    return str(opened.composer.effort_chip.accessibleName())


def entries(opened: OpenWindow) -> dict[str, QPushButton]:
    popover = opened.window.findChild(Popover)
    return {entry.accessibleName(): entry for entry in popover.findChildren(QPushButton)} if popover else {}


def choose(opened: OpenWindow, key: Qt.Key, name: str) -> None:
    """By keyboard: the shortcut opens the list, arrows walk, Enter chooses."""
    opened.until(lambda: not entries(opened))
    QTest.keyClick(opened.window, key, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    opened.until(lambda: name in entries(opened))
    entries(opened)[name].setFocus()
    QTest.keyClick(entries(opened)[name], Qt.Key.Key_Return)


def test_a_model_chosen_in_a_chat_is_this_chats_alone(make_window: MakeWindow) -> None:
    opened = opened_chat(make_window)
    assert model_chip(opened) == "Model: Small 1B"
    choose(opened, Qt.Key.Key_M, "Large 9B")
    opened.until(lambda: model_chip(opened) == "Model: Large 9B, chosen for this chat")
    opened.until(lambda: kept(opened) == ChatChoice(LARGE.id))
    assert opened.workbench.settings.chat.model == SMALL.id
    opened.send("And now?")
    opened.until(lambda: len(opened.texts) == 4 and opened.idle())
    answer = opened.workbench.chat.open(ids(opened)["First"]).nodes[-1].turn
    assert answer is not None
    assert answer.model == "Large 9B"
    desk(opened).open_chat(ids(opened)["Second"])
    opened.until(lambda: model_chip(opened) == "Model: Small 1B")
    desk(opened).open_chat(ids(opened)["First"])
    opened.until(lambda: model_chip(opened) == "Model: Large 9B, chosen for this chat")


def test_it_is_taken_back_in_the_same_list(make_window: MakeWindow) -> None:
    opened = opened_chat(make_window)
    choose(opened, Qt.Key.Key_M, "Large 9B")
    opened.until(lambda: kept(opened) == ChatChoice(LARGE.id))
    opened.until(lambda: "chosen for this chat" in model_chip(opened))
    choose(opened, Qt.Key.Key_M, "As the settings say")
    opened.until(lambda: kept(opened) == NOT_CHOSEN)
    opened.until(lambda: model_chip(opened) == "Model: Small 1B")


def test_an_effort_chosen_in_a_chat_is_this_chats_alone_and_taken_back(make_window: MakeWindow) -> None:
    opened = opened_chat(make_window)
    opened.until(lambda: effort_chip(opened) == "Effort: Medium effort")
    choose(opened, Qt.Key.Key_E, "High effort")
    opened.until(lambda: effort_chip(opened) == "Effort: High effort, chosen for this chat")
    opened.until(lambda: kept(opened) == ChatChoice(effort=Effort.HIGH))
    assert opened.workbench.model_options.own("").effort is None
    opened.send("And now?")
    opened.until(lambda: len(opened.texts) == 4 and opened.idle())
    assert opened.workbench.backend.requests[-1].effort is Effort.HIGH
    choose(opened, Qt.Key.Key_E, "As the settings say")
    opened.until(lambda: effort_chip(opened) == "Effort: Medium effort")
    opened.until(lambda: kept(opened) == NOT_CHOSEN)


def test_a_new_chat_keeps_what_is_chosen_before_its_first_message_and_new_ones_begin_so(
    make_window: MakeWindow,
) -> None:
    opened = make_window(ScriptedBackend("Yes."), two_models)
    choose(opened, Qt.Key.Key_M, "Large 9B")
    opened.until(lambda: model_chip(opened) == "Model: Large 9B")
    assert opened.workbench.settings.chat.model == LARGE.id
    opened.send("Third")
    opened.until(lambda: len(opened.texts) == 2 and opened.idle())
    assert kept(opened, "Third") == ChatChoice(LARGE.id)
    desk(opened).new_chat()
    opened.until(lambda: model_chip(opened) == "Model: Large 9B")
    opened.workbench.change_setting("chat.model", SMALL.id)
    opened.until(lambda: model_chip(opened) == "Model: Small 1B")
    desk(opened).open_chat(ids(opened)["Third"])
    opened.until(lambda: model_chip(opened) == "Model: Large 9B, chosen for this chat")


def test_a_chat_whose_messages_were_all_deleted_shows_its_own_choice(make_window: MakeWindow) -> None:
    opened = opened_chat(make_window)
    chat = opened.workbench.chat
    for node in chat.open(ids(opened)["Second"]).nodes:
        chat.delete_message(node.id)
    choose(opened, Qt.Key.Key_M, "Large 9B")
    opened.until(lambda: model_chip(opened) == "Model: Large 9B, chosen for this chat")
    desk(opened).open_chat(ids(opened)["Second"])
    opened.until(lambda: model_chip(opened) == "Model: Small 1B")


def test_what_is_chosen_for_a_temporary_chat_is_written_nowhere(make_window: MakeWindow) -> None:
    opened = make_window(ScriptedBackend("Yes."), two_models)
    desk(opened).temporary_chat()
    choose(opened, Qt.Key.Key_M, "Large 9B")
    opened.until(lambda: model_chip(opened) == "Model: Large 9B, chosen for this chat")
    choose(opened, Qt.Key.Key_E, "High effort")
    opened.until(lambda: effort_chip(opened) == "Effort: High effort, chosen for this chat")
    opened.until(lambda: opened.window._bridge.idle)
    assert opened.workbench.settings.chat.model == SMALL.id
    assert opened.workbench.model_options.own("").effort is None
    opened.send("Third")
    opened.until(lambda: len(opened.texts) == 2 and opened.idle())
    assert opened.workbench.backend.requests[-1].effort is Effort.HIGH
    desk(opened).new_chat()
    opened.until(lambda: model_chip(opened) == "Model: Small 1B" and effort_chip(opened) == "Effort: Medium effort")


def test_a_model_that_is_gone_is_told_once_and_another_answers(make_window: MakeWindow) -> None:
    opened = opened_chat(make_window)
    choose(opened, Qt.Key.Key_M, "Large 9B")
    opened.until(lambda: kept(opened) == ChatChoice(LARGE.id))
    opened.until(lambda: "Large" in model_chip(opened))
    opened.workbench.models.installed = (SMALL,)
    desk(opened).models.load()
    opened.until(lambda: model_chip(opened) == "Model: Small 1B")
    shown = opened.window.toasts._toast
    assert shown is not None
    assert "is not there any more. Small 1B answers." in shown.accessibleName()
    opened.send("And now?")
    opened.until(lambda: len(opened.texts) == 4 and opened.idle())


def test_an_answer_that_was_stopped_by_its_limit_says_so_and_goes_on(make_window: MakeWindow) -> None:
    told = "Stopped after 3 tokens, the longest that the settings allow. Continue goes on with it."
    opened = make_window(ScriptedBackend("One two three", " and four."), lambda bench: limited(bench, told))
    desk(opened).open_chat(ids(opened)["Count"])
    opened.until(lambda: opened.texts == ["Count", "One two three"])
    transcript = opened.page.transcript
    item = transcript.items[-1]
    assert item.given == told
    assert "The answer reached its length limit." in item.footer
    assert "continue" in item.actions
    transcript.action.emit(item.id, "continue")
    opened.until(lambda: opened.texts == ["Count", "One two three and four."])


def limited(workbench: FakeWorkbench, note: str) -> None:
    answer = workbench.chat.send(None, "Count", quiet_job(), Options(max_tokens=3))
    assert answer.turn is not None
    assert answer.turn.finish is Finish.LENGTH
    with workbench.database.write() as tx:
        tx.execute("UPDATE turns SET note = ?", (note,))

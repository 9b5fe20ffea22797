"""Answers with tools in the window: live steps, the card where one waits, what became of it elsewhere, and the tools of a
chat."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from tests.fakes.backend import Answer, ScriptedBackend
from tests.fakes.tools import ABLE, UNABLE
from tests.fakes.workbench import FakeWorkbench
from tests.ui.conftest import MakeWindow, OpenWindow
from ui.chat.consent_row import ConsentCard
from ui.chat.desk import Desk
from ui.chat.items import WAITING_ROLE
from ui.chat.steps_row import StepLine
from ui.chat.tools_list import ToolsList
from ui.widgets.quiet_button import QuietButton
from workbench.consents.consent import Consent, Scope
from workbench.messages import Finish, Finished, TextDelta, ToolCallDelta, ToolResult
from workbench.tools.tool import Outcome

WRITES, SAYS = "files_write_file", "Then the rest."


def calling(name: str, arguments: str = "{}", call_id: str = "c1") -> Answer:
    return [TextDelta("I look. "), ToolCallDelta(0, call_id, name, arguments), Finished(Finish.TOOL_CALLS)]


def able(workbench: FakeWorkbench) -> None:
    workbench.tool_checks.known = ABLE
    workbench.tool_source.outcomes[WRITES] = Outcome("Written.")


def opened_with(make_window: MakeWindow, *answers: Answer) -> OpenWindow:
    return make_window(ScriptedBackend(*answers), able)


def ask(opened: OpenWindow, text: str = "Do it.") -> None:
    opened.send(text)
    opened.until(lambda: opened.idle() and len(opened.texts) >= 2)


def cards(opened: OpenWindow) -> list[ConsentCard]:
    return [one for one in opened.page.transcript.findChildren(ConsentCard) if one.isVisible()]


def waiting(opened: OpenWindow) -> tuple[Consent, ...]:
    return opened.workbench.consents.list()


def choice_button(opened: OpenWindow, choice: str) -> QuietButton:
    button = cards(opened)[0].findChild(QuietButton, choice)
    assert button is not None
    assert button.isEnabled()
    return button


def press(opened: OpenWindow, choice: str) -> None:
    opened.until(lambda: len(cards(opened)) == 1)
    choice_button(opened, choice).click()


def desk(opened: OpenWindow) -> Desk:
    assert opened.window.desk is not None
    return opened.window.desk


def waits(opened: OpenWindow) -> list[bool]:
    model = opened.window.sidebar.model
    return [bool(model.index(row).data(WAITING_ROLE)) for row in range(model.rowCount())]


def results(opened: OpenWindow) -> list[ToolResult]:
    return [part for item in opened.page.transcript.items for part in item.parts if isinstance(part, ToolResult)]


def test_a_call_stands_between_the_texts_of_its_answer(make_window: MakeWindow) -> None:
    opened = opened_with(make_window, calling("calculate"), SAYS)
    ask(opened)
    opened.until(lambda: opened.texts[-1].endswith(SAYS))
    kinds = [type(part).__name__ for part in opened.page.transcript.items[-1].parts]
    assert kinds == ["Text", "ToolCall", "ToolResult", "Text"]
    assert len(opened.page.transcript.findChildren(StepLine)) == 1
    assert waits(opened) == [False] * len(waits(opened))


def test_an_answer_that_waits_shows_a_card_and_goes_on_when_it_is_allowed(make_window: MakeWindow) -> None:
    opened = opened_with(make_window, calling(WRITES, '{"path": "/tmp/a"}'), SAYS)
    ask(opened)
    opened.until(lambda: any(waits(opened)))
    assert opened.workbench.tool_source.calls == [], "nothing is done before the person has said so"
    press(opened, "once")
    opened.until(lambda: opened.idle() and opened.texts[-1].endswith(SAYS))
    assert opened.workbench.tool_source.calls == [(WRITES, {"path": "/tmp/a"})]
    opened.until(lambda: not any(waits(opened)) and not cards(opened))
    assert [one.text for one in results(opened)] == ["Written."]


def test_what_is_not_allowed_is_not_done_and_the_answer_goes_on(make_window: MakeWindow) -> None:
    opened = opened_with(make_window, calling(WRITES), SAYS)
    ask(opened)
    press(opened, "refuse")
    opened.until(lambda: opened.idle() and opened.texts[-1].endswith(SAYS))
    assert opened.workbench.tool_source.calls == []
    assert [one.failed for one in results(opened)] == [True]


def test_what_was_allowed_in_a_chat_is_not_asked_again_there(make_window: MakeWindow) -> None:
    opened = opened_with(make_window, calling(WRITES), SAYS, calling(WRITES, call_id="c2"), "And again.")
    ask(opened)
    press(opened, "chat")
    opened.until(lambda: opened.idle() and opened.texts[-1].endswith(SAYS))
    opened.send("Once more.")
    opened.until(lambda: opened.idle() and opened.texts[-1].endswith("And again."))
    assert len(opened.workbench.tool_source.calls) == 2
    assert not waiting(opened)


def test_an_answer_that_waits_is_found_again_in_a_new_window(make_window: MakeWindow) -> None:
    """The question is read from the disk: another window over the same home."""
    opened = opened_with(make_window, calling(WRITES), SAYS)
    ask(opened)
    opened.until(lambda: len(cards(opened)) == 1)
    again = make_window(ScriptedBackend(SAYS), able)
    again.until(lambda: any(waits(again)))
    desk(again).open_chat(waiting(again)[0].question.conversation_id or "")
    press(again, "once")
    again.until(lambda: again.idle() and again.texts[-1].endswith(SAYS))
    assert again.workbench.tool_source.calls == [(WRITES, {})]


def test_a_question_answered_elsewhere_leaves_the_transcript(make_window: MakeWindow) -> None:
    """As `workbench consents` does it; what did not go on there can be gone on with here."""
    opened = opened_with(make_window, calling(WRITES), SAYS)
    ask(opened)
    opened.until(lambda: len(cards(opened)) == 1)
    opened.workbench.consents.accept(waiting(opened)[0].id, Scope.ONCE)
    opened.until(lambda: not cards(opened) and not any(waits(opened)))
    opened.until(lambda: "continue" in opened.page.transcript.items[-1].actions)
    desk(opened).act_on(opened.page.transcript.items[-1].id, "continue")
    opened.until(lambda: opened.idle() and opened.texts[-1].endswith(SAYS))
    assert len(opened.workbench.tool_source.calls) == 1


def test_a_question_that_was_answered_meanwhile_is_told_and_nothing_is_lost(make_window: MakeWindow) -> None:
    opened = opened_with(make_window, calling(WRITES), SAYS)
    ask(opened)
    opened.until(lambda: len(cards(opened)) == 1)
    allow = choice_button(opened, "once")
    opened.workbench.consents._kept.refuse(waiting(opened)[0].id)  # as another process would: no news here
    allow.click()
    opened.until(lambda: opened.idle())
    assert opened.workbench.tool_source.calls == [], "it was refused before it was allowed"


def test_the_card_is_answered_by_the_keyboard(make_window: MakeWindow) -> None:
    opened = opened_with(make_window, calling(WRITES), SAYS)
    ask(opened)
    opened.until(lambda: len(cards(opened)) == 1)
    button = choice_button(opened, "once")
    assert button.accessibleName() == "Allow once"
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)
    opened.until(lambda: opened.idle() and opened.texts[-1].endswith(SAYS))


# The tools of a chat --------------------------------------------------------------------------------------------------


def tools_list(opened: OpenWindow) -> ToolsList:
    opened.composer.tools_button.click()

    def found() -> list[ToolsList]:
        return [one for one in opened.window.findChildren(ToolsList) if one.isVisible()]

    opened.until(lambda: len(found()) == 1)
    return found()[0]


def test_a_tool_that_is_unticked_is_not_offered_in_this_chat(make_window: MakeWindow) -> None:
    opened = opened_with(make_window, "Hello.")
    shown = tools_list(opened)
    assert all(tick.isChecked() for tick in shown._ticks.values())
    shown._ticks["calculate"].click()
    shown.dismiss()
    ask(opened)
    offered = {tool.name for tool in opened.workbench.backend.requests[-1].tools}
    assert "now" in offered
    assert "calculate" not in offered
    chat = opened.workbench.chat.list()[0].id
    assert opened.workbench.chat.open(chat).tools is not None
    other = tools_list(opened)
    assert not other._ticks["calculate"].isChecked(), "what was chosen before the first message is kept with the chat"
    other._automatic.click()
    opened.until(lambda: opened.workbench.chat.open(chat).tools is None)


def test_a_model_that_cannot_use_tools_is_told_of(make_window: MakeWindow) -> None:
    def unable(workbench: FakeWorkbench) -> None:
        workbench.tool_checks.known = UNABLE

    shown = tools_list(make_window(prepare=unable))
    assert not any(tick.isEnabled() for tick in shown._ticks.values())
    assert any(UNABLE.why in words.text() for words in shown.findChildren(QLabel))


def test_nothing_is_offered_by_itself_to_a_model_that_nobody_has_checked(make_window: MakeWindow) -> None:
    opened = make_window(ScriptedBackend("Hello."))
    shown = tools_list(opened)
    assert not any(tick.isChecked() for tick in shown._ticks.values())
    shown._ticks["now"].click()
    shown.dismiss()
    ask(opened)
    assert [tool.name for tool in opened.workbench.backend.requests[-1].tools] == ["now"]


def test_the_list_is_walked_by_the_keyboard(make_window: MakeWindow) -> None:
    opened = opened_with(make_window, "Hello.")
    shown = tools_list(opened)
    first = shown._entries[0]
    assert first.hasFocus()
    QTest.keyClick(first, Qt.Key.Key_Space)
    assert not first.isChecked()
    QTest.keyClick(first, Qt.Key.Key_Down)
    assert shown._entries[1].hasFocus()
    QTest.keyClick(shown._entries[1], Qt.Key.Key_Escape)
    assert not shown.isVisible()

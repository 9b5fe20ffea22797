"""Thumbs below an answer and test cases, in a window over real chats."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from tests.fakes.backend import ScriptedBackend
from tests.ui.conftest import MakeWindow, OpenWindow
from ui.chat.feedback import FeedbackDesk
from ui.chat.feedback_card import FeedbackCard
from ui.chat.feedback_case import CaseCard
from workbench.chat.feedback.feedback import Verdict
from workbench.chat.service import ChatService
from workbench.checks.check import CheckKind

KEY = Qt.Key


def answered(make_window: MakeWindow, *answers: str) -> OpenWindow:
    window = make_window(ScriptedBackend(*(answers or ("The capital is Paris.",))))
    window.send("The capital of France?")
    window.until(lambda: window.idle() and window.texts[1:] != [] and len(actions(window)) > 1)
    return window


def actions(window: OpenWindow) -> tuple[str, ...]:
    """What the foot of the last answer offers."""
    return tuple(window.page.transcript.items[-1].actions)


def press(window: OpenWindow, action: str) -> None:
    transcript = window.page.transcript
    transcript.action.emit(transcript.items[-1].id, action)


def card(window: OpenWindow, kind: type) -> Any:
    """The card that is open, once it is."""
    desk = window.window.findChild(FeedbackDesk)
    assert desk is not None
    window.until(lambda: isinstance(desk.card, kind))
    return desk.card


def closed(window: OpenWindow) -> None:
    desk = window.window.findChild(FeedbackDesk)
    window.until(lambda: desk is not None and desk.card is None)


def test_a_thumb_is_kept_at_once_and_shown(make_window: MakeWindow) -> None:
    window = answered(make_window)
    assert {"good", "bad"} <= set(actions(window))
    press(window, "good")
    window.until(lambda: "good_given" in actions(window))
    assert {"bad"} <= set(actions(window)) and "good" not in actions(window)  # noqa: PT018
    (judged,) = window.workbench.feedback.judged()
    assert (judged.feedback.verdict, judged.told.text) == (Verdict.UP, "The capital is Paris.")
    card(window, FeedbackCard).dismiss()
    closed(window)
    assert len(window.workbench.feedback.judged()) == 1


def test_the_card_adds_a_reason_and_the_wanted_answer(make_window: MakeWindow) -> None:
    window = answered(make_window)
    press(window, "bad")
    shown = card(window, FeedbackCard)
    assert QApplication.focusWidget() is shown.reason or shown.isVisible()
    shown.reason.setText("too short")
    shown.correction.setPlainText("Paris, on the Seine.")
    QTest.keyClick(shown.correction, KEY.Key_Return, Qt.KeyboardModifier.ControlModifier)
    window.until(lambda: window.workbench.feedback.judged()[0].feedback.reason == "too short")
    closed(window)
    assert window.workbench.feedback.judged()[0].feedback.correction == "Paris, on the Seine."
    window.until(lambda: "bad_given" in actions(window))
    press(window, "bad_given")  # look again: what was written is there
    again = card(window, FeedbackCard)
    assert (again.reason.text(), again.correction.toPlainText()) == ("too short", "Paris, on the Seine.")
    again.remove.click()
    window.until(lambda: "bad" in actions(window))
    assert window.workbench.feedback.judged() == ()


def test_the_card_is_reached_and_left_by_the_keyboard(make_window: MakeWindow) -> None:
    window = answered(make_window)
    transcript = window.page.transcript
    answer = transcript.items[-1].id
    button = transcript.button(answer, "good")
    button.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(button, KEY.Key_Space)
    shown = card(window, FeedbackCard)
    window.until(lambda: "good_given" in actions(window))  # its button was made anew below the card
    QApplication.processEvents()
    assert shown.reason.hasFocus()
    QTest.keyClick(shown, KEY.Key_Escape)
    closed(window)
    assert [one.feedback.verdict for one in window.workbench.feedback.judged()] == [Verdict.UP]
    assert transcript.button(answer, "good_given").hasFocus()


def test_a_temporary_chat_keeps_no_verdict(make_window: MakeWindow) -> None:
    window = answered(make_window)
    desk = window.window._desk
    assert desk is not None
    desk.chat.service = ChatService.__new__(ChatService)  # not the one that keeps
    for action in ("good", "case"):
        press(window, action)
        window.until(lambda: "keeps nothing" in told(window))
        assert "Ask the question in another chat" in told(window)  # what to do
        window.window.toasts.dismiss()
    assert window.workbench.feedback.judged() == ()


def told(window: OpenWindow) -> str:
    """What the toast says."""
    toast = window.window.toasts._toast
    return " ".join(one.text() for one in toast.findChildren(QLabel)) if toast is not None else ""


def test_verdicts_are_there_when_a_chat_is_opened_again(make_window: MakeWindow) -> None:
    window = answered(make_window)
    answer = window.page.transcript.items[-1].id
    desk = window.window._desk
    assert desk is not None
    desk.new_chat()
    window.workbench.feedback.judge(answer, Verdict.DOWN)
    (chat,) = window.workbench.chat.list()
    desk.open_chat(chat.id)
    window.until(lambda: len(window.texts) == 2 and "bad_given" in actions(window))


def test_an_answer_becomes_a_case_and_its_check_is_tried_as_it_is_written(make_window: MakeWindow) -> None:
    window = answered(make_window)
    press(window, "case")
    shown = card(window, CaseCard)
    assert (shown.title.text(), shown.save.isEnabled()) == ("The capital of France?", False)
    shown.expected.setPlainText("rome")
    window.until(lambda: shown.result.text().startswith("This answer would not pass."))
    shown.expected.setPlainText("paris")
    window.until(lambda: shown.result.text().startswith("This answer would pass."))
    shown.kinds[CheckKind.REGEX].click()
    shown.expected.setPlainText("Paris(")
    window.until(lambda: "cannot be used" in shown.result.text())
    assert not shown.save.isEnabled()
    shown.expected.setPlainText("^The .*Paris")
    window.until(lambda: shown.result.text().startswith("This answer would pass."))
    shown.title.setText("France")
    shown.save.click()
    closed(window)
    window.until(lambda: len(window.workbench.cases.list()) == 1)
    (case,) = window.workbench.cases.list()
    assert (case.title, case.check.kind, case.check.expected) == ("France", CheckKind.REGEX, "^The .*Paris")


@pytest.mark.parametrize(
    ("kind", "expected", "tolerance", "begins"),
    [
        (CheckKind.NUMBER, "3", "0.2", "This answer would pass."),
        (CheckKind.NUMBER, "3", "x", "'x' is no number."),
        (CheckKind.SCHEMA, "{}", "", "This answer would not pass."),
        (CheckKind.REFERENCE, "pi is 3.14", "", "This answer would pass."),
        (CheckKind.JUDGEMENT, "", "", "This answer: undecided."),
    ],
)
def test_every_kind_of_check_tells_whether_the_answer_passes(
    make_window: MakeWindow, kind: CheckKind, expected: str, tolerance: str, begins: str
) -> None:
    window = answered(make_window, "Pi is 3.14")
    press(window, "case")
    shown = card(window, CaseCard)
    shown.kinds[kind].click()
    assert shown.tolerance.isVisible() is (kind is CheckKind.NUMBER)
    shown.expected.setPlainText(expected)
    shown.tolerance.setText(tolerance)
    window.until(lambda: shown.result.text().startswith(begins))
    shown.dismiss()
    assert window.workbench.cases.list() == ()

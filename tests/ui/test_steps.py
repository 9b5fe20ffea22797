"""Calls of tools in the transcript: which are grouped, what each line says, and that nothing of them is ever markup."""

from __future__ import annotations

import json

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from tests.ui.test_transcript import answer, dress, question
from ui.chat.consent_row import SHOWN, ConsentCard
from ui.chat.consents import REFUSE, ConsentAnswer, ConsentRow
from ui.chat.steps import Run, StepRow, StepsRow, StepTextRow, in_full, run_label, runs, short, title_of, visible
from ui.chat.steps_row import StepLine, StepsSwitch, StepText
from ui.chat.transcript import TranscriptView
from ui.chat.transcript_items import ItemRows, ReasoningRow
from ui.chat.transcript_row import RowWidget
from ui.theme import LIGHT
from ui.widgets.quiet_button import QuietButton
from ui.widgets.rich_text import RichText
from workbench.consents.consent import Consent, ConsentKind, ConsentState, Question, Scope
from workbench.messages import Part, Reasoning, Text, ToolCall, ToolResult


def called(call_id: str, name: str = "calculate", arguments: str = '{"expression": "2+2"}') -> ToolCall:
    return ToolCall(call_id, name, arguments)


def gave(call_id: str, text: str = "4", name: str = "calculate", **more: object) -> ToolResult:
    return ToolResult(call_id, name, text, **more)  # type: ignore[arg-type]


def asks(
    call_id: str = "c1",
    kind: ConsentKind = ConsentKind.TOOL,
    request: dict[str, object] | None = None,
    scopes: tuple[Scope, ...] = (Scope.ONCE, Scope.CHAT),
) -> Consent:
    asked = request if request is not None else {"tool": "write", "arguments": {"path": "/a"}}
    question = Question(kind, "s", "May it write?", asked, "A page was read.", "chat", "a1", call_id, scopes)
    return Consent(f"of-{call_id}", question, "h", ConsentState.WAITING, 0.0)


THREE: tuple[Part, ...] = (
    called("1"), gave("1", seconds=1.0), Reasoning("Hm.", 1.0), called("2"), gave("2", "no", failed=True, seconds=2.2),
    called("3"), gave("3"),
)  # fmt: skip


# Pure -----------------------------------------------------------------------------------------------------------------


def test_calls_that_follow_each_other_are_one_run_with_the_thoughts_between_them() -> None:
    found = list(runs((Text("Look."), *THREE, Reasoning("So.", 1.0), Text("4."))))
    assert [one if isinstance(one, int) else "run" for one in found] == [0, "run", 8, 9]
    run = next(one for one in found if isinstance(one, Run))
    assert [step.call.id for step in run.steps] == ["1", "2", "3"]
    assert run.pieces[1] == 3, "the thought stands between the calls, not behind them"
    assert run_label(run) == "3 steps · 3.2 s · 1 failed"


def test_calls_of_one_id_each_have_their_own_result() -> None:
    twice = (called("x"), gave("x", "first"), called("x"), gave("x", "second"))
    run = next(iter(runs(twice)))
    assert isinstance(run, Run)
    assert [step.result.text for step in run.steps if step.result] == ["first", "second"]


def test_calls_made_at_the_same_time_have_their_results_behind_all_of_them() -> None:
    run = next(iter(runs((called("1"), called("2"), gave("2", "b"), gave("1", "a")))))
    assert isinstance(run, Run)
    assert [step.result.text for step in run.steps if step.result] == ["a", "b"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ('{"expression": "2+2"}', "2+2"),
        ('{"count": 5, "query": "rain"}', "rain · count: 5"),
        ('{"a": 1, "b": [2]}', "a: 1 · b: [2]"),
        ("{}", ""),
        ("", ""),
        ('{"broken', '{"broken'),
        ('{"query": "two\\nlines"}', "two lines"),
        ('{"query": "\\u202eevil"}', "\\u202eevil"),
    ],
)
def test_the_arguments_of_a_call_in_one_line(arguments: str, words: str) -> None:
    assert short(arguments) == words


def test_a_long_argument_is_cut_in_the_line_and_whole_below() -> None:
    arguments = json.dumps({"query": "word " * 200})
    assert len(short(arguments)) <= 140
    assert "word " * 199 in in_full(arguments)


@pytest.mark.parametrize("sign", ["\u200b", "\u202e", "\u2066", "\x00", "\x1b", "\U000e0041", "\ud800"])
def test_nothing_that_is_shown_is_invisible(sign: str) -> None:
    assert visible(f"a{sign}b") == f"a\\u{ord(sign):04x}b"


def test_line_ends_and_letters_of_all_scripts_stay() -> None:
    assert visible("ä\n\t漢字 עברית") == "ä\n\t漢字 עברית"


def test_a_tool_that_nobody_knows_is_called_by_the_words_of_its_name() -> None:
    assert title_of("files__write_file", {}) == "Files: write file"
    assert title_of("web_search", {"web_search": "Look \u202eup"}) == "Look \\u202eup"


# Rows -----------------------------------------------------------------------------------------------------------------


def test_several_steps_are_folded_and_unfold_with_the_thoughts_between_them() -> None:
    rows = ItemRows(answer("a1", *THREE, "4."))
    assert [type(row) for row in rows.rows()[1:-1]] == [StepsRow]
    rows.unfolded ^= {rows.rows()[1].part}  # type: ignore[union-attr]
    kinds = [type(row) for row in rows.rows()[1:-1]]
    assert kinds == [StepsRow, StepRow, ReasoningRow, StepRow, StepRow]


def test_the_step_that_runs_is_in_view_though_the_others_are_folded() -> None:
    item = answer("a1", *THREE, called("4"), status="waiting", note="Asking example.org…")
    shown = [row for row in ItemRows(item).rows() if isinstance(row, StepRow)]
    assert [(row.state, row.words) for row in shown] == [("running", "Asking example.org…")]


def test_a_question_stands_below_its_call_and_keeps_it_in_view() -> None:
    item = answer("a1", *THREE, called("4"), consents=(asks("4"),))
    rows = ItemRows(item).rows()
    assert [type(row) for row in rows[-3:]] == [StepsRow, StepRow, ConsentRow]
    assert next(row.state for row in rows if isinstance(row, StepRow)) == "waiting"


def test_a_question_whose_call_is_not_there_stands_at_the_end() -> None:
    assert isinstance(ItemRows(answer("a1", "Text.", consents=(asks("gone"),))).rows()[-1], ConsentRow)


def test_a_result_without_its_call_is_plain_text() -> None:
    rows = ItemRows(answer("a1", gave("lost", "# no heading"))).rows()
    assert isinstance(rows[1], StepTextRow)


# Widgets --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def view(qapp, qtbot: QtBot) -> TranscriptView:  # type: ignore[no-untyped-def]
    dress(qapp, LIGHT)
    made = TranscriptView()
    made.set_theme(LIGHT)
    made.resize(900, 700)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    return made


def press(view: TranscriptView, kind: type[RowWidget]) -> None:
    row = view.findChildren(kind)[-1]
    row.findChildren(QPushButton)[0].click()
    QTest.qWait(20)


def test_a_step_unfolds_to_plain_text_that_is_no_markup(view: TranscriptView) -> None:
    evil = "<b>bold</b> <img src='http://x/y.png'> [link](javascript:alert(1))"
    view.set_items([question("q"), answer("a1", called("1"), gave("1", evil), "4.")])
    press(view, StepLine)
    shown = [text.findChildren(RichText)[0] for text in view.findChildren(StepText) if text.isVisible()]
    assert [one.toPlainText() for one in shown] == ['{\n  "expression": "2+2"\n}', evil]
    assert all("<a " not in one._html and "<img" not in one._html for one in shown)


def test_a_huge_result_is_shown_piece_by_piece(view: TranscriptView) -> None:
    view.set_items([question("q"), answer("a1", called("1"), gave("1", "line\n" * 100_000), "4.")])
    press(view, StepLine)
    text = view.findChildren(StepText)[-1]
    before = text.height()
    assert before < 3_000
    text.findChildren(QuietButton)[0].click()
    QTest.qWait(20)
    assert text.height() > 2 * before


def test_steps_are_reached_and_told_by_the_keyboard(view: TranscriptView) -> None:
    view.set_items([question("q"), answer("a1", *THREE, "4.")])
    press(view, StepsSwitch)
    said = [line.findChildren(QPushButton)[0].accessibleName() for line in view.findChildren(StepLine)]
    assert said == [
        "Calculate, 2+2, done, 1.0 s, folded",
        "Calculate, 2+2, failed, 2.2 s, folded",
        "Calculate, 2+2, done, folded",
    ]


def choice(shown: ConsentCard, name: str) -> QuietButton:
    button = shown.findChild(QuietButton, name)
    assert button is not None
    return button


def card(view: TranscriptView, consent: Consent) -> tuple[ConsentCard, list[tuple[str, ConsentAnswer]]]:
    answers: list[tuple[str, ConsentAnswer]] = []
    view.consent_answered.connect(lambda item, given: answers.append((item, given)))
    view.set_items([question("q"), answer("a1", called("c1"), consents=(consent,))])
    QTest.qWait(20)
    return view.findChildren(ConsentCard)[-1], answers


def test_a_card_offers_only_what_may_be_answered(view: TranscriptView) -> None:
    shown, answers = card(view, asks(scopes=(Scope.ONCE,)))
    buttons = [one for one in shown.findChildren(QuietButton) if one.isVisible()]
    assert [one.text() for one in buttons] == ["Allow once", "Don't allow"]
    buttons[-1].click()
    assert answers == [("a1", ConsentAnswer("of-c1", REFUSE))]
    assert not any(one.isEnabled() for one in buttons), "an answer is given once"


def test_a_card_shows_the_whole_request_before_it_can_be_allowed(view: TranscriptView) -> None:
    text = "x" * (SHOWN + 5_000)
    shown, _answers = card(view, asks(request={"content": text, "hidden": "\u202e"}))
    allow = choice(shown, "once")
    assert not allow.isEnabled(), "nobody has seen all of it"
    whole = next(one for one in shown.findChildren(QuietButton) if one.text().startswith("Show the other"))
    whole.click()
    assert allow.isEnabled()
    assert "\\u202e" in shown.findChildren(RichText)[0].toPlainText()


def test_what_is_to_be_remembered_can_be_edited(view: TranscriptView) -> None:
    shown, answers = card(
        view, asks(kind=ConsentKind.MEMORY, request={"text": "Likes tea.", "project_id": None}, scopes=(Scope.ONCE,))
    )
    shown._field.setPlainText("Likes coffee.")
    choice(shown, "once").click()
    assert answers == [("a1", ConsentAnswer("of-c1", "once", "Likes coffee."))]


def test_a_card_that_stays_keeps_what_was_typed(view: TranscriptView) -> None:
    consent = asks(kind=ConsentKind.MEMORY, request={"text": "Likes tea.", "project_id": None}, scopes=(Scope.ONCE,))
    shown, _answers = card(view, consent)
    shown._field.setPlainText("Likes coffee.")
    view.set_items([question("q"), answer("a1", called("c1"), gave("c1"), "Text that came.", consents=(consent,))])
    QTest.qWait(20)
    assert view.findChildren(ConsentCard)[-1] is shown
    assert shown._field.toPlainText() == "Likes coffee."

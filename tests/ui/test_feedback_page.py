"""The page of feedback and test cases: found, opened, changed, checked, removed with undo, exported. Real chats."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget

from tests.fakes.backend import ScriptedBackend
from tests.fakes.workbench import FakeWorkbench
from tests.ui.conftest import MakeWindow, OpenWindow
from ui.chat.feedback_card import FeedbackCard
from ui.chat.feedback_case import CaseCard
from ui.feedback.desk import FeedbackPageDesk
from ui.feedback.entries import EntryKind, Shown
from ui.feedback.page import FeedbackPage
from ui.feedback.rows import MOST_SHOWN, EntryRow
from ui.widgets.buttons import Button, IconButton
from ui.widgets.popover import Popover
from workbench.chat.feedback.feedback import Verdict
from workbench.checks.check import CheckKind, make_check
from workbench.jobs import quiet_job


def judged(workbench: FakeWorkbench) -> None:
    """Of two answers the second was taken and is good; the first one is not, and a case was made of it."""
    first = workbench.chat.send(None, "The capital of France?", quiet_job())
    second = workbench.chat.regenerate(first.id, quiet_job())
    workbench.feedback.judge(first.id, Verdict.DOWN, "wrong town", "Paris, on the Seine.")
    workbench.feedback.judge(second.id, Verdict.UP)
    workbench.feedback.pick(second.id, first.id)
    workbench.cases.save(first.id, make_check(CheckKind.CONTAINS, "Paris"), "France")


@pytest.fixture
def opened(make_window: MakeWindow) -> OpenWindow:
    made = make_window(ScriptedBackend("It is Lyon.", "It is Paris."), prepare=judged)
    made.window.actions_["feedback"].trigger()
    made.until(lambda: len(page_of(made).rows.shown) == 4)
    return made


def page_of(opened: OpenWindow) -> FeedbackPage:
    found = opened.window.pages.feedback
    assert found is not None
    return found


def desk_of(opened: OpenWindow) -> FeedbackPageDesk:
    found = opened.window.pages.feedback_desk
    assert found is not None
    return found


def row(opened: OpenWindow, kind: EntryKind) -> EntryRow:
    return next(one for one in page_of(opened).rows.shown if one.entry.kind is kind)


def words_of(widget: QWidget) -> str:
    return "\n".join(one.text() for one in widget.findChildren(QLabel) if one.isVisibleTo(widget))


def press(row: EntryRow, name: str) -> None:
    next(one for one in row.findChildren(IconButton) if one.accessibleName().startswith(name)).click()


def undo(opened: OpenWindow) -> None:
    def found() -> list[Button]:
        return [one for one in opened.window.findChildren(Button) if one.text() == "Undo" and one.isVisible()]

    opened.until(lambda: bool(found()))
    found()[0].click()


def test_all_kinds_are_listed_with_what_was_said(opened: OpenWindow) -> None:
    bad, good = words_of(row(opened, EntryKind.BAD)), words_of(row(opened, EntryKind.GOOD))
    assert "It is Lyon." in bad
    assert "Why: wrong town" in bad
    assert "You wanted: Paris, on the Seine." in bad
    assert "It is Paris." in good
    assert "Instead of: It is Lyon." in words_of(row(opened, EntryKind.PREFERENCE))
    assert "Check: Contains: Paris" in words_of(row(opened, EntryKind.CASE))
    opened.until(lambda: opened.window.focusWidget() is page_of(opened).search)


@pytest.mark.parametrize(
    ("shown", "kinds"),
    [
        (Shown.ALL, set(EntryKind)),
        (Shown.GOOD, {EntryKind.GOOD}),
        (Shown.BAD, {EntryKind.BAD}),
        (Shown.REASONS, {EntryKind.BAD}),
        (Shown.CORRECTED, {EntryKind.BAD}),
        (Shown.PREFERENCES, {EntryKind.PREFERENCE}),
        (Shown.CASES, {EntryKind.CASE}),
    ],
)
def test_entries_are_found_by_kind_and_words(opened: OpenWindow, shown: Shown, kinds: set[EntryKind]) -> None:
    page = page_of(opened)
    assert page.count.text() == "2 answers rated · 1 preference · 1 test case"
    page.show_only(shown)
    assert {one.entry.kind for one in page.rows.shown} == kinds
    QTest.keyClicks(page.search, "PARIS")
    assert {one.entry.kind for one in page.rows.shown} == kinds  # each says it somewhere
    page.search.setText("wrong town")
    assert {one.entry.kind for one in page.rows.shown} == kinds & {EntryKind.BAD}
    page.search.setText("Rome")
    assert "Nothing here has these words." in words_of(page)


def of_a_question(workbench: FakeWorkbench) -> None:
    answer = workbench.chat.send(None, "The capital of France?", quiet_job())
    assert answer.parent_id is not None
    workbench.cases.save(answer.parent_id, make_check(CheckKind.CONTAINS, "Paris"), "Asked")
    workbench.cases.save(answer.id, make_check(CheckKind.CONTAINS, "Paris"), "Answered")


def test_only_a_case_with_an_answer_offers_to_check_it(make_window: MakeWindow) -> None:
    made = make_window(ScriptedBackend("It is Paris."), prepare=of_a_question)
    made.window.actions_["feedback"].trigger()
    made.until(lambda: len(page_of(made).rows.shown) == 2)
    offered = {
        one.title.text(): any(button.accessibleName().startswith("Check the answer") for button in one.buttons)
        for one in page_of(made).rows.shown
    }
    assert offered == {"Asked": False, "Answered": True}


def test_the_choice_of_kinds_is_a_list_of_the_window(opened: OpenWindow) -> None:
    page = page_of(opened)
    page.which.click()
    entries = opened.window.findChildren(Popover)[-1]._entries
    next(one for one in entries if one.accessibleName() == "Test cases").click()
    assert page.which.accessibleName() == "What is shown: Test cases"
    assert page.count.text() == "1 of 4"


def test_an_entry_leads_to_its_message(opened: OpenWindow) -> None:
    press(row(opened, EntryKind.BAD), "Show in its chat")
    opened.until(lambda: opened.window.pages.currentWidget() is opened.window.page)
    opened.until(lambda: "It is Lyon." in opened.texts)


@pytest.mark.parametrize("kind", list(EntryKind))
def test_what_is_removed_comes_back_as_it_was(opened: OpenWindow, kind: EntryKind) -> None:
    before = row(opened, kind).entry
    press(row(opened, kind), "Remove")
    opened.until(lambda: len(page_of(opened).rows.shown) == 3)
    undo(opened)
    opened.until(lambda: len(page_of(opened).rows.shown) == 4)
    assert row(opened, kind).entry == before


def test_the_focus_goes_to_the_next_entry_when_one_is_removed(opened: OpenWindow) -> None:
    first, second = page_of(opened).rows.shown[:2]
    first.buttons[-1].setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(first.buttons[-1], Qt.Key.Key_Space)
    opened.until(lambda: len(page_of(opened).rows.shown) == 3)
    opened.until(lambda: opened.window.focusWidget() is second.buttons[-1])


def test_a_case_is_checked_on_the_answer_from_then_and_its_check_is_changed(opened: OpenWindow) -> None:
    press(row(opened, EntryKind.CASE), "Check the answer")
    opened.until(lambda: "does not pass" in words_of(row(opened, EntryKind.CASE)))
    press(row(opened, EntryKind.CASE), "Change the check")
    opened.until(lambda: isinstance(desk_of(opened).card, CaseCard))
    card = desk_of(opened).card
    assert isinstance(card, CaseCard)
    assert (card.title.text(), card.expected.toPlainText(), card.kind) == ("France", "Paris", CheckKind.CONTAINS)
    opened.until(lambda: card.result.text().startswith("This answer would not pass."))
    card.kinds[CheckKind.REGEX].click()
    card.expected.setPlainText("[Ll]yon")
    opened.until(lambda: card.result.text().startswith("This answer would pass."))
    card.save.click()
    opened.until(lambda: "Check: Pattern: [Ll]yon" in words_of(row(opened, EntryKind.CASE)))
    press(row(opened, EntryKind.CASE), "Check the answer")
    opened.until(lambda: "The answer from then passes." in words_of(row(opened, EntryKind.CASE)))


def test_a_verdict_gets_another_reason(opened: OpenWindow) -> None:
    press(row(opened, EntryKind.BAD), "Change the verdict")
    card = desk_of(opened).card
    assert isinstance(card, FeedbackCard)
    card.reason.setText("too short")
    QTest.keyClick(card.reason, Qt.Key.Key_Return)
    opened.until(lambda: "Why: too short" in words_of(row(opened, EntryKind.BAD)))


def test_a_case_whose_chat_was_deleted_stays_and_leads_nowhere(opened: OpenWindow) -> None:
    (chat,) = opened.workbench.chat.list()
    opened.workbench.chat.delete(chat.id)
    opened.until(lambda: row(opened, EntryKind.CASE).entry.place is None)
    case = row(opened, EntryKind.CASE)
    assert "its message was deleted" in words_of(case)
    assert [one.toolTip() for one in case.buttons] == ["Change the check", "Remove"]
    opened.workbench.chat.restore(chat.id)
    opened.until(lambda: row(opened, EntryKind.CASE).entry.place is not None)


def test_both_files_are_written_and_what_cannot_be_is_told(opened: OpenWindow, tmp_path: Path) -> None:
    desk = desk_of(opened)
    desk.export_to(tmp_path / "feedback.json", Shown.ALL)
    desk.export_to(tmp_path / "cases.json", Shown.CASES)
    opened.until(lambda: (tmp_path / "cases.json").exists() and (tmp_path / "feedback.json").exists())
    opened.until(lambda: opened.window._bridge.idle)
    assert json.loads((tmp_path / "feedback.json").read_text()) == opened.workbench.feedback.document()
    assert json.loads((tmp_path / "cases.json").read_text()) == opened.workbench.cases.document()
    desk.export_to(tmp_path / "nowhere" / "cases.json", Shown.CASES)
    opened.until(lambda: "cannot be written" in words_of(opened.window))


def test_an_empty_page_says_what_it_is_for(make_window: MakeWindow) -> None:
    opened = make_window()
    opened.window.actions_["feedback"].trigger()
    page = page_of(opened)
    opened.until(lambda: "The thumbs below each answer" in words_of(page))
    assert not page.search.isVisible()
    assert not page.export.isEnabled()


def test_very_many_show_the_newest(make_window: MakeWindow) -> None:
    def prepare(workbench: FakeWorkbench) -> None:
        answer = workbench.chat.send(None, "Question", quiet_job())
        for number in range(MOST_SHOWN + 2):
            workbench.cases.save(answer.id, make_check(CheckKind.CONTAINS, "x"), f"Case x{number}y")

    opened = make_window(prepare=prepare)
    opened.window.actions_["feedback"].trigger()
    page = page_of(opened)
    opened.until(lambda: len(page.rows.shown) == MOST_SHOWN)
    assert "2 older ones are not shown" in words_of(page)
    page.search.setText("Case x0y")
    assert [one.entry.question for one in page.rows.shown] == ["Case x0y"]

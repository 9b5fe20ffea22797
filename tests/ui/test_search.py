"""Searching in the window: the sidebar's field, the command list, and the way to the message."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.fakes.backend import ScriptedBackend
from tests.fakes.workbench import FakeWorkbench
from tests.ui.conftest import MakeWindow, OpenWindow
from ui.appearance import Appearance
from ui.chat.sidebar import Sidebar
from ui.chat.transcript_items import ReasoningRow
from ui.command_list import CommandList
from ui.search.filters import since, value_of, with_value, without, words_of
from ui.search.hit_painter import spoken
from ui.search.panel import NOTHING, NOTHING_LEFT, SEARCHING, SearchPanel
from ui.widgets.popover import Popover
from workbench.chat.searching.search import Hit
from workbench.chat.tree import ConversationSummary
from workbench.jobs import quiet_job
from workbench.messages import ReasoningDelta, TextDelta

ANSWER = "A lighthouse warns ships.\n\nIt stands by the sea."


@pytest.fixture
def opened(make_window: MakeWindow) -> OpenWindow:
    window = make_window(ScriptedBackend(ANSWER, "Something else.", "Loops repeat."), seed)
    window.until(lambda: len(window.window.sidebar.model.chats) == 2)
    return window


def seed(workbench: FakeWorkbench) -> None:
    """Two chats; the first has two branches, and the lighthouse stands in the older one."""
    first = workbench.chat.send(None, "What is it for?", quiet_job())
    workbench.chat.regenerate(first.id, quiet_job())
    workbench.chat.send(None, "How do loops work?", quiet_job())


def panel(opened: OpenWindow) -> SearchPanel:
    return opened.window.sidebar.search


def search(opened: OpenWindow, text: str) -> tuple[Hit, ...]:
    """Type, and wait for what is found."""
    opened.window.sidebar.filter.setText(text)
    opened.until(lambda: panel(opened)._answered == text)
    return panel(opened).list.hits


# The text of filters --------------------------------------------------------------------------------------------------


def test_filters_are_written_into_the_text_and_taken_out() -> None:
    text = with_value("deep sea", "model", "Qwen3 4B")
    assert text == 'model:"Qwen3 4B" deep sea'
    assert value_of(text, "model") == "Qwen3 4B"
    assert with_value(text, "model", "other") == "model:other deep sea"
    assert without(text, "model") == "deep sea"
    assert without("remodel:x", "model") == "remodel:x"
    assert words_of("has:attachment in:reasoning deep after:2026") == "deep"
    assert value_of("deep", "has") == ""
    assert since(date(2026, 11, 22), 7) == "2026-11-16"


def test_a_hit_is_spoken_whole() -> None:
    hit = Hit("c", "m", "The sea", "…the tides…", 0.0, "reasoning", "assistant")
    assert spoken(hit) == "The sea, Jan 1970, the model in its reasoning, …the tides…"


# The sidebar ----------------------------------------------------------------------------------------------------------


def test_hits_appear_as_one_types_and_the_list_comes_back(opened: OpenWindow) -> None:
    sidebar = opened.window.sidebar
    (hit,) = search(opened, "lightho")
    assert [hit.snippet[begin:end] for begin, end in hit.marks] == ["lighthouse"]
    assert (panel(opened).isVisible(), sidebar.list.isVisible(), sidebar.projects.isVisible()) == (True, False, False)
    sidebar.filter.clear()
    assert (panel(opened).isVisible(), sidebar.list.isVisible(), sidebar.projects.isVisible()) == (False, True, True)


def test_enter_goes_to_the_message_in_another_branch_and_marks_it(opened: OpenWindow) -> None:
    field = opened.window.sidebar.filter
    search(opened, "lighthouse")
    QTest.keyClick(field, Qt.Key.Key_Return)
    opened.until(lambda: ANSWER in opened.texts[-1:])
    opened.until(lambda: opened.page.find_bar.isVisible())
    assert opened.page.find_bar.field.text() == "lighthouse"
    assert opened.page.find_bar._count.text() == "1 of 1"


def test_a_message_far_up_is_scrolled_to(make_window: MakeWindow) -> None:
    def long(workbench: FakeWorkbench) -> None:
        workbench.chat.send(None, "Where is the harbour?", quiet_job())
        chat = workbench.chat.list()[0].id
        for number in range(15):
            workbench.chat.send(chat, f"And number {number}?", quiet_job())
        workbench.chat.send(None, "Another chat", quiet_job())

    opened = make_window(ScriptedBackend("word " * 100), long)
    opened.until(lambda: len(opened.window.sidebar.model.chats) == 2)
    search(opened, "harbour")
    panel(opened).list.choose()
    opened.until(lambda: opened.page.find_bar.isVisible())
    transcript = opened.page.transcript
    assert transcript.verticalScrollBar().value() < transcript.verticalScrollBar().maximum() // 2


def test_reasoning_is_unfolded_where_it_was_found(make_window: MakeWindow) -> None:
    opened = make_window(
        ScriptedBackend([ReasoningDelta("Perhaps the moon."), TextDelta("Tides.")]),
        lambda workbench: workbench.chat.send(None, "Why?", quiet_job()),
    )
    opened.until(lambda: len(opened.window.sidebar.model.chats) == 1)
    search(opened, "in:reasoning moon")
    panel(opened).list.choose()
    opened.until(lambda: opened.texts == ["Why?", "Tides."])
    section = opened.page.transcript.sections[1]
    opened.until(lambda: any(isinstance(row, ReasoningRow) and row.expanded for row in section.rows))
    assert not opened.page.find_bar.isVisible()


def test_arrow_keys_walk_and_escape_empties_the_field(opened: OpenWindow) -> None:
    field = opened.window.sidebar.filter
    hits = search(opened, "loops")
    assert len(hits) == 2
    QTest.keyClick(field, Qt.Key.Key_Down)
    assert panel(opened).list.currentIndex().row() == 1
    QTest.keyClick(field, Qt.Key.Key_Down)
    assert panel(opened).list.currentIndex().row() == 0
    QTest.keyClick(field, Qt.Key.Key_Up)
    assert panel(opened).list.currentIndex().row() == 1
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == ""


def test_a_click_goes_to_the_hit_once(opened: OpenWindow) -> None:
    chosen: list[Hit] = []
    panel(opened).hit_chosen.connect(chosen.append)
    search(opened, "lighthouse")
    place = panel(opened).list.visualRect(panel(opened).list.model().index(0, 0)).center()
    QTest.mouseClick(panel(opened).list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert len(chosen) == 1
    opened.until(lambda: ANSWER in opened.texts[-1:])


def test_nothing_found_is_said(opened: OpenWindow) -> None:
    assert search(opened, "zebra") == ()
    assert panel(opened).told.text() == NOTHING
    assert search(opened, "has:attachment lighthouse") == ()
    assert panel(opened).told.text() == NOTHING_LEFT


def test_only_the_newest_text_counts(opened: OpenWindow) -> None:
    field = opened.window.sidebar.filter
    for text in ("l", "li", "loops", "lighthouse"):
        field.setText(text)
    opened.until(lambda: panel(opened)._answered == "lighthouse")
    assert len(panel(opened).list.hits) == 1


def test_enter_before_the_hits_goes_to_the_best_of_them(opened: OpenWindow) -> None:
    field = opened.window.sidebar.filter
    search(opened, "loops")
    field.setText("lighthouse")
    QTest.keyClick(field, Qt.Key.Key_Return)
    opened.until(lambda: ANSWER in opened.texts[-1:])


def test_enter_before_the_hits_is_forgotten_when_one_types_on(opened: OpenWindow) -> None:
    chosen: list[Hit] = []
    panel(opened).hit_chosen.connect(chosen.append)
    field = opened.window.sidebar.filter
    QTest.keyClicks(field, "lighthous")
    QTest.keyClick(field, Qt.Key.Key_Return)
    QTest.keyClicks(field, "e")
    opened.until(lambda: panel(opened)._answered == "lighthouse")
    assert chosen == []


def test_chips_write_filters(opened: OpenWindow) -> None:
    field, chips = opened.window.sidebar.filter, panel(opened).chips
    search(opened, "lighthouse")
    chips["has"].click()
    assert field.text() == "has:attachment lighthouse"
    assert chips["has"].isChecked()
    chips["has"].click()
    assert field.text() == "lighthouse"
    assert not chips["has"].isChecked()


def test_the_models_that_answered_are_offered(opened: OpenWindow) -> None:
    search(opened, "lighthouse")
    panel(opened).chips["model"].click()
    opened.until(lambda: opened.window.findChild(Popover) is not None)
    popover = opened.window.findChild(Popover)
    assert popover is not None
    (entry,) = popover._entries
    entry.click()
    assert opened.window.sidebar.filter.text() == 'model:"Fake 1B" lighthouse'
    opened.until(lambda: len(panel(opened).list.hits) == 1)
    assert panel(opened).chips["model"].text() == "Model: Fake 1B"


def test_a_failure_is_told_in_words(opened: OpenWindow) -> None:
    opened.workbench.database.close()
    opened.window.sidebar.filter.setText("sea")
    opened.until(lambda: panel(opened).told.text() == "The database is closed.")


def test_what_is_not_searched_yet_is_told(opened: OpenWindow) -> None:
    panel(opened).show_left(12000)
    assert panel(opened).note.text() == "12,000 older messages are still being read."
    panel(opened).show_left(0)
    assert not panel(opened).note.isVisible()


# The command list -----------------------------------------------------------------------------------------------------


def test_the_command_list_finds_what_was_said(opened: OpenWindow) -> None:
    opened.window.actions_["commands"].trigger()
    dialog = opened.window.findChild(CommandList)
    assert dialog is not None
    QTest.keyClicks(dialog.field, "lighthouse")
    opened.until(lambda: dialog.list.count() == 1)
    QTest.keyClick(dialog.field, Qt.Key.Key_Return)
    opened.until(lambda: ANSWER in opened.texts[-1:])
    opened.until(lambda: opened.page.find_bar.isVisible())


def test_enter_in_the_command_list_before_the_hits_goes_to_the_best_of_them(opened: OpenWindow) -> None:
    opened.window.actions_["commands"].trigger()
    dialog = opened.window.findChild(CommandList)
    assert dialog is not None
    QTest.keyClicks(dialog.field, "lighthouse")
    assert dialog.list.count() == 0
    QTest.keyClick(dialog.field, Qt.Key.Key_Return)
    opened.until(lambda: ANSWER in opened.texts[-1:])
    opened.until(lambda: not opened.window.findChildren(CommandList))


def test_actions_and_titles_stand_before_what_was_said(opened: OpenWindow) -> None:
    opened.window.actions_["commands"].trigger()
    dialog = opened.window.findChild(CommandList)
    assert dialog is not None
    QTest.keyClicks(dialog.field, "loops")
    opened.until(lambda: dialog.list.count() == 2)
    assert dialog.list.item(0).text() == "How do loops work?"
    QTest.keyClicks(dialog.field, " zebra")
    assert dialog._empty.text() == SEARCHING
    opened.until(lambda: dialog.list.count() == 0 and dialog._empty.text() == "Nothing here has these words.")
    dialog.dismiss()


# Long lists -----------------------------------------------------------------------------------------------------------


def test_a_chat_far_below_is_marked_when_the_list_comes_to_it(appearance: Appearance) -> None:
    sidebar = Sidebar(appearance)
    sidebar.show_chats(tuple(ConversationSummary(str(number), "Chat", 1e9 - number, 2) for number in range(500)))
    sidebar.select("450")
    assert sidebar.list.selectionModel().selectedIndexes() == []
    while sidebar.model.canFetchMore():
        sidebar.model.fetchMore()
    assert sidebar.model.chat_at(sidebar.list.currentIndex()).id == "450"  # type: ignore[union-attr]
    sidebar.deleteLater()


# Pins -----------------------------------------------------------------------------------------------------------------


def test_a_chat_is_pinned_and_unpinned(opened: OpenWindow) -> None:
    model = opened.window.sidebar.model
    older = model.chats[1]
    opened.window._desk.open_chat(older.id)  # type: ignore[union-attr]
    opened.window.actions_["pin_chat"].trigger()
    opened.until(lambda: model.index(0).data() == "Pinned" and model.chats[0].id == older.id)
    opened.window.actions_["pin_chat"].trigger()
    opened.until(lambda: model.index(0).data() == "Today" and model.chats[1].id == older.id)

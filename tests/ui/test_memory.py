"""Memory in the window: the page, its texts and facts, where they come from, files. Real memory on a real database."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget

from tests.fakes.workbench import FakeWorkbench
from tests.ui.conftest import MakeWindow, OpenWindow
from ui.chat.answer_details import details
from ui.memory.facts import MOST_SHOWN, FactRow
from ui.memory.page import MemoryPage
from ui.widgets.buttons import Button
from ui.widgets.popover import Popover
from workbench.chat.tree import Node, Turn, TurnState
from workbench.jobs import quiet_job
from workbench.memory.memory import AboutMe, Fact, Remembered
from workbench.messages import Message, Role, Text


def open_page(opened: OpenWindow) -> MemoryPage:
    opened.window.sidebar.memory_button.click()
    found = opened.window.pages.memory
    assert found is not None
    opened.until(lambda: found._read.chats is not None)
    return found


def words_of(widget: QWidget) -> str:
    return "\n".join(one.text() for one in widget.findChildren(QLabel) if one.isVisibleTo(widget))


def rows(page: MemoryPage) -> list[FactRow]:
    return [page.facts.row(fact.id) for fact in page.facts.shown]


def texts(page: MemoryPage) -> list[str]:
    return [fact.text for fact in page.facts.shown]


def type_into(field: QWidget, text: str) -> None:
    field.setFocus()
    QTest.keyClicks(field, text)


def toast_button(opened: OpenWindow, words: str) -> Button:
    opened.until(lambda: any(one.text() == words for one in opened.window.findChildren(Button)))
    return next(one for one in opened.window.findChildren(Button) if one.text() == words)


def test_an_empty_memory_says_what_it_is_for_and_a_fact_is_written(make_window: MakeWindow) -> None:
    opened = make_window()
    page = open_page(opened)
    assert "so that you say it once" in words_of(page.facts)
    assert opened.window.focusWidget() is page.new_fact
    type_into(page.new_fact, "I am allergic to nuts.")
    QTest.keyClick(page.new_fact, Qt.Key.Key_Return)
    opened.until(lambda: texts(page) == ["I am allergic to nuts."])
    assert page.new_fact.text() == ""
    assert page.count.text() == "1 fact"
    assert "so that you say it once" not in words_of(page.facts)


def test_texts_are_kept_as_they_are_typed_and_shown_again(make_window: MakeWindow) -> None:
    opened = make_window(prepare=lambda workbench: workbench.memory.write_texts(AboutMe("I am Ada.", "")))
    page = open_page(opened)
    assert page.texts.about.toPlainText() == "I am Ada."
    type_into(page.texts.how, "Briefly.")
    opened.until(lambda: opened.workbench.memory.texts() == AboutMe("I am Ada.", "Briefly."))
    page.texts.how.setPlainText("x" * 4_001)
    assert "1 characters too long" in words_of(page.texts)
    page.texts.keep_typed()
    page.texts.how.setPlainText("Typed last.")
    assert opened.window.pages.memory_desk is not None
    opened.window.pages.memory_desk.flush()
    assert opened.workbench.memory.texts() == AboutMe("I am Ada.", "Typed last.")


def test_a_fact_is_changed_in_place_switched_off_and_removed_with_undo(make_window: MakeWindow) -> None:
    opened = make_window(prepare=lambda workbench: workbench.memory.add("Has a cat"))
    page = open_page(opened)
    (row,) = rows(page)
    row.pencil.click()
    edit = row._edit
    assert edit is not None
    assert opened.window.focusWidget() is edit
    QTest.keyClick(edit, Qt.Key.Key_Escape)
    assert not row.editing
    assert opened.window.pages.currentWidget() is page
    row.pencil.click()
    assert row._edit is not None
    QTest.keyClicks(row._edit, "Has two cats")
    QTest.keyClick(row._edit, Qt.Key.Key_Return)
    opened.until(lambda: texts(page) == ["Has two cats"])
    rows(page)[0].switch.click()
    opened.until(lambda: not page.facts.shown[0].active)
    assert rows(page)[0].switch.text() == "Off"
    rows(page)[0].bin.click()
    opened.until(lambda: texts(page) == [])
    toast_button(opened, "Undo").click()
    opened.until(lambda: texts(page) == ["Has two cats"])


def test_what_did_not_change_keeps_its_row_and_what_is_typed_in_it(make_window: MakeWindow) -> None:
    opened = make_window(prepare=lambda workbench: workbench.memory.add("Has a cat"))
    page = open_page(opened)
    (row,) = rows(page)
    row.pencil.click()
    assert row._edit is not None
    QTest.keyClicks(row._edit, "Has a d")
    opened.workbench.memory.add("Lives in Berlin")
    opened.until(lambda: texts(page) == ["Lives in Berlin", "Has a cat"])
    assert rows(page)[1] is row
    assert row._edit.text() == "Has a d"


def test_facts_are_found_by_words_and_by_project(make_window: MakeWindow) -> None:
    def prepare(workbench: FakeWorkbench) -> None:
        project = workbench.projects.create("Thesis")
        workbench.memory.add("Has a cat")
        workbench.memory.add("Writes about bees", project.id)

    opened = make_window(prepare=prepare)
    page = open_page(opened)
    assert "Thesis" in words_of(rows(page)[0])
    type_into(page.search, "CAT")
    assert texts(page) == ["Has a cat"]
    assert page.count.text() == "1 of 2 facts"
    page.search.setText("dog")
    assert "No fact has these words." in words_of(page.facts)
    page.search.clear()
    page.where.click()
    entries = opened.window.findChildren(Popover)[-1]._entries
    next(one for one in entries if one.accessibleName() == "Thesis").click()
    assert texts(page) == ["Writes about bees"]
    type_into(page.new_fact, "Due in May")
    page.add.click()
    opened.until(lambda: texts(page) == ["Due in May", "Writes about bees"])
    assert opened.workbench.memory.facts("due")[0].project_id == opened.workbench.projects.find("Thesis").id


def test_a_fact_opens_the_chat_it_comes_from(make_window: MakeWindow) -> None:
    def prepare(workbench: FakeWorkbench) -> None:
        answer = workbench.chat.send(None, "About my cat", quiet_job())
        chat = workbench.chat.list()[0].id
        workbench.memory.add("Has a cat", conversation_id=chat, message_id=answer.id)
        workbench.memory.add("Gone", conversation_id="0" * 32, message_id="0" * 32)

    opened = make_window(prepare=prepare)
    page = open_page(opened)
    gone, there = rows(page)
    assert "from a chat that is not there any more" in words_of(gone)
    there.source.click()
    opened.until(lambda: opened.window.pages.currentWidget() is opened.window.page)
    opened.until(lambda: "About my cat" in opened.texts)


def test_a_fact_opens_its_chat_at_the_message(make_window: MakeWindow) -> None:
    def prepare(workbench: FakeWorkbench) -> None:
        first = workbench.chat.send(None, "About my cat", quiet_job())
        chat = workbench.chat.list()[0].id
        workbench.memory.add("Has a cat", conversation_id=chat, message_id=first.id)
        for number in range(12):
            workbench.chat.send(chat, f"Then, number {number}\n" * 8, quiet_job())

    opened = make_window(prepare=prepare)
    rows(open_page(opened))[0].source.click()
    opened.until(lambda: opened.window.pages.currentWidget() is opened.window.page)
    opened.until(lambda: len(opened.texts) == 26 and opened.idle())
    bar = opened.page.transcript.verticalScrollBar()
    opened.until(lambda: bar.maximum() > 1000 and bar.value() < bar.maximum() // 4)


def test_very_many_facts_show_the_newest(make_window: MakeWindow) -> None:
    def prepare(workbench: FakeWorkbench) -> None:
        for number in range(MOST_SHOWN + 3):
            workbench.memory.add(f"Fact x{number}y")

    opened = make_window(prepare=prepare)
    page = open_page(opened)
    assert len(rows(page)) == MOST_SHOWN
    assert "3 older ones are not shown" in words_of(page.facts)
    type_into(page.search, "x0y")
    assert texts(page) == ["Fact x0y"]


def test_the_switches_are_the_settings(make_window: MakeWindow) -> None:
    opened = make_window()
    page = open_page(opened)
    page.enabled.click()
    opened.until(lambda: not opened.workbench.settings.memory.enabled)
    opened.until(lambda: page.enabled.text() == "Off")
    opened.until(lambda: "Nothing of this is told" in words_of(page))
    page.proposals.click()
    opened.until(lambda: not opened.workbench.settings.memory.proposals)


def test_files_out_and_in(make_window: MakeWindow, tmp_path: Path) -> None:
    opened = make_window(prepare=lambda workbench: workbench.memory.add("Has a cat"))
    page = open_page(opened)
    desk = opened.window.pages.memory_desk
    assert desk is not None
    file = tmp_path / "memory.md"
    desk.export_to(file)
    opened.until(file.exists)
    file.write_text(file.read_text() + "- Lives in Berlin\n")
    desk.take_in(file)
    opened.until(lambda: set(texts(page)) == {"Lives in Berlin", "Has a cat"})
    opened.until(lambda: "0 texts and 1 fact taken in." in words_of(opened.window))


def test_a_project_has_texts_facts_and_a_switch_of_its_own(make_window: MakeWindow) -> None:
    def prepare(workbench: FakeWorkbench) -> None:
        project = workbench.projects.create("Thesis")
        workbench.memory.write_texts(AboutMe("", "With sources."), project.id)
        workbench.memory.add("Writes about bees", project.id)
        workbench.memory.add("Has a cat")

    opened = make_window(prepare=prepare)
    opened.until(lambda: bool(opened.window.sidebar.projects.buttons))
    opened.window.sidebar.projects.buttons[0].click()
    page = opened.window.pages.project
    assert page is not None
    opened.until(lambda: page.project is not None)
    assert page.memory.how.toPlainText() == "With sources."
    type_into(page.memory.about, "A biologist")
    project = opened.workbench.projects.find("Thesis")
    opened.until(lambda: opened.workbench.memory.texts(project.id) == AboutMe("A biologist", "With sources."))
    assert opened.workbench.memory.texts() == AboutMe()
    page.told.click()
    opened.until(lambda: not opened.workbench.projects.find("Thesis").memory)
    opened.until(lambda: page.told.text() == "Off")
    page.facts.click()
    memory = opened.window.pages.memory
    assert memory is not None
    opened.until(lambda: texts(memory) == ["Writes about bees"])
    assert "Thesis" in memory.told_where.text()


def test_the_details_of_an_answer_list_what_it_was_told() -> None:
    told = Remembered(
        AboutMe("I am Ada.", ""),
        AboutMe("", "With sources."),
        tuple(Fact(str(number), f"Fact {number}", number, number) for number in range(22)),
        8,
    )
    turn = Turn("t", "Model", "engine", TurnState.ENDED, 1.0, memory=told)
    answer = Node("a", None, Message(Role.ASSISTANT, (Text("Yes."),)), 1.0, turn=turn)
    group = next(one for one in details(answer, (answer,)) if one.title == "What it was told of you")
    rows_of = dict(group.rows)
    assert rows_of["About me"] == "I am Ada."
    assert rows_of["How to answer here"] == "With sources."
    assert rows_of["Facts"].startswith("Fact 21\nFact 20\n")
    assert rows_of["Facts"].endswith("Fact 2\n… and 2 before")
    assert rows_of["No room for"] == "8 older facts"
    untold = replace(answer, turn=replace(turn, memory=Remembered()))
    assert all(one.title != "What it was told of you" for one in details(untold, (untold,)))

"""The list of the library: found as one types, by tag, in an order; favourites; the way there and back."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.fakes.workbench import FakeWorkbench
from tests.ui.prompts.conftest import PROMPTS, OpenPage
from ui.prompts.items import GAIN_ROLE
from ui.prompts.state import LibraryState, Sort, arranged
from workbench.events import Topic
from workbench.prompts.files.deciding import Told
from workbench.prompts.prompt import Prompt, SavedPrompt
from workbench.prompts.warming import Gain

CONTROL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


def saved(title: str, **values: object) -> SavedPrompt:
    return SavedPrompt(title, Prompt(title, title.lower(), "text"), **values)  # type: ignore[arg-type]


def test_favourites_stand_first_in_every_order() -> None:
    old = saved("A", uses=9, last_used_at=1.0)
    new = saved("B", uses=2, last_used_at=2.0)
    star = saved("C", favourite=True)
    orders = {sort: "".join(one.prompt.title for one in arranged((old, new, star), sort)) for sort in Sort}
    assert orders == {Sort.TITLE: "CAB", Sort.LAST_USED: "CBA", Sort.MOST_USED: "CAB"}


def test_numbers_in_titles_count_as_numbers() -> None:
    titles = [one.prompt.title for one in arranged([saved(f"Step {n}") for n in (10, 1, 2)], Sort.TITLE)]
    assert titles == ["Step 1", "Step 2", "Step 10"]


def test_what_is_found_keeps_the_order_of_the_search() -> None:
    first, second = saved("Z"), saved("A", favourite=True)
    assert LibraryState((second, first), found=(first, second)).shown == (first, second)


def test_the_page_opens_by_key_and_closes_by_escape(open_prompts: OpenPage) -> None:
    opened = open_prompts(*PROMPTS)
    opened.window.activateWindow()
    opened.window.acts.stop()
    assert opened.window.pages.currentWidget() is opened.page
    QTest.keyClick(opened.window, Qt.Key.Key_P, CONTROL_SHIFT)
    assert opened.prompts.isVisible()
    assert opened.titles == ["Explain code", "Reply to mail", "Summarise"]


def test_the_sidebar_and_the_commands_lead_to_it(open_prompts: OpenPage) -> None:
    opened = open_prompts()
    opened.window.acts.stop()
    opened.window.sidebar.prompts_button.click()
    assert opened.prompts.isVisible()


def test_it_is_found_as_one_types_and_escape_leaves_the_search_first(open_prompts: OpenPage) -> None:
    opened = open_prompts(*PROMPTS)
    QTest.keyClicks(opened.prompts.library.field, "expl")
    opened.until(lambda: opened.titles == ["Explain code"])
    opened.window.acts.stop()
    opened.until(lambda: len(opened.titles) == 3)
    assert opened.prompts.isVisible()


def test_what_became_of_their_files_is_told(open_prompts: OpenPage) -> None:
    opened = open_prompts(*PROMPTS)
    opened.workbench.prompt_files.told = (Told("mail.md", 3, "it has the marks of a merge that is not finished"),)
    opened.workbench.bus.publish(Topic.PROMPTS)
    opened.until(lambda: "mail.md, line 3" in opened.shown_words)
    opened.workbench.prompt_files.told = ()
    opened.workbench.bus.publish(Topic.PROMPTS)
    opened.until(lambda: "mail.md" not in opened.shown_words)


def test_a_tag_leaves_those_that_have_it(open_prompts: OpenPage) -> None:
    opened = open_prompts(*PROMPTS)
    opened.prompts.library.tagged.emit("writing")
    assert opened.titles == ["Reply to mail", "Summarise"]
    opened.prompts.library.tagged.emit("")
    assert len(opened.titles) == 3


def test_space_makes_a_favourite_and_takes_it_back(open_prompts: OpenPage) -> None:
    opened = open_prompts(*PROMPTS)
    rows = opened.prompts.library.list
    rows.go_to(2)
    QTest.keyClick(rows, Qt.Key.Key_Space)
    opened.until(lambda: opened.titles[0] == "Summarise")
    current = rows.current
    assert current is not None
    assert current.prompt.title == "Summarise"
    assert current.favourite
    QTest.keyClick(rows, Qt.Key.Key_Space)
    opened.until(lambda: opened.titles[0] == "Explain code")


def test_a_click_on_the_star_opens_nothing(open_prompts: OpenPage) -> None:
    opened = open_prompts(*PROMPTS)
    rows = opened.prompts.library.list
    heard: list[object] = []
    rows.opened.connect(heard.append)
    place = rows.rows.star_place(rows.visualRect(rows.model().index(0, 0)), rows.font()).center()
    QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=place)
    opened.until(lambda: opened.workbench.prompts.all()[0].favourite)
    assert heard == []


def test_an_empty_library_says_what_it_is_for(open_prompts: OpenPage) -> None:
    opened = open_prompts()
    view = opened.prompts.library
    assert view.starters.isVisible()
    assert not view.field.isVisible()
    opened.workbench.prompts.save(PROMPTS[0])
    opened.until(lambda: opened.titles == ["Reply to mail"])
    assert not view.starters.isVisible()


def test_what_keeping_a_favourite_ready_brings_is_told(open_prompts: OpenPage) -> None:
    def measured(workbench: FakeWorkbench) -> None:
        one = workbench.prompts.get("reply")
        other = workbench.prompts.get("explain")
        workbench.gained = (Gain(one.id, Path("m"), 900, 1.41, 0.2), Gain(other.id, Path("m"), 20, 0.0, 0.1))

    opened = open_prompts(*PROMPTS, prepare=measured)
    model = opened.prompts.library.model

    def told(row: int) -> str:
        return str(model.data(model.index(row), GAIN_ROLE))

    opened.until(lambda: told(model.row_of(opened.workbench.prompts.get("reply").id)) == "0.2 s instead of 1.4 s")
    assert told(model.row_of(opened.workbench.prompts.get("explain").id)) == ""

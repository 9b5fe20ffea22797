"""The mark of the saved prompt that a question was written with: what it says, and where it leads."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFrame, QPushButton

from tests.fakes.backend import ScriptedBackend
from tests.fakes.workbench import FakeWorkbench
from tests.ui.conftest import MakeWindow, OpenWindow
from ui.chat.footer_actions import OPEN_PROMPT
from ui.chat.transcript_items import BubbleRow, ItemRows, PromptRow, TranscriptItem
from ui.chat.transcript_rows import gap_above
from ui.prompts.page import PromptsPage
from workbench.chat.asking.options import Options
from workbench.jobs import Job
from workbench.messages import Text, UsedPrompt
from workbench.prompts.prompt import Prompt
from workbench.prompts.using import MOST_OF_VALUE, used_prompt

LONG = (
    "A title that is far too long for one line of any column, however wide the window may be made, and goes on and on"
)


def asked_with(
    make_window: MakeWindow,
    title: str = "Summarise",
    values: Mapping[str, str] | None = None,
    then: Callable[[FakeWorkbench, str], None] = lambda _workbench, _prompt: None,
) -> OpenWindow:
    """A chat with one question that was written with a prompt of this title."""

    def prepare(workbench: FakeWorkbench) -> None:
        saved = workbench.prompts.save(Prompt(title, "summarise", "Sum up: {{ words }}")).prompt
        used = used_prompt(saved, "", values=values)
        workbench.chat.send(None, "Sum up: the sea", Job(lambda _event: None), Options(prompt=used))
        then(workbench, saved.id)

    opened = make_window(ScriptedBackend("Blue."), prepare)
    assert opened.window.desk is not None
    opened.window.desk.open_chat(opened.workbench.chat.list()[0].id)
    opened.until(lambda: len(opened.texts) == 2 and opened.idle())
    return opened


def mark_of(opened: OpenWindow) -> QPushButton:
    view = opened.window.page.transcript
    assert view is not None
    opened.until(lambda: bool(view.findChildren(QPushButton, OPEN_PROMPT)))
    return view.findChildren(QPushButton, OPEN_PROMPT)[0]


def prompts_of(opened: OpenWindow) -> PromptsPage:
    opened.until(lambda: opened.window.pages.prompts is not None)
    assert opened.window.pages.prompts is not None
    return opened.window.pages.prompts


def toasts_of(opened: OpenWindow) -> list[str]:
    frames = opened.window.findChildren(QFrame)
    return [one.accessibleName() for one in frames if one.property("look") == "toast"]


def test_what_was_filled_in_is_kept_by_its_beginning(make_window: MakeWindow) -> None:
    opened = asked_with(make_window, values={"words": "sea " * 500, "tone": " "})
    desk = opened.window.desk
    assert desk is not None
    used = desk.chat.state.nodes[0].message.prompt
    assert used is not None
    assert list(used.values) == ["words"]
    assert len(used.values["words"]) == MOST_OF_VALUE
    assert used.values["words"].endswith("sea…")


def test_the_mark_stands_close_above_its_question() -> None:
    used = UsedPrompt("p", "summarise", "Summarise", 3)
    mark, bubble = ItemRows(TranscriptItem("1", "question", (used, Text("sea")))).rows()
    assert mark == PromptRow(used)
    assert isinstance(bubble, BubbleRow)
    assert gap_above(bubble, mark) < gap_above(bubble, bubble)


def test_it_tells_title_version_and_what_was_filled_in(make_window: MakeWindow) -> None:
    opened = asked_with(make_window, values={"words": "the sea"})
    mark = mark_of(opened)
    assert mark.text() == "Summarise · v1"
    assert mark.accessibleName() == "Written with the prompt Summarise, version 1"
    assert "words: the sea" in mark.toolTip()
    assert "words: the sea" in mark.accessibleDescription()
    assert mark.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_a_long_title_is_cut_before_its_version(make_window: MakeWindow) -> None:
    mark = mark_of(asked_with(make_window, LONG))
    assert mark.text().endswith("… · v1")
    assert mark.width() < 340
    assert LONG in mark.accessibleName()


def test_pressing_it_opens_the_prompt(make_window: MakeWindow) -> None:
    opened = asked_with(make_window)
    QTest.keyClick(mark_of(opened), Qt.Key.Key_Space)
    page = prompts_of(opened)
    opened.until(lambda: page.in_editor)
    assert page.editor.head.title.text() == "Summarise"


def test_an_older_version_is_shown_among_the_others(make_window: MakeWindow) -> None:
    def write_on(workbench: FakeWorkbench, prompt_id: str) -> None:
        for text in ("Sum it up: {{ words }}", "In one line: {{ words }}"):
            workbench.prompts.save(Prompt("Summarise", "summarise", text), prompt_id)

    opened = asked_with(make_window, then=write_on)
    mark_of(opened).click()
    page = prompts_of(opened)
    opened.until(lambda: page.in_history and page.history.version is not None)
    assert page.history.version is not None
    assert page.history.version.number == 1
    opened.until(lambda: "Sum up: {{ words }}" in page.history.text.toPlainText())


def test_one_that_was_removed_leads_to_the_bin(make_window: MakeWindow) -> None:
    def throw_away(workbench: FakeWorkbench, prompt_id: str) -> None:
        workbench.prompts.remove(prompt_id)

    opened = asked_with(make_window, then=throw_away)
    mark_of(opened).click()
    page = prompts_of(opened)
    opened.until(lambda: any("not in the library" in words for words in toasts_of(opened)))
    assert not page.in_editor

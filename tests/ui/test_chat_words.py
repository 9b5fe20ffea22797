"""Chats, tools and prompts say no word of their own that was not translated."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta

import pytest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from tests.fakes.pseudo_locale import PseudoLocale
from ui.appearance import Appearance
from ui.chat.answer_details import Group, details
from ui.chat.compare_panel import ComparePanel
from ui.chat.days import day_label
from ui.chat.feed import footer, items
from ui.chat.footer_actions import FOOTER_ACTIONS
from ui.chat.page import ChatPage
from ui.chat.state import ChatState, notice
from ui.chat.transcript import TranscriptView
from ui.chat.transcript_items import ACTIONS, TranscriptItem
from ui.chat.tree_guides import Guide, Place, guides
from ui.chat.tree_list import lines
from ui.prompts.page import PromptsPage
from ui.theme import LIGHT
from ui.tools.page import ToolsPage
from workbench.chat.tree import Conversation, Node, Seen, Turn, TurnState
from workbench.errors import EngineError
from workbench.messages import (
    Attachment,
    Finish,
    Message,
    Passage,
    Reasoning,
    Role,
    Sources,
    Text,
    Timings,
    ToolCall,
    ToolResult,
    Unparsed,
    Usage,
)

FILE = Attachment("1.pdf", "application/pdf", 900, "0" * 64, text="1", tokens=120)
PASSAGES = tuple(Passage(n, f"/1/{n}.pdf", "1", "0" * 64, 0, 1, "1") for n in (1, 2))
ENDED = Turn(
    "t", "1", "", TurnState.ENDED, 0.0, Finish.LENGTH, Usage(500, 100, 40), Timings(0.5, 900.0, 21.0, 2.5)
)  # fmt: skip
NAMES = (*(one.path for one in PASSAGES), FILE.name, "Ctrl+S")  # in every language the same


@pytest.fixture(autouse=True)
def pseudo_locale(qapp: QApplication) -> Iterator[None]:
    translator = PseudoLocale(qapp)
    qapp.installTranslator(translator)
    yield
    qapp.removeTranslator(translator)
    translator.deleteLater()


def untranslated(said: Iterable[str]) -> list[str]:
    """What has words outside the brackets of the translation."""
    found = []
    for words in said:
        left = words
        for name in NAMES:
            left = left.replace(name, "")
        while (less := re.sub(r"\[[^\[\]]*[\]…]", "", left)) != left:
            left = less
        if re.search(r"[^\W\d_]{2}", left):
            found.append(words)
    return found


def said_by(page: QWidget) -> list[str]:
    """What is seen or heard of a page and its parts."""
    said = []
    for one in (page, *page.findChildren(QWidget)):
        said += [one.accessibleName(), one.accessibleDescription(), one.toolTip().partition("  ")[0]]
        if isinstance(one, QLabel | QAbstractButton):
            said.append(one.text())
        elif isinstance(one, QLineEdit | QPlainTextEdit):
            said.append(one.placeholderText())
    return said


PAGES: dict[str, Callable[[Appearance, QWidget], QWidget]] = {
    "chat": lambda appearance, _window: ChatPage(appearance),
    "two answers": lambda appearance, window: ComparePanel("1", ("2", "3"), appearance, window),
    "tools": lambda appearance, _window: ToolsPage(appearance),
    "prompts": lambda appearance, _window: PromptsPage(appearance),
}


@pytest.mark.parametrize("page", PAGES)
def test_a_page(appearance: Appearance, qtbot: QtBot, page: str) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    made = PAGES[page](appearance, window)
    qtbot.addWidget(made)
    said = said_by(made)
    assert sum(words.startswith("[") for words in said) > 3
    assert untranslated(said) == []


def test_a_transcript(qtbot: QtBot) -> None:
    """All that can be done with a message, and each way in which an answer ends."""
    view = TranscriptView()
    view.set_theme(LIGHT)
    view.resize(900, 4000)
    qtbot.addWidget(view)
    foot = tuple(one.id for one in FOOTER_ACTIONS)
    parts = (
        Reasoning("1", 70.0),
        Unparsed("2"),
        ToolCall("3", "calculate", "{}"),
        ToolResult("3", "calculate", "4", seconds=1.0),
        Sources(PASSAGES),
        Text("5"),
    )
    view.set_items(
        [
            TranscriptItem("q", "question", (FILE, Text("1")), actions=foot, place=(1, 2), divider="1", summary="1"),
            TranscriptItem("a", "answer", parts, author="1", status="stopped", actions=(*foot, *ACTIONS), place=(1, 2)),
            TranscriptItem("b", "answer", (Text("1"),), author="1", status="failed"),
            TranscriptItem("c", "answer", (Text("1"),), author="1", status="interrupted"),
            TranscriptItem("d", "answer", (Text("1"),), author="1", actions=foot),
        ]
    )
    view.show()
    qtbot.waitExposed(view)
    said = said_by(view)
    assert sum(words.startswith("[") for words in said) > 30
    assert untranslated(said) == []


def conversation() -> tuple[Node, ...]:
    question = Node("b", None, Message(Role.USER, (FILE, Text("1"))), 0.0)
    answer = Node("c", "b", Message(Role.ASSISTANT, (Sources(PASSAGES), Text("1"))), 0.0, ENDED)
    return question, answer


def test_what_is_known_of_an_answer() -> None:
    question, answer = conversation()
    groups: tuple[Group, ...] = details(answer, (question, answer), seen=Seen("b", "1"), instructions="1")
    assert len(groups) == 3
    assert (
        untranslated(
            words for group in groups for words in (group.title, *(word for row in group.rows for word in row))
        )
        == []
    )


def test_the_lines_around_an_answer() -> None:
    question, answer = conversation()
    state = ChatState(conversation_id="1", nodes=(question, answer), seen=Seen("b", "1"))
    for item in items(state):
        assert untranslated((item.badge, item.footer, item.divider, item.note)) == []
    assert untranslated([footer(ENDED, said=False)]) == []
    assert untranslated([one.spoken for one in lines(Conversation("1", "1", "c", (question, answer), 0.0, 0.0))]) == []
    waiting = notice(ChatState(conversation_id="1", nodes=(question,)))
    assert waiting is not None
    assert untranslated([waiting.text]) == []
    assert notice(ChatState(failure=EngineError("1"))) is not None


def test_the_days_of_chats() -> None:
    today = date(2026, 11, 12)
    labels = [day_label(today - timedelta(days), today) for days in (0, 1, 3, 40, 400)]
    assert len(set(labels)) == 5
    assert untranslated(labels) == []


def test_the_lines_of_a_tree_lead_from_each_message_to_what_follows() -> None:
    """A question; two answers to it, the first of which goes on."""
    rows = [Place(0, None, own=True, in_view=True), Place(1, 0), Place(1, 1, own=True), Place(1, 0, in_view=True)]
    assert guides(rows) == (
        Guide(0, own=True, in_view=True, below=True),
        Guide(1, below=True, branches_off=0, through=frozenset({0})),
        Guide(1, own=True, above=True, through=frozenset({0})),
        Guide(1, in_view=True, branches_off=0),
    )


def test_first_questions_beside_each_other_have_nothing_above() -> None:
    assert guides([Place(1, None, own=True), Place(1, None, own=True, in_view=True)]) == (
        Guide(1, own=True),
        Guide(1, own=True, in_view=True),
    )

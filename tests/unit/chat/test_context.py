from __future__ import annotations

import pytest

from workbench.chat.context.context import answer_budget, messages_for, surely_fits
from workbench.chat.tree import Node
from workbench.errors import ContextFullError
from workbench.messages import Message, Reasoning, Role, Text, assistant, system, user


def node(number: int, message: Message) -> Node:
    return Node(str(number), str(number - 1) if number else None, message, 0.0)


def test_reasoning_and_empty_answers_are_left_out_and_no_role_comes_twice_in_a_row() -> None:
    branch = [
        node(0, user("Why?")),
        node(1, Message(Role.ASSISTANT, (Reasoning("hm", 1.0), Text("Because.")))),
        node(2, user("And?")),
        node(3, Message(Role.ASSISTANT, ())),
        node(4, user("Still there?")),
    ]
    assert messages_for(branch, "Be brief.") == (
        system("Be brief."),
        user("Why?"),
        assistant("Because."),
        user("And?\n\nStill there?"),
    )
    assert messages_for(branch[:4], draft="Hello?")[2:] == (user("And?\n\nHello?"),)
    assert messages_for(branch[:2], draft="And?")[2:] == (user("And?"),)
    assert messages_for((), draft="Why?") == (user("Why?"),)
    assert messages_for((), draft=" ") == ()


@pytest.mark.parametrize("text", ["", "  \n"])
def test_no_system_message_without_words(text: str) -> None:
    assert messages_for([node(0, user("Hi"))], text) == (user("Hi"),)


@pytest.mark.parametrize(
    ("prompt", "context", "wanted", "budget"),
    [(100, 1000, None, 900), (100, 1000, 50, 50), (100, 1000, 5000, 900), (936, 1000, None, 64)],
)
def test_answer_budget(prompt: int, context: int, wanted: int | None, budget: int) -> None:
    assert answer_budget(prompt, context, wanted) == budget


@pytest.mark.parametrize("prompt", [937, 1000, 90_000])
def test_a_full_context_is_refused_with_both_numbers(prompt: int) -> None:
    with pytest.raises(ContextFullError, match=f"{prompt:,}.*1,000") as refused:
        answer_budget(prompt, 1000, None)
    assert "new chat" in refused.value.hint


@pytest.mark.parametrize(
    ("text", "turns", "context", "fits"),
    [
        ("Hello", 1, 8192, True),
        ("Hello", 1, 1024, False),
        ("x" * 3500, 1, 8192, True),
        ("x" * 4000, 1, 8192, False),
        ("漢" * 1000, 1, 8192, True),
        ("漢" * 1300, 1, 8192, False),
        ("", 400, 8192, False),
        ("lone \ud800", 1, 8192, True),
    ],
)
def test_what_surely_fits(text: str, turns: int, context: int, fits: bool) -> None:
    assert surely_fits([user(text)] * turns, context) is fits

"""What a screen reader hears of an answer: sentences, in order, each once, without the signs of Markdown."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest
from PySide6.QtGui import QAccessible

from tests.fakes.backend import ScriptedBackend, Step
from tests.ui.conftest import MakeWindow
from ui.chat.reading_aloud import ReadingAloud, Spoken, complete, speech
from ui.chat.state import Asked, ChatState, reduce
from workbench.chat.tree import Node
from workbench.messages import TextDelta, assistant, user


@pytest.mark.parametrize(
    ("markdown", "said"),
    [
        ("# Rome\n\n**Old** and `big`.", "Rome Old and big."),
        ("- one\n- two", "one two"),
        ("See [the page](https://a.b).", "See the page."),
        ("Do this:\n```py\nprint(1)\n```\nThen stop.", "Do this: Code block. Then stop."),
        ("```\nnot closed", "Code block."),
        ("2 * 3 * 4", "2 * 3 * 4"),
    ],
)
def test_speech(markdown: str, said: str) -> None:
    assert speech(markdown) == said


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("It is 3.5 km. And", "It is 3.5 km."),
        ("Not yet", ""),
        ("It ends.", ""),  # more may follow: 3.5
        ("First\n\nSecond", "First\n\n"),
        ("短い文。次", "短い文。"),
        ("So:\n\n```py\na = 1. \nb = 2. ", "So:\n\n"),
        ("~~~\nx. \n~~~\nDone. ", "~~~\nx. \n~~~\nDone."),
    ],
)
def test_whole_sentences(text: str, whole: str) -> None:
    assert text[: complete(text)] == whole


def test_everything_is_said_once_at_any_speed() -> None:
    answer = "One sentence that is here. " * 9 + "\n\n```py\nx = 1. \n```\n\nThe **end** is here without a stop"
    for step in (1, 7, 50, 1000):
        spoken = Spoken()
        spoken.begin("a", "")
        heard = [spoken.more(answer[:end]) for end in range(step, len(answer) + step, step)]
        heard.append(spoken.last(answer))
        said = [words for words in heard if words]
        assert " ".join(said) == speech(answer), step
        assert all(len(words) >= 50 for words in said[:-1])


def test_what_stood_there_before_it_was_gone_on_with_is_not_said_again() -> None:
    spoken = Spoken()
    spoken.begin("a", "Known words.")
    assert spoken.more("Known words. New.") == ""
    assert spoken.last("Known words. New.") == "New."


def test_the_answer_in_view_is_heard_in_sentences(make_window: MakeWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []
    monkeypatch.setattr(QAccessible, "isActive", lambda: True)
    monkeypatch.setattr("ui.chat.reading_aloud.announce", lambda _source, text: heard.append(text))
    monkeypatch.setattr("ui.chat.desk.announce", lambda _source, text: heard.append(text))
    pieces: list[Step] = [
        TextDelta("The first sentence is long enough to be said at once, alone. "),
        TextDelta("The second one is not. "),
        TextDelta("And **this** is the end"),
    ]
    opened = make_window(ScriptedBackend(pieces))
    opened.send("Say something.")
    opened.until(lambda: opened.idle() and len(opened.texts) == 2 and bool(heard))
    opened.until(lambda: heard[-1:] == ["Answer finished."])
    assert " ".join(heard[:-1]) == speech(opened.texts[1])


def test_an_answer_that_comes_whole_is_heard_too(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []
    monkeypatch.setattr(QAccessible, "isActive", lambda: True)
    monkeypatch.setattr("ui.chat.reading_aloud.announce", lambda _source, text: heard.append(text))
    chat = SimpleNamespace(state=ChatState())
    reading = ReadingAloud(cast(Any, None), lambda: cast(Any, chat))
    question, answer = Node("q", None, user("Hi"), 0.0), Node("a", "q", assistant("Short."), 0.0)
    for state in (reduce(ChatState(), Asked("Hi")), ChatState(conversation_id="c", nodes=(question, answer))):
        chat.state = state
        reading.follow(cast(Any, chat))
    reading.follow(cast(Any, chat))
    assert heard == ["Short."]

"""Steering, finding and projects as assistive technology does them: names are pressed and written to, no key, no mouse."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.conftest import Program, ScreenReader, change
from tests.e2e.test_window import LONG, answered, ask, chats
from tests.e2e.test_window import with_model as with_model

pytestmark = [pytest.mark.display, pytest.mark.engine, pytest.mark.timeout(300)]


@pytest.fixture
def program(with_model: Path, open_window: Callable[[], Program], reader: ScreenReader) -> Program:
    """One short answer is there."""
    change(with_model, ("chat.max_tokens", 8))
    program = open_window()
    reader.until(lambda: reader.hears("SmolLM2"))
    ask(reader, "Say hello")
    reader.until(lambda: reader.hears("Say hello") and answered(reader), 60)
    return program


def of_a_message(reader: ScreenReader, action: str) -> None:
    """One of the rarer actions of the first message in view."""
    reader.press("More for this message")
    reader.press(action)


def test_branches(program: Program, reader: ScreenReader) -> None:
    reader.press("Edit this question")
    reader.until(lambda: reader("text", "Message") == "Say hello")
    ask(reader, "Say goodbye")
    reader.until(lambda: reader.hears("Version 2 of 2") and answered(reader), 60)
    reader.press("Show the version before")
    reader.until(lambda: reader.hears("Version 1 of 2") and not reader.hears("Say goodbye"))
    reader.press("Branches of this chat")
    reader.until(lambda: any("Say goodbye" in words for words in reader("items", "Branches")))
    found = next(words for words in reader("items", "Branches") if "Say goodbye" in words)
    reader("select", found, "Branches")
    reader.press("Show the chosen message")
    reader.until(lambda: reader.hears("Version 2 of 2"))
    assert reader("nameless") == []
    assert program.end() == 0


def test_a_message_quoted_deleted_and_taken_elsewhere(program: Program, reader: ScreenReader) -> None:
    of_a_message(reader, "Quote in the next message")
    reader.until(lambda: reader("text", "Message").startswith("> Say hello"))
    reader.until(lambda: reader("write", "Message", ""))
    of_a_message(reader, "Go on in a new chat")
    reader.until(lambda: len(chats(reader)) == 2)
    of_a_message(reader, "Delete")
    reader.press("Undo")
    reader.until(lambda: reader.hears("Say hello"))
    assert program.end() == 0


def test_a_chat_is_found_and_opened(program: Program, reader: ScreenReader) -> None:
    reader.press("New chat")
    reader.until(lambda: reader.hears("What are you working on?"))
    reader.until(lambda: reader("write", "Search chats", "hello"))
    reader.until(lambda: any("you, Say hello" in hit for hit in reader("items", "Found in chats")))
    hit = next(hit for hit in reader("items", "Found in chats") if "you, Say hello" in hit)
    reader("select", hit, "Found in chats")
    reader.press("Search")
    reader.until(lambda: not reader.hears("What are you working on?") and answered(reader))
    assert program.end() == 0


def test_a_project_is_made_and_a_chat_begun_in_it(program: Program, reader: ScreenReader) -> None:
    reader.press("New project")
    reader.until(lambda: reader("write", "Name of the project", "Boat"))
    reader.press("Create")
    reader.until(lambda: reader.hears("Boat"))
    assert reader("nameless") == []
    assert program.end() == 0


def test_a_message_waits_while_an_answer_is_written(
    with_model: Path, open_window: Callable[[], Program], reader: ScreenReader
) -> None:
    program = open_window()
    reader.until(lambda: reader.hears("SmolLM2"))
    ask(reader, LONG)
    reader.until(lambda: bool(reader("exists", "Stop")))
    reader.until(lambda: reader("write", "Message", "And then?"))
    reader.press("Send after this answer")
    reader.until(lambda: reader.hears("And then?"))
    reader.press("Stop")
    assert program.end() == 0


def test_two_answers_are_compared_and_one_is_taken(
    with_model: Path, open_window: Callable[[], Program], reader: ScreenReader
) -> None:
    change(with_model, ("chat.max_tokens", 8))
    (model,) = (with_model / "models").iterdir()
    os.link(model, model.with_name(f"Other-{model.name}"))
    program = open_window()
    reader.until(lambda: reader.hears("Model: "))
    ask(reader, "Say hello")
    reader.until(lambda: reader.hears("Say hello") and answered(reader), 60)
    of_an_answer(reader, "Compare with another model")
    other = reader.until(lambda: next((one for one in reader("words") if one.endswith("Q4_1")), ""))
    reader.press(other)
    take = reader.until(
        lambda: next((one for one in reader("words") if one.startswith("Use the answer of SmolLM2")), "")
    )
    assert reader("nameless") == []
    reader.until(lambda: "enabled" in reader("state", take), 60)
    reader.press(take)
    reader.until(lambda: reader.hears("Version 2 of 2") and answered(reader))
    assert program.end() == 0


def of_an_answer(reader: ScreenReader, action: str) -> None:
    """One of the rarer actions of the last answer in view."""
    reader("press_last", "More for this message")
    reader.press(action)

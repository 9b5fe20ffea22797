"""What a chat can do by keys alone, in the real window: two models, choices of a chat, changed questions, opinions."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.conftest import Display, Program, ScreenReader, change
from tests.e2e.keyboard import Keyboard
from tests.e2e.test_effort import with_gpt_oss as with_gpt_oss
from tests.e2e.test_window import answered, chats
from tests.e2e.test_window import with_model as with_model

pytestmark = [pytest.mark.display, pytest.mark.engine, pytest.mark.timeout(300)]


@pytest.fixture
def keyboard(reader: ScreenReader, display: Display) -> Keyboard:
    return Keyboard(reader, display)


@pytest.fixture
def program(with_model: Path, open_window: Callable[[], Program], reader: ScreenReader) -> Program:
    """Two models are there; the message has the keyboard."""
    change(with_model, ("chat.max_tokens", 8))
    (model,) = (with_model / "models").iterdir()
    os.link(model, model.with_name(f"Other-{model.name}"))
    program = open_window()
    reader.until(lambda: reader.hears("Model: ") and reader("focused")[1].startswith("Message"))
    return program


def ask(keyboard: Keyboard, reader: ScreenReader, text: str) -> None:
    keyboard.type(text)
    keyboard.keys("Return")
    reader.until(lambda: reader.hears(text) and answered(reader), 60)


def test_two_models_are_asked_one_question_and_one_is_taken(
    program: Program, reader: ScreenReader, keyboard: Keyboard
) -> None:
    keyboard.command("ask two")
    other = reader.until(lambda: next((one for one in reader("words") if one.endswith("Q4_1")), ""))
    keyboard.choose(other)
    reader.until(lambda: reader("focused")[1].startswith("Message"))
    keyboard.type("Say hello")
    keyboard.keys("Return")
    take = f"Use the answer of {other}"
    reader.until(lambda: "enabled" in reader("state", take), 60)
    keyboard.press(take)
    reader.until(lambda: reader.hears("Version 2 of 2") and answered(reader))
    assert reader("nameless") == []
    assert program.end() == 0


def test_the_model_of_a_chat_is_chosen_and_taken_back(
    program: Program, reader: ScreenReader, keyboard: Keyboard
) -> None:
    ask(keyboard, reader, "Say hello")
    usual = next(one for one in reader("words") if one.startswith("Model: "))
    keyboard.keys("ctrl+l")
    other = reader.until(lambda: next((one for one in reader("words") if one.endswith("Q4_1")), ""))
    keyboard.choose(other)
    reader.until(lambda: reader("exists", f"Model: {other}, chosen for this chat"))
    keyboard.keys("ctrl+l")
    keyboard.choose("As the settings say")
    reader.until(lambda: reader("exists", usual) and not reader.hears(", chosen for this chat"))
    reader.until(lambda: reader("focused")[1].startswith("Message"))
    assert program.end() == 0


def test_a_question_is_changed_by_its_pencil_and_a_chat_renamed(
    program: Program, reader: ScreenReader, keyboard: Keyboard
) -> None:
    ask(keyboard, reader, "Say hello")
    keyboard.press("Edit this question", "shift+Tab")
    reader.until(lambda: reader("text", "Message") == "Say hello")
    keyboard.keys("ctrl+a")
    ask(keyboard, reader, "Say goodbye")
    reader.until(lambda: reader.hears("Version 2 of 2"))
    keyboard.go("Conversation", "shift+Tab")
    keyboard.keys("alt+Left")
    reader.until(lambda: reader.hears("Version 1 of 2") and reader.hears("Say hello"))
    keyboard.command("rename")
    reader.until(lambda: reader("focused")[1].startswith(("Chat title", "Say hello")))
    keyboard.keys("ctrl+a")
    keyboard.type("Greetings")
    keyboard.keys("Return")
    reader.until(lambda: "Greetings" in chats(reader))
    assert program.end() == 0


def test_an_opinion_and_a_test_case(program: Program, reader: ScreenReader, keyboard: Keyboard) -> None:
    ask(keyboard, reader, "Say hello")
    keyboard.press("Not a good answer", "shift+Tab")
    reader.until(lambda: reader.hears("The answer you would have wanted"))
    keyboard.type("too short")
    keyboard.press("Save")
    keyboard.press("More for this message")
    keyboard.choose("Save as test case")
    keyboard.go("What is checked")
    keyboard.type("hello")
    keyboard.press("Save")
    keyboard.command("feedback and")
    reader.until(lambda: reader.hears("Why: too short") and reader.hears("hello"))
    keyboard.press("Check the answer: ")
    reader.until(lambda: reader.hears("The answer from then"))
    assert reader("nameless") == []
    assert program.end() == 0


def test_the_effort_of_a_chat_is_chosen_and_taken_back(
    with_gpt_oss: Path, open_window: Callable[[], Program], reader: ScreenReader, keyboard: Keyboard
) -> None:
    program = open_window()
    reader.until(lambda: reader("exists", "Model: Tiny gpt-oss") and reader("focused")[1].startswith("Message"))
    ask(keyboard, reader, "Say hello")
    reader.until(lambda: reader("exists", "Effort: Medium effort"))
    keyboard.keys("ctrl+shift+e")
    keyboard.choose("High effort")
    reader.until(lambda: reader("exists", "Effort: High effort, chosen for this chat"))
    keyboard.keys("ctrl+shift+e")
    keyboard.choose("As the settings say")
    reader.until(lambda: reader("exists", "Effort: Medium effort"))
    assert program.end() == 0

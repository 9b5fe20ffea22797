"""The first hour of a person who uses keys alone, from a clean home to a second start: all is there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.conftest import Display, Program, ScreenReader, change
from tests.e2e.keyboard import Keyboard
from tests.e2e.test_models_window import SMOL
from tests.e2e.test_models_window import hub as hub
from tests.e2e.test_models_window import person as person
from tests.e2e.test_window import answered, chats
from tests.fakes.hub import LoopbackHub
from workbench.settings import load

pytestmark = [pytest.mark.display, pytest.mark.engine, pytest.mark.timeout(300)]
SEA, LAKE, HELLO = "Write one sentence about the sea.", "Write one sentence about a lake.", "Say hello"


def versions(reader: ScreenReader) -> int:
    """How many messages in view have a second version that is shown."""
    return sum(word.startswith("Version 2 of 2") for word in reader("words"))


def test_by_keys_alone(
    hub: LoopbackHub,
    home: Path,
    open_window: Callable[[], Program],
    reader: ScreenReader,
    display: Display,
    tmp_path: Path,
) -> None:
    change(home, ("chat.automatic_titles", False), ("chat.max_tokens", 12))  # chats are found by name
    keyboard = Keyboard(reader, display)
    program = open_window()
    get_a_model(keyboard, reader)
    talk(keyboard, reader)
    find_and_pin(keyboard, reader)
    throw_away_and_take_back(keyboard, reader)
    export(keyboard, reader, tmp_path / "chat.md")
    larger_text(keyboard, reader)
    keyboard.keys("ctrl+q")
    assert program.process.wait(60) == 0

    assert load(home / "config.toml")[0].appearance.text_scale == 1.25
    program = open_window()
    reader.until(lambda: chats(reader) == ["Pinned", f"{SEA}, pinned", HELLO])
    keyboard.command("about a lake")
    reader.until(lambda: versions(reader) == 2 and answered(reader))
    assert reader("nameless") == []
    assert program.end() == 0


def get_a_model(keyboard: Keyboard, reader: ScreenReader) -> None:
    keyboard.press(f"Get {SMOL}")
    reader.until(lambda: reader.hears("What are you working on?") and reader.hears(f"Model: {SMOL}"), 60)
    reader.until(lambda: reader("focused")[1].startswith("Message"))


def talk(keyboard: Keyboard, reader: ScreenReader) -> None:
    """A question, the same question changed, another answer to it, and a second chat."""
    ask(keyboard, reader, SEA)
    keyboard.keys("Up")
    reader.until(lambda: reader("text", "Message") == SEA)
    keyboard.keys("ctrl+a")
    ask(keyboard, reader, LAKE)
    reader.until(lambda: versions(reader) == 1)
    keyboard.keys("ctrl+r")
    reader.until(lambda: versions(reader) == 2 and answered(reader), 60)
    keyboard.keys("ctrl+n")
    reader.until(lambda: reader.hears("What are you working on?"))
    ask(keyboard, reader, HELLO)


def ask(keyboard: Keyboard, reader: ScreenReader, text: str) -> None:
    keyboard.type(text)
    keyboard.keys("Return")
    reader.until(lambda: reader("text", "Message") == "" and reader.hears(text) and answered(reader), 60)


def find_and_pin(keyboard: Keyboard, reader: ScreenReader) -> None:
    keyboard.command("about a lake")
    reader.until(lambda: versions(reader) == 2)
    keyboard.command("pin or")
    reader.until(lambda: "Pinned" in reader("items", "Chats"))


def throw_away_and_take_back(keyboard: Keyboard, reader: ScreenReader) -> None:
    keyboard.command(HELLO.lower())
    reader.until(lambda: not reader.hears("Version 2 of 2") and answered(reader))
    keyboard.keys("ctrl+shift+BackSpace")
    reader.until(lambda: not any(one.startswith(HELLO) for one in chats(reader)))
    keyboard.press("Undo")
    reader.until(lambda: any(one.startswith(HELLO) for one in chats(reader)))


def export(keyboard: Keyboard, reader: ScreenReader, path: Path) -> None:
    keyboard.command("about a lake")
    reader.until(lambda: versions(reader) == 2)
    keyboard.press("Chat actions", "shift+Tab")
    keyboard.choose("Export")
    reader.until(lambda: reader("exists", "Markdown"))
    keyboard.choose("Markdown")
    reader.until(lambda: reader("exists", "File name:"))
    keyboard.keys("ctrl+a")
    keyboard.type(str(path))
    keyboard.keys("Return")
    reader.until(path.exists)
    reader.until(lambda: LAKE in path.read_text())


def larger_text(keyboard: Keyboard, reader: ScreenReader) -> None:
    keyboard.keys("ctrl+comma")
    keyboard.press("Text size: 100 %")
    keyboard.choose("125 %")
    reader.until(lambda: reader("exists", "Text size: 125 %"))

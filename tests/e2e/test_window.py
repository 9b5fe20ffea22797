"""The window as a blind person uses it: the real program, the real engine, the real small model, by names only."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from tests.e2e.conftest import ROOT, Display, Program, ScreenReader, change

pytestmark = [pytest.mark.display, pytest.mark.engine]
SEA = "Write one sentence about the sea."
LONG = "Write a very long story about a ship, with many chapters."


@pytest.fixture
def with_model(home: Path, starter_model: Path) -> Path:
    models = home / "models"
    models.mkdir(parents=True)
    os.link(starter_model, models / starter_model.name)
    change(home, ("chat.automatic_titles", False))  # chats are found by name
    return home


def ask(reader: ScreenReader, text: str) -> None:
    reader.until(lambda: reader("write", "Message", text))
    reader.press("Send")


def answered(reader: ScreenReader) -> bool:
    """An answer is there and nothing is being written."""
    return bool(reader("exists", "Send")) and reader.hears("tokens/s")


def writes(reader: ScreenReader) -> bool:
    """Some of a long answer is there."""
    return any(len(heard) > 150 for heard in reader("words"))


def chats(reader: ScreenReader) -> list[str]:
    return [name for name in reader("items", "Chats") if name not in ("Today", "Yesterday")]


def test_from_the_first_question_to_the_last_undo(
    with_model: Path, open_window: Callable[[], Program], reader: ScreenReader, display: Display
) -> None:
    program = open_window()
    reader.until(lambda: reader.hears("SmolLM2"))
    ask(reader, SEA)
    reader.until(lambda: reader.hears(SEA) and answered(reader), 60)
    assert reader("nameless") == []
    reader.until(lambda: chats(reader) == [SEA])

    reader.press("New chat")
    reader.until(lambda: reader.hears("What are you working on?"))
    ask(reader, LONG)
    reader.until(lambda: len(chats(reader)) == 2)  # stopped before it is stored, the text would return to the composer
    reader.press("Stop")
    reader.until(lambda: reader.hears("You stopped this answer."), 30)

    reader("select", SEA, "Chats")
    reader.until(lambda: reader.hears(SEA) and answered(reader))
    reader.press("Chat actions")
    reader.press("Rename")
    reader.until(lambda: reader("write", "Chat title", "The sea"))
    display.keys("Return")
    reader.until(lambda: "The sea" in chats(reader))

    reader.press("Chat actions")
    reader.press("Delete")
    reader.press("Undo")
    reader.until(lambda: len(chats(reader)) == 2)
    assert program.end() == 0


def test_without_a_model_one_proposal_is_made_and_can_be_skipped(
    home: Path, open_window: Callable[[], Program], reader: ScreenReader
) -> None:
    program = open_window()
    reader.until(lambda: reader.hears("First, a model"))
    reader.until(lambda: not reader.hears("Looking at this computer…"), 60)
    assert reader("nameless") == []
    reader.press("Skip for now")
    reader.until(lambda: reader.hears("What are you working on?"))
    reader.press("Set up a model")
    reader.until(lambda: reader.hears("First, a model"))
    reader.press_until("All models…", lambda: reader("exists", "Close models"))
    assert program.end() == 0
    assert not list((home / "models").glob("*.gguf"))


def test_a_chat_is_still_there_after_a_restart(
    with_model: Path, open_window: Callable[[], Program], reader: ScreenReader
) -> None:
    program = open_window()
    ask(reader, SEA)
    reader.until(lambda: answered(reader), 60)
    spoken = reader("words")
    assert program.end() == 0
    open_window()
    reader.until(lambda: answered(reader))
    assert [words for words in spoken if SEA in words] == [words for words in reader("words") if SEA in words]


def test_real_keys(
    with_model: Path, open_window: Callable[[], Program], reader: ScreenReader, display: Display
) -> None:
    open_window()
    reader.until(lambda: reader.hears("SmolLM2") and "focused" in reader("state", "Message"))
    display.type(SEA)
    display.keys("Return")
    reader.until(lambda: answered(reader), 60)
    display.keys("Up")
    reader.until(lambda: reader("text", "Message") == SEA)
    display.keys("ctrl+n")
    reader.until(lambda: reader.hears("What are you working on?"))
    display.keys("ctrl+k")
    reader.until(lambda: reader("exists", "Search chats and commands", "text"))
    display.type("write one")
    display.keys("Return")
    reader.until(lambda: answered(reader))
    display.keys("ctrl+slash")
    reader.until(lambda: reader.hears("Open chat 1 to 9 of the list"))
    display.keys("Escape")
    reader.until(lambda: not reader.hears("Open chat 1 to 9 of the list"))
    display.keys("ctrl+b")
    reader.until(lambda: reader("exists", "Show sidebar"))


def test_killed_while_answering_nothing_is_lost(
    with_model: Path, open_window: Callable[[], Program], reader: ScreenReader
) -> None:
    program = open_window()
    ask(reader, LONG)
    reader.until(lambda: reader("exists", "Stop") and writes(reader), 60)
    children = psutil.Process(program.process.pid).children(recursive=True)
    program.process.send_signal(signal.SIGKILL)
    program.process.wait(60)
    _gone, alive = psutil.wait_procs(children, 5)
    assert alive == []
    open_window()
    reader.until(lambda: reader.hears("interrupted"))
    reader.until(lambda: reader("exists", "Continue this answer"))


def test_the_engine_dies_while_answering(
    with_model: Path, open_window: Callable[[], Program], reader: ScreenReader
) -> None:
    program = open_window()
    ask(reader, LONG)
    reader.until(lambda: reader("exists", "Stop") and writes(reader), 60)
    for child in psutil.Process(program.process.pid).children(recursive=True):
        child.kill()
    reader.until(lambda: reader("exists", "Continue this answer"), 30)
    reader.press("Continue this answer")
    reader.press("Stop")
    reader.until(lambda: reader.hears("You stopped this answer."), 60)


def test_a_second_start_brings_the_first_window_to_the_front(
    with_model: Path, open_window: Callable[[], Program], reader: ScreenReader, display: Display
) -> None:
    open_window()
    reader.until(lambda: reader("exists", "Message"))
    second = subprocess.run(
        [sys.executable, "-m", "workbench.entry"],
        cwd=ROOT,
        env=display.environment | {"WORKBENCH_HOME": str(with_model)},
        timeout=60,
        check=False,
    )
    assert second.returncode == 0
    assert reader("windows") == 1


def test_what_the_command_line_writes_shows_up(
    with_model: Path, open_window: Callable[[], Program], reader: ScreenReader, display: Display
) -> None:
    open_window()
    reader.until(lambda: reader.hears("SmolLM2"))
    subprocess.run(
        [sys.executable, "-m", "workbench.entry", "chat", SEA],
        cwd=ROOT,
        env=display.environment | {"WORKBENCH_HOME": str(with_model)},
        timeout=100,
        check=True,
        capture_output=True,
    )
    reader.until(lambda: chats(reader) == [SEA], 20)


def test_a_read_only_home_says_so(home: Path, open_window: Callable[[], Program], reader: ScreenReader) -> None:
    home.parent.mkdir(parents=True, exist_ok=True)
    home.write_text("a file where the folder should be")
    open_window()
    reader.until(lambda: reader.hears("Workbench cannot start"))
    assert reader("exists", "Try again")
    home.unlink()
    reader.press("Try again")
    reader.until(lambda: reader("exists", "Message"))

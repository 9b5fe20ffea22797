"""At hand, on a real display: the quick entry by command and by keys of the desktop, and notifications of the portal."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import ROOT, SYSTEM_PYTHON, Display, Program, ScreenReader, change
from tests.e2e.test_window import LONG, answered, ask, chats, writes
from tests.e2e.test_window import with_model as with_model

pytestmark = [pytest.mark.display, pytest.mark.engine]


def in_front(display: Display) -> str:
    """The title of the window that has the keyboard."""
    found = subprocess.run(
        ["xdotool", "getwindowfocus", "getwindowname"],
        env=display.environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return found.stdout.strip()


def until(check: Callable[[], bool], seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def quick(display: Display, home: Path) -> int:
    command = [sys.executable, "-m", "workbench.entry", "quick"]
    return subprocess.run(
        command, cwd=ROOT, env=display.environment | {"WORKBENCH_HOME": str(home)}, timeout=60
    ).returncode


def test_the_quick_entry_over_another_program(
    with_model: Path, open_window: Callable[[], Program], reader: ScreenReader, display: Display
) -> None:
    change(with_model, ("at_hand.quick_entry", "Ctrl+Alt+Space"))
    program = open_window()
    reader.until(lambda: reader.hears("SmolLM2"))
    other = subprocess.Popen(["xterm"], env=display.environment) if _has("xterm") else None
    try:
        assert quick(display, with_model) == 0
        until(lambda: in_front(display).startswith("Quick entry"))
        display.keys("Escape")
        until(lambda: not in_front(display).startswith("Quick entry"))
        display.keys("ctrl+alt+space")
        until(lambda: in_front(display).startswith("Quick entry"))
        display.type("Say hello.")
        display.keys("Return")
        reader.until(lambda: "Say hello." in chats(reader), 60)
        reader.until(lambda: answered(reader), 60)
    finally:
        if other is not None:
            other.terminate()
            other.wait(60)
    assert program.end() == 0


def _has(program: str) -> bool:
    import shutil

    return shutil.which(program) is not None


class Portal:
    """What the desktop was told."""

    def __init__(self, display: Display) -> None:
        self._process = subprocess.Popen(
            [SYSTEM_PYTHON, str(Path(__file__).with_name("portal.py"))],
            env=display.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.next() == ["ready"]

    def next(self) -> list[Any]:
        """Waits for the next call."""
        assert self._process.stdout
        return list(json.loads(self._process.stdout.readline()))

    def press(self) -> None:
        assert self._process.stdin
        self._process.stdin.write("press\n")
        self._process.stdin.flush()

    def close(self) -> None:
        assert self._process.stdin
        with suppress(BrokenPipeError):
            self._process.stdin.close()
        assert self._process.wait(60) == 0
        assert self._process.stdout
        self._process.stdout.close()


@pytest.fixture
def portal(display: Display) -> Iterator[Portal]:
    made = Portal(display)
    yield made
    made.close()


def test_a_long_answer_is_told_by_the_desktop_and_a_press_brings_the_window_back(
    with_model: Path, open_window: Callable[[], Program], reader: ScreenReader, display: Display, portal: Portal
) -> None:
    change(with_model, ("at_hand.notify_after_seconds", 1), ("chat.max_tokens", 200))
    program = open_window()
    ask(reader, LONG)
    reader.until(lambda: writes(reader), 60)
    subprocess.run(["xdotool", "getactivewindow", "windowminimize"], env=display.environment, check=True, timeout=60)
    call, name, told = portal.next()
    assert (call, name) == ("AddNotification", "answer")
    assert told == {"title": LONG, "body": "The answer is ready.", "default-action": "open"}
    assert in_front(display) != "Workbench"
    portal.press()
    until(lambda: in_front(display) == "Workbench")
    assert program.end() == 0
    assert portal.next() == ["RemoveNotification", "answer"]

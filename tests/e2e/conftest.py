"""A real display with a window manager and accessibility, and the real program in it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.patience import PATIENCE
from workbench.settings import load, save, with_value

ROOT = Path(__file__).parent.parent.parent
SYSTEM_PYTHON = "/usr/bin/python3"
TOOLS = ("Xvfb", "openbox", "dbus-daemon", "xdotool")
PACKAGES = (
    "apt-get install xvfb openbox dbus at-spi2-core python3-pyatspi gir1.2-atspi-2.0 xdotool "
    "libxcb-cursor0 libxkbcommon-x11-0"
)


def change(home: Path, *values: tuple[str, Any]) -> None:
    """Write settings before the program starts."""
    chosen, _notices = load(home / "config.toml")
    for key, value in values:
        chosen = with_value(chosen, key, value)
    home.mkdir(parents=True, exist_ok=True)
    save(home / "config.toml", chosen)


@dataclass(frozen=True)
class Display:
    """The environment of programs that are to appear on it."""

    environment: dict[str, str]

    def keys(self, *keys: str) -> None:
        """Press real keys, in xdotool's names."""
        subprocess.run(
            ["xdotool", "key", "--clearmodifiers", *keys], env=self.environment, check=True, timeout=PATIENCE
        )

    def type(self, text: str) -> None:
        subprocess.run(["xdotool", "type", "--delay", "5", text], env=self.environment, check=True, timeout=PATIENCE)


class ScreenReader:
    """Drives programs through the accessibility tree; see `screen_reader.py`."""

    def __init__(self, display: Display) -> None:
        self._process = subprocess.Popen(
            [SYSTEM_PYTHON, str(Path(__file__).with_name("screen_reader.py"))],
            env=display.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __call__(self, command: str, *arguments: str) -> Any:
        """Raises `LookupError` with what went wrong there."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps([command, *arguments]) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline() or '{"error": "the screen reader ended"}')
        if "error" in answer:
            raise LookupError(answer["error"])
        return answer["ok"]

    def until(self, check: Callable[[], object], seconds: float = PATIENCE) -> Any:
        """Wait for ``check`` to be true; what it cannot find yet is not there yet."""
        deadline = time.monotonic() + seconds
        while True:
            with suppress(LookupError):
                if found := check():
                    return found
            if time.monotonic() > deadline:
                pytest.fail("it did not happen in time; on the screen:\n" + "\n".join(self("tree")))
            time.sleep(0.1)

    def press(self, name: str) -> None:
        """Press a control, waiting until it is there."""
        self.until(lambda: self("exists", name))
        self("press", name)

    def press_until(self, name: str, check: Callable[[], object]) -> None:
        """Press what may be made anew this moment, so that a press is lost; more than one does no harm."""

        def done() -> object:
            with suppress(LookupError):
                if found := check():
                    return found
            self("press", name)
            return None

        self.until(done)

    def hears(self, text: str) -> bool:
        return any(text in heard for heard in self("words"))

    def close(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(PATIENCE)
        assert self._process.stdout
        self._process.stdout.close()


@pytest.fixture(scope="session")
def display(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Display]:
    """Xvfb, openbox, a session bus and its accessibility bus."""
    if sys.platform != "linux":
        pytest.skip("the display tests need Xvfb")
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing:
        pytest.fail(f"Missing for the display tests: {', '.join(missing)}. {PACKAGES}")
    processes: list[subprocess.Popen[str]] = []
    environment = _environment(tmp_path_factory.mktemp("display"))
    try:
        environment["DISPLAY"] = _start_screen(processes)
        environment["DBUS_SESSION_BUS_ADDRESS"] = _start_bus(processes, environment)
        processes.append(subprocess.Popen(["openbox"], env=environment, stderr=subprocess.DEVNULL, text=True))
        made = Display(environment)
        first = ScreenReader(made)  # wakes the accessibility bus, so that no test seems to leave it behind
        first("windows")
        first.close()
        yield made
    finally:
        for process in reversed(processes):
            process.terminate()
        for process in processes:
            with suppress(subprocess.TimeoutExpired):
                process.wait(5)
            if process.stdout:
                process.stdout.close()


def _environment(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("NO_AT_BRIDGE", "WAYLAND_DISPLAY")}
    return kept | {
        "QT_QPA_PLATFORM": "xcb",
        "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
        "XDG_RUNTIME_DIR": str(folder),
        "LC_ALL": "C.UTF-8",
    }


def _start_screen(processes: list[subprocess.Popen[str]]) -> str:
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "2700x1900x24", "-nolisten", "tcp"]
    processes.append(subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL, text=True))
    os.close(writing)
    with os.fdopen(reading) as answer:
        return f":{answer.readline().strip()}"


def _start_bus(processes: list[subprocess.Popen[str]], environment: dict[str, str]) -> str:
    command = ["dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address=1"]
    bus = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    processes.append(bus)
    assert bus.stdout
    return bus.stdout.readline().strip()


@pytest.fixture
def reader(display: Display) -> Iterator[ScreenReader]:
    made = ScreenReader(display)
    yield made
    made.close()


@dataclass
class Program:
    """The real window, as its own process."""

    process: subprocess.Popen[str]

    def end(self) -> int:
        """As the window manager or the system would end it."""
        self.process.terminate()
        return self.process.wait(PATIENCE)


@pytest.fixture
def open_window(display: Display, reader: ScreenReader, home: Path) -> Iterator[Callable[[], Program]]:
    """Starts the program on the test's home and waits until it has painted and filled its window.

    The accessibility bus knows a program for a moment longer than it runs: what an earlier one showed is waited away.
    """
    programs: list[Program] = []

    def start() -> Program:
        running = [program.process.pid for program in programs if program.process.poll() is None]
        reader.until(lambda: set(reader("processes")) <= set(running))
        process = subprocess.Popen(
            [sys.executable, "-m", "workbench.entry"],
            cwd=ROOT,
            env=display.environment | {"WORKBENCH_HOME": str(home)},
            text=True,
        )
        programs.append(Program(process))
        reader.until(lambda: process.pid in reader("processes"))
        return programs[-1]

    yield start
    for program in programs:
        if program.process.poll() is None:
            program.end()

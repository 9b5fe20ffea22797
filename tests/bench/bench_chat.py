"""Speed through the window and through the command line, against the same engine asked directly, in one run.

Each way asks the same engine the same question in turn, several times; medians are compared. Seconds are wall-clock: to the
first text that a person can see, and from there to the end of the answer.
"""

from __future__ import annotations

import http.client
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QObject
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.conftest import MODELS
from ui.application import Program, Trace, make_application
from ui.chat.transcript import TranscriptView
from workbench import settings
from workbench.messages import Text
from workbench.paths import HOME_VARIABLE, Paths
from workbench.ports import Endpoint

MODEL = MODELS / "SmolLM2-135M-Instruct.Q4_1.gguf"
QUESTION = "Write a very long story about a lighthouse keeper and the sea."
TOKENS = 128
ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Speed:
    """Seconds to the first text, and tokens per second from there."""

    first_seconds: float
    tokens_per_second: float


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="workbench-bench-") as folder:
        os.environ[HOME_VARIABLE] = folder
        home = Paths(Path(folder))
        home.prepare()
        shutil.copy(MODEL, home.models)
        chosen = settings.with_value(settings.Settings(), "chat.max_tokens", TOKENS)
        settings.save(home.config, chosen)
        with opened_window(home) as window:
            measure(window, home)


def measure(window: Window, home: Paths) -> None:
    window.ask()  # starts the engine, and fills its prompt cache as every later round finds it
    endpoint = shared_endpoint(home)
    ways: dict[str, Callable[[], Speed]] = {
        "direct": lambda: ask_directly(endpoint),
        "command line": ask_command_line,
        "window": window.ask,
    }
    for way in ways.values():
        way()
    seen: dict[str, list[Speed]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, way in ways.items():
            seen[name].append(way())
    first = {name: statistics.median(speed.first_seconds for speed in found) for name, found in seen.items()}
    rate = {name: statistics.median(speed.tokens_per_second for speed in found) for name, found in seen.items()}
    tell("chat, engine asked directly: generation", rate["direct"], "tokens/s", "")
    tell("chat, engine asked directly: first token", 1000 * first["direct"], "ms", "")
    for name in ("command line", "window"):
        tell(f"chat, {name}: generation against direct", rate[name] / rate["direct"], "ratio", ">= 0.97")
        tell(f"chat, {name}: first token later than direct", 1000 * (first[name] - first["direct"]), "ms", "<= 30")


def tell(name: str, value: float, unit: str, aim: str) -> None:
    print(json.dumps({"name": name, "value": round(value, 3), "unit": unit, "aim": aim}), flush=True)


# The engine itself ----------------------------------------------------------------------------------------------------


def shared_endpoint(home: Paths) -> Endpoint:
    """Where the engine of this home listens, from the record that it keeps for other processes."""
    (record,) = home.run.glob("engine-*.address")
    found = json.loads(record.read_text())
    path = None if found["socket"] is None else Path(found["socket"])
    return Endpoint(found["base_url"], path, found["key"])


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("localhost")
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(str(self._path))


def ask_directly(endpoint: Endpoint) -> Speed:
    """The smallest client there is: one connection, lines read as they come."""
    if endpoint.socket_path is None:
        raise SystemExit("This benchmark needs Unix sockets.")
    body = {"messages": [{"role": "user", "content": QUESTION}], "max_tokens": TOKENS, "stream": True}
    connection = UnixConnection(endpoint.socket_path)
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {endpoint.key}"}
    started = time.perf_counter()
    connection.request("POST", "/v1/chat/completions", json.dumps(body), headers)
    arrivals = list(_texts(connection.getresponse()))
    connection.close()
    return speed(started, arrivals[0], arrivals[-1], len(arrivals))


def _texts(response: http.client.HTTPResponse) -> Iterator[float]:
    for line in response:
        if line.startswith(b"data: {") and json.loads(line[6:])["choices"][0]["delta"].get("content"):
            yield time.perf_counter()


# The command line -----------------------------------------------------------------------------------------------------


def ask_command_line() -> Speed:
    """Timed from the moment its turn is on disk (`start`); how long the program takes until then is told apart."""
    command = [sys.executable, "-m", "workbench.entry", "chat", "--json", QUESTION]
    started, arrivals = 0.0, []
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        for line in process.stdout or ():
            event: dict[str, Any] = json.loads(line)
            if event["event"] == "start":
                started = time.perf_counter()
            elif event["event"] == "text":
                arrivals.append(time.perf_counter())
    return speed(started, arrivals[0], arrivals[-1], len(arrivals))


# The window -----------------------------------------------------------------------------------------------------------


class Window(QObject):
    """The real window; a text counts when the transcript has been painted with it."""

    def __init__(self, program: Program, application: QApplication) -> None:
        super().__init__()
        self._application = application
        self._window = program.window
        self._painted: list[tuple[float, int]] = []
        self.until(lambda: self.transcript() is not None)
        application.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's own name
        if event.type() == QEvent.Type.Paint and (text := self._answer()):
            self._painted.append((time.perf_counter(), len(text)))
        return False

    def ask(self) -> Speed:
        self._press("New chat")
        self._painted.clear()
        draft = self._named("Message")
        QTest.keyClicks(draft, QUESTION)
        started = time.perf_counter()
        self._press("Send")
        self.until(lambda: self._done() and bool(self._painted) and self._painted[-1][1] >= len(self._answer()), 120)
        whole = len(self._answer())
        ended = next(moment for moment, length in self._painted if length >= whole)
        return speed(started, self._painted[0][0], ended, TOKENS)

    def transcript(self) -> TranscriptView | None:
        return self._window.findChild(TranscriptView)

    def until(self, condition: Callable[[], bool], seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                raise SystemExit("The window did not get there.")
            QTest.qWait(5)

    def _answer(self) -> str:
        transcript = self.transcript()
        items = transcript.items if transcript is not None else ()
        parts = items[-1].parts if items and items[-1].kind == "answer" else ()
        return "".join(part.text for part in parts if isinstance(part, Text))

    def _done(self) -> bool:
        transcript = self.transcript()
        return transcript is not None and bool(transcript.items) and transcript.items[-1].status == "done"

    def _named(self, name: str) -> Any:
        return next(
            widget
            for widget in self._application.allWidgets()
            if widget.accessibleName() == name and widget.isVisible() and widget.window() is self._window
        )

    def _press(self, name: str) -> None:
        self._named(name).click()


@contextmanager
def opened_window(home: Paths) -> Iterator[Window]:
    application = make_application(["bench"])
    program = Program(application, home, Trace(time.time()))
    program.show()
    window = Window(program, application)
    try:
        yield window
    finally:
        program.window.close()
        QTest.qWait(200)


def speed(started: float, first: float, last: float, tokens: int) -> Speed:
    return Speed(first - started, (tokens - 1) / (last - first))


if __name__ == "__main__":
    main()

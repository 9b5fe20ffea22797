"""Hundreds of chats opened one after another in one window: what each costs in time, and what stays in memory."""

from __future__ import annotations

import gc
import json
import os
import statistics
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import psutil
from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop

from tests.fakes.workbench import FakeWorkbench
from ui.appearance import Appearance
from ui.application import make_application
from ui.bridge import Bridge
from ui.main_window import MainWindow
from workbench.chat.turn_rows import Outcome
from workbench.jobs import Jobs
from workbench.messages import Finish, assistant, user

CHATS, QUESTIONS = 300, 25
TEXT = "A paragraph of an answer, with some *words* in it, as long as people read them, and a little longer. " * 12


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        workbench = FakeWorkbench(Path(folder))
        chats = [_chat(workbench, number) for number in range(CHATS)]
        application = make_application(["workbench"])
        bridge = Bridge(Jobs())
        window = MainWindow(Appearance(application, "light"), bridge, workbench.paths)
        window.resize(1100, 760)
        window.show()
        window.fill(workbench.as_workbench())
        _until(lambda: bridge.idle)
        _measure(window, bridge, chats)
        window.close()
        bridge.close()
        workbench.close()


def _chat(workbench: FakeWorkbench, number: int) -> str:
    chat = workbench.store.create(f"Chat {number}")
    parent = None
    for question in range(QUESTIONS):
        asked, answer, turn = workbench.store.begin_turn(
            chat, parent, user(f"Question {question} of chat {number}?"), model="Fake 1B", backend="engine"
        )
        assert asked is not None
        workbench.store.finish_turn(
            turn.id, answer.id, assistant(f"{number} {question} {TEXT}").parts, Outcome(Finish.STOP)
        )
        parent = answer.id
    return chat


def _measure(window: MainWindow, bridge: Bridge, chats: list[str]) -> None:
    desk = window._desk
    assert desk is not None
    seconds, memory = [], []
    for place, chat in enumerate(chats):
        begun = time.perf_counter()
        desk.open_chat(chat)
        _until(lambda: bool(desk.chat.state.nodes) and bridge.idle)
        seconds.append(time.perf_counter() - begun)
        if place in (49, CHATS - 1):
            gc.collect()
            memory.append(psutil.Process().memory_info().rss / 1e6)
    _report("opening a chat of 50 messages, the first 50", statistics.median(seconds[:50]) * 1e3, "ms", 150)
    _report("opening a chat of 50 messages, the last 50 of 300", statistics.median(seconds[-50:]) * 1e3, "ms", 150)
    _report("memory after 50 opened chats", memory[0], "MB", 400)
    _report("more memory after 250 further ones", memory[1] - memory[0], "MB", 10)


def _until(condition: object) -> None:
    deadline = time.monotonic() + 60
    while not condition() and time.monotonic() < deadline:  # type: ignore[operator]
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # as the program's own loop does


def _report(name: str, value: float, unit: str, aim: float) -> None:
    print(json.dumps({"name": name, "value": round(value, 2), "unit": unit, "aim": aim}), flush=True)


if __name__ == "__main__":
    main()

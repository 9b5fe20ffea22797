"""From a key behind "/" to the list of prompts on the screen, among 1,000 prompts, in the real window (offscreen).

Prints one JSON object a line. Run: ``python -m tests.bench slash``.
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median, quantiles
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QCoreApplication, QEventLoop, Qt
from PySide6.QtTest import QTest

from tests.fakes.backend import ScriptedBackend
from tests.fakes.workbench import FakeWorkbench
from ui.appearance import Appearance
from ui.application import make_application
from ui.bridge import Bridge
from ui.main_window import MainWindow
from workbench.jobs import Jobs
from workbench.prompts.prompt import Prompt

PROMPTS, ROUNDS, TYPED = 1000, 20, "/summ"
SAID = "summarise translate reply plan critique explain compare extract notes mail letter report poem code review"
WORDS = SAID.split()


def row(name: str, value: float, unit: str, aim: str = "") -> None:
    print(json.dumps({"name": name, "value": round(value, 2), "unit": unit, "aim": aim}), flush=True)


def prompt(number: int) -> Prompt:
    names = [WORDS[(number * 7 + place * 3) % len(WORDS)] for place in range(3)]
    title = " ".join((*names, str(number)))
    return Prompt(title.title(), title.replace(" ", "-"), f"Please {title}: {{{{ text }}}}. " * 30, tags=(names[0],))


def pump(seconds: float) -> None:
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)


def measure(window: MainWindow) -> tuple[list[float], list[float]]:
    """Milliseconds to the first list of each round, and to each that follows a letter."""
    desk = window.desk
    assert desk is not None
    draft, offered = window.page.composer.draft, desk.prompts.list
    seen: list[str] = []
    show = offered.show_places

    def noted(query: str, places: Sequence[Any], nothing: str = "") -> None:
        show(query, places, nothing)
        seen.append(query)

    offered.show_places = noted  # type: ignore[method-assign]
    opened: list[float] = []
    followed: list[float] = []
    for _ in range(ROUNDS):
        for place, letter in enumerate(TYPED):
            seen.clear()
            before = time.perf_counter()
            QTest.keyClicks(draft, letter)
            while TYPED[1 : place + 1] not in seen:
                QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 1)
            QCoreApplication.processEvents()  # painted
            (followed if place else opened).append((time.perf_counter() - before) * 1000)
            pump(0.06)
        QTest.keyClick(draft, Qt.Key.Key_Escape)
        draft.clear()
        pump(0.1)
    return opened, followed


def main() -> None:
    application = make_application(["workbench"])
    with tempfile.TemporaryDirectory() as home:
        workbench = FakeWorkbench(Path(home), ScriptedBackend("Yes."))
        for number in range(PROMPTS):
            workbench.prompts.save(prompt(number))
        bridge, appearance = Bridge(Jobs()), Appearance(application, "light")
        window = MainWindow(appearance, bridge, workbench.paths)
        window.show()
        window.fill(workbench.as_workbench())
        window.page.composer.draft.setFocus()
        pump(1.5)
        opened, followed = measure(window)
        row("slash: first list, once", opened[0], "ms")
        row("slash: list opens, p50", median(opened[1:]), "ms", "< 50")
        row("slash: list follows a letter, p50", median(followed), "ms", "< 50")
        row("slash: list follows a letter, p95", quantiles(followed, n=20)[-1], "ms", "< 50")
        window.close()
        bridge.close()
        workbench.close()


if __name__ == "__main__":
    main()

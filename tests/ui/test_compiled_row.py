"""llama-cpp-python in the settings: said what it is, installed through the queue with progress, removed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QProgressBar
from pytestqt.qtbot import QtBot

from tests.fakes.workbench import FakeWorkbench
from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.settings.compiled_row import CompiledRow, Standing, action, plan_words, standing_words
from ui.settings.page import SettingsPage
from workbench.engine.compiling.plan import Tools, build_plan
from workbench.engine.runtimes.builds import WORKER, InstalledEngine
from workbench.models.fetching.queue import COMPILED, DownloadItem, DownloadState

ENGINE = InstalledEngine(WORKER, WORKER, "0.3.36", Path("site"), frozenset({"cpu"}))
ITEM = DownloadItem("1", COMPILED, WORKER, DownloadState.RUNNING, 450, 1000, step="compiling, step 90 of 193")


@pytest.fixture
def workbench(tmp_path: Path) -> Iterator[FakeWorkbench]:
    made = FakeWorkbench(tmp_path / "home")
    yield made
    made.close()


@pytest.fixture
def row(bridge: Bridge, appearance: Appearance, workbench: FakeWorkbench, qtbot: QtBot) -> CompiledRow:
    page = SettingsPage(bridge, workbench.as_workbench(), appearance)
    qtbot.addWidget(page)
    bridge.follow(workbench.bus)
    page.resize(760, 1800)
    page.show()
    page.refresh()
    qtbot.waitUntil(lambda: page.compiled.standing.plan is not None)
    return page.compiled


def words(row: CompiledRow) -> str:
    return " ".join(found.text() for found in row.findChildren(QLabel))


def test_it_says_how_it_would_be_installed(row: CompiledRow) -> None:
    assert "compiled for the processor: about 10 minutes" in words(row)
    assert row.button.accessibleName() == "Install: llama-cpp-python"
    assert not row.findChildren(QProgressBar)[0].isVisible()


def test_it_is_queued_followed_and_cancelled(row: CompiledRow, workbench: FakeWorkbench, qtbot: QtBot) -> None:
    row.button.click()
    qtbot.waitUntil(lambda: row.standing.going)
    (item,) = workbench.downloads.queue
    assert (item.reference, item.title) == (COMPILED, WORKER)
    workbench.downloads.change(
        "step", item.id, state=DownloadState.RUNNING, bytes=450, total_bytes=1000, step=ITEM.step
    )
    qtbot.waitUntil(lambda: "45 % · compiling, step 90 of 193" in words(row))
    bar = row.findChildren(QProgressBar)[0]
    assert bar.isVisible()
    assert bar.value() == 450
    row.button.click()
    qtbot.waitUntil(lambda: row.standing.item is None)
    assert ("cancel", item.id) in workbench.downloads.done


def test_it_is_removed(row: CompiledRow, workbench: FakeWorkbench, qtbot: QtBot) -> None:
    workbench.runtimes.here = (*workbench.runtimes.here, ENGINE)
    said: list[str] = []
    row.said.connect(said.append)
    row.refresh()
    qtbot.waitUntil(lambda: row.standing.engine is not None)
    assert "Version 0.3.36" in words(row)
    assert row.button.accessibleName() == "Remove: llama-cpp-python"
    row.button.click()
    qtbot.waitUntil(lambda: row.standing.engine is None)
    assert said == ["llama-cpp-python was removed."]


FAILED = DownloadItem("1", COMPILED, WORKER, DownloadState.FAILED, error="There is no compiler.", hint="Install one.")


@pytest.mark.parametrize(
    ("standing", "doing", "said"),
    [
        (Standing(item=ITEM), "Cancel", "45 % · compiling, step 90 of 193"),
        (Standing(item=FAILED), "Try again", "There is no compiler. Install one."),
        (Standing(ENGINE, FAILED), "Remove", "Version 0.3.36"),
        (Standing(ENGINE), "Remove", "Version 0.3.36"),
        (
            Standing(InstalledEngine(WORKER, WORKER, "", None, frozenset(), problem="Built for Python 3.9.")),
            "Install again",
            "Built for Python 3.9.",
        ),
        (Standing(), "Install", "second engine"),
    ],
)
def test_where_it_is_decides_what_can_be_done(standing: Standing, doing: str, said: str) -> None:
    assert action(standing) == doing
    assert said in standing_words(standing)


def test_what_is_missing_is_said_before_it_is_begun() -> None:
    said = plan_words(build_plan("1", Tools("linux", "x86_64", "apt-get", python="python3"), ()))
    assert "A C++ compiler: `sudo apt-get install g++`." in said
    better = plan_words(build_plan("1", Tools("linux", "x86_64", python="python3", compiler="c++"), {"nvidia"}))
    assert "CUDA toolkit" in better

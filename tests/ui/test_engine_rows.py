"""The engine in the settings: every setting of it can be chosen, and the reasons of the plan are told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from tests.fakes.workbench import FakeWorkbench
from ui.appearance import Appearance
from ui.bridge import Bridge
from ui.settings.engine_rows import ADVANCED, EVERYDAY, FOLDED, HIDE_WHY, LESS, WHY, EngineRows
from ui.settings.page import SettingsPage
from ui.widgets.popover import Popover
from workbench.ports import Choice
from workbench.settings import Engine, Settings, with_value

ELSEWHERE = {"engine.context_tokens", "engine.runtime", "engine.binary"}


@pytest.fixture
def workbench(tmp_path: Path) -> Iterator[FakeWorkbench]:
    made = FakeWorkbench(tmp_path / "home")
    yield made
    made.close()


@pytest.fixture
def rows(bridge: Bridge, appearance: Appearance, workbench: FakeWorkbench, qtbot: QtBot) -> EngineRows:
    page = SettingsPage(bridge, workbench.as_workbench(), appearance)
    qtbot.addWidget(page)
    bridge.follow(workbench.bus)
    page.resize(760, 1800)
    page.show()
    page.refresh()
    return page.engine


def texts(rows: EngineRows) -> list[str]:
    return [found.text() for found in rows.reasons.findChildren(QLabel)]


def test_every_setting_of_the_engine_is_there() -> None:
    here = {setting.key for setting in (*EVERYDAY, *FOLDED)}
    assert here | ELSEWHERE == {f"engine.{field.name}" for field in fields(Engine)}


@pytest.mark.parametrize("setting", [*EVERYDAY, *FOLDED], ids=lambda setting: setting.key)
def test_every_value_can_be_saved_and_the_default_is_offered(setting: Any) -> None:
    for value, words in setting.values:
        assert words
        with_value(Settings(), setting.key, value)  # raises for a bad one
    assert getattr(Engine(), setting.name) in [value for value, _words in setting.values]


def test_a_value_is_chosen_and_shown(rows: EngineRows, workbench: FakeWorkbench, qtbot: QtBot) -> None:
    picker = rows.pickers["engine.unload_after_minutes"]
    assert picker.accessibleName() == "Unload when idle: 30 minutes"
    picker.click()
    popover = rows.window().findChild(Popover)
    assert popover is not None
    next(entry for entry in popover._entries if entry.text().strip() == "1 hour").click()
    qtbot.waitUntil(lambda: workbench.settings.engine.unload_after_minutes == 60)
    qtbot.waitUntil(lambda: picker.accessibleName() == "Unload when idle: 1 hour")


def test_a_value_of_the_persons_own_stays_offered(rows: EngineRows) -> None:
    rows.show_settings(with_value(Settings(), "engine.gpu_layers", 13))
    picker = rows.pickers["engine.gpu_layers"]
    assert picker.accessibleName() == "Layers on the GPU: 13"
    rows.advanced.click()
    picker.click()
    popover = rows.window().findChild(Popover)
    assert popover is not None
    assert [entry.text().strip() for entry in popover._entries][-1] == "13"


def test_advanced_is_folded(rows: EngineRows) -> None:
    assert not rows.folded.isVisible()
    rows.advanced.click()
    assert rows.folded.isVisible()
    assert rows.advanced.accessibleName() == LESS
    rows.advanced.click()
    assert not rows.folded.isVisible()
    assert rows.advanced.accessibleName() == ADVANCED


def test_the_reasons_are_told_and_looked_up_again(rows: EngineRows, workbench: FakeWorkbench, qtbot: QtBot) -> None:
    workbench.choices = (
        Choice("Cache", "f16", "As exact as can be."),
        Choice("Threads", "3", "You chose it.", own=True),
    )
    rows.why.click()
    assert rows.why.accessibleName() == HIDE_WHY
    qtbot.waitUntil(lambda: "As exact as can be." in texts(rows))
    assert "3 (your choice)" in texts(rows)
    workbench.choices = (Choice("Cache", "q8_0", "Only so it fits."),)
    rows.saved.emit("engine.slots", 2)
    qtbot.waitUntil(lambda: "Only so it fits." in texts(rows))
    rows.why.click()
    assert not rows.reasons.isVisible()
    assert rows.why.accessibleName() == WHY


def test_without_a_model_it_says_so(rows: EngineRows, workbench: FakeWorkbench, qtbot: QtBot) -> None:
    workbench.models.installed = ()
    rows.why.click()
    qtbot.waitUntil(lambda: texts(rows) == ["No model is installed. Choose one first."])

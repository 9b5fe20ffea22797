"""The effort chip and the options of a model: what the person sees, chooses and takes back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from tests.fakes.backend import ScriptedBackend
from tests.fakes.workbench import FakeWorkbench
from tests.ui.conftest import MakeWindow, OpenWindow
from ui.chat.effort_words import cost_notes, effort_name
from ui.chat.model_options import ModelOptionsPanel
from ui.chat.model_options_words import fields
from ui.widgets.popover import Popover
from workbench.chat.asking.effort_cost import EffortCost, effort_costs
from workbench.chat.asking.resolve import KnownModel, ModelOptions
from workbench.messages import Effort, Sampling

OFF, LOW, MEDIUM, HIGH, ON = Effort
LEVELS = (LOW, MEDIUM, HIGH)
OSS = KnownModel("fake-1b", "Fake 1B", LEVELS, MEDIUM, {None: {"temperature": 0.7, "top_k": 0}}, MEDIUM)


def gpt_oss(workbench: FakeWorkbench) -> None:
    workbench.known = OSS
    workbench.backend.info = replace(workbench.backend.info, efforts=LEVELS, limits_reasoning=True)


def entries(opened: OpenWindow) -> dict[str, QPushButton]:
    popover = opened.window.findChild(Popover)
    return {entry.accessibleName(): entry for entry in popover.findChildren(QPushButton)} if popover else {}


def chip(opened: OpenWindow) -> str:
    return opened.composer.effort_chip.accessibleName() if opened.composer.effort_chip.isVisible() else ""


def test_a_model_without_efforts_has_no_chip(make_window: MakeWindow) -> None:
    opened = make_window()
    assert chip(opened) == ""
    QTest.keyClick(opened.window, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert opened.window.findChild(Popover) is None


def test_the_chosen_effort_is_asked_for_and_remembered(make_window: MakeWindow) -> None:
    opened = make_window(ScriptedBackend("Hello."), gpt_oss)
    opened.until(lambda: chip(opened) == "Effort: Medium effort")
    QTest.keyClick(opened.window, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    opened.until(lambda: bool(entries(opened)))
    found = entries(opened)
    assert list(found) == ["Low effort", "Medium effort", "High effort"]
    assert found["Medium effort"].isChecked()
    assert found["High effort"].accessibleDescription() == "About 4 times as long as low effort, as a rule"
    found["High effort"].click()
    opened.until(lambda: chip(opened) == "Effort: High effort")
    opened.send("Hi")
    opened.until(lambda: opened.texts[1:] == ["Hello."])
    opened.until(opened.idle)
    assert opened.workbench.backend.requests[-1].effort is HIGH
    assert opened.workbench.model_options.own("").effort is HIGH


def test_another_models_efforts_take_the_place_of_the_chip(make_window: MakeWindow) -> None:
    opened = make_window(None, gpt_oss)
    opened.until(lambda: chip(opened) != "")
    opened.workbench.known = KnownModel("qwen", "Qwen", (OFF, ON), ON)
    opened.workbench.model_options.reset("")
    opened.until(lambda: chip(opened) == "Effort: Thinking")
    opened.workbench.known = KnownModel("smol", "Smol", ())
    opened.workbench.model_options.reset("")
    opened.until(lambda: chip(opened) == "")


@pytest.mark.parametrize(
    ("costs", "notes"),
    [
        (effort_costs((OFF, ON), {}), ("The quickest", "About 3 times as long as no thinking, as a rule")),
        (
            effort_costs((LOW, HIGH), {LOW: [3.0, 5.0], HIGH: [70.0] * 3}),
            ("About 4 s an answer, by 2 answers here", "About 1 min an answer, by 3 answers here"),
        ),
        (
            (EffortCost(OFF, 1.0), EffortCost(ON, 1.62)),
            ("The quickest", "About 1.5 times as long as no thinking, as a rule"),
        ),
    ],
)
def test_what_an_effort_costs_in_words(costs: tuple[EffortCost, ...], notes: tuple[str, ...]) -> None:
    assert cost_notes(costs) == notes


def test_every_effort_has_a_name() -> None:
    assert len({effort_name(effort) for effort in Effort}) == len(Effort)


def open_options(opened: OpenWindow) -> ModelOptionsPanel:
    opened.composer.model_chip.click()
    opened.until(lambda: "Options of Fake 1B…" in entries(opened))
    entries(opened)["Options of Fake 1B…"].click()
    opened.until(lambda: opened.window.findChild(ModelOptionsPanel) is not None)
    panel = opened.window.findChild(ModelOptionsPanel)
    assert panel is not None
    return panel


def test_options_show_what_counts_and_keep_what_is_chosen(make_window: MakeWindow) -> None:
    opened = make_window(None, gpt_oss)
    panel = open_options(opened)
    assert panel.accessibleName() == "Options of Fake 1B"
    assert panel.field("temperature").placeholderText() == "0.7 (publisher)"
    assert panel.field("top_p").placeholderText() == "as the engine does"
    field = panel.field("temperature")
    field.setText("0.2")
    field.editingFinished.emit()
    opened.until(lambda: opened.workbench.model_options.own("").sampling == Sampling(temperature=0.2))
    opened.until(panel.defaults.isEnabled)
    panel.defaults.click()
    opened.until(lambda: opened.workbench.model_options.own("").sampling == Sampling())
    opened.until(lambda: field.text() == "")


def test_a_bad_value_is_told_beside_it_and_not_kept(make_window: MakeWindow) -> None:
    opened = make_window(None, gpt_oss)
    panel = open_options(opened)
    panel.field("top_p").setText("7")
    panel.field("top_p").editingFinished.emit()
    opened.until(panel.problem.isVisible)
    assert panel.problem.text() == "Top p must be a number from 0.0 to 1.0, not '7'."
    assert opened.workbench.model_options.own("") == ModelOptions()


def test_what_is_being_written_counts_when_the_panel_closes(make_window: MakeWindow) -> None:
    opened = make_window(None, gpt_oss)
    panel = open_options(opened)
    panel.field("seed").setFocus()
    panel.field("seed").setText("11")
    QTest.keyClick(panel.field("seed"), Qt.Key.Key_Escape)
    opened.until(lambda: opened.workbench.model_options.own("").sampling.seed == 11)


def test_a_limit_of_thoughts_is_offered_where_it_is_kept_to(make_window: MakeWindow) -> None:
    opened = make_window()
    own, without = ModelOptions(reasoning_tokens=5), opened.workbench.model_options.without_own("")
    assert "reasoning_tokens" in {field.key for field in fields(own, without, limits_reasoning=True)}
    assert "reasoning_tokens" not in {field.key for field in fields(own, without, limits_reasoning=False)}

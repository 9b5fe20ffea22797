"""The speed of a model in its details: measured, stopped, failed, told in a plot and in words; earlier runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication

from tests.fakes.measured import bench_result
from tests.fakes.workbench import FakeWorkbench
from tests.ui import test_models_page
from tests.ui.test_models_page import OWN, OpenModels, OpenPage
from ui.models import speed_words
from ui.models.speed_card import SpeedCard
from ui.widgets.plot import round_step, short
from workbench.diagnostics.bench.result import Speed
from workbench.errors import EngineError, StorageError, WorkbenchError

NAME = OWN.name
open_models = test_models_page.open_models
MEASURE = f"Measure the speed of {NAME}"


def having(**values: object) -> Callable[[FakeWorkbench], None]:
    def prepare(workbench: FakeWorkbench) -> None:
        for name, value in values.items():
            setattr(workbench.bench, name, value)

    return prepare


def opened_at(open_models: OpenModels, **values: object) -> tuple[OpenPage, SpeedCard]:
    opened: OpenPage = open_models(having(**values))
    opened.desk.open_details(OWN.id)
    opened.settle()
    return opened, opened.models.details.speed


def test_nothing_was_measured_yet_and_then_it_is(open_models: OpenModels) -> None:
    opened, card = opened_at(open_models)
    assert speed_words.EMPTY in opened.words(card)
    assert not card.plot.isVisible()
    opened.press(MEASURE, card)
    assert card.plot.isVisible()
    assert card.plot.accessibleDescription().startswith("At 0 tokens 21.4 tokens a second (predicted 17.1 to 27.8)")
    said = opened.words(card)
    assert speed_words.EMPTY not in said
    assert "21.4 tokens/s · 18.2 at 2,048 · 12.8 at 8,192" in said
    assert "Earlier runs" not in said


def test_it_shows_how_far_it_is_here_and_on_the_models_card(open_models: OpenModels) -> None:
    opened, card = opened_at(open_models, wait_seconds=30.0)
    card.measure.setFocus()
    card.measure.click()
    opened.until(lambda: "Measuring at 2,048 tokens: round 1 of 2…" in opened.words(card))
    assert "Measuring at 2,048 tokens: round 1 of 2…" in opened.words(opened.models.library)
    assert not card.measure.isVisible()
    assert card.stop.hasFocus()  # in the place of the one that was pressed
    card.stop.click()
    opened.settle()
    assert card.measure.isVisible()
    assert card.measure.hasFocus()
    assert opened.workbench.bench.runs == ()


def test_what_fails_is_told_where_it_was_asked_for(open_models: OpenModels) -> None:
    error = EngineError("The model does not fit.", hint="Close other programs.")
    opened, card = opened_at(open_models, failure=error)
    opened.press(MEASURE, card)
    assert "The model does not fit. Close other programs." in opened.words(card)
    opened.workbench.bench.failure = None
    opened.press(MEASURE, card)
    assert "does not fit" not in opened.words(card)
    assert card.plot.isVisible()


def test_runs_that_cannot_be_read_do_not_keep_from_measuring(open_models: OpenModels) -> None:
    unreadable: WorkbenchError = StorageError("The database is locked.")
    opened, card = opened_at(open_models, unreadable=unreadable)
    assert "The database is locked." in opened.words(card)
    assert card.measure.isVisible()


def test_earlier_runs_of_this_model_only(open_models: OpenModels) -> None:
    runs = (bench_result(NAME, 20.0), bench_result("Another", 99.0), bench_result(NAME, 18.0))
    opened, card = opened_at(open_models, runs=runs)
    said = opened.words(card)
    assert "20.0 tokens/s · 17.0 at 2,048" in said
    assert "18.0 tokens/s" in said
    assert "99.0" not in said


def test_the_card_stays_when_the_details_are_made_anew(open_models: OpenModels) -> None:
    opened, card = opened_at(open_models)
    card.measure.setFocus()
    opened.workbench.models.notes[NAME] = "Another template."
    opened.desk._stale = set(opened.desk._readers)
    opened.desk._read_stale()
    opened.until(lambda: "Another template." in opened.words(opened.models.details))
    assert card.measure.hasFocus()


def test_a_catalog_model_that_is_not_here_has_none(open_models: OpenModels) -> None:
    opened = open_models(there=True)
    opened.click_row("qwen3.6-35b-a3b", "details")
    assert not opened.models.details.speed.isVisible()


def test_the_plot_has_a_name_and_words(open_models: OpenModels) -> None:
    _opened, card = opened_at(open_models, runs=(bench_result(NAME),))
    seen = QAccessible.queryAccessibleInterface(card.plot)
    assert seen.text(QAccessible.Text.Name) == "Speed by depth"
    assert "at 8,192 tokens 12.8 tokens a second" in seen.text(QAccessible.Text.Description)


@pytest.mark.parametrize("depths", [(0,), (0, 512), (0, 1, 2, 8192)])
def test_it_draws_within_its_edges(open_models: OpenModels, depths: tuple[int, ...]) -> None:
    result = bench_result(NAME)
    generation = tuple(Speed.of(depth, (5.0, 6.0, 9.0)) for depth in depths)
    opened, card = opened_at(open_models, runs=(replace(result, generation=generation),))
    QApplication.processEvents()
    image = card.plot.grab().toImage()
    accent = opened.models.details._appearance.colour("accent").rgb()
    seen = [
        (x, y) for x in range(image.width()) for y in range(image.height()) if image.pixelColor(x, y).rgb() == accent
    ]
    assert seen
    assert all(0 < x < image.width() - 1 and 0 < y < image.height() - 1 for x, y in seen)


@pytest.mark.parametrize(("most", "step"), [(27.8, 10.0), (9.0, 2.5), (0.9, 0.25), (1000.0, 250.0), (0.0, 1.0)])
def test_lines_stand_at_round_numbers(most: float, step: float) -> None:
    assert round_step(most) == pytest.approx(step)


def test_numbers_are_short() -> None:
    assert [short(number) for number in (0.0, 2.5, 512.0, 2048.0, 8192.0)] == ["0", "2.5", "512", "2k", "8k"]

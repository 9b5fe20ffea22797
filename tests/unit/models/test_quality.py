"""Quality: one scale for figures of different tests, at the effort that they were measured at, on the cautious side."""

from __future__ import annotations

from dataclasses import replace
from math import log
from pathlib import Path

import pytest

from workbench.models.advising.advice import Use
from workbench.models.advising.quality import SCALES, WEIGHTS, efforts, loss, quality
from workbench.models.catalog.file import CatalogStore, require
from workbench.models.catalog.model import EFFORTS, CatalogModel, Score
from workbench.paths import Paths


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> tuple[CatalogModel, ...]:
    return CatalogStore(Paths(Path(tmp_path_factory.mktemp("home")))).models()


def score(benchmark: str, value: float, effort: str = "none", *, independent: bool = False) -> Score:
    return Score(benchmark, value, effort, independent=independent, source="test", date="2026-01-01")


@pytest.mark.parametrize("use", list(Use))
def test_no_figure_stands_beside_a_lower_effort(catalog: tuple[CatalogModel, ...], use: Use) -> None:
    for model in catalog:
        for effort in efforts(model, use):
            for counted in quality(model, use, effort, "Q4_K_M").counted:
                measured = model.default_effort if counted.effort == "default" else counted.effort
                assert EFFORTS.index(measured) <= EFFORTS.index(effort), (model.id, effort, counted)


def test_gpt_oss_is_judged_at_each_of_its_efforts(catalog: tuple[CatalogModel, ...]) -> None:
    model = require(catalog, "gpt-oss-20b")
    assert efforts(model, Use.CHAT) == ("low", "medium", "high")
    points = [quality(model, Use.CHAT, effort, "MXFP4").points for effort in ("low", "medium", "high")]
    assert points == sorted(points)
    assert len(set(points)) == 3


def test_card_figures_of_swe_bench_count_for_nothing(catalog: tuple[CatalogModel, ...]) -> None:
    model = require(catalog, "gpt-oss-20b")
    without = replace(model, scores=tuple(one for one in model.scores if one.benchmark != "SWE-bench Verified"))
    for use in Use:
        assert quality(model, use, "high", "MXFP4") == quality(without, use, "high", "MXFP4")


def test_a_model_that_nothing_is_published_of_is_a_wide_guess(catalog: tuple[CatalogModel, ...]) -> None:
    known = require(catalog, "qwen3.6-35b-a3b")
    unknown = replace(known, scores=())
    guess, judged = quality(unknown, Use.CHAT, "on", "Q4"), quality(known, Use.CHAT, "on", "Q4")
    assert guess.counted == ()
    assert guess.spread > judged.spread
    assert guess.points < judged.points
    assert efforts(unknown, Use.CHAT) == (unknown.default_effort,)


def test_better_figures_never_make_a_model_worse(catalog: tuple[CatalogModel, ...]) -> None:
    model = require(catalog, "qwen3-4b-instruct-2507")
    for benchmark in SCALES:
        low, high = (replace(model, scores=(score(benchmark, value),)) for value in (40.0, 60.0))
        for use in Use:
            if WEIGHTS[use].get(benchmark):
                assert quality(low, use, "none", "Q4").points < quality(high, use, "none", "Q4").points


def test_an_independent_figure_weighs_more_than_a_publishers(catalog: tuple[CatalogModel, ...]) -> None:
    model = require(catalog, "qwen3-4b-instruct-2507")
    base = score("GPQA Diamond", 50.0)
    claimed = replace(model, scores=(base, score("MMLU-Pro", 90.0)))
    measured = replace(model, scores=(base, score("MMLU-Pro", 90.0, independent=True)))
    points = [quality(one, Use.CHAT, "none", "Q4").points for one in (claimed, measured)]
    assert points[0] < points[1]


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("Q8_0", "UD-Q4_K_XL"),
        ("Q4_K_M", "Q4_0"),
        ("Q4_K_M", "Q3_K_M"),
        ("Q3_K_M", "UD-IQ2_XXS"),
        ("UD-Q2_K_XL", "UD-IQ1_M"),
    ],
)
def test_fewer_bits_lose_more(better: str, worse: str) -> None:
    assert loss(better) < loss(worse)


def test_weights_trained_in_four_bits_lose_little() -> None:
    assert loss("MXFP4") == 0
    assert loss("QAT UD-Q4_K_XL") < loss("UD-Q4_K_XL")
    assert loss("MXFP4_MOE") == loss("Q4_K_M")


@pytest.mark.parametrize("benchmark", [name for name in SCALES if name != "GPQA Diamond"])
def test_the_scales_lead_to_gpqa(catalog: tuple[CatalogModel, ...], benchmark: str) -> None:
    """Of the models that have both figures at one effort, the line misses GPQA by less than 10 points on the average."""
    misses = []
    for model in catalog:
        for effort in model.effort_values:
            at = {one.benchmark: one.value for one in model.scores if one.effort in (effort, "default")}
            if benchmark in at and "GPQA Diamond" in at:
                offset, slope = SCALES[benchmark]
                odds = offset + slope * log(at[benchmark] / (100 - at[benchmark]))
                misses.append(abs(odds - log(at["GPQA Diamond"] / (100 - at["GPQA Diamond"]))))
    assert len(misses) >= 3
    assert sum(misses) / len(misses) < 0.4  # log-odds: 10 points in the middle of the scale

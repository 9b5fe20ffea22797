"""How good a model is for a use, from figures that were measured by different people on different tests. Pure.

Every counted figure is turned into what it would be on GPQA Diamond (a line between log-odds, fitted over the catalog's
models that have both), and the mean of these is drawn towards what models of that size usually reach: the fewer figures,
the more. Which figures are counted, and why card figures of SWE-bench are not: docs/decisions/0066-quality-on-one-scale.md.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, log, log10, sqrt
from typing import Final

from workbench.models.advising.advice import Use
from workbench.models.catalog.model import EFFORTS, CatalogModel, Score

# benchmark -> (offset, slope): log-odds on GPQA Diamond = offset + slope * log-odds on the benchmark.
SCALES: Final[Mapping[str, tuple[float, float]]] = {
    "GPQA Diamond": (0.0, 1.0),
    "MMLU-Pro": (-0.70, 1.34),
    "LiveCodeBench v6": (0.63, 0.75),
    "tau2-bench": (0.79, 0.67),
    "SWE-bench Verified, same harness": (1.45, 1.0),  # three models have both: only an offset
    "AIME 2025": (0.44, 0.36),
    "AIME 2026": (0.33, 0.63),
    "AA Intelligence Index": (2.25, 1.12),
}
_GENERAL: Final = {
    "GPQA Diamond": 1.0,
    "MMLU-Pro": 1.0,
    "AA Intelligence Index": 1.0,
    "tau2-bench": 0.25,
    "LiveCodeBench v6": 0.25,
    "AIME 2025": 0.15,
    "AIME 2026": 0.15,
}
WEIGHTS: Final[Mapping[Use, Mapping[str, float]]] = {
    Use.CHAT: _GENERAL,
    Use.WRITING: _GENERAL,
    Use.DOCUMENTS: {**_GENERAL, "GPQA Diamond": 0.5, "tau2-bench": 0.5, "LiveCodeBench v6": 0.0},
    Use.CODE: {
        "LiveCodeBench v6": 1.0,
        "SWE-bench Verified, same harness": 1.0,
        "AA Intelligence Index": 0.5,
        "tau2-bench": 0.5,
        "GPQA Diamond": 0.25,
        "MMLU-Pro": 0.25,
        "AIME 2025": 0.15,
        "AIME 2026": 0.15,
    },
}
INDEPENDENT: Final = 1.5  # counts more than what the publisher says of itself

# What size alone tells: log-odds at 30 billion parameters, for each factor of ten, and how far models lie from it.
PRIOR_AT_30B, PRIOR_PER_DECADE, PRIOR_SPREAD = 1.0, 0.55, 0.5
PRIOR_WEIGHT: Final = 2.5  # card figures: publishers test themselves, and knowledge follows size
CAUTION: Final = 0.25  # standard errors below the mean: doubt does not win

# What is lost with the bits of a build, in log-odds; the first pattern that is found counts.
LOSSES: Final = (
    (r"^MXFP4$|BF16|F16|F32|Q8", 0.0),  # as it was trained, or no measurable loss
    (r"Q6", 0.01),
    (r"QAT|Q5", 0.02),
    (r"Q4_0|Q4_1", 0.10),  # all weights alike
    (r"Q4|FP4", 0.05),
    (r"Q3", 0.20),
    (r"Q2", 0.70),
    (r"Q1", 1.50),
)
UNKNOWN_LOSS: Final = 0.10
MOST_LOST: Final = 0.3  # below three bits


@dataclass(frozen=True, slots=True)
class Quality:
    """``points`` from 0 to 100, as on GPQA Diamond, on the cautious side; ``spread``: a standard error in points.

    ``counted``: the figures behind it, the weightiest first; empty: it is a guess from the model's size.
    """

    points: float
    spread: float
    counted: tuple[Score, ...]


def efforts(model: CatalogModel, use: Use, build_effort: str = "") -> tuple[str, ...]:
    """At which efforts something is known of ``model``; its default one where nothing is.

    A high effort's figure never stands beside a low effort's time: each of these is judged by itself.
    """
    possible = (build_effort,) if build_effort else model.effort_values
    known = tuple(effort for effort in possible if _counted(model, use, effort))
    return known or ((build_effort or model.default_effort),)


def quality(model: CatalogModel, use: Use, effort: str, quantization: str) -> Quality:
    """How good a build of ``model`` is at ``effort``."""
    counted = _counted(model, use, effort)
    prior = PRIOR_AT_30B + PRIOR_PER_DECADE * log10(model.parameters / 30e9)
    total = PRIOR_WEIGHT + sum(weight for weight, _ in counted)
    mean = (PRIOR_WEIGHT * prior + sum(weight * _on_one_scale(score) for weight, score in counted)) / total
    error = PRIOR_SPREAD * sqrt(PRIOR_WEIGHT / total)
    odds = mean - CAUTION * error - loss(quantization)
    points = 100 / (1 + exp(-odds))
    return Quality(points, error * points * (100 - points) / 100, tuple(score for _, score in counted))


def loss(quantization: str) -> float:
    """What the build loses against full precision, in log-odds."""
    return next((lost for pattern, lost in LOSSES if re.search(pattern, quantization)), UNKNOWN_LOSS)


def crippled(quantization: str) -> bool:
    """Whether so few bits are kept that answers go wrong in ways that no figure tells."""
    return loss(quantization) > MOST_LOST


def _counted(model: CatalogModel, use: Use, effort: str) -> list[tuple[float, Score]]:
    """The figures that say something for this use and effort with their weights, the weightiest first."""
    weights = WEIGHTS[use]
    found = [
        (weights[score.benchmark] * (INDEPENDENT if score.independent else 1.0), score)
        for score in model.scores
        if weights.get(score.benchmark) and _holds_at(effort, score, model) and 0 < score.value < 100
    ]
    return sorted(found, key=lambda pair: -pair[0])


def _holds_at(effort: str, score: Score, model: CatalogModel) -> bool:
    """A figure holds at its own effort; one at the model's default also above it, where it never flatters."""
    if score.effort != "default":
        return score.effort == effort
    return EFFORTS.index(effort) >= EFFORTS.index(model.default_effort)


def _on_one_scale(score: Score) -> float:
    offset, slope = SCALES[score.benchmark]
    return offset + slope * log(score.value / (100 - score.value))

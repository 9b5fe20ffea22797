"""Several results beside the first of them: how many times as fast, and how sure that is. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from workbench.diagnostics.bench.result import BenchResult, Speed, ratio_interval


@dataclass(frozen=True, slots=True)
class Ratio:
    """Tokens a second of one, divided by those of the other, with ``depth`` tokens in the context before; ``low`` and
    ``high``: a 95 % interval of it."""

    depth: int
    low: float
    mean: float
    high: float

    @property
    def clear(self) -> bool:
        """Whether one of them is really faster: not by chance."""
        return not self.low <= 1 <= self.high

    def as_json(self) -> dict[str, Any]:
        return {
            "depth": self.depth,
            "low": round(self.low, 4),
            "mean": round(self.mean, 4),
            "high": round(self.high, 4),
        }


@dataclass(frozen=True, slots=True)
class Compared:
    """``result`` against the first one; no ratio where there are fewer than two rounds."""

    result: BenchResult
    prompt: tuple[Ratio, ...]
    generation: tuple[Ratio, ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "model": self.result.model,
            "runtime": self.result.runtime,
            "prompt": [ratio.as_json() for ratio in self.prompt],
            "generation": [ratio.as_json() for ratio in self.generation],
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """``because``: why they were measured one after the other; empty: all were loaded at once and asked in turns.

    ``others``: all but the first, against the first.
    """

    results: tuple[BenchResult, ...]
    because: str = ""

    @property
    def others(self) -> tuple[Compared, ...]:
        return tuple(against(self.results[0], other) for other in self.results[1:])

    def as_json(self) -> dict[str, Any]:
        """The part of `workbench bench --json` about a comparison."""
        return {
            "to": {"model": self.results[0].model, "runtime": self.results[0].runtime},
            "in_turns": not self.because,
            "because": self.because,
            "others": [other.as_json() for other in self.others],
        }


def against(first: BenchResult, other: BenchResult) -> Compared:
    """``other`` divided by ``first``, at the depths that both have."""
    return Compared(other, _ratios(other.prompt, first.prompt), _ratios(other.generation, first.generation))


def _ratios(ours: Sequence[Speed], theirs: Sequence[Speed]) -> tuple[Ratio, ...]:
    base = {speed.depth: speed for speed in theirs}
    found = []
    for speed in ours:
        other = base.get(speed.depth)
        pairs = 0 if other is None else min(len(speed.rounds), len(other.rounds))
        if other is not None and pairs >= 2:
            found.append(Ratio(speed.depth, *ratio_interval(speed.rounds[:pairs], other.rounds[:pairs])))
    return tuple(found)

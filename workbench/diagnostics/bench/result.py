"""What a benchmark found: values, and their JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, log
from statistics import fmean, median, quantiles, stdev
from typing import Any

from workbench.models.sizing.estimate import Range

# The 97.5 % quantiles of Student's t with 1 to 9 degrees of freedom, for small numbers of rounds.
_T = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262)


@dataclass(frozen=True, slots=True)
class Speed:
    """Tokens a second with ``depth`` tokens in the context before. ``spread``: between the quarters of the rounds, as a
    share of the median; ``rounds``: each figure, in the order they were measured."""

    depth: int
    tokens_per_second: float
    spread: float
    rounds: tuple[float, ...]

    @classmethod
    def of(cls, depth: int, rounds: Sequence[float]) -> Speed:
        """Raises `ValueError` without a round."""
        middle = median(rounds)
        return cls(depth, middle, spread(rounds), tuple(rounds))

    def as_json(self) -> dict[str, Any]:
        return {
            "depth": self.depth,
            "tokens_per_second": round(self.tokens_per_second, 3),
            "spread": round(self.spread, 4),
            "rounds": [round(speed, 3) for speed in self.rounds],
        }


@dataclass(frozen=True, slots=True)
class Prediction:
    """What was expected at each depth, without what was measured here before; None where nothing was."""

    prompt: Range | None
    generation: tuple[tuple[int, Range | None], ...]
    memory_bytes: int | None

    def as_json(self) -> dict[str, Any]:
        return {
            "prompt": None if self.prompt is None else self.prompt.as_json(),
            "generation": [
                {"depth": depth, "tokens_per_second": None if speed is None else speed.as_json()}
                for depth, speed in self.generation
            ],
            "memory_bytes": self.memory_bytes,
        }


@dataclass(frozen=True, slots=True)
class BenchResult:
    """Of one model with one engine. ``first_token_seconds``: of a short question, the engine being warm."""

    model: str
    runtime: str
    context_tokens: int
    prompt: tuple[Speed, ...]
    generation: tuple[Speed, ...]
    first_token_seconds: float
    load_seconds: float
    memory_bytes: int | None
    predicted: Prediction
    at: float = 0.0

    def as_json(self) -> dict[str, Any]:
        """The document of `workbench bench --json`."""
        return {
            "model": self.model,
            "runtime": self.runtime,
            "context_tokens": self.context_tokens,
            "prompt": [speed.as_json() for speed in self.prompt],
            "generation": [speed.as_json() for speed in self.generation],
            "first_token_seconds": round(self.first_token_seconds, 4),
            "load_seconds": round(self.load_seconds, 3),
            "memory_bytes": self.memory_bytes,
            "predicted": self.predicted.as_json(),
            "at": self.at,
        }

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> BenchResult:
        """The reverse of `as_json`. Raises `KeyError`, `TypeError` or `ValueError` for anything else."""
        predicted = said["predicted"]
        return cls(
            str(said["model"]),
            str(said["runtime"]),
            int(said["context_tokens"]),
            tuple(_speed(speed) for speed in said["prompt"]),
            tuple(_speed(speed) for speed in said["generation"]),
            float(said["first_token_seconds"]),
            float(said["load_seconds"]),
            None if said["memory_bytes"] is None else int(said["memory_bytes"]),
            Prediction(
                _range(predicted["prompt"]),
                tuple((int(at["depth"]), _range(at["tokens_per_second"])) for at in predicted["generation"]),
                predicted["memory_bytes"],
            ),
            float(said["at"]),
        )


def spread(rounds: Sequence[float]) -> float:
    """The distance between the quarters as a share of the median; 0 for fewer than two rounds."""
    if len(rounds) < 2:
        return 0.0
    low, middle, high = quantiles(rounds, n=4, method="inclusive")
    return (high - low) / middle if middle else 0.0


def ratio_interval(ours: Sequence[float], theirs: Sequence[float]) -> tuple[float, float, float]:
    """Low, mean and high of ``ours``/``theirs`` pair by pair: a 95 % interval of the (geometric) mean ratio.

    For two models or engines measured in turns. Raises `ValueError` for fewer than two pairs.
    """
    logs = [log(our / their) for our, their in zip(ours, theirs, strict=True)]
    if len(logs) < 2:
        raise ValueError("at least two pairs are needed")
    mean = fmean(logs)
    factor = _T[len(logs) - 2] if len(logs) - 2 < len(_T) else 1.96
    half = factor * stdev(logs) / len(logs) ** 0.5
    return exp(mean - half), exp(mean), exp(mean + half)


def _speed(said: Mapping[str, Any]) -> Speed:
    return Speed.of(int(said["depth"]), tuple(float(speed) for speed in said["rounds"]))


def _range(said: Mapping[str, Any] | None) -> Range | None:
    return None if said is None else Range(float(said["low"]), float(said["expected"]), float(said["high"]))

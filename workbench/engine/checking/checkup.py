"""The check-up of a model after its download: the values. Problems are told in words, on the model's card."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Verdict(StrEnum):
    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class CheckStep:
    """One thing that was tried: load, template, answer, stop, reasoning, tools, choosing (only of a model
    that calls tools), speed."""

    name: str
    title: str
    verdict: Verdict
    detail: str


@dataclass(frozen=True, slots=True)
class CheckUp:
    """What was found. ``at``: seconds since the epoch; speeds in tokens a second, None where not measured.

    ``runtime``: the engine's build.
    """

    model: str
    at: float
    runtime: str
    steps: tuple[CheckStep, ...]
    load_seconds: float | None = None
    prompt_tokens_per_second: float | None = None
    generation_tokens_per_second: float | None = None
    predicted_tokens_per_second: float | None = None
    memory_bytes: int | None = None

    @property
    def verdict(self) -> Verdict:
        """The worst of the steps."""
        found = {step.verdict for step in self.steps}
        return next((verdict for verdict in (Verdict.PROBLEM, Verdict.WARNING) if verdict in found), Verdict.OK)

    def as_json(self) -> dict[str, Any]:
        return {
            "model": self.model,
            "at": self.at,
            "runtime": self.runtime,
            "verdict": str(self.verdict),
            "steps": [
                {"name": step.name, "title": step.title, "verdict": str(step.verdict), "detail": step.detail}
                for step in self.steps
            ],
            "load_seconds": self.load_seconds,
            "prompt_tokens_per_second": self.prompt_tokens_per_second,
            "generation_tokens_per_second": self.generation_tokens_per_second,
            "predicted_tokens_per_second": self.predicted_tokens_per_second,
            "memory_bytes": self.memory_bytes,
        }

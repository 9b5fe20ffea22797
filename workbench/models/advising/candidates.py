"""Each way in which a model could run here: build, context and effort, with its time and quality. Pure.

Everything follows from `fit.estimate` and the catalog.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from math import log2
from typing import Final

from workbench.hardware.backends import Engines
from workbench.hardware.machine import Machine
from workbench.models.advising.advice import Preference, Task, Use
from workbench.models.advising.quality import Quality, crippled, efforts, quality
from workbench.models.catalog.model import CatalogFile, CatalogModel
from workbench.models.sizing import fit, shapes
from workbench.models.sizing.estimate import Correction, Estimate, Fit, Range, Request
from workbench.models.sizing.shape import ModelShape

GIB: Final = 1 << 30

# use -> tokens of a prompt and of an answer, and of the reasoning at each effort.
TASKS: Final[dict[Use, tuple[int, int, dict[str, int]]]] = {
    Use.CHAT: (600, 350, {"none": 0, "low": 100, "medium": 400, "high": 1600, "on": 800}),
    Use.WRITING: (800, 900, {"none": 0, "low": 100, "medium": 300, "high": 1200, "on": 700}),
    Use.CODE: (4000, 700, {"none": 0, "low": 300, "medium": 1000, "high": 4000, "on": 2000}),
    Use.DOCUMENTS: (16000, 500, {"none": 0, "low": 150, "medium": 500, "high": 2000, "on": 1000}),
}
# use -> contexts to plan with, the wanted one first, and what a smaller one costs, in points.
CONTEXTS: Final[dict[Use, tuple[tuple[int, float], ...]]] = {
    Use.CHAT: ((32768, 0.0), (16384, 0.5), (8192, 1.5), (4096, 4.0)),
    Use.WRITING: ((32768, 0.0), (16384, 0.5), (8192, 1.5), (4096, 4.0)),
    Use.CODE: ((65536, 0.0), (32768, 1.0), (16384, 3.0), (8192, 7.0)),
    Use.DOCUMENTS: ((65536, 0.0), (32768, 1.5), (20480, 4.0)),
}
CONTEXTS_TRIED: Final = (
    2  # of those that fit: a smaller one brings some experts more to the GPU, and soon costs more than that
)
# Seconds that nobody minds, and the points that each doubling of (these + an answer's) costs.
PATIENCE_SECONDS: Final = {Use.CHAT: 30.0, Use.WRITING: 60.0, Use.CODE: 120.0, Use.DOCUMENTS: 90.0}
PRICE_OF_TIME: Final = {Preference.BALANCED: 9.0, Preference.QUALITY: 3.0, Preference.SPEED: 20.0}
# Beyond these nobody waits: each doubling costs that much more, also where quality counts.
BEARABLE_SECONDS, PRICE_OF_OVERTIME = 180.0, 10.0

# What a system and a browser take at most of a machine; a small machine's person opens less.
BROWSER_BYTES: Final = 8 * GIB
SMALL_MACHINE_BYTES, SMALL_MACHINE_FREE = 8 * GIB, 5 / 8
DISK_MARGIN: Final = 1.05

NOTHING_INSTALLED: Final = Engines()

Corrections = Callable[[str], Correction]
"""What was measured here, by architecture."""


def nothing_measured(_architecture: str) -> Correction:
    return Correction()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A build at one effort and context, as it would run. ``price``: points that its context costs."""

    model: CatalogModel
    file: CatalogFile
    use: Use
    estimate: Estimate
    effort: str
    task: Task
    seconds: Range
    quality: Quality
    price: float

    def value(self, preference: Preference) -> float:
        """What the choice is made by: points of quality, less what waiting and a small context cost."""
        seconds = self.seconds.expected
        waiting = PRICE_OF_TIME[preference] * log2(1 + seconds / PATIENCE_SECONDS[self.use])
        overtime = PRICE_OF_OVERTIME * max(0.0, log2(seconds / BEARABLE_SECONDS))
        return self.quality.points - waiting - overtime - self.price

    @property
    def sure(self) -> bool:
        """Whether nothing about it is in doubt: size, shape, licence, engine; and its quality is known and kept."""
        doubtful = self.model.doubt or self.file.doubt or self.file.bytes is None
        return bool(self.quality.counted) and not doubtful and not crippled(self.file.quantization)

    @property
    def download_bytes(self) -> int:
        return (self.file.size_bytes or 0) + self.file.projector_bytes


@dataclass(frozen=True, slots=True)
class Situation:
    """What all builds are judged in."""

    machine: Machine
    engines: Engines = NOTHING_INSTALLED
    corrections: Corrections = nothing_measured

    def estimate(self, model: CatalogModel, file: CatalogFile, request: Request) -> Estimate:
        """What a build would take here: the sum of `workbench models estimate`."""
        return fit.estimate(
            self.shape(model, file), self.machine, request, self.engines, self.corrections(model.architecture)
        )

    def shape(self, model: CatalogModel, file: CatalogFile) -> ModelShape:
        """Of a build, by the size that is planned with."""
        return shapes.from_catalog(model, file if file.bytes else replace(file, bytes=file.about_bytes))

    @property
    def usual_bytes(self) -> int:
        """The memory that is free while a person works with a browser open, as a rule."""
        total = self.machine.memory_total_bytes
        small = int(min(total, SMALL_MACHINE_BYTES) * SMALL_MACHINE_FREE)
        return max(total - BROWSER_BYTES, total // 2, small)

    @property
    def with_browser(self) -> Situation:
        """The same with no more memory free than that, however empty the machine is now."""
        return self._with_free(min(self.machine.memory_available_bytes, self.usual_bytes))

    @property
    def tidied(self) -> Situation | None:
        """The same with as much memory free as that; None where about as much is free now."""
        crowded = self.usual_bytes - self.machine.memory_available_bytes > self.usual_bytes // 8
        return self._with_free(self.usual_bytes) if crowded else None

    def _with_free(self, free: int) -> Situation:
        return replace(self, machine=replace(self.machine, memory_available_bytes=free))

    def engine_bytes(self, estimate: Estimate) -> int:
        """The download of the engine that ``estimate`` needs."""
        wanted = (engine for engine in self.engines.obtainable if engine.id == estimate.needs_engine)
        return next((engine.download_bytes or 0 for engine in wanted), 0)

    def has_disk_for(self, candidate: Candidate) -> bool:
        free = self.machine.disk_free_bytes
        wanted = candidate.download_bytes + self.engine_bytes(candidate.estimate)
        return free is None or wanted * DISK_MARGIN <= free


# One model -------------------------------------------------------------------------------------------------------------


def candidates(
    model: CatalogModel, situation: Situation, use: Use, preference: Preference = Preference.BALANCED
) -> Iterator[Candidate]:
    """Every build of ``model`` that fits while a browser is open, at every effort that ``preference`` allows."""
    if not model.shape_known:
        return
    for file in model.files:
        if not file.size_bytes:
            continue
        most = situation.with_browser.estimate(model, file, Request()).max_context
        fitting = [(context, price) for context, price in CONTEXTS[use] if context <= most]
        for context, price in fitting[:CONTEXTS_TRIED]:
            estimate = situation.estimate(model, file, Request(context))
            if estimate.fit is not Fit.NONE:
                yield from at_each_effort(model, file, estimate, use, preference, price)
            if estimate.fit in (Fit.GPU, Fit.CPU):
                break  # a smaller context would not make it faster


def at_each_effort(
    model: CatalogModel, file: CatalogFile, estimate: Estimate, use: Use, preference: Preference, price: float = 0.0
) -> Iterator[Candidate]:
    for effort in efforts_for(model, file, use, preference):
        task = task_for(model, use, effort)
        seconds = answer_seconds(estimate, task)
        fits = task.prompt_tokens + task.reasoning_tokens + task.answer_tokens <= estimate.request.context_tokens
        if fits and seconds:
            points = quality(model, use, effort, file.quantization)
            yield Candidate(model, file, use, estimate, effort, task, seconds, points, price)


def efforts_for(model: CatalogModel, file: CatalogFile, use: Use, preference: Preference) -> tuple[str, ...]:
    """Those of which something is known; of several levels the usual one, unless speed or quality is asked for."""
    known = efforts(model, use, file.effort)
    usual = model.effort == "reasoning_effort" and preference is Preference.BALANCED and model.default_effort in known
    return (model.default_effort,) if usual else known


def task_for(model: CatalogModel, use: Use, effort: str) -> Task:
    """What one answer is assumed to be."""
    prompt, answer, reasoning = TASKS[use]
    return Task(prompt, round(reasoning[effort] * model.thoughts), answer)


def answer_seconds(estimate: Estimate, task: Task) -> Range | None:
    """From sending the question to the last word of the answer; None where the speed is not known."""
    prompt, generation = estimate.prompt_tokens_per_second, estimate.generation_tokens_per_second
    if prompt is None or generation is None:
        return None
    written = task.reasoning_tokens + task.answer_tokens

    def seconds(reading: float, writing: float) -> float:
        return task.prompt_tokens / reading + written / writing

    return Range(
        seconds(prompt.high, generation.high),
        seconds(prompt.expected, generation.expected),
        seconds(prompt.low, generation.low),
    )

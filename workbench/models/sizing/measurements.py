"""What engines really took and did on this machine, and what that teaches for the next prediction.

A measurement is kept beside the prediction that was made without any correction, so that corrections never build upon
each other. The median of the last few of one machine, runtime and architecture corrects; where an architecture has not run
here yet, those of all others do, and the prediction stays as wide as it was.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from statistics import median
from typing import Any, Final

from workbench.db import Database
from workbench.hardware.machine import Machine
from workbench.messages import Timings, Usage
from workbench.models.sizing.estimate import Correction, Estimate
from workbench.ports import Clock

LAST: Final = 9  # measurements that count; older ones may be of another driver or another winter
MOST_KEPT: Final = 200  # of one machine, runtime, architecture and kind

# Below these a figure says more about the start than about the machine; beyond the depth, more about the cache.
LEAST_GENERATED_TOKENS: Final = 32
LEAST_PROMPT_TOKENS: Final = 256
MOST_DEPTH_TOKENS: Final = 4096

# What no machine differs by: beyond it something else was slow (another program, a throttled laptop) or misread.
SPEED_BOUNDS: Final = (0.2, 4.0)
MEMORY_BOUNDS: Final = (0.5, 4.0)


class Kind(StrEnum):
    """What was measured: tokens a second of answers or prompts, or bytes of compute buffers."""

    GENERATION = "generation"
    PROMPT = "prompt"
    MEMORY = "memory"


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose figures these are. ``machine``: its `machine_key`; ``runtime``: the engine's build; ``model``: its id."""

    machine: str
    runtime: str
    architecture: str
    model: str


@dataclass(frozen=True, slots=True)
class EngineMemory:
    """What an engine says it allocated, in bytes; ``by_device`` all of it by the engine's name of the device."""

    weights_bytes: int
    cache_bytes: int
    compute_bytes: int
    by_device: Mapping[str, int] = field(default_factory=dict)


def machine_key(machine: Machine) -> str:
    """The same for the same hardware, whatever is free of it: processor, memory and GPUs."""
    gpus = "+".join(gpu.name for gpu in machine.gpus or ())
    gigabytes = round(machine.memory_total_bytes / (1 << 30))
    return f"{machine.os}|{machine.cpu_name or ''}|{machine.physical_cores}|{gigabytes}|{gpus}"


class MeasurementStore:
    """The only SQL about measurements. Any thread."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._db = database
        self._clock = clock

    def record_speed(self, subject: Subject, predicted: Estimate, usage: Usage, timings: Timings) -> None:
        """After an answer that ran alone. ``predicted`` without a correction; figures that say too little are left out."""
        computed = (usage.prompt_tokens or 0) - (usage.cached_tokens or 0)
        generated = usage.completion_tokens or 0
        if (usage.prompt_tokens or 0) + generated > MOST_DEPTH_TOKENS:
            return
        if generated >= LEAST_GENERATED_TOKENS and predicted.generation_tokens_per_second:
            expected = predicted.generation_tokens_per_second.expected
            self.record(subject, Kind.GENERATION, expected, timings.generation_tokens_per_second)
        if computed >= LEAST_PROMPT_TOKENS and predicted.prompt_tokens_per_second:
            expected = predicted.prompt_tokens_per_second.expected
            self.record(subject, Kind.PROMPT, expected, timings.prompt_tokens_per_second)

    def record_load(self, subject: Subject, predicted: Estimate, log: Iterable[str]) -> None:
        """After a start, from the lines of the engine's log. ``predicted`` without a correction."""
        if memory := engine_memory(log):
            detail = {"weights_bytes": memory.weights_bytes, "cache_bytes": memory.cache_bytes}
            self.record(subject, Kind.MEMORY, predicted.compute_bytes, memory.compute_bytes, detail)

    def record(
        self,
        subject: Subject,
        kind: Kind,
        predicted: float,
        measured: float | None,
        detail: Mapping[str, Any] | None = None,
    ) -> None:
        """One figure; nothing is kept of one that is not a positive number, or where the database may not be written."""
        if not measured or measured <= 0 or predicted <= 0 or self._db.read_only:
            return
        of = (subject.machine, subject.runtime, subject.architecture, str(kind))
        with self._db.write() as tx:
            tx.execute(
                """INSERT INTO measurements (machine, runtime, architecture, kind, model, at, predicted, measured, detail)
                   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                (*of, subject.model, self._clock.now(), predicted, measured, json.dumps(detail or {})),
            )
            tx.execute(
                """DELETE FROM measurements WHERE id IN (
                       SELECT id FROM measurements WHERE machine = ? AND runtime = ? AND architecture = ? AND kind = ?
                       ORDER BY at DESC, id DESC LIMIT -1 OFFSET ?)""",
                (*of, MOST_KEPT),
            )

    def correction(self, machine: str, runtime: str, architecture: str) -> Correction:
        """What the runs on ``machine`` with ``runtime`` teach about models of ``architecture``."""
        own = {kind: self._ratios(machine, runtime, kind, architecture) for kind in Kind}
        factors = {kind: _factor(ratios or self._ratios(machine, runtime, kind), kind) for kind, ratios in own.items()}
        return Correction(
            generation=factors[Kind.GENERATION],
            prompt=factors[Kind.PROMPT],
            memory=factors[Kind.MEMORY],
            measured=bool(own[Kind.GENERATION]),
        )

    def _ratios(self, machine: str, runtime: str, kind: Kind, architecture: str = "") -> list[float]:
        """Measured by predicted, of the last runs; without ``architecture`` those of all."""
        rows = self._db.rows(
            """SELECT measured / predicted AS ratio FROM measurements
               WHERE machine = ? AND runtime = ? AND kind = ? AND ? IN (architecture, '')
               ORDER BY at DESC, id DESC LIMIT ?""",
            (machine, runtime, str(kind), architecture, LAST),
        )
        return [row["ratio"] for row in rows]


def _factor(ratios: list[float], kind: Kind) -> float:
    if not ratios:
        return 1.0
    low, high = MEMORY_BOUNDS if kind is Kind.MEMORY else SPEED_BOUNDS
    return min(high, max(low, median(ratios)))


# The engine's log -----------------------------------------------------------------------------------------------------

BUFFER: Final = re.compile(r"(?P<device>\S+)\s+(?P<what>model|KV|RS|compute) buffer size =\s+(?P<size>[\d.]+) MiB")


def engine_memory(lines: Iterable[str]) -> EngineMemory | None:
    """What the last start in an engine's log allocated; None where it does not say.

    A cache can come in several buffers. Before it loads, the engine may print a trial of its own: weights that come after
    other buffers begin a new start. Mapped weights that were repacked for the processor count once.
    """
    sizes: dict[tuple[str, str], float] = {}
    for line in lines:
        if not (found := BUFFER.search(line)):
            continue
        if found["what"] == "model" and any(what != "model" for _, what in sizes):
            sizes.clear()
        key = (found["device"], found["what"])
        sizes[key] = sizes.get(key, 0.0) + float(found["size"])
    if not any(what == "compute" for _, what in sizes):
        return None
    sizes = {key: size for key, size in sizes.items() if key != ("CPU_REPACK", "model")}

    def total(*kinds: str) -> int:
        return round(sum(size for (_, what), size in sizes.items() if what in kinds) * (1 << 20))

    by_device: dict[str, int] = {}
    for (device, _), size in sizes.items():
        by_device[device] = by_device.get(device, 0) + round(size * (1 << 20))
    return EngineMemory(total("model"), total("KV", "RS"), total("compute"), by_device)

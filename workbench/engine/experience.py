"""What engines did on this machine, heard beside the work and kept for the next prediction."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from workbench.engine.launching.plan import request_of
from workbench.errors import WorkbenchError
from workbench.hardware.backends import Engines
from workbench.hardware.machine import Machine
from workbench.messages import Finished
from workbench.models.gguf.header import Header
from workbench.models.gguf.shards import read_model_header
from workbench.models.sizing import fit, shapes
from workbench.models.sizing.estimate import Estimate
from workbench.models.sizing.measurements import MeasurementStore, Subject, machine_key
from workbench.ports import LaunchPlan

log = logging.getLogger(__name__)

CLOSE_SECONDS = 0.3


@dataclass(frozen=True, slots=True)
class Run:
    """An engine at work: with which plan, and of which build."""

    plan: LaunchPlan
    runtime: str


class Experience:
    """To compare, one has to know what the machine has, and that takes a second: so it happens in a thread of its own.

    What a run is compared with is what was to be expected of the machine as it was before the model filled it. What is
    not kept when the program ends is lost, and nothing else.
    """

    def __init__(
        self, measurements: MeasurementStore, machine: Callable[[], Machine], engines: Callable[[], Engines]
    ) -> None:
        self._measurements = measurements
        self._machine = machine
        self._engines = engines
        self._work: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closed = self._abandoned = False
        self._before: dict[Path, Machine] = {}  # by model; only the thread touches it

    def starting(self, plan: LaunchPlan) -> None:
        """An engine is about to be started."""
        self._later(lambda: self._look(plan.model_path))

    def loaded(self, run: Run, lines: tuple[str, ...]) -> None:
        """An engine has started; ``lines``: what it logged."""
        keep = self._measurements.record_load
        self._later(lambda: self._compare(run, lambda subject, expected: keep(subject, expected, lines)))

    def answered(self, run: Run, finished: Finished) -> None:
        """An answer that ran alone has ended."""
        keep, told = self._measurements.record_speed, (finished.usage, finished.timings)
        self._later(lambda: self._compare(run, lambda subject, expected: keep(subject, expected, *told)))

    def close(self) -> None:
        """Wait a moment for what is being kept. Safe to call twice."""
        with self._lock:
            self._closed = True
            thread = self._thread
        if thread is not None:
            self._work.put(None)
            thread.join(CLOSE_SECONDS)
            self._abandoned = True

    def _look(self, model: Path) -> None:
        self._before.pop(model, None)
        self._before[model] = self._machine()

    def _compare(self, run: Run, keep: Callable[[Subject, Estimate], None]) -> None:
        """``keep`` hears whose figures these are, and what was to be expected without any correction."""
        machine = self._before.get(run.plan.model_path)
        if machine is None:
            return
        header, usable = read_model_header(run.plan.model_path), replace(self._engines(), obtainable=())
        shape = shapes.from_header(header, _bytes(run.plan.projector_path))
        seen = machine if run.plan.gpu_layers != 0 else replace(machine, gpus=())
        expected = fit.estimate(shape, seen, request_of(run.plan), usable)
        name = _name(header, run.plan.model_path)
        keep(Subject(machine_key(machine), run.runtime, header.architecture, name), expected)

    def _later(self, work: Callable[[], None]) -> None:
        with self._lock:
            if self._closed:
                return
            if self._thread is None:
                # A daemon: a slow look at the hardware must not keep a command line that has answered.
                self._thread = threading.Thread(target=self._keep, name="experience", daemon=True)
                self._thread.start()
        self._work.put(work)

    def _keep(self) -> None:
        while (work := self._work.get()) is not None and not self._abandoned:
            try:
                work()
            except WorkbenchError as error:
                log.info("a measurement was not kept: %s", error.message)


def _bytes(file: Path | None) -> int:
    try:
        return file.stat().st_size if file is not None else 0
    except OSError:
        return 0


def _name(header: Header, path: Path) -> str:
    return header.name or path.stem

"""What engines did on this machine, heard beside the work and kept for the next prediction."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from workbench.errors import WorkbenchError
from workbench.hardware.backends import Engines
from workbench.hardware.machine import Machine
from workbench.messages import Finished
from workbench.models import fit, shapes
from workbench.models.estimate import Estimate, Request
from workbench.models.gguf import Header, read_header
from workbench.models.measurements import MeasurementStore, Subject, machine_key
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

    What is not kept when the program ends is lost, and nothing else.
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
        self._closed = False

    def loaded(self, run: Run, lines: tuple[str, ...]) -> None:
        """An engine has started; ``lines``: what it logged."""
        self._later(lambda: self._measurements.record_load(*self._compared(run), lines))

    def answered(self, run: Run, finished: Finished) -> None:
        """An answer that ran alone has ended."""
        self._later(lambda: self._measurements.record_speed(*self._compared(run), finished.usage, finished.timings))

    def close(self) -> None:
        """Wait a moment for what is being kept. Safe to call twice."""
        with self._lock:
            self._closed = True
            thread = self._thread
        if thread is not None:
            self._work.put(None)
            thread.join(CLOSE_SECONDS)

    def _compared(self, run: Run) -> tuple[Subject, Estimate]:
        """Whose figures these are, and what was to be expected without any correction."""
        machine, header = self._machine(), read_header(run.plan.model_path)
        expected = fit.estimate(shapes.from_header(header), machine, _request(run.plan), self._engines())
        return Subject(
            machine_key(machine), run.runtime, header.architecture, _name(header, run.plan.model_path)
        ), expected

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
        while (work := self._work.get()) is not None and not self._closed:
            try:
                work()
            except WorkbenchError as error:
                log.info("a measurement was not kept: %s", error.message)


def _request(plan: LaunchPlan) -> Request:
    return Request(plan.context_tokens * plan.slots, plan.slots, batch_tokens=plan.batch_tokens, unified=False)


def _name(header: Header, path: Path) -> str:
    return header.name or path.stem

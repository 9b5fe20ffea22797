"""The machine as the program knows it: everything is looked at once, what changes by the second is looked at again."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Protocol

from workbench.errors import WorkbenchError
from workbench.hardware import looking, measure, probe_child
from workbench.hardware.backends import EngineDevice
from workbench.hardware.looking import Outcome, Probe, Run
from workbench.hardware.machine import Machine
from workbench.hardware.merge import merge, with_bandwidth
from workbench.hardware.probes import apple, drm, files, registry, vulkan
from workbench.hardware.probes.processor import Processor, processor
from workbench.hardware.reading import read_machine
from workbench.hardware.sightings import Sighting

# How old figures of free GPU memory may be: a page that asks for ten estimates does not ask the driver ten times.
LIVE_SECONDS = 3.0
PROBE_SECONDS = 4.0
CHILD_SECONDS = 3.0  # less, so that a child that hangs is ended and named before its probe is given up
SOURCES = ("nvml", "amd", "intel", "nvidia", "apple", "dxgi", "vulkan")  # in the order of trust
DETAILS = "registry"
UNKNOWN = 0.0  # a bandwidth that could not be measured: not tried again by this process, unless asked


class Hardware(Protocol):
    """What `HardwareService` offers, for those who only ask."""

    def machine(self, fresh: bool = False) -> Machine: ...

    def problems(self) -> tuple[tuple[str, str], ...]: ...


class HardwareService:
    """``home``: whose disk counts, and where a measured bandwidth is kept. ``engine_devices``: what the installed engines
    list. Any thread may ask; the first time takes as long as the slowest probe, at most `PROBE_SECONDS`."""

    def __init__(
        self,
        home: Path,
        engine_devices: Callable[[], tuple[EngineDevice, ...]] = tuple,
        *,
        probes: Sequence[Probe] | None = None,
        run: Run = looking.run,
        read: Callable[[Path, Processor], Machine] = read_machine,
    ) -> None:
        self._home = home
        self._engine_devices = engine_devices
        self._probes = platform_probes(sys.platform, run) if probes is None else tuple(probes)
        self._run = run
        self._read = read
        self._lock = threading.Lock()
        self._outcomes: dict[str, Outcome] = {}
        self._looked = -LIVE_SECONDS
        self._cpu: Processor | None = None
        self._bandwidth: float | None = None
        self._engine_problem = ""

    def machine(self, fresh: bool = False) -> Machine:
        """This machine now. ``fresh``: look at everything again, for a card that was added or a driver that was mended."""
        devices = self._devices()  # outside the lock: an engine that is asked for the first time takes its time
        with self._lock:
            self._look(fresh=fresh)
            self._cpu = self._cpu or processor(self._run)
            sources = [self._found(name) for name in SOURCES]
            told = merge(self._read(self._home, self._cpu), sources, devices, self._found(DETAILS))
            return told if told.memory_bandwidth_gbs else self._measured(told, again=fresh)

    def problems(self) -> tuple[tuple[str, str], ...]:
        """The probes of the last look that failed or gave no answer in time, each with the reason in words."""
        with self._lock:
            failed = [(name, outcome.problem) for name, outcome in self._outcomes.items() if outcome.problem]
            return (*failed, *([("engine devices", self._engine_problem)] if self._engine_problem else ()))

    def _look(self, *, fresh: bool) -> None:
        """Everything the first time; later only the probes that found something that changes."""
        if fresh or not self._outcomes:
            due = self._probes
        elif time.monotonic() - self._looked < LIVE_SECONDS:
            return
        else:
            due = tuple(probe for probe in self._probes if probe.live and self._outcomes[probe.name].found)
        seen = looking.look(due)
        # A driver that is busy for a moment does not make its card vanish: what it said before still stands.
        kept = {name: outcome for name, outcome in seen.items() if fresh or not outcome.problem or not self._outcomes}
        self._outcomes = self._outcomes | kept
        self._looked = time.monotonic()

    def _found(self, name: str) -> tuple[Sighting, ...]:
        outcome = self._outcomes.get(name)
        return () if outcome is None or outcome.found is None else outcome.found

    def _devices(self) -> tuple[EngineDevice, ...]:
        try:
            devices, self._engine_problem = self._engine_devices(), ""
        except WorkbenchError as error:
            devices, self._engine_problem = (), error.message
        return devices

    def _measured(self, machine: Machine, *, again: bool) -> Machine:
        if self._bandwidth is None or again:
            name = f"{machine.cpu_name}, {machine.physical_cores} cores, {machine.memory_total_bytes >> 30} GiB"
            question = probe_child.command(measure.QUESTION)
            rate = measure.measured(self._home, name, self._run, question, again=again)
            self._bandwidth = rate or UNKNOWN
        return with_bandwidth(replace(machine, memory_bandwidth_gbs=self._bandwidth or None))


def platform_probes(platform: str, run: Run = looking.run, root: Path = files.ROOT) -> tuple[Probe, ...]:
    """The probes for GPUs that ``platform`` (as in `sys.platform`) may have."""
    ask = partial(_ask, run)
    nvml = Probe("nvml", partial(ask, "nvml"), PROBE_SECONDS, live=True)
    listed = Probe("vulkan", partial(vulkan.look, run), PROBE_SECONDS, live=True)
    if platform == "darwin":
        return (Probe("apple", partial(apple.look, run, partial(ask, "metal")), PROBE_SECONDS, live=True),)
    if platform == "win32":
        dxgi = Probe("dxgi", partial(ask, "dxgi"), PROBE_SECONDS, live=True)
        return (nvml, dxgi, Probe(DETAILS, registry.look), listed)
    amd, intel, nvidia = (partial(ask, root) for ask in (drm.amd, drm.intel, drm.nvidia))
    return (nvml, Probe("amd", amd, live=True), Probe("intel", intel), Probe("nvidia", nvidia), listed)


def _ask(run: Run, question: str) -> tuple[Sighting, ...] | None:
    return probe_child.sightings(run, question, CHILD_SECONDS)

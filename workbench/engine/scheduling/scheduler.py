"""Keeps the models in memory within what there is: makes room, ends idle ones, gives back under pressure.

A thread looks after them only while there are any; nothing runs when nothing is loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from workbench.cancel import CancelToken
from workbench.engine.launching.ground import Ground, Resources
from workbench.engine.scheduling.caretaker import Caretaker
from workbench.engine.scheduling.demand import demand, gpu_total_bytes
from workbench.engine.scheduling.idle import Scheduling, next_deadline, overdue
from workbench.engine.scheduling.loading import LoadingQueue
from workbench.engine.scheduling.pressure import Pressure
from workbench.engine.scheduling.residents import Resident, Residents
from workbench.engine.scheduling.room import GPU, MEMORY, Bytes, Loaded, Room, make_room, next_to_leave
from workbench.models.gguf.header import Header
from workbench.ports import Clock, LaunchPlan

LOOK_SECONDS = 5.0  # how often the memory of the machine is looked at while a model is loaded
COMFORT_TOKENS = 8192  # a context that is worth more than another model in memory
_WAIT_SECONDS = 0.25


class Planner(Protocol):
    """What decides how a model would be started with so much memory."""

    def __call__(self, path: Path, free: Resources) -> tuple[Header, Ground, LaunchPlan]: ...


@dataclass(frozen=True, slots=True)
class Machinery:
    """``resources``: what is free now. ``end``: ends the engine of one. ``touch``: keeps one in memory that is to be kept
    ready, and tells in how many seconds it wants to be called again. ``say``: tells a person what was done."""

    clock: Clock
    resources: Callable[[], Resources]
    plan: Planner
    end: Callable[[Resident], None]
    touch: Callable[[Resident], float]
    say: Callable[[str], None]


class Scheduler:
    def __init__(
        self, residents: Residents, machinery: Machinery, chosen: Callable[[], Scheduling], pressure: Pressure
    ) -> None:
        self._residents = residents
        self._machinery = machinery
        self._chosen = chosen
        self._pressure = pressure
        self._queue = LoadingQueue()
        self._touch_at: dict[Path, float] = {}
        self._caretaker = Caretaker(self._look)

    @contextmanager
    def loading(self, resident: Resident, cancel: CancelToken, progress: Callable[[str], None]) -> Iterator[None]:
        """In this block ``resident`` may be loaded: it is its turn, and there is room as far as that can be. May wait, for
        other models to be loaded or to have answered, and says so. Raises `Cancelled`."""
        with self._queue.turn(resident.name, cancel, progress):
            told = ""
            while (busy := self._make_room(resident)) is not None:
                words = f"Waiting until {busy.name} has answered: there is no room for both…"
                if words != told:
                    progress(told := words)
                cancel.wait(_WAIT_SECONDS)
            yield
        self._caretaker.wake()

    def free(self, *, but: Resident | None = None) -> Resources:
        """What a model may take of the memory now, without what the others still need of it."""
        now = self._machinery.resources()
        promised = sum(resident.still_to_hold() for resident in self._residents.owned(but=but))
        return Resources(now.physical_cores, max(0, now.memory_available_bytes - promised))

    def look_again(self) -> None:
        """Something was changed that decides how long models stay."""
        self._caretaker.wake()

    def close(self) -> None:
        """End the thread. Safe to call twice."""
        self._caretaker.close()

    def _make_room(self, resident: Resident) -> Loaded | None:
        """Ends what must go; returns whose answer has to be waited for."""
        loaded = self._residents.loaded(but=resident)
        if not loaded:
            return None
        room = self._room(resident, loaded)
        for model in room.leaving:
            kept = ", though it is kept ready" if model.pinned else ""
            self._end(model, f"Unloaded {model.name} to make room for {resident.name}{kept}.")
        return room.waiting_for if resident.counts else None

    def _room(self, resident: Resident, loaded: tuple[Loaded, ...]) -> Room:
        """As the model would be started with what is free, if that is good; else as with all that could be freed."""
        at_once = self._chosen().models_at_once
        memory = self.free(but=resident)
        header, ground, modest = self._machinery.plan(resident.path, memory)
        resident.counts = not modest.embeddings
        free = self._pools(memory, ground, loaded)
        freeable = sum(model.takes.get(MEMORY, 0) for model in loaded)
        ample = Resources(memory.physical_cores, memory.memory_available_bytes + freeable)
        best = self._machinery.plan(resident.path, ample)[2]
        plan = modest if modest.context_tokens >= min(best.context_tokens, COMFORT_TOKENS) else best
        return make_room(demand(header, plan, ground), free, loaded, at_once=at_once, counts=resident.counts)

    def _pools(self, memory: Resources, ground: Ground, loaded: tuple[Loaded, ...]) -> Bytes:
        on_cards = gpu_total_bytes(ground) - sum(model.takes.get(GPU, 0) for model in loaded)
        return {MEMORY: memory.memory_available_bytes, GPU: max(0, on_cards)}

    def _look(self) -> float | None:
        """In the caretaker's thread: what is due, and in how many seconds the next look is. None: nothing is loaded."""
        chosen, now = self._chosen(), self._machinery.clock.monotonic()
        for model in overdue(self._residents.loaded(), now, chosen):
            self._end(model, "")
        loaded = self._residents.loaded()
        if loaded and self._pressure.look():
            self._give_back(loaded)
            loaded = self._residents.loaded()
        if not loaded:
            return None
        waits = [LOOK_SECONDS, *self._touches(now)]
        deadline = next_deadline(loaded, chosen)
        if deadline is not None:
            waits.append(max(0.05, deadline - now))
        return min(waits)

    def _give_back(self, loaded: tuple[Loaded, ...]) -> None:
        model = next_to_leave(loaded)
        if model is not None:
            kept = ", though it is kept ready" if model.pinned else ""
            self._end(model, f"Unloaded {model.name} to free memory{kept}: the machine was running out of it.")

    def _touches(self, now: float) -> Iterator[float]:
        """Keeps in memory what is to be kept ready; yields the seconds until each wants it again."""
        for resident in self._residents.owned():
            if not self._residents.kept_ready(resident):
                continue
            if now >= self._touch_at.get(resident.path, 0.0) and not resident.supervisor.active:
                self._touch_at[resident.path] = now + self._machinery.touch(resident)
            yield max(0.05, self._touch_at.get(resident.path, now + LOOK_SECONDS) - now)

    def _end(self, model: Loaded, words: str) -> None:
        resident = self._residents.find(model.path)
        if (
            resident is None or resident.supervisor.active or resident.supervisor.has_guest
        ):  # somebody was quicker, and asks it something
            return
        self._machinery.end(resident)
        if words:
            self._machinery.say(words)

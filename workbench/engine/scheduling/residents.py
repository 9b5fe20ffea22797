"""The models that this process has engines for, and what they take."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from workbench.engine.launching.patience import private_bytes
from workbench.engine.scheduling.lane import Lane
from workbench.engine.scheduling.room import MEMORY, Bytes, Loaded
from workbench.engine.supervisor import Supervisor


@dataclass(slots=True, eq=False)
class Resident:
    """``needs``: as planned at its last start. ``shrunk``: for each smaller plan that a person accepted, why."""

    path: Path
    supervisor: Supervisor
    name: str = ""
    lane: Lane = field(default_factory=Lane)
    needs: Bytes = field(default_factory=dict)
    counts: bool = True
    shrunk: list[str] = field(default_factory=list)

    @property
    def owned(self) -> bool:
        """Whether it is in memory, and this process has loaded it."""
        connection = self.supervisor.connection
        return connection is not None and connection.engine is not None

    def held_bytes(self) -> int:
        """Private memory of its engine; 0 when it is not in memory."""
        connection = self.supervisor.connection
        return 0 if connection is None else private_bytes(connection.process_id)

    def takes(self) -> Bytes:
        """What would be free without it."""
        return {**self.needs, MEMORY: max(self.needs.get(MEMORY, 0), self.held_bytes())}

    def still_to_hold(self) -> int:
        """Memory that it needs but the system still calls available: mapped weights can be thrown out, and read again."""
        return max(0, self.needs.get(MEMORY, 0) - self.held_bytes())


class Residents:
    """Every method may be called from any thread."""

    def __init__(
        self,
        make: Callable[[Path], Supervisor],
        kept_ready: Callable[[], Path | None],
        lane: Callable[[Path], Lane] = lambda _path: Lane(),
    ) -> None:
        """``make``: the supervisor of a model. ``kept_ready``: the model that a person wants to stay. ``lane``: of a model,
        who is answered first."""
        self._make = make
        self._lane = lane
        self._kept_ready = kept_ready
        self._lock = threading.Lock()
        self._by_path: dict[Path, Resident] = {}

    def of(self, path: Path, name: str) -> Resident:
        """The one for the model at ``path``, which is called ``name`` from now on."""
        with self._lock:
            if path not in self._by_path:
                self._by_path[path] = Resident(path, self._make(path), lane=self._lane(path))
            resident = self._by_path[path]
            resident.name = resident.supervisor.name = name
            return resident

    def find(self, path: Path) -> Resident | None:
        with self._lock:
            return self._by_path.get(path)

    def all(self) -> tuple[Resident, ...]:
        with self._lock:
            return tuple(self._by_path.values())

    def owned(self, *, but: Resident | None = None) -> tuple[Resident, ...]:
        """Those that this process has in memory."""
        return tuple(resident for resident in self.all() if resident is not but and resident.owned)

    def kept_ready(self, resident: Resident) -> bool:
        return resident.path == self._kept_ready()

    def loaded(self, *, but: Resident | None = None) -> tuple[Loaded, ...]:
        """What `owned` tells, for a decision."""
        return tuple(self._loaded(resident) for resident in self.owned(but=but))

    def _loaded(self, resident: Resident) -> Loaded:
        supervisor = resident.supervisor
        return Loaded(
            resident.path,
            resident.name,
            resident.takes(),
            supervisor.used_at,
            supervisor.active + supervisor.has_guest,
            self.kept_ready(resident),
            resident.counts,
        )

"""A machine in one text file: what its probes read and are told, so that the whole detection runs as on that machine.

Lines that begin with ``#`` say where a part comes from. Parts: ``== file PATH`` (below the root), ``== run COMMAND``,
``== nvml`` (what NVIDIA's library says: `tests.fakes.nvml`), ``== metal`` and ``== dxgi`` (what the child asked them),
``== registry``, ``== engine`` (the installed engines' device lists) and ``== system`` (the operating system's own figures).

    python -m tests.unit.hardware.capture       writes tests/machines/ anew from the captures
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.fakes.nvml import FakeNvml
from workbench.hardware import measure, probe_child
from workbench.hardware.backends import EngineDevice
from workbench.hardware.looking import Probe
from workbench.hardware.machine import Machine
from workbench.hardware.probes import dxgi, nvml, registry
from workbench.hardware.probes.memory import Memory, within_limits
from workbench.hardware.service import HardwareService, platform_probes
from workbench.hardware.sightings import Sighting

FOLDER = Path(__file__).parent / "captured"
MACHINES = Path(__file__).parent.parent.parent / "machines"
PLATFORMS = {"macos": "darwin", "windows": "win32", "linux": "linux"}


class Capture:
    """One captured machine. Its files are written below ``root``."""

    def __init__(self, path: Path, root: Path) -> None:
        self.name = path.stem.removeprefix("synthetic-")
        self._parts = _parts(path.read_text("utf-8"))
        self._root = root
        (root / "dev/dri").mkdir(parents=True)
        for part, text in self._parts.items():
            kind, _space, place = part.partition(" ")
            if kind == "file":
                target = root / place.removeprefix("/")
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(text + "\n", encoding="utf-8")

    def machine(self) -> Machine:
        return self.service().machine()

    def service(self) -> HardwareService:
        devices = tuple(EngineDevice(**row) for row in self._json("engine") or ())
        system = self._json("system")
        probes = [self._without_registry(probe) for probe in self._probes(system["os"])]
        return HardwareService(
            self._root / "home",
            lambda: devices,
            probes=probes,
            run=self._run,
            read=lambda _home, _cpu: self._read(system),
        )

    def _probes(self, os: str) -> Sequence[Probe]:
        return platform_probes(PLATFORMS[os], self._run, self._root)

    def _without_registry(self, probe: Probe) -> Probe:
        """The registry is read through Windows' own module: here its entries are given."""
        if probe.name != "registry":
            return probe
        return Probe("registry", lambda: registry.sightings(self._json("registry") or ()))

    def _read(self, system: dict[str, Any]) -> Machine:
        memory = within_limits(Memory(system["memory_total_bytes"], system["memory_available_bytes"]), self._root)
        return Machine(
            os=system["os"],
            cpu_name=system["cpu"],
            physical_cores=system["cores"],
            cpu_features=tuple(system["features"]),
            memory_total_bytes=memory.total_bytes,
            memory_available_bytes=memory.available_bytes,
            disk_free_bytes=system["disk_free_bytes"],
            power=system["power"],
            surroundings="container" if memory.contained else system.get("surroundings"),
        )

    def _run(self, command: Sequence[str], seconds: float) -> str:
        question = command[-1]
        if list(command) == probe_child.command(question):
            return json.dumps(self._answer(question))
        told = self._parts.get(f"run {' '.join(command)}")
        if told is None:
            raise FileNotFoundError(command[0])
        return told

    def _answer(self, question: str) -> Any:
        if question == measure.QUESTION:
            return self._json("system")["copy_rate"]
        told = self._json(question)
        if told is None:
            return None
        if question == "nvml":
            found = nvml.ask(FakeNvml(told))
        elif question == "dxgi":
            found = tuple(seen for row in told if (seen := _adapter(row)) is not None)
        else:
            found = tuple(Sighting(**row) for row in told)
        return None if found is None else [asdict(seen) for seen in found]

    def _json(self, part: str) -> Any:
        return json.loads(self._parts[part]) if part in self._parts else None


def captures() -> list[Path]:
    return sorted(FOLDER.glob("*.txt"))


def _adapter(row: dict[str, Any]) -> Sighting | None:
    description = dxgi.Description(
        vendor=row["vendor"],
        device=row["device"],
        dedicated_video=row["dedicated"],
        shared_system=row["shared"],
        flags=row.get("flags", 0),
    )
    name = row["name"].encode("utf-16-le")
    for place in range(0, len(name), 2):
        description.name[place // 2] = int.from_bytes(name[place : place + 2], "little")
    budgets = [dxgi.Budget(budget=row[key][0], usage=row[key][1]) if key in row else None for key in ("own", "other")]
    return dxgi.sighting(description, *budgets)


def _parts(text: str) -> dict[str, str]:
    parts: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in text.splitlines():
        if line.startswith("== "):
            lines = parts.setdefault(line.removeprefix("== "), [])
        elif not line.startswith("#"):
            lines.append(line)
    return {part: "\n".join(content) for part, content in parts.items()}


def main() -> None:
    for path in captures():
        with TemporaryDirectory() as folder:
            capture = Capture(path, Path(folder))
            document = json.dumps(capture.machine().as_json(), indent=2)
            (MACHINES / f"{capture.name}.json").write_text(document + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

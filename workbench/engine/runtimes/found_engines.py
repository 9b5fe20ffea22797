"""Finds the engines that are on this machine and asks each what it can do. What was asked once is remembered."""

from __future__ import annotations

import json
import os
import shutil
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.cancel import CancelToken
from workbench.engine.launching import native_child
from workbench.engine.records import read_private_json, write_private
from workbench.engine.runtimes.archive_names import member_path
from workbench.engine.runtimes.builds import NATIVE, PATH, WORKER, EngineBuild, InstalledEngine
from workbench.engine.runtimes.probe_engine import ANSWER_SECONDS, Capabilities, ask, native_devices, probe
from workbench.engine.worker import found as worker
from workbench.engine.worker.worker_launcher import version as worker_version
from workbench.errors import DownloadError, EngineError
from workbench.hardware.backends import CPU, EngineDevice

SERVER = "llama-server.exe" if sys.platform == "win32" else "llama-server"
MANIFEST = "engine.json"
WORKSHOP = ".partial"  # beside the installed builds: what is being fetched and unpacked

_Stamp = tuple[int, int]
Probing = Callable[[Path], Capabilities | EngineError]


@dataclass(frozen=True, slots=True)
class Place:
    """An engine that has not been asked yet. ``binary``: of the worker, the folder that its package is in."""

    id: str
    label: str
    binary: Path


class FoundEngines:
    """``folder``: the installed builds; ``own``: the setting ``engine.binary``; ``command``: the native engine's child."""

    def __init__(
        self,
        folder: Path,
        own: Callable[[], str],
        *,
        command: Sequence[str] | None = None,
        seconds: float = ANSWER_SECONDS,
    ) -> None:
        self._folder = folder
        self._own = own
        self._command = tuple(command or native_child.command())
        self._seconds = seconds
        self._lock = threading.Lock()
        self._native: InstalledEngine | None = None
        self._asked: dict[Path, tuple[_Stamp, Capabilities | EngineError]] = {}

    def all(self, *, fresh: bool = False) -> tuple[InstalledEngine, ...]:
        """The native engine first, then installed builds, then the person's own. May take seconds when ``fresh``."""
        with self._lock:
            if fresh:
                self._native = None
                self._asked.clear()
            self._native = self._native or self._ask_native()
            return (self._native, *(self._engine(place) for place in self.places()))

    def places(self) -> Iterator[Place]:
        """The engines beside the native one, without asking them."""
        for manifest in sorted(self._folder.glob(f"*/{MANIFEST}")):
            if (place := read_manifest(manifest)) is not None:
                yield place
        if (binary := own_binary(self._own())) is not None:
            yield Place(PATH, "your own llama-server", binary)
        if (site := worker.site(self._folder)) is not None:
            yield Place(WORKER, "llama-cpp-python", site)

    def capabilities(self, engine: InstalledEngine) -> Capabilities:
        """Of an engine with a path. Raises `EngineError` when it is of no use."""
        assert engine.path is not None, "not the native one"  # noqa: S101 - for the type checker
        with self._lock:
            found = self._ask(engine.path)
        if isinstance(found, EngineError):
            raise found
        return found

    def _engine(self, place: Place) -> InstalledEngine:
        found = self._ask(place.binary, self._probe_worker if place.id == WORKER else self._probe)
        if isinstance(found, EngineError):
            return InstalledEngine(place.id, place.label, "", place.binary, frozenset(), problem=found.message)
        return InstalledEngine(
            place.id, place.label, found.version, place.binary, backends(found.devices), found.devices
        )

    def _ask(self, binary: Path, probing: Probing | None = None) -> Capabilities | EngineError:
        try:
            status = binary.stat()
        except OSError as error:
            return EngineError(f"{binary} is not there: {error.strerror or error}.")
        stamp = (status.st_mtime_ns, status.st_size)
        known = self._asked.get(binary)
        if known is None or known[0] != stamp:
            known = stamp, (probing or self._probe)(binary)
            self._asked[binary] = known
        return known[1]

    def _probe(self, binary: Path) -> Capabilities | EngineError:
        try:
            return probe(binary, CancelToken(), seconds=self._seconds)
        except EngineError as error:
            return error

    def _probe_worker(self, site: Path) -> Capabilities | EngineError:
        try:
            version = worker_version(site)
            return Capabilities(version, frozenset(), devices=worker.devices(site, CancelToken()))
        except EngineError as error:
            return error

    def _ask_native(self) -> InstalledEngine:
        label = "Workbench's own engine"
        try:
            version = native_child.build()
            answer = self._native_answer()
        except (ImportError, EngineError) as error:
            message = error.message if isinstance(error, EngineError) else "The package xllamacpp is not installed."
            return InstalledEngine(NATIVE, label, "", None, frozenset(), problem=message)
        devices = native_devices(answer)
        return InstalledEngine(NATIVE, label, version, None, backends(devices), devices)

    def _native_answer(self) -> list[dict[str, Any]]:
        """Its devices. A list that cannot be read is no reason not to use it: then none is known."""
        order = json.dumps({"parent": os.getpid(), "devices": True}).encode() + b"\n"
        said = ask(self._command, CancelToken(), order=order, seconds=self._seconds)
        for line in said.text.splitlines():
            if line.startswith('{"devices"'):
                try:
                    found = json.loads(line)["devices"]
                except ValueError:
                    continue
                return [device for device in found if isinstance(device, dict)] if isinstance(found, list) else []
        return []


def backends(devices: Sequence[EngineDevice]) -> frozenset[str]:
    return frozenset({CPU, *(device.backend for device in devices)})


def own_binary(setting: str) -> Path | None:
    """The person's own binary: the one that ``setting`` names, itself or by its folder; when empty, one on the PATH.

    Not one in the folder that the program happens to be started in, where Windows looks first.
    """
    if not setting:
        found = shutil.which("llama-server")
        return Path(found) if found is not None and Path(found).is_absolute() else None
    path = Path(setting).expanduser()
    inside = (path / SERVER, path / "build" / "bin" / SERVER)
    return next((file for file in inside if file.is_file()), path)


def write_manifest(folder: Path, build: EngineBuild, binary: Path) -> None:
    """Say what ``folder`` holds. Raises `OSError`."""
    fields = {
        "id": build.id,
        "label": f"{build.label}, llama.cpp {build.version}",
        "binary": binary.relative_to(folder).as_posix(),
    }
    write_private(folder / MANIFEST, json.dumps(fields))


def read_manifest(file: Path) -> Place | None:
    """What an installed folder holds; None for a file that says nothing sensible."""
    fields = read_private_json(file)
    try:
        binary = file.parent.joinpath(*member_path(str(fields["binary"])).parts)
        return Place(str(fields["id"]), str(fields["label"]), binary)
    except (KeyError, DownloadError):
        return None

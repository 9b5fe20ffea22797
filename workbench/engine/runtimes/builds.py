"""Engines that can be installed beside the default one, and those that are: the values. See `runtimes`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from workbench.hardware.backends import EngineDevice

NATIVE, PATH = "native", "path"  # ids of engines that are no builds of ours
WORKER = "llama-cpp-python"  # the id of the worker on that package


@dataclass(frozen=True, slots=True)
class EngineBuild:
    """A row of `assets/engines.json`: an official `llama-server` archive. Sizes in bytes.

    ``os``: linux, macos or windows; ``machine``: x86_64 or arm64. ``needs``: what the machine must have, in words;
    ``minimum_driver`` and the range of compute capabilities, for NVIDIA, as numbers with dots (empty: any). ``archives``:
    (address, sha256, bytes) of the build and, for CUDA, of NVIDIA's libraries, which are unpacked beside it.
    """

    id: str
    version: str
    os: str
    machine: str
    backend: str
    label: str
    archives: tuple[tuple[str, str, int], ...]
    needs: str = ""
    minimum_driver: str = ""
    minimum_compute: str = ""
    maximum_compute: str = ""

    @property
    def download_bytes(self) -> int:
        return sum(size for _address, _sha256, size in self.archives)


@dataclass(frozen=True, slots=True)
class InstalledEngine:
    """``id``: `NATIVE` for the wheel inside the program, a build's id, or `PATH` for a binary of the person's.

    ``backends``: what it can drive, from its own device list; ``problem``: why it cannot be used, empty when it can.
    """

    id: str
    label: str
    version: str
    path: Path | None
    backends: frozenset[str]
    devices: tuple[EngineDevice, ...] = ()
    problem: str = ""

"""Engines that can be installed beside the default one, and those that are: the values. See `runtimes`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from workbench.hardware.backends import EngineDevice


@dataclass(frozen=True, slots=True)
class EngineBuild:
    """A row of `assets/engines.json`: an official `llama-server` archive. Sizes in bytes.

    ``needs``: what the machine must have, in words and as minimal driver; ``archives``: (address, sha256, bytes) of the
    build and, for CUDA on Windows, of NVIDIA's libraries.
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

    @property
    def download_bytes(self) -> int:
        return sum(size for _address, _sha256, size in self.archives)


@dataclass(frozen=True, slots=True)
class InstalledEngine:
    """``id``: ``native`` for the wheel inside the program, a build's id, or ``path`` for a binary of the person's.

    ``backends``: what it can drive, from its own device list; ``problem``: why it cannot be used, empty when it can.
    """

    id: str
    label: str
    version: str
    path: Path | None
    backends: frozenset[str]
    devices: tuple[EngineDevice, ...] = ()
    problem: str = ""

"""How fast memory is read, by the name of the chip: a table with source and date in `assets/bandwidth.json`.

A name stands for one figure only together with what tells its variants apart: laptop parts, the size of the memory, the
number of GPU cores. What the table does not know is None: a wrong figure would be worse than a measured or a missing one.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from workbench.paths import asset

# Words of a name that say nothing about the chip.
_NOISE = re.compile(
    r"\((?:r|tm|c|radv|amdvlk|virtual)[^)]*\)|\b(?:nvidia|geforce|amd|intel|tesla|quadro|graphics|gpu|generation|series"
    r"|corporation|workstation|server|edition|with|design|\d+gb|w/|max-?q)\b",
    re.IGNORECASE,
)
_LAPTOP = re.compile(r"\b(?:laptop|mobile|max-?q(?! workstation))\b", re.IGNORECASE)
_MEMORY = re.compile(r"\b(\d+)\s?GB\b", re.IGNORECASE)

# A word of these more or fewer is another chip: an RTX 4070 Ti is no RTX 4070.
_VARIANTS = frozenset(["ti", "super", "xt", "xtx", "gre", "pro", "max", "ultra", "d", "ada", "nvl"])

# The memory a driver reports is a little less than the name's (16376 MiB of 16 GB), or of the decimal kind.
MEMORY_TOLERANCE = 0.12


@dataclass(frozen=True, slots=True)
class Chip:
    """A row of the table. ``memory_gb`` empty: any."""

    name: str
    gbs: float
    memory_gb: tuple[float, ...] = ()
    laptop: bool = False
    gpu_cores: int | None = None


def gpu_bandwidth(name: str, memory_bytes: int | None = None, gpu_cores: int | None = None) -> float | None:
    """10^9 bytes a second of the GPU, or Apple chip, called ``name``; None when the table cannot tell.

    ``memory_bytes``: its memory, for an Apple chip the machine's. Where variants remain the slowest is told.
    """
    laptop = _LAPTOP.search(name) is not None
    words = _words(name)
    named = [chip for chip in _chips() if chip.laptop == laptop and _fits(_words(chip.name), words)]
    longest = max((len(_words(chip.name)) for chip in named), default=0)
    closest = [chip for chip in named if len(_words(chip.name)) == longest]
    closest = [chip for chip in closest if _same_memory(chip, _gigabytes(name, memory_bytes))]
    if gpu_cores is not None:
        closest = [chip for chip in closest if chip.gpu_cores in (None, gpu_cores)] or closest
    return min((chip.gbs for chip in closest), default=None)


def processor_bandwidth(name: str | None) -> float | None:
    """10^9 bytes a second of the memory soldered to the processor called ``name``; None where modules decide."""
    plain = re.sub(r"\((?:r|tm)\)", "", name or "", flags=re.IGNORECASE).lower()
    return next((gbs for pattern, gbs in _processors() if pattern.search(plain)), None)


def _fits(chip: frozenset[str], words: frozenset[str]) -> bool:
    """Whether every word of the row is in the name, and the name has no word that makes it another chip."""
    return chip <= words and not (words - chip) & _VARIANTS


def _same_memory(chip: Chip, gigabytes: float | None) -> bool:
    if gigabytes is None or not chip.memory_gb:
        return True
    return any(abs(gigabytes - known) <= known * MEMORY_TOLERANCE for known in chip.memory_gb)


def _gigabytes(name: str, memory_bytes: int | None) -> float | None:
    """GiB: what makers call a GB of memory. The name's own figure where the system tells none."""
    if memory_bytes is not None:
        return memory_bytes / 2**30
    named = _MEMORY.search(name)
    return float(named[1]) if named else None


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z0-9]+", _NOISE.sub(" ", name.lower())))


@cache
def _chips() -> tuple[Chip, ...]:
    return tuple(
        Chip(row["name"], row["gbs"], tuple(row.get("memory_gb", ())), row.get("laptop", False), row.get("gpu_cores"))
        for row in _table()["chips"]
    )


@cache
def _processors() -> tuple[tuple[re.Pattern[str], float], ...]:
    return tuple((re.compile(row["pattern"]), row["gbs"]) for row in _table()["processors"])


@cache
def _table() -> dict[str, Any]:
    table: dict[str, Any] = json.loads(asset("bandwidth.json").read_text("utf-8"))
    return table

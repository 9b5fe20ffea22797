"""The pinned packages: llama-cpp-python, what it imports, and what it is compiled with. Written by `make lock`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from workbench.engine.runtimes.builds import WORKER
from workbench.paths import asset

PACKAGES, BUILDING = "llama-cpp-python.lock", "llama-cpp-python-build.lock"


@dataclass(frozen=True, slots=True)
class Lock:
    """Lines for pip, each a requirement with its hashes. ``source``: of the package itself, which is compiled."""

    version: str
    source: str
    imports: tuple[str, ...]
    building: tuple[str, ...]


@cache
def read_lock() -> Lock:
    return parse_lock(asset(PACKAGES).read_text("utf-8"), asset(BUILDING).read_text("utf-8"))


def parse_lock(packages: str, building: str) -> Lock:
    """Raises `ValueError` when the package itself is not in ``packages``."""
    lines = _entries(packages)
    own = [line for line in lines if _name(line) == WORKER]
    if len(own) != 1:
        raise ValueError(f"{PACKAGES} does not pin {WORKER}")
    version = own[0].split()[0].partition("==")[2]
    return Lock(version, own[0], tuple(line for line in lines if line not in own), _entries(building))


def _entries(text: str) -> tuple[str, ...]:
    """Each requirement on one line."""
    lines: Iterable[str] = text.replace("\\\n", " ").splitlines()
    return tuple(" ".join(line.split()) for line in lines if line.strip() and not line.startswith("#"))


def _name(line: str) -> str:
    return line.partition("==")[0]

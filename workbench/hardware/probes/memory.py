"""The memory of this machine: the system's figures, and on Linux the limit of a container (cgroup version 1 and 2)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from workbench.hardware.probes import files

# Version 1 writes "no limit" as the largest multiple of the page size below 2^63.
NO_LIMIT_BYTES = 1 << 60


@dataclass(frozen=True, slots=True)
class Memory:
    """In bytes. ``contained``: a container's limit, not the machine's memory, is the smaller one."""

    total_bytes: int
    available_bytes: int
    contained: bool = False


@dataclass(frozen=True, slots=True)
class _Version:
    """Where one version of cgroup keeps its figures. ``mount`` is below the root."""

    mount: str
    controller: str
    limit: str
    used: str
    reclaimable: str


_VERSIONS = (
    _Version("sys/fs/cgroup", "", "memory.max", "memory.current", "inactive_file"),
    _Version("sys/fs/cgroup/memory", "memory", "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
)


def memory(root: Path = files.ROOT) -> Memory:
    """Now."""
    import psutil  # 20 ms that most runs do not need

    system = psutil.virtual_memory()
    return within_limits(Memory(system.total, system.available), root)


def within_limits(machine: Memory, root: Path = files.ROOT) -> Memory:
    """``machine`` within the limits of the groups that this process is in: each group on the way up may have one."""
    smallest = machine
    for version in _VERSIONS:
        for folder in _groups(root, version):
            limit = files.number(folder / version.limit)
            if limit is None or limit >= NO_LIMIT_BYTES:
                continue
            left = limit - _unreclaimable(folder, version)
            contained = smallest.contained or limit < machine.total_bytes
            smallest = Memory(min(smallest.total_bytes, limit), max(0, min(smallest.available_bytes, left)), contained)
    return smallest


def _groups(root: Path, version: _Version) -> Iterator[Path]:
    """The folders of this process's group and its parents, up to the mount, which in a container is its own group."""
    mount = root / version.mount
    yield mount
    folder = mount
    for part in _path(files.text(root / "proc/self/cgroup"), version.controller).split("/"):
        if part in ("", ".."):
            continue
        folder = folder / part
        yield folder


def _path(membership: str, controller: str) -> str:
    """The group's path out of ``/proc/self/cgroup``, lines such as ``0::/user.slice`` or ``4:memory:/docker/1f``."""
    for line in membership.splitlines():
        _number, _colon, rest = line.partition(":")
        controllers, colon, path = rest.partition(":")
        if colon and controller in controllers.split(","):
            return path
    return "/"


def _unreclaimable(folder: Path, version: _Version) -> int:
    """What the group uses, without the file cache that the kernel gives back when memory is needed."""
    used = files.number(folder / version.used) or 0
    for line in files.text(folder / "memory.stat").splitlines():
        key, _space, value = line.partition(" ")
        if key == version.reclaimable:
            return max(0, used - (files.whole(value) or 0))
    return used

"""How often the system has ended a process of this group for want of memory: Linux counts it."""

from __future__ import annotations

from pathlib import Path

ROOT = Path("/")

_COUNTERS = (("sys/fs/cgroup", "", "memory.events"), ("sys/fs/cgroup/memory", "memory", "memory.oom_control"))


def oom_kills(root: Path = ROOT) -> int | None:
    """The count so far, of cgroup version 2 or 1; None where the system does not count, or not for us to read."""
    try:
        membership = (root / "proc/self/cgroup").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    for mount, controller, name in _COUNTERS:
        for folder in (root / mount / _group(membership, controller).lstrip("/"), root / mount):
            count = _count(folder / name)
            if count is not None:
                return count
    return None


def _group(membership: str, controller: str) -> str:
    """The path of this process's group, from lines such as ``0::/user.slice`` or ``4:memory:/docker/1f``."""
    for line in membership.splitlines():
        parts = line.split(":", 2)
        if len(parts) == 3 and controller in parts[1].split(","):
            return parts[2]
    return "/"


def _count(file: Path) -> int | None:
    try:
        for line in file.read_text(encoding="ascii", errors="replace").splitlines():
            name, _, value = line.partition(" ")
            if name == "oom_kill":
                return int(value)
    except (OSError, ValueError):
        return None
    return None

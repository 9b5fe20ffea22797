"""Where this system itself runs, when that changes what it has: in WSL 2 or in a container."""

from __future__ import annotations

from pathlib import Path

from workbench.hardware.probes import files

WSL2, CONTAINER = "wsl2", "container"


def surroundings(root: Path = files.ROOT) -> str | None:
    """``wsl2``, ``container`` or None. WSL 2's kernel names its maker; WSL 1 has no GPU and is not told apart."""
    if "microsoft" in files.text(root / "proc/version").lower():
        return WSL2
    if (root / ".dockerenv").exists() or (root / "run/.containerenv").exists():
        return CONTAINER
    return None

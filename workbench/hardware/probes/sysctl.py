"""macOS's `sysctl`."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.errors import HardwareError
from workbench.hardware.looking import Run

SECONDS = 2.0


def read(run: Run, names: Sequence[str]) -> dict[str, str]:
    """The values below ``names``; empty where there is no such program. A name it does not know is passed over."""
    try:
        return values(run(["/usr/sbin/sysctl", *names], SECONDS))
    except (OSError, HardwareError):
        return {}


def values(text: str) -> dict[str, str]:
    """The lines ``name: value``."""
    pairs = (line.partition(": ") for line in text.splitlines())
    return {name.strip(): value.strip() for name, separator, value in pairs if separator}

"""The doctor's line about the prompt library."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.diagnostics.checks import Check, Status

_SHOWN = 5


def check_prompts(kept: int, damaged: Sequence[str]) -> Check:
    """Pure. ``damaged``: names of those whose newest version cannot be read."""
    told = "1 kept" if kept == 1 else f"{kept:,} kept" if kept else "none yet"
    if not damaged:
        return Check("prompts", Status.OK, told)
    names = ", ".join(damaged[:_SHOWN]) + ("…" if len(damaged) > _SHOWN else "")
    return Check(
        "prompts",
        Status.WARNING,
        f"{told}; the newest version of {len(damaged):,} cannot be read: {names}",
        "An older version is shown where there is one: save it again, or restore a backup (`workbench backup list`).",
    )

"""Which installed engine starts a model: the fastest that can be used, and the program's own if that one fails. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from workbench.engine.runtimes.builds import NATIVE, PATH, WORKER, InstalledEngine
from workbench.hardware.backends import CPU

AUTO = "auto"

# Best first; a GPU that is not named is still better than none.
_RANKS = {"cuda": 0, "metal": 1, "rocm": 2, "musa": 3, "cann": 3, "vulkan": 4, "sycl": 5, CPU: 9}
_OTHER_GPU = 6


def candidates(
    installed: Iterable[InstalledEngine], runtime: str = AUTO, gpu_layers: int | None = None
) -> tuple[InstalledEngine, ...]:
    """The engines to try, in order: the chosen one, then the program's own. Empty when none can be used.

    ``runtime``: the id of an installed engine, or `AUTO`; an id that is not installed counts as `AUTO`. ``gpu_layers`` 0:
    the person wants no GPU, so no other engine is needed.
    """
    usable = sorted((engine for engine in installed if not engine.problem), key=_rank)
    own = [engine for engine in usable if engine.id == NATIVE]
    named = [engine for engine in usable if engine.id == runtime]
    if named:
        first = named
    elif gpu_layers == 0 and own:
        first = own
    else:
        first = usable[:1]
    return tuple(dict.fromkeys([*first, *own]))


def _rank(engine: InstalledEngine) -> tuple[int, int]:
    """Of equally fast engines the program's own comes first, then builds, then the person's own: it is less known. The
    worker comes last: it computes one answer at a time."""
    speed = min((_RANKS.get(backend, _OTHER_GPU) for backend in engine.backends), default=_RANKS[CPU])
    return speed, {NATIVE: 0, PATH: 2, WORKER: 3}.get(engine.id, 1)

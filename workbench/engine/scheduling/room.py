"""Who must go so that a model fits. Pure.

Memory is counted in pools, in bytes: the machine's own, and its graphics cards' where they have their own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

MEMORY = "memory"
GPU = "gpu"

Bytes = Mapping[str, int]  # by pool


@dataclass(frozen=True, slots=True)
class Loaded:
    """A model in memory. ``takes``: what would be free without it. ``used_at``: monotonic seconds of its last request.

    ``answering``: requests that run. ``pinned``: the person wants it kept ready. ``counts``: towards the number of models
    at once; one for embeddings stands beside the chat model and does not.
    """

    path: Path
    name: str
    takes: Bytes
    used_at: float
    answering: int = 0
    pinned: bool = False
    counts: bool = True


@dataclass(frozen=True, slots=True)
class Room:
    """``leaving``: to be unloaded, in this order. ``waiting_for``: a model whose answer must end first, None: nothing."""

    leaving: tuple[Loaded, ...] = ()
    waiting_for: Loaded | None = None


def make_room(needs: Bytes, free: Bytes, loaded: Collection[Loaded], *, at_once: int = 0, counts: bool = True) -> Room:
    """Room for a model that ``needs`` so much beside ``loaded``, of which ``free`` is left now. ``at_once`` 0: any number.

    Idle models go by least recent use, pinned ones only when that is not enough. One that answers never goes: if its
    memory is needed, the new one waits for it. Where nothing helps, all idle ones go and the engine has to do with less.
    """
    short = _missing(needs, free)
    too_many = max(0, sum(model.counts for model in loaded) + 1 - at_once) if at_once and counts else 0
    leaving: list[Loaded] = []
    for model in _order(model for model in loaded if not model.answering):
        if not short and too_many <= 0:
            break
        if _helps(model, short) or (too_many > 0 and model.counts):
            leaving.append(model)
            too_many -= model.counts
            short = _less(short, model.takes)
    if not short and too_many <= 0:
        return Room(tuple(leaving))
    busy = _order(model for model in loaded if model.answering)
    waiting_for = next((one for one in busy if _helps(one, short) or (too_many > 0 and one.counts)), None)
    return Room(tuple(leaving), waiting_for)


def next_to_leave(loaded: Collection[Loaded]) -> Loaded | None:
    """The model that the machine needs least; None when all answer."""
    return next(iter(_order(model for model in loaded if not model.answering)), None)


def _order(models: Iterable[Loaded]) -> list[Loaded]:
    return sorted(models, key=lambda model: (model.pinned, model.used_at))


def _missing(needs: Bytes, free: Bytes) -> dict[str, int]:
    return {pool: size - free.get(pool, 0) for pool, size in needs.items() if size > free.get(pool, 0)}


def _helps(model: Loaded, short: Bytes) -> bool:
    return any(model.takes.get(pool, 0) > 0 for pool in short)


def _less(short: Bytes, takes: Bytes) -> dict[str, int]:
    return {pool: size - takes.get(pool, 0) for pool, size in short.items() if size > takes.get(pool, 0)}

"""Keeps in memory what shall answer at once: brings back what the system has paged out since.

Looking costs little: the system tells which pages of a file it holds, and how much of a process is in swap. Only what is
missing is read again, and only if something is in swap the engine is asked for one token, which reads its memory.
"""

from __future__ import annotations

import ctypes
import mmap
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.cancel import CancelToken
from workbench.engine.connection import Connection
from workbench.engine.scheduling.residents import Resident
from workbench.errors import Cancelled, EngineError
from workbench.models.gguf.shards import shard_paths
from workbench.ports import BackendInfo

TOUCH_SECONDS = 120.0
ASK_SECONDS = 60.0
_READ_BYTES = 4 << 20
_MISSING, _HELD = b"\0", b"\1"
_LOWEST_BIT = bytes(number & 1 for number in range(256))  # the others are for the system's own use
_NO_PLACE = ctypes.c_void_p(-1).value


@dataclass(frozen=True, slots=True)
class Condition:
    """``mapped_bytes``: what of the file the engine reads in place, 0 when it has it in its own memory. ``swapped_bytes``
    None: the system does not tell."""

    mapped_bytes: int
    swapped_bytes: int | None


@dataclass(frozen=True, slots=True)
class Work:
    """``read``: bring the file's missing pages back. ``ask``: have the engine compute a token."""

    read: bool
    ask: bool


def work_for(condition: Condition) -> Work:
    """What is to be done so that the next question finds everything in memory. Pure."""
    return Work(read=condition.mapped_bytes > 0, ask=condition.swapped_bytes != 0)


def touch(resident: Resident) -> float:
    """Bring back what is not in memory of an engine of this process; returns the seconds until the next time."""
    connection = resident.supervisor.connection
    if connection is None or connection.engine is None or connection.plan is None:
        return TOUCH_SECONDS
    plan = connection.plan
    locked = plan.lock_memory and plan.use_mmap
    mapped = 0 if locked or not plan.use_mmap else resident.still_to_hold()
    work = work_for(Condition(mapped, swapped_bytes(connection.process_id)))
    if work.read:
        for path in shard_paths(plan.model_path):
            bring_back(path)
    if work.ask and not plan.embeddings:
        _ask(connection)
    return TOUCH_SECONDS


def bring_back(path: Path) -> int:
    """Read the pages of a file that are not in memory; returns how many bytes that were. A file that is gone has none."""
    try:
        with path.open("rb") as file:
            missing = tuple(missing_ranges(file.fileno()))
            return sum(_read(file.fileno(), start, length) for start, length in missing)
    except OSError:
        return 0


def missing_ranges(descriptor: int) -> Iterator[tuple[int, int]]:
    """Offset and length of what of a file is not in memory; nothing where the system does not tell (Windows)."""
    size = os.fstat(descriptor).st_size
    held = _mincore(descriptor, size)
    start = 0
    while (start := held.find(_MISSING, start)) >= 0:
        end = held.find(_HELD, start)
        end = len(held) if end < 0 else end
        yield start * mmap.PAGESIZE, min(size, end * mmap.PAGESIZE) - start * mmap.PAGESIZE
        start = end


def swapped_bytes(process_id: int) -> int | None:
    """How much of a process is in swap; None where the system does not tell."""
    import psutil

    try:
        swapped = getattr(psutil.Process(process_id).memory_full_info(), "swap", None)
    except psutil.Error:
        return None
    return None if swapped is None else int(swapped)


def _mincore(descriptor: int, size: int) -> bytes:
    """`_HELD` or `_MISSING` for each page; nothing where the system does not tell."""
    if size == 0 or os.name != "posix":
        return b""
    system: Any = ctypes.CDLL(None, use_errno=True)
    system.mmap.restype = ctypes.c_void_p
    length = ctypes.c_size_t(size)
    # Shared and for reading only: it reserves nothing, however large the file is. Python's own gives no address.
    place = system.mmap(None, length, mmap.PROT_READ, mmap.MAP_SHARED, descriptor, ctypes.c_long(0))
    if place in (None, _NO_PLACE):
        return b""
    told = (ctypes.c_ubyte * -(-size // mmap.PAGESIZE))()
    failed = system.mincore(ctypes.c_void_p(place), length, ctypes.byref(told))
    system.munmap(ctypes.c_void_p(place), length)
    return b"" if failed else bytes(told).translate(_LOWEST_BIT)


def _read(descriptor: int, start: int, length: int) -> int:
    read = 0
    while read < length:
        piece = len(os.pread(descriptor, min(_READ_BYTES, length - read), start + read))
        if not piece:
            break
        read += piece
    return read


def _ask(connection: Connection) -> None:
    """Have the engine compute one token, so that the system brings its memory back."""
    from workbench.engine.asking.client import LlamaBackend

    info = BackendInfo("", "", local=True, context_tokens=connection.context_tokens)
    body = {"messages": [{"role": "user", "content": "."}], "max_tokens": 1}
    try:
        LlamaBackend(connection.endpoint, info, silence_seconds=ASK_SECONDS).complete(body, CancelToken())
    except (EngineError, Cancelled):
        return  # an engine that cannot answer is found by whoever asks next

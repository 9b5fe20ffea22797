"""Who was promised how much of a disk, so that several downloads together never want more than there is."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from workbench.models.fetching.partial import FreeBytes, check_room, free_bytes
from workbench.models.fetching.preallocate import allocated_bytes


@dataclass(frozen=True, eq=False, slots=True)
class Promise:
    """Disk for some files, by path with their sizes in bytes. ``free``: what the disk has beside the promises to others."""

    files: Mapping[Path, int]
    free: FreeBytes

    def missing(self) -> int:
        """Bytes that these files do not occupy yet."""
        return sum(max(size - allocated_bytes(path), 0) for path, size in self.files.items())


class Room:
    """Of one disk. Safe to share between threads; other processes only see what the files occupy already."""

    def __init__(self, free: FreeBytes = free_bytes) -> None:
        self._free = free
        self._lock = threading.Lock()
        self._promises: list[Promise] = []

    @contextmanager
    def promise(self, files: Mapping[Path, int], folder: Path) -> Iterator[Promise]:
        """In this block nobody else is promised the room for ``files`` in ``folder``. Raises `NoRoomError`."""
        promise = Promise(files, lambda place: self._free(place) - self._others(promise))
        with self._lock:
            check_room(promise.missing(), folder, lambda place: self._free(place) - self._missing(self._promises))
            self._promises.append(promise)
        try:
            yield promise
        finally:
            with self._lock:
                self._promises.remove(promise)

    def _others(self, promise: Promise) -> int:
        with self._lock:
            others = [other for other in self._promises if other is not promise]
        return self._missing(others)

    @staticmethod
    def _missing(promises: list[Promise]) -> int:
        return sum(promise.missing() for promise in promises)

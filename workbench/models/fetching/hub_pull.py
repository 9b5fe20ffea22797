"""Fetch one model of the hub: every shard and the projector, checked, and put in place together when all are there.

What has arrived waits in a hidden folder, so that the library never sees half a model; the next try goes on from it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import httpx

from workbench.cancel import CancelToken
from workbench.errors import DownloadError
from workbench.models.fetching import reference as references
from workbench.models.fetching.download import Listener, download
from workbench.models.fetching.hub import Hub, HubFile, HubFiles
from workbench.models.fetching.limiter import Pace, unhurried
from workbench.models.fetching.partial import (
    locked,
    move_into_place,
    open_private,
    replace_file,
    speaking_disk_errors,
    throw_away,
)
from workbench.models.fetching.patience import USUAL, Patience
from workbench.models.fetching.preallocate import allocate, release
from workbench.models.fetching.progress import DownloadStep, ProgressMeter
from workbench.models.fetching.pull import PARTIAL_FOLDER
from workbench.models.fetching.room import Promise, Room
from workbench.models.fetching.transfer import AccessRefusedError, TransientDownloadError
from workbench.models.library import ModelFile
from workbench.models.verification import hash_file
from workbench.paths import private_folder

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Arrival:
    """A model that is on this disk now: its shards in order, and its projector if it has one."""

    files: HubFiles
    shards: tuple[ModelFile, ...]
    projector: ModelFile | None = None


@dataclass(frozen=True, slots=True)
class HubPuller:
    """What a pull needs. ``pace`` may sleep, to keep a limit; ``step`` hears in words what is going on."""

    models: Path
    hub: Hub
    client: httpx.Client
    cancel: CancelToken
    room: Room
    patience: Patience = USUAL
    pace: Pace = unhurried
    step: Callable[[DownloadStep], None] = lambda _step: None

    def look_up(self, text: str) -> HubFiles:
        """As `Hub.resolve`, trying again while the hub is busy or out of reach."""
        self.step(DownloadStep("looking up"))
        return patiently(lambda: self.hub.resolve(text, self.cancel), self.patience, self.cancel, self._waits)

    def pull(self, files: HubFiles, meter: ProgressMeter) -> Arrival:
        """All of ``files`` in place. ``meter`` counts the bytes of all of them.

        Raises `DownloadError` (`BusyError` when somebody else fetches it), `StorageError` (`NoRoomError`), `Cancelled`;
        what has arrived is kept.
        """
        places = [_Place.of(self.models, file) for file in files.all]
        for place in places:
            place.prepare(self.models)
        with locked(places[0].staged.with_name(f"{places[0].staged.name}.model")):
            arrived = self._present(places, meter)
            todo = [place for place in places if place not in arrived]
            parts = {place.part: place.file.bytes or 0 for place in todo}
            with self.room.promise(parts, self.models) as promise, reserved(parts):
                self._fetch_all(todo, arrived, promise, meter)
            for place in places:
                place.settle()
        found = [ModelFile(place.target, place.target.stat().st_size, arrived[place]) for place in places]
        shards = len(files.shards)
        return Arrival(files, tuple(found[:shards]), found[shards] if files.projector else None)

    def _present(self, places: list[_Place], meter: ProgressMeter) -> dict[_Place, str]:
        """The files that need not be fetched, with their sha256."""
        present: dict[_Place, str] = {}
        for place in places:
            sha256 = place.staged_sha256() or self._sha256_in_place(place, sum(_bytes(done) for done in present), meter)
            if sha256:
                present[place] = sha256
        meter.resume_at(sum(_bytes(place) for place in present))
        return present

    def _sha256_in_place(self, place: _Place, before: int, meter: ProgressMeter) -> str | None:
        """Of a file that was there before, if it is the wanted one: nothing is fetched twice."""
        wanted = place.file.sha256
        if wanted is None or not place.target.is_file() or place.target.stat().st_size != place.file.bytes:
            return None
        self.step(DownloadStep("checking"))
        with speaking_disk_errors(place.target):
            found = hash_file(place.target, self.cancel, lambda count: meter.resume_at(before + count))
        return found if found == wanted else None

    def _fetch_all(
        self, todo: list[_Place], arrived: dict[_Place, str], promise: Promise, meter: ProgressMeter
    ) -> None:
        before = sum(_bytes(place) for place in arrived)
        for place in todo:
            arrived[place] = self._fetch(place, promise, before, meter)
            place.mark(arrived[place])
            before += _bytes(place)

    def _fetch(self, place: _Place, promise: Promise, before: int, meter: ProgressMeter) -> str:
        def reached(count: int) -> None:
            meter.reach(before + count)

        def resumed(count: int) -> None:
            self.step(DownloadStep("checking"))
            meter.resume_at(before + count)

        self.step(DownloadStep("fetching"))
        listener = Listener(reached, resumed, self._waits, self.pace)
        remote = self.hub.remote(place.file)
        try:
            return download(
                remote,
                place.staged,
                client=self.client,
                cancel=self.cancel,
                listener=listener,
                free=promise.free,
                patience=self.patience,
            )
        except AccessRefusedError as error:
            raise self.hub.refusal(place.file.repository) from error

    def _waits(self, error: DownloadError, seconds: float) -> None:
        until = datetime.fromtimestamp(time.time() + seconds).astimezone()
        self.step(DownloadStep(f"waiting until {until:%H:%M:%S}", error.message, seconds))


def patiently(
    attempt: Callable[[], T],
    patience: Patience,
    cancel: CancelToken,
    waits: Callable[[DownloadError, float], None] = lambda _error, _seconds: None,
) -> T:
    """The result of ``attempt``, made again after failures that may pass. Raises its last error, `Cancelled`."""
    failures = 0
    while True:
        try:
            return attempt()
        except TransientDownloadError as error:
            failures += 1
            wait = patience.wait_after(error, failures)
            waits(error, wait)
            cancel.wait(wait)


def discard(models: Path, files: HubFiles) -> None:
    """Throw away what has arrived of a model that is not in place. Raises `BusyError` while somebody fetches it,
    `StorageError`."""
    places = [_Place.of(models, file) for file in files.all]
    if not places[0].staged.parent.is_dir():
        return
    with locked(places[0].staged.with_name(f"{places[0].staged.name}.model")):
        for place in places:
            place.discard()


@contextmanager
def reserved(parts: dict[Path, int]) -> Iterator[None]:
    """In this block the disk for ``parts`` is taken, where the system can do that; what is not used is given back."""
    with ExitStack() as given_back:
        for path, size in parts.items():
            with speaking_disk_errors(path):
                file = given_back.enter_context(open_private(path))
                given_back.callback(_give_back, path, file.fileno())
                allocate(file.fileno(), size)
        yield


def _give_back(path: Path, descriptor: int) -> None:
    with suppress(OSError):
        release(descriptor)
    with suppress(OSError):
        if path.stat().st_size == 0:
            path.unlink()


@dataclass(frozen=True, slots=True)
class _Place:
    """Where one file of a model lies: ``staged`` until all files of the model are there, then ``target``."""

    file: HubFile
    target: Path
    staged: Path = field(compare=False)

    @classmethod
    def of(cls, models: Path, file: HubFile) -> _Place:
        staged = references.place(models / PARTIAL_FOLDER, file.repository, file.path)
        return cls(file, references.place(models, file.repository, file.path), staged)

    @property
    def part(self) -> Path:
        return self.staged.with_name(f"{self.staged.name}.part")

    @property
    def _mark(self) -> Path:
        return self.staged.with_name(f"{self.staged.name}.arrived")

    def prepare(self, models: Path) -> None:
        """Make the folders, each for this user alone."""
        for folder in (self.staged.parent, self.target.parent):
            place = models
            for part in folder.relative_to(models).parts:
                place = private_folder(place / part)

    def mark(self, sha256: str) -> None:
        """Remember, until the whole model is there, that this file is."""
        promised = self.file.sha256 or self.file.commit
        with speaking_disk_errors(self._mark):
            replace_file(self._mark, json.dumps({"promised": promised, "sha256": sha256}).encode())

    def staged_sha256(self) -> str | None:
        """Of the staged file, if it is complete and the wanted one."""
        try:
            found = json.loads(self._mark.read_bytes())
            right = found["promised"] == (self.file.sha256 or self.file.commit)
            return str(found["sha256"]) if right and self.staged.is_file() else None
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def settle(self) -> None:
        """Move the staged file to its place, if it is not there."""
        if self.staged.is_file():
            move_into_place(self.staged, self.target)
        self._mark.unlink(missing_ok=True)

    def discard(self) -> None:
        throw_away(self.staged)
        with speaking_disk_errors(self._mark):
            self._mark.unlink(missing_ok=True)


def _bytes(place: _Place) -> int:
    return place.file.bytes or 0

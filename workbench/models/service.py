"""Models, as the rest of the program sees them: list, find, fetch, verify, remove."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from workbench.cancel import CancelToken
from workbench.db import Database
from workbench.errors import ModelError
from workbench.events import Bus, Topic
from workbench.jobs import Job
from workbench.models import library
from workbench.models.gguf import Header
from workbench.models.library import HeaderCache, InstalledModel
from workbench.models.partial import READ_BYTES, FreeBytes, free_bytes
from workbench.models.progress import DownloadProgress, ProgressMeter
from workbench.models.starters import Starter, starters
from workbench.models.store import ModelStore, Record
from workbench.paths import Paths
from workbench.ports import Clock

CHANGED = "Its content has changed: it no longer has the sha256 that it should have."


@dataclass(frozen=True, slots=True)
class Verification:
    """What a look at every byte found. ``sha256`` None: the file is not there; ``expected`` None: first look."""

    path: Path
    ok: bool
    sha256: str | None
    expected: str | None
    problem: str = ""


class ModelService:
    """Every method may be called from any thread; `pull` and `verify` take long and belong in a job."""

    def __init__(
        self,
        paths: Paths,
        database: Database,
        clock: Clock,
        bus: Bus,
        *,
        catalog: tuple[Starter, ...] | None = None,
        free: FreeBytes = free_bytes,
    ) -> None:
        self._folder = paths.models
        self._store = ModelStore(database)
        self._clock = clock
        self._bus = bus
        self._catalog = starters() if catalog is None else catalog
        self._free = free
        self._headers = HeaderCache()

    # Looking ----------------------------------------------------------------------------------------------------------

    def list(self) -> tuple[InstalledModel, ...]:
        """The models on this disk, also the missing and the unusable ones: these last, with their `problem`."""
        return library.installed_models(self._folder, self._store.all(), self._catalog, self._headers)

    def starters(self) -> tuple[Starter, ...]:
        """What `pull` can fetch, the default first."""
        return self._catalog

    def get(self, wanted: str | None) -> InstalledModel:
        """A usable model by id, name, file name, their beginning, or the path of a GGUF; None: the most useful one.

        Raises `ModelError` when there is none, or when it cannot be used.
        """
        if wanted is None:
            return self._preferred()
        model = self.find(wanted)
        if model.problem:
            raise self._unusable(model, model.problem)
        return model

    def find(self, wanted: str) -> InstalledModel:
        """As `get`, but the model may have a problem."""
        models = self.list()
        path = Path(wanted).expanduser()
        if wanted.lower().endswith(".gguf") and (path.is_file() or len(path.parts) > 1):
            return self._at(path.absolute(), models)
        try:
            return library.find_model(models, wanted)
        except ModelError:
            if wanted in {starter.id for starter in self._catalog}:
                hint = f"Run `workbench models pull {wanted}`."
                raise ModelError(f"The model {wanted!r} is not on this disk yet.", hint=hint) from None
            raise

    def header(self, model: InstalledModel) -> Header:
        """What the file says of itself. Raises `ModelError`."""
        return self._headers.read(model.path)

    def _preferred(self) -> InstalledModel:
        models = self.list()
        model = library.preferred(models)
        if model is None and models:
            raise ModelError(f"No model can be used. {models[0].name}: {models[0].problem}", hint=library.PULL_HINT)
        if model is None:
            raise ModelError("There is no model on this disk yet.", hint=library.PULL_HINT)
        return model

    def _at(self, path: Path, models: tuple[InstalledModel, ...]) -> InstalledModel:
        """The model at ``path``, also outside the models folder; such a file is used in place and not remembered."""
        known = next((model for model in models if model.path == path), None)
        if known:
            return known
        header = self._headers.read(path)
        name = header.name or path.stem
        can_chat = header.chat_template is not None
        size = path.stat().st_size
        return InstalledModel(
            id=str(path),
            name=name,
            path=path,
            bytes=size,
            sha256=None,
            source=library.FILE_SOURCE,
            adopted=False,
            verified_at=None,
            can_chat=can_chat,
        )

    def _unusable(self, model: InstalledModel, problem: str) -> ModelError:
        can_pull = model.id in {starter.id for starter in self._catalog}
        hint = f"Run `workbench models pull {model.id}`." if can_pull else ""
        return ModelError(f"The model {model.name} cannot be used: {problem}", hint=hint)

    # Fetching ---------------------------------------------------------------------------------------------------------

    def pull(self, name: str, job: Job) -> InstalledModel:
        """Fetch the starter ``name``; at once and without network if it is here and was verified.

        Emits `DownloadProgress`. Raises `ModelError` for an unknown name, `DownloadError`, `StorageError`, `Cancelled`;
        what has arrived is kept, and the next pull goes on from there.
        """
        starter = self.starter(name)
        if not self._is_verified(starter):
            meter = ProgressMeter(starter.download_bytes, job.emit, self._clock)
            if not self._is_right(starter, job.cancel):
                self._fetch(starter, job.cancel, meter)
            meter.finish()
            self._store.save(self._starter_record(starter))
            self._bus.publish(Topic.MODELS)
        return self.get(starter.id)

    def starter(self, name: str) -> Starter:
        """The starter called ``name``. Raises `ModelError` with the nearest name."""
        for starter in self._catalog:
            if name.casefold() in (starter.id.casefold(), starter.name.casefold()):
                return starter
        error = library.unknown_model(name, [starter.id for starter in self._catalog], "to fetch")
        choices = ", ".join(f"{starter.id} ({starter.name})" for starter in self._catalog)
        hint = f"This version fetches: {choices}."
        raise ModelError(error.message, hint=hint)

    def _fetch(self, starter: Starter, cancel: CancelToken, meter: ProgressMeter) -> None:
        # Only here: httpx takes a sixth of a second to import, and most runs fetch nothing.
        from workbench.http import make_client
        from workbench.models.package_index import configuration_files, read_settings
        from workbench.models.pull import Puller

        settings = read_settings(os.environ, configuration_files(os.environ))
        with make_client(keep_alive=False, tls=settings.tls()) as client:
            Puller(self._folder, settings, client, cancel, self._free).pull(starter, meter)

    def _is_verified(self, starter: Starter) -> bool:
        record = self._store.all().get(starter.file)
        path = self._folder / starter.file
        return (
            record is not None
            and record.verified_at is not None
            and not record.problem
            and path.is_file()
            and path.stat().st_size == starter.bytes
        )

    def _is_right(self, starter: Starter, cancel: CancelToken) -> bool:
        """Whether the file is there, only not recorded: a crash came between, or somebody copied it."""
        path = self._folder / starter.file
        if not path.is_file() or path.stat().st_size != starter.bytes:
            return False
        return hash_file(path, cancel, lambda _count: None) == starter.sha256

    def _starter_record(self, starter: Starter) -> Record:
        return Record(
            path=starter.file,
            id=starter.id,
            name=starter.name,
            bytes=starter.bytes,
            sha256=starter.sha256,
            source=library.INDEX_SOURCE,
            verified_at=self._clock.now(),
        )

    # Verifying and removing -------------------------------------------------------------------------------------------

    def verify(
        self,
        cancel: CancelToken,
        names: tuple[str, ...] = (),
        progress: Callable[[DownloadProgress], None] = lambda _progress: None,
    ) -> Iterator[Verification]:
        """Read every byte of the named models, or of all, and compare with the pinned or recorded sha256.

        A file without one gets what is found now recorded. A model that fails is marked and no longer chosen; one that
        matches again is unmarked. Raises `ModelError` for an unknown name, `Cancelled`.
        """
        models = [self.find(name) for name in names] if names else list(self.list())
        meter = ProgressMeter(sum(model.bytes for model in models), progress, self._clock)
        before = 0

        def reach(done: int) -> None:
            meter.reach(before + done)

        for model in models:
            yield self._verify(model, cancel, reach)
            before += model.bytes
        meter.finish()

    def check_first_use(self, model: InstalledModel, cancel: CancelToken) -> None:
        """Compare a file whose sha256 is known, and that nobody compared yet, with it. Raises `ModelError`, `Cancelled`.

        A starter that was copied into the models folder: a flipped byte in the weights would answer with other words.
        """
        if model.sha256 is not None and model.verified_at is None:
            found = self._verify(model, cancel, lambda _count: None)
            if not found.ok:
                raise self._unusable(model, found.problem)

    def _verify(self, model: InstalledModel, cancel: CancelToken, on_bytes: Callable[[int], None]) -> Verification:
        try:
            found = hash_file(model.path, cancel, on_bytes)
        except OSError as error:
            missing = isinstance(error, FileNotFoundError)
            problem = library.MISSING if missing else f"It cannot be read: {error.strerror or error}."
            return Verification(model.path, ok=False, sha256=None, expected=model.sha256, problem=problem)
        problem = CHANGED if model.sha256 not in (None, found) else self._unsoundness(model)
        result = Verification(model.path, ok=not problem, sha256=found, expected=model.sha256, problem=problem)
        self._remember(model, result)
        return result

    def _unsoundness(self, model: InstalledModel) -> str:
        """What the header says is wrong, empty when all is well: a file that nobody pinned must at least be a model."""
        try:
            self._headers.read(model.path)
        except ModelError as error:
            return error.message
        return ""

    def _remember(self, model: InstalledModel, result: Verification) -> None:
        if not self._is_inside(model.path) or self._store.read_only:
            return
        key = library.relative_key(model.path, self._folder)
        record = self._store.all().get(key) or Record(
            key, model.id, model.name, model.bytes, model.sha256, model.source, model.adopted
        )
        if result.ok:
            new = replace(record, sha256=result.sha256, verified_at=self._clock.now(), problem="")
        elif result.expected is None:  # never sound: there is nothing to remember but the look itself
            return
        else:
            new = replace(record, problem=result.problem)
        self._store.save(new)
        self._bus.publish(Topic.MODELS)

    def remove(self, name: str) -> InstalledModel:
        """Delete the model's file and what is remembered of it; returns what it was.

        Raises `ModelError` for an unknown name, a file outside the models folder, or one that cannot be deleted.
        """
        model = self.find(name)
        if model.adopted or not self._is_inside(model.path):
            raise ModelError(
                f"{model.path} is not in Workbench's models folder, so it is not deleted.",
                hint="Delete it with the program that it belongs to.",
            )
        try:
            model.path.unlink(missing_ok=True)
        except OSError as error:
            hint = "Stop the engine if it uses this model, and check the folder's permissions."
            raise ModelError(f"{model.path} cannot be deleted: {error.strerror or error}.", hint=hint) from error
        self._store.forget(library.relative_key(model.path, self._folder))
        self._bus.publish(Topic.MODELS)
        return model

    def _is_inside(self, path: Path) -> bool:
        """Judged by the folder that really holds the file: a link inside may be deleted, what it points to never is."""
        return path.parent.resolve().is_relative_to(self._folder.resolve()) and path.is_relative_to(self._folder)


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

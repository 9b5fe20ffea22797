"""Models, as the rest of the program sees them: list, find, fetch, adopt, verify, remove."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from workbench.cancel import CancelToken
from workbench.db import Database
from workbench.errors import ModelError
from workbench.events import Bus, Topic
from workbench.jobs import Job
from workbench.models import library
from workbench.models.adoption import Candidate, FoundModel, adopted_record, look_at, real_path
from workbench.models.bin import Bin
from workbench.models.catalog.identify import identify
from workbench.models.catalog.model import CatalogModel
from workbench.models.fetching.limiter import Pace, unhurried
from workbench.models.fetching.partial import FreeBytes, free_bytes
from workbench.models.fetching.progress import DownloadProgress, ProgressMeter
from workbench.models.fetching.starter_shelf import StarterShelf
from workbench.models.fetching.starters import Starter, starters
from workbench.models.finders import find_everywhere, folder
from workbench.models.gguf import templates
from workbench.models.gguf.header import Header
from workbench.models.gguf.shards import bare_name
from workbench.models.library import HeaderCache, InstalledModel, ModelFile, Rank
from workbench.models.store import ModelStore, Record, StoredFile
from workbench.models.verification import Verification, remembered, verify_files
from workbench.paths import Paths, given, is_file
from workbench.ports import Clock
from workbench.settings import AUTO


class ModelService:
    """Every method may be called from any thread; `pull`, `verify` and `found` take long and belong in a job.

    ``catalog``: the starters. ``known``: the models of the catalog, by which others are recognised. ``rank``: how good a
    model is on this machine, the higher the better, 0 for all that nothing is known of. ``finders``: what other programs
    have on this disk.
    """

    def __init__(
        self,
        paths: Paths,
        database: Database,
        clock: Clock,
        bus: Bus,
        *,
        catalog: tuple[Starter, ...] | None = None,
        free: FreeBytes = free_bytes,
        known: Callable[[], tuple[CatalogModel, ...]] = tuple,
        rank: Rank = library.no_rank,
        finders: Callable[[CancelToken], Iterable[Candidate]] = find_everywhere,
    ) -> None:
        self._folder = paths.models
        self._store = ModelStore(database)
        self._clock = clock
        self._bus = bus
        self._catalog = starters() if catalog is None else catalog
        self._shelf = StarterShelf(paths.models, self._store, clock, free)
        self._known = known
        self._rank = rank
        self._finders = finders
        self._bin = Bin(paths.models)
        self._headers = HeaderCache()

    # Looking ----------------------------------------------------------------------------------------------------------

    def list(self) -> tuple[InstalledModel, ...]:
        """The models on this disk, also the missing and the unusable ones: these last, with their `problem`."""
        return library.installed_models(self._folder, self._store.all(), self._catalog, self._headers)

    def starters(self) -> tuple[Starter, ...]:
        """What `pull` can fetch, the default first."""
        return self._catalog

    def get(self, wanted: str | None) -> InstalledModel:
        """A usable model by id, name, file name, their beginning, or the path of a GGUF; None, or `AUTO`: the most useful
        one.

        Raises `ModelError` when there is none, or when it cannot be used.
        """
        if wanted is None or wanted.partition(":")[0] == AUTO:
            return self._preferred()
        model = self.find(wanted)
        if model.problem:
            raise self._unusable(model, model.problem)
        return model

    def find(self, wanted: str) -> InstalledModel:
        """As `get`, but the model may have a problem."""
        models = self.list()
        path = given(wanted)
        is_path = len(path.parts) > 1
        if (is_path and is_file(path)) or (wanted.lower().endswith(".gguf") and (is_path or is_file(path))):
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
        return self._headers.read_model(model.shards)

    def template_note(self, model: InstalledModel) -> str:
        """In words, that its chat template is not the one its publisher made; empty when it is, or nobody can tell."""
        try:
            header = self.header(model)
        except ModelError:
            return ""
        known = identify(model.path.name, self._known(), header)
        return templates.note(header.chat_template, model.catalog_id or (known.id if known else ""))

    def _preferred(self) -> InstalledModel:
        models = self.list()
        model = library.preferred(models, self._rank)
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
        record = library.new_record(self._folder, path, None, set())
        header = self._headers.read_model([path, *(self._folder / file.path for file in record.files)])
        return replace(
            library.model_of(self._folder, path, record, None, self._headers),
            id=str(path),
            name=header.name or path.stem,
        )

    def _unusable(self, model: InstalledModel, problem: str) -> ModelError:
        can_pull = model.id in {starter.id for starter in self._catalog}
        hint = f"Run `workbench models pull {model.id}`." if can_pull else ""
        return ModelError(f"The model {model.name} cannot be used: {problem}", hint=hint)

    # Fetching ---------------------------------------------------------------------------------------------------------

    def pull(self, name: str, job: Job, pace: Pace = unhurried) -> InstalledModel:
        """Fetch the starter ``name``; at once and without network if it is here and was verified.

        Emits `DownloadProgress`. Raises `ModelError` for an unknown name, `DownloadError`, `StorageError`, `Cancelled`;
        what has arrived is kept, and the next pull goes on from there. ``pace`` may sleep, to keep a limit.
        """
        starter = self.starter(name)
        if self._shelf.bring(starter, job, pace):
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

    # Placing and adopting ---------------------------------------------------------------------------------------------

    def place(
        self,
        files: Sequence[ModelFile],
        *,
        projector: ModelFile | None = None,
        name: str = "",
        catalog_id: str = "",
        repository: str = "",
        revision: str = "",
    ) -> InstalledModel:
        """Record a finished download: all parts of one model in order, below the models folder, just verified.

        ``projector``: the file that lets it see. ``name``: empty takes the file's own.
        """
        first, *further = (*files, projector) if projector else tuple(files)
        key, stem = self._key(first.path), bare_name(first.path.name)
        taken = {model.id for model in self.list() if model.path != first.path}
        record = Record(
            path=key,
            id=key if stem in taken else stem,
            name=name,
            bytes=first.bytes + sum(file.bytes for file in further),
            sha256=first.sha256,
            source=library.HUB_SOURCE,
            verified_at=self._clock.now(),
            catalog_id=catalog_id,
            repository=repository,
            revision=revision,
            files=tuple(StoredFile(self._key(file.path), file.bytes, file.sha256) for file in further),
            projector=self._key(projector.path) if projector else "",
        )
        self._store.save(record)
        self._bus.publish(Topic.MODELS)
        return self._listed(key)

    def found(self, cancel: CancelToken, place: Path | None = None) -> tuple[FoundModel, ...]:
        """What other programs have on this disk, the usable ones first; nothing is written there. Raises `Cancelled`.

        ``place``: only this GGUF file, or everything below this folder.
        """
        candidates = self._finders(cancel) if place is None else folder.find([place], cancel)
        return look_at(candidates, self._known(), [model.path for model in self.list()], self._headers, cancel)

    def adopt(self, found: Sequence[FoundModel]) -> tuple[InstalledModel, ...]:
        """Use these models where they are, from now on; one that is in the library already stays as it is.

        Raises `ModelError` for one that cannot be used: then none is adopted.
        """
        for one in found:
            if not one.usable:
                raise ModelError(f"{one.name} cannot be adopted: {one.problem}", hint=_instead(one))
        here = {real_path(model.path) for model in self.list()}
        taken, new = self._taken_ids(), []
        for one in found:
            if (real := real_path(one.path)) not in here:
                here.add(real)
                identifier = one.name if one.name not in taken else self._key(one.path)
                taken.add(identifier)
                new.append(adopted_record(one, self._folder, identifier))
        if new:
            self._store.save(*new)
            self._bus.publish(Topic.MODELS)
        listed = {real_path(model.path): model for model in self.list()}
        return tuple(listed[real_path(one.path)] for one in found)

    def _taken_ids(self) -> set[str]:
        return {model.id for model in self.list()} | {starter.id for starter in self._catalog}

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
            yield from self._verify(model, cancel, reach)
            before += model.bytes
        meter.finish()

    def check_first_use(self, model: InstalledModel, cancel: CancelToken) -> None:
        """Compare a file whose sha256 is known, and that nobody compared yet, with it. Raises `ModelError`, `Cancelled`.

        A starter that was copied into the models folder: a flipped byte in the weights would answer with other words. An
        adopted model talks at once: the program it belongs to has checked it.
        """
        if model.sha256 is not None and model.verified_at is None and not model.adopted:
            for found in self._verify(model, cancel, lambda _count: None):
                if not found.ok:
                    raise self._unusable(model, found.problem)

    def _verify(
        self, model: InstalledModel, cancel: CancelToken, on_bytes: Callable[[int], None]
    ) -> tuple[Verification, ...]:
        """One for each file of the model; what came out is remembered."""
        results = verify_files(model, self._headers, cancel, on_bytes)
        if not self._store.read_only and (model.adopted or self._is_inside(model.path)):
            record = remembered(self._record_of(model), results, self._clock.now())
            if record:
                self._store.save(record)
                self._bus.publish(Topic.MODELS)
        return results

    def _record_of(self, model: InstalledModel) -> Record:
        """What is, or would be, remembered of the model: all its files as they are listed now."""
        known = self._store.all().get(self._key(model.path))
        return Record(
            path=self._key(model.path),
            id=model.id,
            name=known.name if known else model.name,
            bytes=model.bytes,
            sha256=model.sha256,
            source=model.source,
            adopted=model.adopted,
            verified_at=model.verified_at,
            problem=known.problem if known else "",
            catalog_id=model.catalog_id,
            repository=model.repository,
            revision=model.revision,
            files=tuple(StoredFile(self._key(file.path), file.bytes, file.sha256) for file in model.files[1:]),
            projector=self._key(model.projector) if model.projector else "",
        )

    def _key(self, path: Path) -> str:
        return library.relative_key(path, self._folder)

    def remove(self, name: str) -> InstalledModel:
        """Take the model out of the library; returns what it was, for `restore`.

        Its files go into a bin inside the models folder until `purge`; an adopted model is only forgotten, its files are
        not touched. Raises `ModelError` for an unknown name, a file outside the models folder, or one that cannot be moved.
        """
        model = self.find(name)
        if not model.adopted and not self._is_inside(model.path):
            raise ModelError(
                f"{model.path} is not in Workbench's models folder, so it is not deleted.",
                hint="Delete it with the program that it belongs to.",
            )
        if self._store.read_only and not model.adopted:
            self._delete(model)
        else:
            self._put_away(model)
        self._bus.publish(Topic.MODELS)
        return model

    def _put_away(self, model: InstalledModel) -> None:
        """The record first: a crash in between leaves a file that is listed as one that the person put there."""
        record = self._record_of(model)
        self._store.save(replace(record, removed_at=self._clock.now()))
        try:
            self._bin.put(self._own_keys(model))
        except ModelError:
            self._store.save(record)
            raise

    def _delete(self, model: InstalledModel) -> None:
        """Nothing can be remembered, on a full disk above all: then deleting is the way out, without an undo."""
        try:
            for key in self._own_keys(model):
                (self._folder / key).unlink(missing_ok=True)
        except OSError as error:
            hint = "Stop the engine if it uses this model, and check the folder's permissions."
            raise ModelError(f"{model.path} cannot be deleted: {error.strerror or error}.", hint=hint) from error

    def _own_keys(self, model: InstalledModel) -> tuple[str, ...]:
        """The files that go with the model: in the models folder, and no other model's projector too."""
        shared = {other.projector for other in self.list() if other.path != model.path}
        return tuple(
            self._key(file.path) for file in model.files if self._is_inside(file.path) and file.path not in shared
        )

    def restore(self, model: InstalledModel) -> InstalledModel:
        """Undo `remove`, also after a restart. Raises `ModelError` when it is too late, or its place is taken."""
        record = self._store.removed().get(self._key(model.path))
        if record is None:
            raise ModelError(f"{model.name} was deleted for good.", hint="Fetch it again.")
        if not record.adopted:
            self._bin.take_back(self._keys(record))
        self._store.save(replace(record, removed_at=None))
        self._bus.publish(Topic.MODELS)
        return self._listed(record.path)

    def purge(self, older_than_seconds: float = 0.0) -> None:
        """Delete for good what was removed longer ago, and everything in the bin that nothing is remembered of."""
        if self._store.read_only:
            self._bin.empty()
            return
        now = self._clock.now()
        waiting: list[str] = []
        for record in self._store.removed().values():
            if now - (record.removed_at or 0) >= older_than_seconds:
                self._store.forget(record.path)
            else:
                waiting += self._keys(record)
        self._bin.empty(keep=waiting)

    @staticmethod
    def _keys(record: Record) -> tuple[str, ...]:
        return record.path, *(file.path for file in record.files)

    def _listed(self, key: str) -> InstalledModel:
        return next(model for model in self.list() if self._key(model.path) == key)

    def _is_inside(self, path: Path) -> bool:
        """Judged by the folder that really holds the file: a link inside may be deleted, what it points to never is."""
        return path.parent.resolve().is_relative_to(self._folder.resolve()) and path.is_relative_to(self._folder)


def _instead(found: FoundModel) -> str:
    """What to do about a model that was found and cannot be used."""
    return f"The same model as GGUF: `workbench models pull {found.equivalent}`." if found.equivalent else ""

"""The advisor: which model for this machine, what any model would take on it, and the person's own additions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from typing import Final, Protocol

from workbench.cancel import CancelToken
from workbench.errors import ModelError, UsageError
from workbench.events import Bus, Topic
from workbench.hardware.backends import Engines
from workbench.hardware.machine import Machine
from workbench.models.advising import choosing
from workbench.models.advising.advice import Pick, Preference, Recommendation, Use
from workbench.models.advising.candidates import Corrections, Situation, nothing_measured
from workbench.models.advising.quality import quality
from workbench.models.catalog import file as catalog_file
from workbench.models.catalog import repository as repository_model
from workbench.models.catalog.file import CatalogNotice, CatalogStore
from workbench.models.catalog.model import CatalogFile, CatalogModel
from workbench.models.fetching import reference as references
from workbench.models.fetching.hub import HubFile, HubFiles, Listing
from workbench.models.gguf.header import Header
from workbench.models.library import InstalledModel
from workbench.models.service import ModelService
from workbench.models.sizing import fit, shapes
from workbench.models.sizing.estimate import Estimate, Request
from workbench.models.sizing.serving import NO_WISHES, Wishes, serve
from workbench.models.sizing.shape import ModelShape
from workbench.paths import given, is_file

DEFAULT_REQUEST: Final = Request()

EnginesFor = Callable[[Machine | None], Engines]
"""What can be used and had on a machine; None: this one."""
ReadHeader = Callable[[Sequence[HubFile], CancelToken], Header]
"""The header of a model of the hub from its parts in order, by a few small requests."""


class MachineNow(Protocol):
    """This machine; ``fresh``: looked at again."""

    def __call__(self, fresh: bool = False) -> Machine: ...


class RemoteModels(Protocol):
    """The model hub, as far as the advice needs it."""

    def resolve(self, text: str, cancel: CancelToken) -> HubFiles: ...

    def list_files(self, repository: str, revision: str | None, cancel: CancelToken) -> Listing: ...


class Advisor:
    """Every method may be called from any thread; those with a ``cancel`` may ask the network, and belong in a job.

    ``machine`` in a method: advice for another machine than this one, such as one that the person may buy.
    """

    def __init__(
        self,
        machine: MachineNow,
        engines: EnginesFor,
        store: CatalogStore,
        models: ModelService,
        hub: RemoteModels,
        read_header: ReadHeader,
        bus: Bus,
        *,
        corrections: Corrections = nothing_measured,
        wishes: Callable[[], Wishes] = Wishes,
    ) -> None:
        """``wishes``: what the person's settings ask of an engine."""
        self._machine = machine
        self._engines = engines
        self._store = store
        self._models = models
        self._hub = hub
        self._read_header = read_header
        self._bus = bus
        self._corrections = corrections
        self._wishes = wishes

    # Advice -----------------------------------------------------------------------------------------------------------

    def models(self) -> tuple[CatalogModel, ...]:
        """The catalog, the person's additions included."""
        return self._store.models()

    def notices(self) -> tuple[CatalogNotice, ...]:
        """What was not taken from the person's catalog file."""
        return self._store.notices()

    def machine(self, fresh: bool = False) -> Machine:
        """What this machine has; its free memory is always that of now."""
        return self._machine(fresh)

    def recommend(
        self, use: Use = Use.CHAT, preference: Preference = Preference.BALANCED, machine: Machine | None = None
    ) -> Recommendation:
        """One model, at most two others, and a bridge to talk with until the first one is there."""
        here = self._situation(machine)
        return choosing.recommend(self.models(), here.machine, here.engines, use, preference, here.corrections)

    def overview(self, use: Use = Use.CHAT, machine: Machine | None = None) -> tuple[Pick, ...]:
        """Each model of the catalog with its best build, also those that do not fit, with what they would need.

        A model whose header nobody has read yet is not among them.
        """
        here = self._situation(machine)
        return choosing.overview(self.models(), here.machine, here.engines, use, here.corrections)

    def estimate(
        self,
        reference: str,
        request: Request | None = None,
        machine: Machine | None = None,
        cancel: CancelToken | None = None,
    ) -> Estimate:
        """What a model would take: a catalog id, OWNER/REPO/FILE[@COMMIT], a GGUF file, or an installed model's name.

        A bare catalog id stands for the build that is advised for that machine. Only what the catalog does not know is
        asked of the hub. Raises `UsageError` and `ModelError` for what is nothing of these, `DownloadError`, `Cancelled`.
        """
        here, asked = self._situation(machine), request or DEFAULT_REQUEST
        shape = self._shape(reference, here, asked, cancel)
        return fit.estimate(shape, here.machine, asked, here.engines, here.corrections(shape.architecture))

    def estimate_as_started(
        self, reference: str, machine: Machine | None = None, cancel: CancelToken | None = None
    ) -> Estimate:
        """As `estimate`, of what the launch plan would ask of the engine there; the person's settings count here only."""
        here = self._situation(machine)
        shape = self._shape(reference, here, DEFAULT_REQUEST, cancel)
        correction = here.corrections(shape.architecture)
        wishes = self._wishes() if machine is None else NO_WISHES
        asked = serve(shape, here.machine, wishes, correction, here.engines).request
        return fit.estimate(shape, here.machine, asked, here.engines, correction)

    def _shape(self, reference: str, here: Situation, asked: Request, cancel: CancelToken | None) -> ModelShape:
        known = catalog_file.find(self.models(), reference)
        if known and known[0].shape_known:
            model, named = known
            return here.shape(model, named or choosing.best_build(model, here, asked) or model.files[0])
        return self._shape_elsewhere(reference, known, cancel or CancelToken())

    def estimate_known(self, reference: str) -> Estimate | None:
        """As `estimate`, from the catalog alone; None for what it does not know. Nobody is asked."""
        known = catalog_file.find(self.models(), reference)
        return self.estimate(reference) if known and known[0].shape_known else None

    def known(self, reference: str) -> tuple[CatalogModel, CatalogFile] | None:
        """The model and build that a catalog id or OWNER/REPO/FILE means, as the download must know it."""
        found = catalog_file.find(self.models(), reference)
        if found is None:
            return None
        model, named = found
        file = named or choosing.best_build(model, self._situation(None), DEFAULT_REQUEST) or model.files[0]
        return model, file

    def rank(self, installed: InstalledModel) -> float:
        """How good an installed model of the catalog is at a chat; 0 for what the catalog does not know."""
        model = next((model for model in self.models() if model.id == installed.catalog_id), None)
        return quality(model, Use.CHAT, model.default_effort, "").points if model else 0.0

    def _situation(self, machine: Machine | None) -> Situation:
        """What was measured holds for this machine only."""
        if machine is None:
            return Situation(self._machine(), self._engines(None), cache(self._corrections))
        other = with_own_engine(machine)
        return Situation(other, self._engines(other))

    def _shape_elsewhere(
        self, reference: str, known: tuple[CatalogModel, CatalogFile | None] | None, cancel: CancelToken
    ) -> ModelShape:
        """From the header: of a file on this disk, else of one on the hub."""
        if known:
            model, named = known
            return self._remote_shape((named or model.files[0]).reference, cancel)
        try:
            installed = self._models.find(reference)
        except ModelError:
            if references.is_reference(reference) and not reference.startswith(("/", "~", ".")):
                return self._remote_shape(reference, cancel)
            if not (reference.lower().endswith(".gguf") or is_file(given(reference))):
                catalog_file.require(self.models(), reference)  # which says the name that is nearest
            raise
        return shapes.from_header(self._models.header(installed), installed.projector_bytes)

    def _remote_shape(self, reference: str, cancel: CancelToken) -> ModelShape:
        files = self._hub.resolve(reference, cancel)
        header = self._read_header(files.shards, cancel)
        return shapes.from_header(header, files.projector.bytes or 0 if files.projector else 0)

    # The person's additions -------------------------------------------------------------------------------------------

    def add_repository(self, repository: str, cancel: CancelToken) -> CatalogModel:
        """Take a repository of the hub into the catalog: its GGUF files with their quantizations, and their shape.

        It is kept in the person's catalog file. Raises `UsageError` when it has no model in it, `DownloadError`,
        `ModelError`, `StorageError`, `Cancelled`.
        """
        listing = self._hub.list_files(repository, None, cancel)
        builds = repository_model.builds(listing)
        told = repository_model.first_to_read(builds)
        parts = {file.path: file for file in listing.files}
        header = self._read_header([parts[name] for name in told.shards], cancel)
        model = repository_model.model(listing, builds, header)
        self._store.add(model)
        self._bus.publish(Topic.MODELS)
        return model

    def remove_repository(self, model_id: str) -> None:
        """Take a model that the person added out of the catalog. Raises `UsageError` for any other."""
        catalog_file.require(self.models(), model_id)
        if not self._store.remove(model_id):
            raise UsageError(
                f"{model_id!r} came with Workbench and stays in the catalog.",
                hint="Only models that you have added can be taken out.",
            )
        self._bus.publish(Topic.MODELS)


def with_own_engine(machine: Machine) -> Machine:
    """Another machine with Workbench on it: on Apple's chips the engine that comes with it uses the GPU."""
    gpus = tuple(
        replace(gpu, backend=gpu.backend or "metal") if gpu.vendor == "apple" else gpu for gpu in machine.gpus or ()
    )
    return replace(machine, gpus=gpus) if machine.gpus else machine

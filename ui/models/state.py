"""What the Models page shows: a frozen value and a pure `reduce`. No Qt, no clock, no threads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from workbench.engine.checking.checkup import CheckUp
from workbench.engine.runtimes.builds import EngineBuild, InstalledEngine
from workbench.errors import WorkbenchError
from workbench.hardware.machine import Machine
from workbench.models.adoption import FoundModel
from workbench.models.advising.advice import Pick, Recommendation, Use
from workbench.models.catalog.model import CatalogModel
from workbench.models.fetching.queue import DownloadItem, DownloadState
from workbench.models.library import InstalledModel
from workbench.models.sizing.estimate import Estimate, Fit

if TYPE_CHECKING:
    from workbench.tools.checking.capability import Capability
    from workbench.tools.checking.report import ToolReport

SLOW_SECONDS = 300.0  # nobody talks with what takes longer to answer
FREE_LICENCES = ("apache", "mit", "bsd", "cc-by-4")
LEFT_TO_DO = (DownloadState.QUEUED, DownloadState.RUNNING, DownloadState.PAUSED, DownloadState.FAILED)


class Area(StrEnum):
    """Each is read by itself, and may fail by itself."""

    MACHINE = "machine"
    LIBRARY = "library"
    FOUND = "found"
    CATALOG = "catalog"
    DOWNLOADS = "downloads"


class Sort(StrEnum):
    RECOMMENDED = "recommended"
    SIZE = "size"
    SPEED = "speed"


@dataclass(frozen=True, slots=True)
class Filter:
    """Which models of the catalog are shown, and in which order. ``words``: all of them stand in name, vendor or family."""

    words: str = ""
    use: Use = Use.CHAT
    fits: bool = False
    vision: bool = False
    tools: bool = False
    free_licence: bool = False
    sort: Sort = Sort.RECOMMENDED


@dataclass(frozen=True, slots=True)
class LibraryEntry:
    """A model on this disk. ``estimate`` None: it cannot be worked out. ``template_note``: how its template differs.
    ``tools``: whether it is offered tools, None: not looked at; ``tool_report``: what the check of its calls found."""

    model: InstalledModel
    estimate: Estimate | None = None
    checkup: CheckUp | None = None
    template_note: str = ""
    tools: Capability | None = None
    tool_report: ToolReport | None = None


@dataclass(frozen=True, slots=True)
class Unseen:
    """A model of the catalog whose memory nobody can tell before the header of its file is read.

    ``looking``: it is being read. ``estimate``: what came of it; ``problem``: why nothing did.
    """

    model: CatalogModel
    looking: bool = False
    estimate: Estimate | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Work:
    """What is going on with one model. ``share`` of it that is done, None: unknown."""

    words: str
    share: float | None = None


@dataclass(frozen=True, slots=True)
class ModelsState:
    """None: not read yet. ``recommended``: catalog ids, best first. ``chosen``: id of the model that answers.

    ``work``: by id of the installed model.
    """

    machine: Machine | None = None
    engines: tuple[InstalledEngine, ...] = ()
    builds: tuple[EngineBuild, ...] = ()
    library: tuple[LibraryEntry, ...] | None = None
    chosen: str = ""
    found: tuple[FoundModel, ...] | None = None
    picks: tuple[Pick, ...] | None = None
    unseen: tuple[Unseen, ...] = ()
    recommended: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    downloads: tuple[DownloadItem, ...] = ()
    filter: Filter = Filter()
    work: Mapping[str, Work] = field(default_factory=dict)
    failures: Mapping[Area, WorkbenchError] = field(default_factory=dict)


# Events ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MachineRead:
    """``builds``: the engines that could be installed and would work with what is here."""

    machine: Machine
    engines: tuple[InstalledEngine, ...]
    builds: tuple[EngineBuild, ...]


@dataclass(frozen=True, slots=True)
class MemoryRead:
    """The same machine a moment later."""

    machine: Machine


@dataclass(frozen=True, slots=True)
class LibraryRead:
    entries: tuple[LibraryEntry, ...]
    chosen: str = ""


@dataclass(frozen=True, slots=True)
class FoundRead:
    found: tuple[FoundModel, ...]


@dataclass(frozen=True, slots=True)
class CatalogRead:
    """``unseen``: the models of the catalog that no pick is of."""

    picks: tuple[Pick, ...]
    recommendation: Recommendation
    unseen: tuple[CatalogModel, ...] = ()


@dataclass(frozen=True, slots=True)
class LookedAt:
    """What is known of one that nobody had looked at."""

    news: Unseen


@dataclass(frozen=True, slots=True)
class DownloadsRead:
    items: tuple[DownloadItem, ...]


@dataclass(frozen=True, slots=True)
class Filtered:
    filter: Filter


@dataclass(frozen=True, slots=True)
class Worked:
    """``work`` None: it is over."""

    model_id: str
    work: Work | None


@dataclass(frozen=True, slots=True)
class ReadFailed:
    area: Area
    error: WorkbenchError


Event = (
    MachineRead
    | MemoryRead
    | LibraryRead
    | FoundRead
    | CatalogRead
    | LookedAt
    | DownloadsRead
    | Filtered
    | Worked
    | ReadFailed
)


def reduce(state: ModelsState, event: Event) -> ModelsState:
    """The state after ``event``. What was read once stays when reading it again fails."""
    match event:
        case MemoryRead(machine):
            return replace(state, machine=machine)
        case MachineRead(machine, engines, builds):
            return replace(_well(state, Area.MACHINE), machine=machine, engines=engines, builds=builds)
        case LibraryRead(entries, chosen):
            return replace(_well(state, Area.LIBRARY), library=entries, chosen=chosen)
        case FoundRead(found):
            return replace(_well(state, Area.FOUND), found=found)
        case CatalogRead():
            return _with_catalog(_well(state, Area.CATALOG), event)
        case DownloadsRead(items):
            return replace(_well(state, Area.DOWNLOADS), downloads=items)
        case Filtered(chosen_filter):
            return replace(state, filter=chosen_filter)
        case LookedAt() | Worked():
            return _with_one(state, event)
        case ReadFailed(area, error):
            return replace(state, failures={**state.failures, area: error})


def _with_one(state: ModelsState, event: LookedAt | Worked) -> ModelsState:
    """Something has become known of one model."""
    if isinstance(event, LookedAt):
        news = event.news
        told = (news if one.model.id == news.model.id else one for one in state.unseen)
        return replace(state, unseen=tuple(told))
    rest = {key: value for key, value in state.work.items() if key != event.model_id}
    return replace(state, work=rest if event.work is None else {**rest, event.model_id: event.work})


def _well(state: ModelsState, area: Area) -> ModelsState:
    return replace(state, failures={key: error for key, error in state.failures.items() if key is not area})


def _with_catalog(state: ModelsState, read: CatalogRead) -> ModelsState:
    """Answers to an older question are dropped: the person has chosen another use since. What was looked at stays so."""
    advice = read.recommendation
    if advice.use is not state.filter.use:
        return state
    best = (advice.recommended, *advice.alternatives)
    ids = tuple(pick.model.id for pick in best if pick is not None)
    seen = {one.model.id: one for one in state.unseen}
    unseen = tuple(replace(seen.get(model.id, Unseen(model)), model=model) for model in read.unseen)
    return replace(state, picks=read.picks, unseen=unseen, recommended=ids, notes=advice.notes)


# What follows from the state ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CatalogRow:
    """One model of the catalog as the list shows it. ``installed``: its build is on this disk already."""

    pick: Pick
    recommended: bool = False
    installed: bool = False
    download: DownloadItem | None = None

    @property
    def model(self) -> CatalogModel:
        return self.pick.model


Shelf = Mapping[str, LibraryEntry]


@dataclass(frozen=True, slots=True)
class UnseenRow:
    """One that nobody had looked at, as the page shows it."""

    unseen: Unseen
    installed: bool = False
    download: DownloadItem | None = None


def unseen_rows(state: ModelsState) -> tuple[UnseenRow, ...]:
    """Those that pass the filter, as far as they are known."""
    here = shelf(state)
    return tuple(
        UnseenRow(one, on_shelf(one.model, here) is not None, download_of(one.model, state))
        for one in state.unseen
        if suits(one.model, state.filter)
        and (not state.filter.fits or (one.estimate is not None and one.estimate.fit is not Fit.NONE))
    )


def catalog_rows(state: ModelsState) -> tuple[CatalogRow, ...]:
    """The models that pass the filter, in its order."""
    picks = [pick for pick in state.picks or () if passes(pick, state.filter)]
    picks.sort(key=lambda pick: _order(pick, state))
    here = shelf(state)
    return tuple(catalog_row(pick, state, here) for pick in picks)


def catalog_row(pick: Pick, state: ModelsState, here: Shelf) -> CatalogRow:
    return CatalogRow(
        pick,
        recommended=pick.model.id in state.recommended[:1],
        installed=on_shelf(pick.model, here) is not None,
        download=download_of(pick.model, state),
    )


def passes(pick: Pick, chosen: Filter) -> bool:
    return suits(pick.model, chosen) and (not chosen.fits or pick.estimate.fit is not Fit.NONE)


def suits(model: CatalogModel, chosen: Filter) -> bool:
    """Whether the filter lets it through, wherever it would run."""
    text = f"{model.name} {model.id} {model.vendor} {model.family}".casefold()
    return (
        all(word in text for word in chosen.words.casefold().split())
        and (not chosen.vision or model.vision)
        and (not chosen.tools or model.tools)
        and (not chosen.free_licence or model.licence.casefold().startswith(FREE_LICENCES))
    )


def sees(pick: Pick) -> bool:
    """Whether the build that is planned here reads pictures: not every build comes with a projector."""
    return pick.model.vision and bool(pick.file.projector)


def _order(pick: Pick, state: ModelsState) -> tuple[float, ...]:
    """What does not fit comes last, and before it what nobody would wait for, unless sizes are compared."""
    unfit = float(pick.estimate.fit is Fit.NONE)
    speed = pick.estimate.generation_tokens_per_second
    if state.filter.sort is Sort.SIZE:
        return (float(pick.download_bytes),)
    if state.filter.sort is Sort.SPEED:
        return (unfit, -(speed.expected if speed else 0.0))
    ids = state.recommended
    place = ids.index(pick.model.id) if pick.model.id in ids else len(ids)
    slow = float(pick.answer_seconds.expected > SLOW_SECONDS)
    return (float(place), unfit, slow, -pick.quality, float(pick.download_bytes))


def shelf(state: ModelsState) -> Shelf:
    """The library by what tells whose build a model is."""
    return {_known_by(entry.model): entry for entry in reversed(state.library or ())}


def on_shelf(model: CatalogModel, here: Shelf) -> LibraryEntry | None:
    """The entry of the library that is one of this model's builds."""
    return next((here[key] for key in _keys(model) if key in here), None)


def pick_of(model: InstalledModel, state: ModelsState) -> Pick | None:
    """The catalog's word on a model of the library."""
    key = _known_by(model)
    return next((pick for pick in state.picks or () if key in _keys(pick.model)), None)


def _known_by(model: InstalledModel) -> str:
    """The id in the catalog, as it was recorded at the download, else the file's name."""
    return model.catalog_id or model.path.name.casefold()


def _keys(model: CatalogModel) -> tuple[str, ...]:
    return (model.id, *(file.file.rpartition("/")[2].casefold() for file in model.files))


def download_of(model: CatalogModel, state: ModelsState) -> DownloadItem | None:
    """The wish for one of this model's builds that is not fulfilled yet."""
    if not state.downloads:
        return None
    references = {model.id, *(file.reference for file in model.files)}
    return next((item for item in state.downloads if item.reference in references and item.state in LEFT_TO_DO), None)


def new_on_disk(state: ModelsState) -> tuple[FoundModel, ...]:
    """What other programs have and the library does not; the usable first."""
    new = (found for found in state.found or () if not found.adopted)
    return tuple(sorted(new, key=lambda found: not found.usable))


def disk_use(state: ModelsState) -> tuple[int, int]:
    """Bytes of the library: in the models folder, and in place with other programs."""
    entries = state.library or ()
    own = sum(entry.model.bytes for entry in entries if not entry.model.adopted)
    return own, sum(entry.model.bytes for entry in entries if entry.model.adopted)

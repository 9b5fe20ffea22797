"""The first run as a value: what has been seen of computer, disk and network, and what is offered for it. No Qt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from ui.translation import tr
from workbench.engine.runtimes.builds import EngineBuild
from workbench.errors import WorkbenchError
from workbench.hardware.machine import Machine
from workbench.models.adoption import FoundModel
from workbench.models.advising.advice import Pick, Recommendation
from workbench.models.advising.words import DOWNLOAD_MEGABITS
from workbench.models.fetching.queue import DownloadItem, DownloadState
from workbench.models.sizing.estimate import Estimate, Fit
from workbench.sizes import size_words

if TYPE_CHECKING:
    from workbench.models.library import InstalledModel

STARTER = "starter"
ENGINE = "engine:"
ASSUMED_BYTES_PER_SECOND = DOWNLOAD_MEGABITS * 1e6 / 8  # until a download here has been measured
GOOD_BYTES = 1_000_000_000  # a smaller model of another program is a toy or a part of something
SPARE_DISK_BYTES = 1_000_000_000  # what a download leaves free
MOVING = (DownloadState.RUNNING, DownloadState.QUEUED)


# What is known -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Candidate:
    """A model of another program, and how it would run here."""

    model: FoundModel
    estimate: Estimate


@dataclass(frozen=True, slots=True)
class FirstRun:
    """None: not looked at yet. ``usable``: models that could answer. ``chosen``: the one that the person chose, or empty.

    ``asked``: references that were asked for in this run of the program. ``rate``: bytes a second of the last download
    that was measured. ``limit``: the person's own limit, 0 without. ``reopened``: asked for although a demo was chosen.
    """

    usable: tuple[InstalledModel, ...] = ()
    chosen: str = ""
    machine: Machine | None = None
    found: tuple[Candidate, ...] | None = None
    recommendation: Recommendation | None = None
    engines: tuple[EngineBuild, ...] = ()
    downloads: tuple[DownloadItem, ...] = ()
    asked: frozenset[str] = frozenset()
    online: bool = True
    rate: float | None = None
    limit: float = 0.0
    skipped: bool = False
    reopened: bool = False
    failure: WorkbenchError | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """The models on this disk, the setting that chooses one, the downloads, their limit (0: none), and what answers now.

    ``current`` may be a file somewhere else, which is not among ``installed``.
    """

    installed: tuple[InstalledModel, ...]
    chosen: str
    downloads: tuple[DownloadItem, ...] = ()
    limit: float = 0.0
    current: InstalledModel | None = None


@dataclass(frozen=True, slots=True)
class MachineSeen:
    machine: Machine


@dataclass(frozen=True, slots=True)
class DiskSeen:
    """Models of other programs that could answer here."""

    found: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Advised:
    recommendation: Recommendation
    engines: tuple[EngineBuild, ...]


@dataclass(frozen=True, slots=True)
class LookFailed:
    error: WorkbenchError


@dataclass(frozen=True, slots=True)
class NetworkSeen:
    online: bool


@dataclass(frozen=True, slots=True)
class Asked:
    references: frozenset[str]


@dataclass(frozen=True, slots=True)
class Skipped:
    """Not now."""


@dataclass(frozen=True, slots=True)
class Again:
    """Look once more: memory and disk may be freer now."""


Event = Listed | MachineSeen | DiskSeen | Advised | LookFailed | NetworkSeen | Asked | Skipped | Again


def reduce(state: FirstRun, event: Event) -> FirstRun:
    """The state after ``event``."""
    match event:
        case Listed(installed, chosen, downloads, limit, current):
            usable = tuple(model for model in (*installed, *((current,) if current else ())) if not model.problem)
            rate = _measured(downloads) or state.rate
            return replace(state, usable=usable, chosen=chosen, downloads=downloads, limit=limit, rate=rate)
        case MachineSeen(machine):
            return replace(state, machine=machine)
        case DiskSeen(found):
            return replace(state, found=found)
        case Advised(recommendation, engines):
            return replace(state, recommendation=recommendation, engines=engines, failure=None)
        case LookFailed(error):
            return replace(state, failure=error)
        case NetworkSeen(online):
            return replace(state, online=online)
        case Asked(references):
            return replace(state, asked=state.asked | references)
        case Skipped():
            return replace(state, skipped=True, reopened=False)
        case Again():
            return replace(state, found=None, recommendation=None, failure=None, skipped=False, reopened=True)


def _measured(items: Iterable[DownloadItem]) -> float | None:
    """Bytes a second of all that is being fetched together."""
    return sum(item.bytes_per_second or 0.0 for item in items if item.state is DownloadState.RUNNING) or None


# What is offered -----------------------------------------------------------------------------------------------------


class Kind(StrEnum):
    """NONE: models answer and nothing is on its way. READY: they do, and something is on its way."""

    NONE = "none"
    READY = "ready"
    LOOKING = "looking"
    FOUND = "found"
    PLAN = "plan"
    FETCHING = "fetching"
    NOTHING = "nothing"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Plan:
    """What one press fetches: the bridge first, then the engine, then the model.

    ``bytes_per_second``: what the minutes are reckoned with; ``measured``: here, not assumed. ``missing_bytes``: what the
    disk lacks for it, 0 when there is room.
    """

    pick: Pick
    bridge: Pick | None
    engine: EngineBuild | None
    bytes_per_second: float
    measured: bool
    missing_bytes: int = 0

    @property
    def bytes(self) -> int:
        return sum(size for _reference, _title, size in self.steps)

    @property
    def seconds(self) -> float:
        return self.bytes / self.bytes_per_second

    @property
    def seconds_to_talk(self) -> float:
        """Until the first model of it answers; the engine comes with it."""
        later = self.pick.download_bytes if self.bridge else 0
        return (self.bytes - later) / self.bytes_per_second

    @property
    def steps(self) -> tuple[tuple[str, str, int], ...]:
        """Reference, title and bytes of each download, in their order."""
        models = [
            (pick.file.reference, pick.model.name, pick.download_bytes) for pick in (self.bridge, self.pick) if pick
        ]
        if self.engine is None:
            return tuple(models)
        engine = (f"{ENGINE}{self.engine.id}", self.engine.label, self.engine.download_bytes)
        return (*models[:-1], engine, models[-1])


@dataclass(frozen=True, slots=True)
class Offer:
    """What the page shows. ``plan`` also where a found model comes first; ``others``: what else could be fetched.

    ``demo_only``: the demo could answer already.
    """

    kind: Kind
    machine: Machine | None = None
    found: Candidate | None = None
    plan: Plan | None = None
    others: tuple[Plan, ...] = ()
    downloads: tuple[DownloadItem, ...] = ()
    notes: tuple[str, ...] = ()
    online: bool = True
    failure: WorkbenchError | None = None
    demo_only: bool = False


def decide(state: FirstRun) -> Offer:
    """What to offer: a model on this disk before a download, the demo only where nothing else can be had."""
    waiting = tuple(item for item in state.downloads if item.state is not DownloadState.READY)
    under_way = tuple(item for item in waiting if _of_interest(item, state.asked))
    demo_will_do = bool(state.usable and state.chosen) and not state.reopened
    if any(not model.demo for model in state.usable) or (demo_will_do and under_way):
        return Offer(Kind.READY if under_way else Kind.NONE, downloads=under_way)
    offer = Offer(Kind.SKIPPED) if demo_will_do else _for_nobody(state, waiting)
    return replace(offer, machine=state.machine, online=state.online, demo_only=bool(state.usable))


def _of_interest(item: DownloadItem, asked: frozenset[str]) -> bool:
    """Beside a model that answers: what runs, and what stopped that was asked for a moment ago."""
    return item.state in MOVING or item.reference in asked or follows(item)


def _for_nobody(state: FirstRun, waiting: tuple[DownloadItem, ...]) -> Offer:
    """There is no model, or only the demo."""
    if waiting:
        return Offer(Kind.FETCHING, downloads=waiting)
    if state.skipped:
        return Offer(Kind.SKIPPED)
    plan, others = plans(state)
    if state.found is None and state.failure is None:
        return Offer(Kind.LOOKING)
    found = best(state.found or (), state.recommendation)
    notes = _notes(state, plan)
    if found is not None:
        return Offer(Kind.FOUND, found=found, plan=plan, others=others, notes=notes)
    if state.failure is not None:
        return Offer(Kind.FAILED, failure=state.failure)
    if state.recommendation is None:
        return Offer(Kind.LOOKING)
    return Offer(Kind.PLAN if plan else Kind.NOTHING, plan=plan, others=others, notes=notes)


def _notes(state: FirstRun, plan: Plan | None) -> tuple[str, ...]:
    """What a bigger model would need: of memory, as the advice says, and of disk."""
    advice = state.recommendation
    if advice is None:
        return ()
    best_pick = advice.recommended
    if best_pick is None or plan is None or plan.pick is best_pick or plan.missing_bytes:
        return advice.notes
    missing = size_words(_plan(best_pick, None, state).missing_bytes)
    return (
        tr("{name} would be better, with {missing} more free on this disk.").format(
            name=best_pick.model.name, missing=missing
        ),
        *advice.notes,
    )


def best(found: Iterable[Candidate], recommendation: Recommendation | None) -> Candidate | None:
    """The found model to propose: the recommended one before those of the catalog, the best placed, the largest."""
    wanted = recommendation.recommended.model.id if recommendation and recommendation.recommended else None
    fits = list(Fit)
    good = [one for one in found if is_good(one.model) and one.estimate.fit is not Fit.NONE]
    return min(
        good,
        key=lambda one: (
            wanted is None or one.model.catalog_id != wanted,
            one.model.catalog_id is None,
            fits.index(one.estimate.fit),
            -one.model.bytes,
            one.model.name,
        ),
        default=None,
    )


def is_good(model: FoundModel) -> bool:
    """Whether it is worth an estimate: it could be used here, it can chat, and it is more than a toy."""
    return model.usable and model.can_chat and not model.adopted and model.bytes >= GOOD_BYTES


def plans(state: FirstRun) -> tuple[Plan | None, tuple[Plan, ...]]:
    """The plan to propose and the other ones. What the disk has no room for is proposed only where nothing else is."""
    advice = state.recommendation
    if advice is None or advice.recommended is None:
        return None, ()
    picks = [advice.recommended, *advice.alternatives]
    if advice.bridge is not None and advice.bridge not in picks:
        picks.append(advice.bridge)
    made = [_plan(pick, advice.bridge, state) for pick in picks]
    first = next((plan for plan in made if not plan.missing_bytes), made[0])
    others = tuple(plan for plan in made if plan is not first and plan.pick is not advice.bridge)[:2]
    return first, others


def _plan(pick: Pick, bridge: Pick | None, state: FirstRun) -> Plan:
    """With the bridge where it is much smaller and the disk has room for both."""
    engine = next((build for build in state.engines if build.id == pick.estimate.needs_engine), None)
    rate = state.rate or (min(ASSUMED_BYTES_PER_SECOND, state.limit) if state.limit else ASSUMED_BYTES_PER_SECOND)
    small = bridge is not None and bridge is not pick and 2 * bridge.download_bytes <= pick.download_bytes
    alone = Plan(pick, None, engine, rate, measured=state.rate is not None)
    alone = replace(alone, missing_bytes=_missing(alone, state.machine))
    bridged = replace(alone, bridge=bridge) if small else alone
    return alone if _missing(bridged, state.machine) else bridged


def _missing(plan: Plan, machine: Machine | None) -> int:
    if machine is None or machine.disk_free_bytes is None:
        return 0
    return max(0, plan.bytes + SPARE_DISK_BYTES - machine.disk_free_bytes)


# What follows what ---------------------------------------------------------------------------------------------------


def follows(item: DownloadItem) -> bool:
    """It is held back until the bridge is here: paused before anything of it had arrived."""
    return item.state is DownloadState.PAUSED and not item.bytes


def to_follow(before: Iterable[DownloadItem], now: Iterable[DownloadItem]) -> tuple[str, ...]:
    """The ids of what is to go on between two looks at the queue: a model has ended and no other one is moving.

    It needs no memory of the plan, so that it holds over restarts.
    """
    were = {item.id for item in before if _moves(item)}
    moving = {item.id for item in now if _moves(item)}
    paused = {item.id for item in now if item.state is DownloadState.PAUSED}
    ended = were - moving - paused
    return tuple(item.id for item in now if follows(item)) if ended and not moving else ()


def _moves(item: DownloadItem) -> bool:
    """A model that is on its way; an engine holds nothing back."""
    return item.state in MOVING and not item.reference.startswith(ENGINE)

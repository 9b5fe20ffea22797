"""What the first run says: plans, found models and downloads as sentences. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from ui.chat.words import FIRST, HEADING, LOCAL, sentence
from ui.first_run.state import ENGINE, MOVING, Candidate, Kind, Offer, Plan, follows
from ui.fit_words import duration_words, fit_words, seconds_words, speed_words, task_words
from ui.translation import marked, tr
from workbench.models.advising.advice import Pick
from workbench.models.fetching.queue import DownloadItem
from workbench.models.sizing.estimate import Estimate
from workbench.sizes import memory_words, size_words

COMING = marked("A model is on its way")
NO_MODEL_HERE = marked("There is no model to answer on this disk.")
OFFLINE_HINT = marked(
    "What you ask for now begins when it is back. A GGUF file on this disk or on a stick works without."
)
NOTHING = marked("No model of the catalog fits this computer as it is now.")
NOTHING_HINT = marked("Close other programs and look again: what is free now counts. The small demo runs anyway.")
Fact = tuple[str, str, str]
"""Caption, figure, and what is to be said about it."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What stands in the way, and what to do."""

    text: str
    hint: str


def heading(offer: Offer) -> str:
    if offer.demo_only:
        return tr(HEADING)
    return tr(COMING) if any(item.state in MOVING for item in offer.downloads) else tr(FIRST)


def introduction(offer: Offer) -> str:
    """Below the heading of a new chat: what this is about, or when the first model can answer."""
    if offer.demo_only:
        return tr("A small demo can answer already. A real model answers better:")
    return talk_words(offer.downloads) or tr(LOCAL)


def announcement(offer: Offer) -> str:
    """What is said aloud when the page turns to this, empty where nothing need be."""
    match offer.kind:
        case Kind.LOOKING:
            return tr("Looking at this computer.")
        case Kind.FOUND if offer.found:
            return tr("{name} is on this disk already, from {program}.").format(
                name=offer.found.model.name, program=offer.found.model.program
            )
        case Kind.PLAN if offer.plan:
            return tr("Proposed for this computer: {name}.").format(name=offer.plan.pick.model.name)
        case Kind.FETCHING:
            return talk_words(offer.downloads)
        case Kind.NOTHING | Kind.FAILED:
            return troubles(offer)[0].text
        case _:
            return ""


def looking_steps(offer: Offer) -> tuple[tuple[str, bool], ...]:
    """What is looked at, and whether it is done."""
    return (
        (tr("Processor, memory and GPU"), offer.machine is not None),
        (tr("Models that other programs have"), False),
        (tr("What fits, and how fast it will be"), False),
    )


def troubles(offer: Offer) -> tuple[Trouble, ...]:
    """What stands in the way, and what to do about it."""
    found: list[Trouble] = []
    if offer.failure is not None:
        found.append(Trouble(offer.failure.message, offer.failure.hint))
    if not offer.online:
        found.append(Trouble(tr("This computer has no network connection now."), tr(OFFLINE_HINT)))
    if offer.kind is Kind.NOTHING:
        found.append(Trouble(" ".join(offer.notes) or tr(NOTHING), tr(NOTHING_HINT)))
    if offer.plan is not None and offer.plan.missing_bytes and offer.machine and offer.machine.disk_free_bytes:
        found.append(_no_room(offer.plan, offer.machine.disk_free_bytes))
    return tuple(found)


def get_words(plan: Plan) -> str:
    """The one button: all that it fetches."""
    return tr("Get {name} · {size} · about {time}").format(
        name=plan.pick.model.name, size=size_words(plan.bytes), time=duration_words(plan.seconds)
    )


def order_words(plan: Plan) -> str:
    """What comes when: the bridge, the engine, the model. Empty for a model alone."""
    engine = (
        tr("the {label} ({size})").format(label=plan.engine.label, size=size_words(plan.engine.download_bytes))
        if plan.engine
        else ""
    )
    name, size = plan.pick.model.name, size_words(plan.pick.download_bytes)
    if plan.bridge is not None:
        told = tr("Talk in about {time} with {bridge}; {name} ({size}) follows.")
        if engine:
            told = tr("Talk in about {time} with {bridge}; {name} ({size}) follows with {engine}.")
        time, bridge = duration_words(plan.seconds_to_talk), _sized(plan.bridge)
        return told.format(time=time, bridge=bridge, name=name, size=size, engine=engine)
    return tr("With it comes {engine}, so that it can use the GPU.").format(engine=engine) if engine else ""


def rate_words(plan: Plan) -> str:
    """What the minutes rest on."""
    rate = f"{plan.bytes_per_second / 1e6:.3g} MB/s"
    if plan.measured:
        return tr("The minutes are for {rate}, as measured here.").format(rate=rate)
    return tr("The minutes assume {rate} and are corrected while it downloads.").format(rate=rate)


def _no_room(plan: Plan, free_bytes: int) -> Trouble:
    """The sum: what it takes, what is free, what is missing."""
    return Trouble(
        tr("{name} needs {size}; {free} are free on this disk.").format(
            name=plan.pick.model.name, size=size_words(plan.bytes), free=size_words(free_bytes)
        ),
        tr("Free {size} more, so that 1 GB stays free, and look again.").format(size=size_words(plan.missing_bytes)),
    )


def pick_facts(pick: Pick, disk_free_bytes: int | None) -> tuple[Fact, ...]:
    """Where and how fast it runs, one answer, disk and memory."""
    disk = "" if disk_free_bytes is None else tr("of {size} free").format(size=size_words(disk_free_bytes))
    return (
        _runs(pick.estimate),
        (tr("One answer"), seconds_words(pick.answer_seconds), task_words(pick.task, pick.effort)),
        (tr("Disk"), size_words(pick.download_bytes), disk),
        _memory(pick.estimate),
    )


def use_words(found: Candidate) -> str:
    return tr("Use {name} from {program} — nothing to download").format(
        name=found.model.name, program=found.model.program
    )


def found_facts(found: Candidate) -> tuple[Fact, ...]:
    return (
        _runs(found.estimate),
        (tr("Download"), tr("Nothing"), tr("used where it is, {size}").format(size=size_words(found.model.bytes))),
        _memory(found.estimate),
    )


def _runs(estimate: Estimate) -> Fact:
    speed = speed_words(estimate.generation_tokens_per_second)
    told = tr("{speed} measured").format(speed=speed) if estimate.measured else speed
    return (tr("Runs"), sentence(fit_words(estimate).removeprefix("Runs ")), told)


def _memory(estimate: Estimate) -> Fact:
    several = len(estimate.devices) > 1
    left = tr("leaves {memory} free where it is tightest") if several else tr("leaves {memory} free")
    told = left.format(memory=memory_words(estimate.memory_left_bytes))
    return (tr("Memory"), memory_words(estimate.total_bytes), told)


def other_words(plan: Plan) -> str:
    """One of the other choices in a line."""
    pick = plan.pick
    answer = tr("one answer {time}").format(time=seconds_words(pick.answer_seconds))
    return _joined(pick.role, size_words(plan.bytes), fit_words(pick.estimate), answer)


def talk_words(items: tuple[DownloadItem, ...]) -> str:
    """When the first model of these can answer."""
    first = next((item for item in items if item.state in MOVING and not item.reference.startswith(ENGINE)), None)
    if first is None:
        return ""
    then = [tr("{title} follows.").format(title=item.title) for item in items if follows(item)]
    if first.seconds_left is None:
        told = tr("You can talk as soon as {title} is here.").format(title=first.title)
    else:
        told = tr("You can talk in about {time}, with {title}.").format(
            time=duration_words(first.seconds_left), title=first.title
        )
    return " ".join((told, *then))


def _joined(*pieces: str) -> str:
    return " · ".join(piece for piece in pieces if piece)


def _sized(pick: Pick) -> str:
    return f"{pick.model.name} ({size_words(pick.download_bytes)})"

"""What the first run says: plans, found models and downloads as sentences. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from ui.chat.words import FIRST, HEADING, LOCAL, sentence
from ui.first_run.state import ENGINE, MOVING, Candidate, Kind, Offer, Plan, follows
from ui.fit_words import duration_words, fit_words, seconds_words, speed_words, task_words
from workbench.models.advising.advice import Pick
from workbench.models.fetching.queue import DownloadItem
from workbench.models.sizing.estimate import Estimate
from workbench.sizes import memory_words, size_words

COMING = "A model is on its way"
NO_MODEL_HERE = "There is no model to answer on this disk."
OFFLINE_HINT = "What you ask for now begins when it is back. A GGUF file on this disk or on a stick works without."
NOTHING = "No model of the catalog fits this computer as it is now."
NOTHING_HINT = "Close other programs and look again: what is free now counts. The small demo runs anyway."
Fact = tuple[str, str, str]
"""Caption, figure, and what is to be said about it."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What stands in the way, and what to do."""

    text: str
    hint: str


def heading(offer: Offer) -> str:
    if offer.demo_only:
        return HEADING
    return COMING if any(item.state in MOVING for item in offer.downloads) else FIRST


def introduction(offer: Offer) -> str:
    """Below the heading of a new chat: what this is about, or when the first model can answer."""
    if offer.demo_only:
        return "A small demo can answer already. A real model answers better:"
    return talk_words(offer.downloads) or LOCAL


def announcement(offer: Offer) -> str:
    """What is said aloud when the page turns to this, empty where nothing need be."""
    match offer.kind:
        case Kind.LOOKING:
            return "Looking at this computer."
        case Kind.FOUND if offer.found:
            return f"{offer.found.model.name} is on this disk already, from {offer.found.model.program}."
        case Kind.PLAN if offer.plan:
            return f"Proposed for this computer: {offer.plan.pick.model.name}."
        case Kind.FETCHING:
            return talk_words(offer.downloads)
        case Kind.NOTHING | Kind.FAILED:
            return troubles(offer)[0].text
        case _:
            return ""


def looking_steps(offer: Offer) -> tuple[tuple[str, bool], ...]:
    """What is looked at, and whether it is done."""
    return (
        ("Processor, memory and GPU", offer.machine is not None),
        ("Models that other programs have", False),
        ("What fits, and how fast it will be", False),
    )


def troubles(offer: Offer) -> tuple[Trouble, ...]:
    """What stands in the way, and what to do about it."""
    found: list[Trouble] = []
    if offer.failure is not None:
        found.append(Trouble(offer.failure.message, offer.failure.hint))
    if not offer.online:
        found.append(Trouble("This computer has no network connection now.", OFFLINE_HINT))
    if offer.kind is Kind.NOTHING:
        found.append(Trouble(" ".join(offer.notes) or NOTHING, NOTHING_HINT))
    if offer.plan is not None and offer.plan.missing_bytes and offer.machine and offer.machine.disk_free_bytes:
        found.append(_no_room(offer.plan, offer.machine.disk_free_bytes))
    return tuple(found)


def get_words(plan: Plan) -> str:
    """The one button: all that it fetches."""
    return f"Get {plan.pick.model.name} · {size_words(plan.bytes)} · about {duration_words(plan.seconds)}"


def order_words(plan: Plan) -> str:
    """What comes when: the bridge, the engine, the model. Empty for a model alone."""
    engine = f"the {plan.engine.label} ({size_words(plan.engine.download_bytes)})" if plan.engine else ""
    name, size = plan.pick.model.name, size_words(plan.pick.download_bytes)
    if plan.bridge is not None:
        first = f"Talk in about {duration_words(plan.seconds_to_talk)} with {_sized(plan.bridge)}; "
        return f"{first}{name} ({size}) follows{f' with {engine}' if engine else ''}."
    return f"With it comes {engine}, so that it can use the GPU." if engine else ""


def rate_words(plan: Plan) -> str:
    """What the minutes rest on."""
    rate = f"{plan.bytes_per_second / 1e6:.3g} MB/s"
    if plan.measured:
        return f"The minutes are for {rate}, as measured here."
    return f"The minutes assume {rate} and are corrected while it downloads."


def _no_room(plan: Plan, free_bytes: int) -> Trouble:
    """The sum: what it takes, what is free, what is missing."""
    return Trouble(
        f"{plan.pick.model.name} needs {size_words(plan.bytes)}; {size_words(free_bytes)} are free on this disk.",
        f"Free {size_words(plan.missing_bytes)} more, so that 1 GB stays free, and look again.",
    )


def pick_facts(pick: Pick, disk_free_bytes: int | None) -> tuple[Fact, ...]:
    """Where and how fast it runs, one answer, disk and memory."""
    disk = "" if disk_free_bytes is None else f"of {size_words(disk_free_bytes)} free"
    return (
        _runs(pick.estimate),
        ("One answer", seconds_words(pick.answer_seconds), task_words(pick.task, pick.effort)),
        ("Disk", size_words(pick.download_bytes), disk),
        _memory(pick.estimate),
    )


def use_words(found: Candidate) -> str:
    return f"Use {found.model.name} from {found.model.program} — nothing to download"


def found_facts(found: Candidate) -> tuple[Fact, ...]:
    return (
        _runs(found.estimate),
        ("Download", "Nothing", f"used where it is, {size_words(found.model.bytes)}"),
        _memory(found.estimate),
    )


def _runs(estimate: Estimate) -> Fact:
    speed = speed_words(estimate.generation_tokens_per_second)
    measured = " measured" if estimate.measured else ""
    return ("Runs", sentence(fit_words(estimate).removeprefix("Runs ")), f"{speed}{measured}")


def _memory(estimate: Estimate) -> Fact:
    where = " where it is tightest" if len(estimate.devices) > 1 else ""
    left = f"leaves {memory_words(estimate.memory_left_bytes)} free{where}"
    return ("Memory", memory_words(estimate.total_bytes), left)


def other_words(plan: Plan) -> str:
    """One of the other choices in a line."""
    pick = plan.pick
    answer = f"one answer {seconds_words(pick.answer_seconds)}"
    return _joined(pick.role, size_words(plan.bytes), fit_words(pick.estimate), answer)


def talk_words(items: tuple[DownloadItem, ...]) -> str:
    """When the first model of these can answer."""
    first = next((item for item in items if item.state in MOVING and not item.reference.startswith(ENGINE)), None)
    if first is None:
        return ""
    then = "".join(f" {item.title} follows." for item in items if follows(item))
    if first.seconds_left is None:
        return f"You can talk as soon as {first.title} is here.{then}"
    return f"You can talk in about {duration_words(first.seconds_left)}, with {first.title}.{then}"


def _joined(*pieces: str) -> str:
    return " · ".join(piece for piece in pieces if piece)


def _sized(pick: Pick) -> str:
    return f"{pick.model.name} ({size_words(pick.download_bytes)})"

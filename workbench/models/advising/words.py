"""What the advice says: why a model, what it costs in seconds, memory and disk, and what is not for this machine. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from workbench.hardware.machine import Machine
from workbench.models.advising.advice import Pick, Task, Use
from workbench.models.advising.quality import Quality, crippled
from workbench.models.catalog.model import CatalogModel
from workbench.models.sizing.estimate import Estimate, Fit, Range
from workbench.sizes import memory_words, size_words

RECOMMENDED, FASTER, BETTER, SMALLER, BRIDGE = "Recommended", "Faster", "Better", "Smaller", "Bridge"

# A common connection; the assumption stands beside the minutes.
DOWNLOAD_MEGABITS: Final = 100

EFFORT_WORDS: Final = {
    "none": "without reasoning",
    "on": "with reasoning on",
    "low": "at low effort",
    "medium": "at medium effort",
    "high": "at high effort",
}
USE_WORDS: Final = {
    Use.CHAT: "a question in a chat",
    Use.WRITING: "a page of writing",
    Use.CODE: "a change to some code",
    Use.DOCUMENTS: "a question about long documents",
}


def reasons(pick: Pick, quality: Quality, machine: Machine, use: Use, instead_of: float | None) -> tuple[str, ...]:
    """Why this model and what it costs, the most important first. ``instead_of``: seconds of the recommended one."""
    return tuple(_reasons(pick, quality, machine, use, instead_of))


def _reasons(pick: Pick, quality: Quality, machine: Machine, use: Use, instead_of: float | None) -> Iterator[str]:
    if why := _why(pick, instead_of):
        yield why
    yield _quality(pick, quality)
    if pick.estimate.fit is not Fit.NONE:
        yield _seconds(pick, use)
    yield from _place(pick.estimate)
    if pick.estimate.fit is not Fit.NONE:
        yield from (one.text for one in pick.estimate.advice if one.code == "install_engine")
    yield _download(pick, machine)
    if pick.file.projector:
        size = f" of {size_words(pick.file.projector_bytes)}" if pick.file.projector_bytes else ""
        yield f"It sees pictures: its projector{size} is counted."
    if pick.model.licence_terms:
        yield f"Licence: {pick.model.licence}. {pick.model.licence_terms}"
    if crippled(pick.file.quantization):
        yield "It keeps less than three bits of each weight: answers go wrong in ways that no figure tells."
    yield from (doubt for doubt in (pick.model.doubt, pick.file.doubt) if doubt)


def _why(pick: Pick, instead_of: float | None) -> str:
    if pick.role == RECOMMENDED:
        return "The best answers for the time they take, of all models that fit here while a browser is open."
    if instead_of is None:
        return ""
    seconds = f"about {duration(pick.answer_seconds.expected)} an answer, the recommended one {duration(instead_of)}"
    return {
        FASTER: f"Sooner done: {seconds}.",
        BETTER: f"Better answers: {seconds}.",
        SMALLER: f"A smaller download: {seconds}.",
        BRIDGE: "Small enough to talk with while the recommended one is fetched.",
    }.get(pick.role, "")


def _quality(pick: Pick, quality: Quality) -> str:
    effort = EFFORT_WORDS[pick.effort]
    if not quality.counted:
        return (
            f"Quality about {quality.points:.0f} of 100 (±{quality.spread:.0f}) {effort}: a guess from its size, for "
            "nothing comparable is published."
        )
    told = ", ".join(
        f"{score.benchmark} {score.value:g} ({'' if score.independent else 'by its maker: '}{score.source}, {score.date})"
        for score in quality.counted[:2]
    )
    return f"Quality {quality.points:.0f} of 100 (±{quality.spread:.0f}) {effort}: {told}."


def _seconds(pick: Pick, use: Use) -> str:
    prompt, generation = pick.estimate.prompt_tokens_per_second, pick.estimate.generation_tokens_per_second
    speeds = (
        f"; {prompt.expected:,.0f} tokens a second read, {generation.expected:,.0f} written"
        if prompt and generation
        else ""
    )
    return (
        f"About {duration(pick.answer_seconds.expected)} for {USE_WORDS[use]} ({_between(pick.answer_seconds)}): "
        f"{task_words(pick.task)}{speeds}."
    )


def task_words(task: Task) -> str:
    return (
        f"{task.prompt_tokens:,} tokens of prompt, {task.reasoning_tokens:,} of reasoning, "
        f"{task.answer_tokens:,} of answer assumed"
    )


def _between(seconds: Range) -> str:
    return f"{duration(seconds.low)} to {duration(seconds.high)}"


def _place(estimate: Estimate) -> Iterator[str]:
    where = {
        Fit.GPU: "All of it runs on the GPU",
        Fit.EXPERTS_ON_CPU: f"The experts of {estimate.expert_layers_on_cpu} layers lie in memory, the rest on the GPU",
        Fit.CPU: "It runs on the processor",
        Fit.NONE: "It does not fit here",
    }[estimate.fit]
    yield f"{where}, with a context of {estimate.request.context_tokens:,} tokens: {the_sum(estimate)}."
    if estimate.fit is Fit.NONE:
        yield from (one.text for one in estimate.advice)
    else:
        yield f"{memory_words(estimate.memory_left_bytes)} stay free where it is tightest."


def the_sum(estimate: Estimate) -> str:
    """The parts and their total, in words."""
    parts = [
        f"{memory_words(size)} {name}"
        for name, size in (
            ("weights", estimate.weights_bytes),
            ("projector", estimate.projector_bytes),
            ("cache", estimate.cache_bytes),
            ("scratch", estimate.compute_bytes),
            ("engine", estimate.overhead_bytes),
        )
        if size
    ]
    return f"{' + '.join(parts)} = {memory_words(estimate.total_bytes)}"


def download_minutes(download_bytes: int) -> float:
    """At `DOWNLOAD_MEGABITS`."""
    return download_bytes * 8 / (DOWNLOAD_MEGABITS * 1e6) / 60


def _download(pick: Pick, machine: Machine) -> str:
    engine = f" and {size_words(pick.engine_bytes)} of engine" if pick.engine_bytes else ""
    about = "" if pick.file.bytes else "about "
    free = f"; {size_words(machine.disk_free_bytes)} of disk are free" if machine.disk_free_bytes is not None else ""
    minutes = duration(60 * download_minutes(pick.download_bytes + pick.engine_bytes))
    return f"Download {about}{size_words(pick.download_bytes)}{engine}: {minutes} at {DOWNLOAD_MEGABITS} Mbit/s{free}."


# Notes -----------------------------------------------------------------------------------------------------------------


def not_for_this_machine(model: CatalogModel, wanted: Estimate, small: Estimate, free: int, safe: str) -> str:
    """``wanted``: with the context that the use needs; ``small``: with the smallest; ``free``: with a browser open."""
    need = memory_words(wanted.total_bytes)
    if wanted.fit is not Fit.NONE:
        text = f"it takes {need}, and about {memory_words(free)} are free while a browser is open"
    elif small.fit is not Fit.NONE:
        text = f"it fits only with a small context, of {small.max_context:,} tokens at most, and nothing else open"
    else:
        text = f"it needs {need}"
    return f"{model.name} is not for this machine: {text}. {safe} is the safe pick."


def bigger(model: CatalogModel, need: int) -> str:
    return f"A better one, {model.name}, would need {memory_words(need)} of free memory with a browser open."


def when_tidied(model: CatalogModel, need: int, usual: int) -> str:
    return (
        f"Much memory is taken now. With other programs closed, and {memory_words(usual)} free, it would be {model.name}, "
        f"which takes {memory_words(need)}."
    )


def no_disk(model: CatalogModel, need: int, free: int) -> str:
    return f"{model.name} would run here, but needs {size_words(need)} of disk, and {size_words(free)} are free."


def nothing_fits(machine: Machine, *, disk: bool, nearest: tuple[CatalogModel, Estimate] | None) -> tuple[str, ...]:
    """Why nothing is recommended, and what would help."""
    if disk:
        free = size_words(machine.disk_free_bytes or 0)
        return (f"Models would fit into memory, but only {free} of disk are free: make room for one.",)
    free = memory_words(machine.memory_available_bytes)
    found = [f"No model of the catalog fits into the {free} that are free here now."]
    if nearest:
        model, estimate = nearest
        found.append(f"The smallest, {model.name}, takes {memory_words(estimate.total_bytes)}.")
    return tuple(found)


def duration(seconds: float) -> str:
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes / 60:.0f} h"

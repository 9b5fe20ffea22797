"""Machines, fits, speeds and sums as people read them: for the first run, the list of models and the Models page. Pure."""

from __future__ import annotations

from ui.translation import marked, tr
from workbench.hardware.machine import Gpu, Machine
from workbench.models.advising.advice import Task
from workbench.models.sizing.estimate import DeviceUse, Estimate, Fit, Range
from workbench.sizes import memory_words

FIT_WORDS = {
    Fit.GPU: marked("Runs on the GPU"),
    Fit.EXPERTS_ON_CPU: marked("Runs on GPU and processor"),
    Fit.CPU: marked("Runs on the processor"),
    Fit.NONE: marked("Too large for this computer"),
}
NO_NAME = "CPU"  # of the memory where the processor has none
EFFORTS = ("low", "medium", "high")  # other values only say whether it thinks at all


def machine_words(machine: Machine) -> str:
    """ "Apple M2 · 16.0 GB memory, 9.1 GB free · its GPU shares the memory" """
    memory = tr("{whole} memory, {free} free").format(
        whole=memory_words(machine.memory_total_bytes), free=memory_words(machine.memory_available_bytes)
    )
    pieces = [machine.cpu_name or tr("{count} processor cores").format(count=machine.physical_cores), memory]
    pieces += [gpu_words(gpu) for gpu in machine.gpus or ()]
    if machine.gpus == ():
        pieces.append(tr("no GPU found"))
    return " · ".join(pieces)


def gpu_words(gpu: Gpu) -> str:
    """The name, and its own memory or that it has none."""
    if gpu.unified:
        sharing = tr("{name}, sharing the memory").format(name=gpu.name)
        return tr("its GPU shares the memory") if gpu.vendor == "apple" else sharing
    if gpu.memory_total_bytes is None:
        return gpu.name
    whole = f"{gpu.name}, {memory_words(gpu.memory_total_bytes)}"
    if gpu.memory_free_bytes is None:
        return whole
    return tr("{whole}, {free} free").format(whole=whole, free=memory_words(gpu.memory_free_bytes))


def fit_words(estimate: Estimate) -> str:
    """Where it would run, in a few words."""
    return tr(FIT_WORDS[estimate.fit])


def speed_words(speed: Range | None) -> str:
    """ "about 41 tokens/s", empty where nothing is known."""
    if speed is None:
        return ""
    rate = f"{speed.expected:.0f}" if speed.expected >= 10 else f"{speed.expected:.1f}"
    return tr("about {rate} tokens/s").format(rate=rate)


def seconds_words(seconds: Range) -> str:
    """ "about 14 s", rounded as one would say it."""
    return tr("about {time}").format(time=duration_words(seconds.expected))


def duration_words(seconds: float) -> str:
    """ "14 s", "2 min", "1 h 10 min": whole minutes from 90 seconds on, never less than one second."""
    if seconds < 90:
        return tr("{seconds} s").format(seconds=max(1, round(seconds)))
    minutes = round(seconds / 60)
    if minutes < 60:
        return tr("{minutes} min").format(minutes=minutes)
    hours, minutes = divmod(minutes, 60)
    whole = tr("{hours} h {minutes} min") if minutes else tr("{hours} h")
    return whole.format(hours=hours, minutes=minutes)


def task_words(task: Task, effort: str = "") -> str:
    """What one answer is assumed to be: " 800 tokens read, 300 thought, 400 written, effort low"."""
    pieces = [tr("{count} tokens read").format(count=f"{task.prompt_tokens:,}")]
    if task.reasoning_tokens:
        pieces.append(tr("{count} thought").format(count=f"{task.reasoning_tokens:,}"))
    pieces.append(tr("{count} written").format(count=f"{task.answer_tokens:,}"))
    if task.reasoning_tokens and effort in EFFORTS:
        pieces.append(tr("effort {effort}").format(effort=effort))
    return ", ".join(pieces)


def sum_words(estimate: Estimate, processor: str = "") -> str:
    """The sum, addend by addend, against what is free. ``processor``: the name that the estimate gives to its memory."""
    context = f"{estimate.request.context_tokens:,}"
    parts = [
        (estimate.weights_bytes, tr("{size} weights")),
        (estimate.projector_bytes, tr("{size} for pictures")),
        (estimate.cache_bytes, tr("{size} for {count} tokens of context")),
        (estimate.compute_bytes, tr("{size} to compute in")),
        (estimate.overhead_bytes, tr("{size} for the engine")),
    ]
    addends = " + ".join(what.format(size=memory_words(size), count=context) for size, what in parts if size)
    places = tr(" and ").join(_use_words(use, processor) for use in estimate.devices)
    return f"{addends} = {memory_words(estimate.total_bytes)}" + (f": {places}." if places else ".")


def _use_words(use: DeviceUse, processor: str) -> str:
    in_memory = use.name in (processor, NO_NAME)
    told = tr("{needed} of {free} free in memory") if in_memory else tr("{needed} of {free} free on {device}")
    return told.format(needed=memory_words(use.bytes), free=memory_words(use.free_bytes), device=use.name)

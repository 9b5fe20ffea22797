"""Machines, fits, speeds and sums as people read them: for the first run, the list of models and the Models page. Pure."""

from __future__ import annotations

from workbench.hardware.machine import Gpu, Machine
from workbench.models.advising.advice import Task
from workbench.models.sizing.estimate import Estimate, Fit, Range
from workbench.sizes import memory_words

FIT_WORDS = {
    Fit.GPU: "Runs on the GPU",
    Fit.EXPERTS_ON_CPU: "Runs on GPU and processor",
    Fit.CPU: "Runs on the processor",
    Fit.NONE: "Too large for this computer",
}
NO_NAME = "CPU"  # of the memory where the processor has none
EFFORTS = ("low", "medium", "high")  # other values only say whether it thinks at all


def machine_words(machine: Machine) -> str:
    """ "Apple M2 · 16.0 GB memory, 9.1 GB free · its GPU shares the memory" """
    memory = f"{memory_words(machine.memory_total_bytes)} memory, {memory_words(machine.memory_available_bytes)} free"
    pieces = [machine.cpu_name or f"{machine.physical_cores} processor cores", memory]
    pieces += [gpu_words(gpu) for gpu in machine.gpus or ()]
    if machine.gpus == ():
        pieces.append("no GPU found")
    return " · ".join(pieces)


def gpu_words(gpu: Gpu) -> str:
    """The name, and its own memory or that it has none."""
    if gpu.unified:
        return "its GPU shares the memory" if gpu.vendor == "apple" else f"{gpu.name}, sharing the memory"
    if gpu.memory_total_bytes is None:
        return gpu.name
    free = "" if gpu.memory_free_bytes is None else f", {memory_words(gpu.memory_free_bytes)} free"
    return f"{gpu.name}, {memory_words(gpu.memory_total_bytes)}{free}"


def fit_words(estimate: Estimate) -> str:
    """Where it would run, in a few words."""
    return FIT_WORDS[estimate.fit]


def speed_words(speed: Range | None) -> str:
    """ "about 41 tokens/s", empty where nothing is known."""
    if speed is None:
        return ""
    return f"about {speed.expected:.0f} tokens/s" if speed.expected >= 10 else f"about {speed.expected:.1f} tokens/s"


def seconds_words(seconds: Range) -> str:
    """ "about 14 s", rounded as one would say it."""
    return f"about {duration_words(seconds.expected)}"


def duration_words(seconds: float) -> str:
    """ "14 s", "2 min", "1 h 10 min": whole minutes from 90 seconds on, never less than one second."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def task_words(task: Task, effort: str = "") -> str:
    """What one answer is assumed to be: " 800 tokens read, 300 thought, 400 written, effort low"."""
    pieces = [f"{task.prompt_tokens:,} tokens read"]
    if task.reasoning_tokens:
        pieces.append(f"{task.reasoning_tokens:,} thought")
    pieces.append(f"{task.answer_tokens:,} written")
    if task.reasoning_tokens and effort in EFFORTS:
        pieces.append(f"effort {effort}")
    return ", ".join(pieces)


def sum_words(estimate: Estimate, processor: str = "") -> str:
    """The sum, addend by addend, against what is free. ``processor``: the name that the estimate gives to its memory."""
    parts = [
        (estimate.weights_bytes, "weights"),
        (estimate.projector_bytes, "for pictures"),
        (estimate.cache_bytes, f"for {estimate.request.context_tokens:,} tokens of context"),
        (estimate.compute_bytes, "to compute in"),
        (estimate.overhead_bytes, "for the engine"),
    ]
    addends = " + ".join(f"{memory_words(size)} {what}" for size, what in parts if size)
    places = " and ".join(
        f"{memory_words(use.bytes)} of {memory_words(use.free_bytes)} free {_place(use.name, processor)}"
        for use in estimate.devices
    )
    return f"{addends} = {memory_words(estimate.total_bytes)}" + (f": {places}." if places else ".")


def _place(device: str, processor: str) -> str:
    return "in memory" if device in (processor, NO_NAME) else f"on {device}"

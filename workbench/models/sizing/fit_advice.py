"""What to know about a fit and what to change to make it better, the most useful first. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from workbench.hardware.machine import Machine
from workbench.models.sizing.estimate import Advice, Estimate, Fit, KvType, Request
from workbench.models.sizing.memory import MIB
from workbench.models.sizing.placement import MOST_RESERVE_BYTES, Placement
from workbench.models.sizing.shape import ModelShape
from workbench.sizes import memory_words, size_words

COMFORTABLE_BYTES: Final = 1 << 30
LEAST_SHRINKING: Final = 0.3  # a build below this share of the file's size does not exist, or is no good
WIRED_LIMIT_LEFT_BYTES: Final = 4 << 30  # macOS and its programs keep at least this when the GPU's limit is raised
IDLE_SHARE: Final = 0.85  # of the memory is free when a person has closed everything
BEST_FIRST: Final = tuple(Fit)

FitWith = Callable[[Request, Machine], Fit]


def advise(
    found: Estimate, best: Placement, shape: ModelShape, machine: Machine, fit_with: FitWith
) -> Iterator[Advice]:
    """``fit_with`` says how it would fit with another request or on another machine."""
    yield from _what_it_takes(found, best, shape)
    yield from _what_helps(found, best, shape, machine, fit_with)
    yield from _what_to_know(found, shape, machine)


def _what_it_takes(found: Estimate, best: Placement, shape: ModelShape) -> Iterator[Advice]:
    if found.needs_engine and (engine := best.way.engine):
        size = f" ({size_words(engine.download_bytes)})" if engine.download_bytes else ""
        yield Advice("install_engine", f"It runs like this after installing the {engine.label} engine{size}.")
    if found.fit is Fit.NONE:
        room = max(0, best.total_bytes + best.slack)
        yield Advice(
            "no_room", f"It needs {memory_words(found.total_bytes)}, and {memory_words(room)} may be taken now."
        )
    if found.fit is Fit.EXPERTS_ON_CPU:
        layers = f"{found.expert_layers_on_cpu} of {len(shape.expert_layer_bytes)}"
        yield Advice("experts_on_cpu", f"The experts of {layers} layers lie in memory, which makes it slower.")


def _what_helps(
    found: Estimate, best: Placement, shape: ModelShape, machine: Machine, fit_with: FitWith
) -> Iterator[Advice]:
    asked, better = found.request, BEST_FIRST[: BEST_FIRST.index(found.fit)]
    if found.fit is Fit.NONE and found.max_context:
        yield Advice("smaller_context", f"It fits with a context of {found.max_context} tokens or fewer.")
    elif found.fit is not Fit.GPU and found.max_gpu_context:
        text = f"With a context of {found.max_gpu_context} tokens or fewer all of it runs on the GPU."
        yield Advice("smaller_context", text)
    if asked.kv is KvType.F16 and fit_with(replace(asked, kv=KvType.Q8_0), machine) in better:
        yield Advice("q8_cache", "With a q8_0 cache, which takes about half, it fits better; answers hardly change.")
    limit = _raised_limit(machine)
    if limit and fit_with(asked, replace(machine, unified_memory_limit_bytes=limit)) in better:
        command = f"sudo sysctl iogpu.wired_limit_mb={limit // MIB}"
        yield Advice("raise_wired_limit", f"This lets the GPU use more memory until the next start: {command}")
    idle = replace(machine, memory_available_bytes=int(machine.memory_total_bytes * IDLE_SHARE))
    if idle.memory_available_bytes > machine.memory_available_bytes and fit_with(asked, idle) in better:
        built_in = memory_words(machine.memory_total_bytes)
        yield Advice("close_programs", f"It fits better when other programs are closed: {built_in} are built in.")
    if found.fit is Fit.NONE:
        yield from _smaller_or_bigger(found, best, shape)


def _smaller_or_bigger(found: Estimate, best: Placement, shape: ModelShape) -> Iterator[Advice]:
    """The largest file of this model that would fit here, and the memory that this file would fit into."""
    smaller = shape.weights_bytes + best.slack
    if smaller > shape.weights_bytes * LEAST_SHRINKING:
        yield Advice("smaller_quantization", f"A build of at most {size_words(smaller)} would fit with this context.")
    whole = found.total_bytes + MOST_RESERVE_BYTES
    yield Advice("needs_bytes", f"It fits where {memory_words(whole)} are free, in memory or on a GPU.")


def _raised_limit(machine: Machine) -> int:
    """The most that a Mac's GPU could be allowed to use; 0 elsewhere, or where it may use that already."""
    limit = (machine.memory_total_bytes - WIRED_LIMIT_LEFT_BYTES) // MIB * MIB
    raised = machine.os == "macos" and limit > (machine.unified_memory_limit_bytes or machine.memory_total_bytes)
    return limit if raised else 0


def _what_to_know(found: Estimate, shape: ModelShape, machine: Machine) -> Iterator[Advice]:
    if found.fit is not Fit.NONE and found.memory_left_bytes < COMFORTABLE_BYTES:
        left = memory_words(found.memory_left_bytes)
        yield Advice("low_memory_left", f"Only {left} stay free: close what you do not need.")
    if shape.context_length and found.request.context_tokens > shape.context_length:
        yield Advice("beyond_model", f"The model was made for {shape.context_length} tokens of context.")
    if shape.upper_bound:
        yield Advice("upper_bound", "This kind of cache is not known here: it may take less than the sum says.")
    if machine.power == "battery" and found.fit is not Fit.NONE:
        yield Advice("battery", "On battery it is slower than said, and drains fast.")

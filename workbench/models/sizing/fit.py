"""Does a model fit on a machine, where, how fast, and what to change. Pure: the same answer for the same values.

`memory` has the sum, `placement` lays it onto the devices, `speed` says how fast that would be, `fit_advice` what to do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from workbench.hardware.backends import Engines
from workbench.hardware.machine import Machine
from workbench.models.sizing import speed
from workbench.models.sizing.estimate import DEFAULT_REQUEST, UNCORRECTED, Correction, Estimate, Fit, Request
from workbench.models.sizing.fit_advice import advise
from workbench.models.sizing.memory import CELLS, cache_bytes, cached_token_bytes
from workbench.models.sizing.placement import Placement, Way, place, ways
from workbench.models.sizing.shape import CacheKind, ModelShape

BEST_FIRST: Final = tuple(Fit)
NO_OTHER_ENGINES: Final = Engines()


def estimate(
    shape: ModelShape,
    machine: Machine,
    request: Request = DEFAULT_REQUEST,
    engines: Engines = NO_OTHER_ENGINES,
    correction: Correction = UNCORRECTED,
) -> Estimate:
    """What ``shape`` would take on ``machine`` and how fast it would be, with the engines there are or could be."""
    case = _Case(shape, machine, request, engines, correction)
    best = case.best()
    # What was measured, was measured with an engine that is here: it says nothing of one that is to be installed.
    learned = UNCORRECTED if best.way.engine else correction
    work = _work(best, shape, machine, cached_token_bytes(shape, request))
    transfer = 0 if best.way.unified else best.expert_bytes_on_cpu
    found = Estimate(
        weights_bytes=shape.weights_bytes,
        cache_bytes=cache_bytes(shape, request),
        compute_bytes=best.compute_bytes,
        overhead_bytes=best.overhead_bytes,
        total_bytes=best.total_bytes,
        fit=best.fit if best.fits else Fit.NONE,
        max_context=case.largest_context(BEST_FIRST),
        devices=best.devices,
        expert_layers_on_cpu=best.expert_layers_on_cpu if best.fits else 0,
        advice=(),
        request=request,
        projector_bytes=shape.projector_bytes,
        max_gpu_context=case.largest_context((Fit.GPU,)),
        memory_left_bytes=max(0, min(device.free_bytes - device.bytes for device in best.devices)),
        needs_engine=best.way.engine.id if best.way.engine and best.fits else None,
        prompt_tokens_per_second=(speed.prompt(work, request.batch_tokens, transfer, learned) if best.fits else None),
        generation_tokens_per_second=speed.generation(work, learned) if best.fits else None,
        cached_token_seconds=speed.cache_seconds(work) / learned.generation,
        measured=learned.measured,
    )

    def fit_with(other_request: Request = request, other_machine: Machine = machine) -> Fit:
        best = replace(case, request=other_request, machine=other_machine).best()
        return best.fit if best.fits else Fit.NONE

    return replace(found, advice=tuple(advise(found, best, shape, machine, fit_with)))


def best_placement(
    shape: ModelShape,
    machine: Machine,
    request: Request = DEFAULT_REQUEST,
    engines: Engines = NO_OTHER_ENGINES,
    correction: Correction = UNCORRECTED,
) -> Placement:
    """Where `estimate` lays the model: it may not fit (`Placement.fits`)."""
    return _Case(shape, machine, request, engines, correction).best()


def reading_speed(placement: Placement, shape: ModelShape, machine: Machine, batch_tokens: int) -> float:
    """Tokens of a prompt a second, read in batches of ``batch_tokens``."""
    transfer = 0 if placement.way.unified else placement.expert_bytes_on_cpu
    return speed.prompt(_work(placement, shape, machine), batch_tokens, transfer).expected


def writing_speed(placement: Placement, shape: ModelShape, machine: Machine) -> float:
    """Tokens of an answer a second, at the start of a chat."""
    return speed.generation(_work(placement, shape, machine)).expected


@dataclass(frozen=True, slots=True)
class _Case:
    """All that decides about the fit."""

    shape: ModelShape
    machine: Machine
    request: Request
    engines: Engines
    correction: Correction

    def ways(self) -> tuple[Way, ...]:
        return ways(self.machine, self.engines)

    def place(self, way: Way, context_tokens: int | None = None) -> Placement:
        asked = self.request if context_tokens is None else replace(self.request, context_tokens=context_tokens)
        return place(way, self.shape, self.machine, asked, self.correction)

    def best(self) -> Placement:
        """Of those that fit, the best kind and of these the fastest; else the one that lacks the least."""
        placements = [self.place(way) for way in self.ways()]
        fitting = [placement for placement in placements if placement.fits]
        if not fitting:
            return max(placements, key=lambda placement: placement.slack)
        return min(fitting, key=lambda placement: (BEST_FIRST.index(placement.fit), -self._speed(placement)))

    def _speed(self, placement: Placement) -> float:
        return speed.generation(_work(placement, self.shape, self.machine)).expected

    def largest_context(self, fits: Sequence[Fit]) -> int:
        """The most tokens that fit in one of the ways, as one of ``fits``; never more than the model was made for."""
        return max(self._largest_context(way, fits) for way in self.ways())

    def _largest_context(self, way: Way, fits: Sequence[Fit]) -> int:
        most = self.shape.context_length or self.request.chat_tokens
        most *= 1 if self.request.unified else self.request.slots

        def fitting(tokens: int) -> bool:
            placement = self.place(way, tokens)
            return placement.fits and placement.fit in fits

        if fitting(most):
            return most
        if not fitting(1):
            return 0
        low, high = 0, -(-most // CELLS)  # in blocks: low fits (or is nothing), high does not
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if fitting(middle * CELLS) else (low, middle)
        return low * CELLS


def _work(
    placement: Placement, shape: ModelShape, machine: Machine, cache: float = 0.0
) -> list[tuple[speed.Device, speed.Share]]:
    """Who computes what for one token; ``cache``: bytes of each token that is in the cache."""
    flops = 2.0 * (shape.active_parameters or shape.active_bytes)
    latent = sum(group.layers for group in shape.cache if group.kind is CacheKind.MLA)
    if not placement.way.gpus:
        whole = speed.Share(shape.active_bytes, shape.layers, shape.weights_bytes, flops, cache, latent)
        return [(speed.cpu_device(machine), whole)]
    experts = sum(shape.expert_layer_bytes)
    unread = shape.weights_bytes - shape.embedding_bytes - shape.active_bytes
    moved_and_read = placement.expert_bytes_on_cpu * max(0.0, 1 - unread / experts) if experts else 0.0
    work = [
        (
            speed.gpu_device(gpu, machine, placement.way.backend),
            speed.Share(
                (shape.active_bytes - moved_and_read) * share,
                round(shape.layers * share),
                (shape.weights_bytes - placement.expert_bytes_on_cpu) * share,
                flops * share,
                cache * share,
                round(latent * share),
            ),
        )
        for gpu, share in zip(placement.way.gpus, placement.gpu_shares, strict=True)
    ]
    if moved_and_read:
        part = speed.Share(moved_and_read, placement.expert_layers_on_cpu, 0, 0)
        work.append((speed.cpu_device(machine, beside_gpu=True), part))
    return work

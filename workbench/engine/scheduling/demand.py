"""What a model needs in memory, by its launch plan. Pure."""

from __future__ import annotations

from workbench.engine.launching.ground import Ground
from workbench.engine.launching.plan import request_of
from workbench.engine.scheduling.room import GPU, MEMORY, Bytes
from workbench.models.gguf.header import Header
from workbench.models.sizing.memory import cache_bytes, compute_bytes
from workbench.models.sizing.shapes import from_header
from workbench.ports import LaunchPlan

PROCESS_BYTES = 200 << 20  # of any engine, whatever its model


def demand(header: Header, plan: LaunchPlan, ground: Ground) -> Bytes:
    """By pool, in bytes. Cards of their own take what they can hold, as the engines fill them, and memory the rest."""
    shape, request = from_header(header, ground.projector_bytes), request_of(plan)
    total = shape.weights_bytes + shape.projector_bytes + compute_bytes(shape, request)
    if not plan.embeddings:
        total += cache_bytes(shape, request)
    cards = gpu_total_bytes(ground) if plan.gpu_layers != 0 else 0
    on_cards = min(total, cards)
    needs = {MEMORY: total - on_cards + PROCESS_BYTES}
    return {**needs, GPU: on_cards} if on_cards else needs


def gpu_total_bytes(ground: Ground) -> int:
    """The memory of all cards that have their own and that the engine which will start can use."""
    machine = ground.machine
    if machine is None or not machine.gpus:
        return 0
    usable = (gpu for gpu in machine.gpus if not gpu.unified and gpu.backend in ground.backends)
    return sum(gpu.memory_total_bytes or 0 for gpu in usable)

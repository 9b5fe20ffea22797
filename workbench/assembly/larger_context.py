"""How many tokens the model in use can have in its context, where what it has is not enough."""

from __future__ import annotations

from workbench.assembly.engines import EngineParts
from workbench.assembly.models import ModelParts
from workbench.cancel import CancelToken
from workbench.errors import HardwareError


def larger_context(engines: EngineParts, models: ModelParts, cancel: CancelToken) -> int:
    """Twice what it has, or as much as fits; the model leaves the memory.

    Raises `HardwareError` when no more fits on this machine, or the model was not made for more.
    """
    model = models.chosen()
    plan = engines.service.running_plan(model.path) or engines.survey.plan(model.path)
    now = plan.context_tokens
    engines.service.unload(model.path)  # what it takes itself is room too
    machine = engines.hardware.machine(fresh=True)
    most = models.advisor.estimate(str(model.path), machine=machine, cancel=cancel).max_context
    if most <= now:
        raise HardwareError(
            f"{model.name} already has as large a context as fits here: {now:,} tokens.",
            hint="Leave out or summarise the oldest messages, or start a new chat.",
        )
    return min(2 * now, most)

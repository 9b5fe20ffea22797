"""Effort as a person reads it: the chip, the choices, what each costs. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from ui.chat.words import time_words
from workbench.chat.asking.effort_cost import EffortCost
from workbench.messages import Effort

NAMES = {
    Effort.OFF: "No thinking",
    Effort.LOW: "Low effort",
    Effort.MEDIUM: "Medium effort",
    Effort.HIGH: "High effort",
    Effort.ON: "Thinking",
}


def effort_name(effort: Effort | None) -> str:
    """None: the model decides."""
    return NAMES[effort] if effort is not None else "Effort"


def cost_words(cost: EffortCost, least: EffortCost) -> str:
    """What was measured here comes first; an expectation says that it is one."""
    if cost.seconds is not None:
        return f"About {time_words(cost.seconds)} an answer, by {cost.answers} answers here"
    if cost is least or cost.times < 1.1:
        return "The quickest"
    return f"About {times_words(cost.times)} as long as {effort_name(least.effort).lower()}, as a rule"


def times_words(times: float) -> str:
    """ "1.5 times", "4 times"."""
    rounded = round(times * 2) / 2 if times < 3 else round(times)
    return f"{max(rounded, 1.1):g} times"


def cost_notes(costs: Sequence[EffortCost]) -> tuple[str, ...]:
    """One for each choice, in their order."""
    return tuple(cost_words(cost, costs[0]) for cost in costs)

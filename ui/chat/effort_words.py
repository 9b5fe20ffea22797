"""Effort as a person reads it: the chip, the choices, what each costs. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from ui.chat.words import time_words
from ui.translation import marked, tr
from workbench.chat.asking.effort_cost import EffortCost
from workbench.messages import Effort

NAMES = {
    Effort.OFF: marked("No thinking"),
    Effort.LOW: marked("Low effort"),
    Effort.MEDIUM: marked("Medium effort"),
    Effort.HIGH: marked("High effort"),
    Effort.ON: marked("Thinking"),
}


def effort_name(effort: Effort | None) -> str:
    """None: the model decides."""
    return tr(NAMES[effort]) if effort is not None else tr("Effort")


def cost_words(cost: EffortCost, least: EffortCost) -> str:
    """What was measured here comes first; an expectation says that it is one."""
    if cost.seconds is not None:
        words = tr("About {time} an answer, by {count} answers here")
        return words.format(time=time_words(cost.seconds), count=cost.answers)
    if cost is least or cost.times < 1.1:
        return tr("The quickest")
    words = tr("About {times} as long as {effort}, as a rule")
    return words.format(times=times_words(cost.times), effort=effort_name(least.effort).lower())


def times_words(times: float) -> str:
    """ "1.5 times", "4 times"."""
    rounded = round(times * 2) / 2 if times < 3 else round(times)
    return tr("{number} times").format(number=f"{max(rounded, 1.1):g}")


def cost_notes(costs: Sequence[EffortCost]) -> tuple[str, ...]:
    """One for each choice, in their order."""
    return tuple(cost_words(cost, costs[0]) for cost in costs)

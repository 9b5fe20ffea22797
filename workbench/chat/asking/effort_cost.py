"""What an effort costs in time: measured on this machine where there were answers with it, else as it is expected. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from workbench.messages import Effort
from workbench.models.advising.advice import Use
from workbench.models.advising.candidates import TASKS

LEAST_ANSWERS: Final = 2  # one may have been a very short question


@dataclass(frozen=True, slots=True)
class EffortCost:
    """``seconds``: the median of the ``answers`` with it here, None without enough of them. ``times``: how many times as
    long as with the least effort an answer is expected to take."""

    effort: Effort
    times: float
    seconds: float | None = None
    answers: int = 0


def effort_costs(
    efforts: Sequence[Effort], measured: Mapping[Effort, Sequence[float]], thoughts: float = 1.0
) -> tuple[EffortCost, ...]:
    """One for each effort, in their order. ``measured``: seconds of whole answers, of each effort. ``thoughts``: how long
    the model thinks beside others."""
    tokens = [_tokens(effort, thoughts) for effort in efforts]
    found = []
    for effort, one in zip(efforts, tokens, strict=True):
        seconds = tuple(measured.get(effort, ()))
        enough = len(seconds) >= LEAST_ANSWERS
        found.append(EffortCost(effort, one / tokens[0], median(seconds) if enough else None, len(seconds)))
    return tuple(found)


def _tokens(effort: Effort, thoughts: float) -> float:
    """What an answer to a question in a chat is assumed to be, thoughts included."""
    _prompt, answer, reasoning = TASKS[Use.CHAT]
    return answer + reasoning["none" if effort is Effort.OFF else effort.value] * thoughts

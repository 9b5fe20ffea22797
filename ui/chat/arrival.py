"""A model has come to this disk: whether it answers from now on, or the person is asked. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbench.models.library import InstalledModel


class Arrival(StrEnum):
    """ANSWER: it does from now on. ASK: the person decides. TELL: what answers now is better."""

    ANSWER = "answer"
    ASK = "ask"
    TELL = "tell"


def arrived(before: Iterable[InstalledModel], now: Iterable[InstalledModel]) -> InstalledModel | None:
    """The best of the usable models that were not there before."""
    known = {model.id for model in before if not model.problem}
    new = [model for model in now if model.id not in known and not model.problem and model.can_chat]
    return max(new, key=lambda model: (not model.demo, model.bytes), default=None)


def arrival(new: InstalledModel, current: InstalledModel | None, *, chosen: bool, talking: bool) -> Arrival:
    """What to do with it, never behind a person's back.

    ``current``: what answered until now, None: nothing could. ``chosen``: the person chose it. ``talking``: the chat in
    view has begun. A demo is given up without a question, unless it is being talked to.
    """
    if current is None:
        return Arrival.ANSWER
    if new.demo or (new.bytes <= current.bytes and not current.demo):
        return Arrival.TELL
    return Arrival.ASK if talking or (chosen and not current.demo) else Arrival.ANSWER

"""A case: what a model is asked, which tools it is offered, what it should call, and what comes back. Pure values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from workbench.messages import Tool


class Kind(StrEnum):
    """``pick``: one of several tools is the right one. ``arguments``: values must be worked out of the words. ``none``: no
    tool helps, or something is missing that only the person knows. ``two-steps``: a call needs what another one gave, or
    there are several. ``recovery``: a tool fails first."""

    PICK = "pick"
    ARGUMENTS = "arguments"
    NONE = "none"
    TWO_STEPS = "two-steps"
    RECOVERY = "recovery"


KIND_TITLES: Mapping[Kind, str] = {
    Kind.PICK: "Picks the right tool",
    Kind.ARGUMENTS: "Gives the right arguments",
    Kind.NONE: "Calls none when none is needed",
    Kind.TWO_STEPS: "Goes several steps",
    Kind.RECOVERY: "Recovers from a failure",
}


@dataclass(frozen=True, slots=True)
class Step:
    """A call that the case wants. ``arguments``: a value that each must have, or how it is matched: see `grading.matches`.
    ``gives``: what the model is told. ``fails``: that is a failure; the model need not have made this call."""

    tool: str
    arguments: Mapping[str, Any] = field(hash=False)
    gives: str
    fails: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """``steps``: in any order, each once; a call of one that ``fails`` need not come. ``answer``: for each of these, the
    text after the calls has at least one of the words. ``never``: it has none of these."""

    id: str
    kind: Kind
    language: str
    ask: str
    tools: tuple[Tool, ...]
    steps: tuple[Step, ...] = ()
    answer: tuple[tuple[str, ...], ...] = ()
    never: tuple[str, ...] = ()

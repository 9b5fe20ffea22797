"""A prompt that was filled in. Pure values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from workbench.errors import UsageError
from workbench.prompts.filling.values import called
from workbench.prompts.prompt import Variable


class Part(StrEnum):
    """Which text of a prompt."""

    TEXT = "text"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Characters of a filled text that came from the variable ``name`` (or the step's result, ``steps.extract.items``)."""

    part: Part
    start: int
    end: int
    name: str


@dataclass(frozen=True, slots=True)
class Filled:
    """``missing``: required variables without a value; their ``{{ name }}`` still stands in the text, to look at.
    ``stretches``: in order; of texts with conditions or loops, none."""

    text: str
    system: str = ""
    missing: tuple[Variable, ...] = ()
    stretches: tuple[Stretch, ...] = ()

    def whole(self) -> Filled:
        """Itself. Raises `UsageError` where something is missing, naming all of it."""
        if self.missing:
            names = ", ".join(f"“{called(one)}”" for one in self.missing)
            raise UsageError(f"The prompt wants to know {names}.", hint="Fill in what is missing.")
        return self

"""Rules: when a question is such, then it is answered so. Values, and which rule holds. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from workbench.messages import Effort
from workbench.routing.facts import Facts, Task


class Use(StrEnum):
    """``fast``: the usual model with little effort. ``deep``: more effort, or the stronger model of this machine.
    ``propose``: deep, and a stronger model elsewhere is offered beside the answer; nothing is sent by it."""

    FAST = "fast"
    DEEP = "deep"
    PROPOSE = "propose"


FLAGS: Final = (
    "code", "maths", "fresh", "private", "picture", "attachments", "documents", "schema", "tools",
)  # fmt: skip
BOUNDS: Final = ("question_at_least", "question_at_most", "branch_at_least", "branch_at_most")


@dataclass(frozen=True, slots=True)
class When:
    """All of it must hold; what is not said holds always. ``flags``: by name, see `FLAGS`. ``bounds``: in tokens, see
    `BOUNDS`; a bound itself is within."""

    tasks: tuple[Task, ...] = ()
    languages: tuple[str, ...] = ()
    flags: Mapping[str, bool] = field(default_factory=dict, hash=False)
    bounds: Mapping[str, int] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Then:
    """``effort`` None: the least for fast, the most for deep. ``most_tokens``, ``most_seconds`` None: the budget of the
    effort. ``because``: for a person; empty: told by what the rule asks for."""

    use: Use = Use.FAST
    effort: Effort | None = None
    most_tokens: int | None = None
    most_seconds: float | None = None
    because: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """``then`` is done where all of ``when`` holds and no rule before it did; ``name``: as it stands in the file."""

    name: str
    when: When = When()
    then: Then = Then()


@dataclass(frozen=True, slots=True)
class Budget:
    """Of an answer at one effort. None: as usual."""

    most_tokens: int | None = None
    most_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """In order: the first that fits holds. ``fast`` and ``deep``: names of models, empty: the program's choice."""

    rules: tuple[Rule, ...] = ()
    budgets: Mapping[Effort, Budget] = field(default_factory=dict, hash=False)
    fast: str = ""
    deep: str = ""


OTHERWISE: Final = Rule("", then=Then(because="no rule says otherwise"))
"""What holds where no rule fits."""


def decided(rules: Rules, facts: Facts) -> Rule:
    """The first rule that fits, else `OTHERWISE`."""
    return next((rule for rule in rules.rules if fits(rule.when, facts)), OTHERWISE)


def fits(when: When, facts: Facts) -> bool:
    """Whether all of it holds."""
    return (
        (not when.tasks or facts.task in when.tasks)
        and (not when.languages or facts.language in when.languages)
        and all(getattr(facts, name) is wanted for name, wanted in when.flags.items())
        and all(_BOUND[name](facts, limit) for name, limit in when.bounds.items())
    )


_BOUND: Final[Mapping[str, Callable[[Facts, int], bool]]] = {
    "question_at_least": lambda facts, limit: facts.question_tokens >= limit,
    "question_at_most": lambda facts, limit: facts.question_tokens <= limit,
    "branch_at_least": lambda facts, limit: facts.branch_tokens >= limit,
    "branch_at_most": lambda facts, limit: facts.branch_tokens <= limit,
}


def because(rule: Rule) -> str:
    """Why, for a person: "because there is code"."""
    return rule.then.because or _told(rule.when) or "it holds for every question"


def _told(when: When) -> str:
    pieces = [_FLAG_WORDS[name][0 if wanted else 1] for name, wanted in when.flags.items()]
    if when.tasks:
        pieces.append(f"the task is {_listed([task.value for task in when.tasks])}")
    if when.languages:
        pieces.append(f"the language is {_listed(list(when.languages))}")
    pieces += [f"{_BOUND_WORDS[name]} {limit:,} tokens" for name, limit in when.bounds.items()]
    return " and ".join(pieces)


def _listed(words: list[str]) -> str:
    return " or ".join(part for part in (", ".join(words[:-1]), words[-1]) if part)


_FLAG_WORDS: Final = {
    "code": ("there is code", "there is no code"),
    "maths": ("there is something to calculate", "there is nothing to calculate"),
    "fresh": ("fresh facts are needed", "no fresh facts are needed"),
    "private": ("it is private", "it is not private"),
    "picture": ("there is a picture", "there is no picture"),
    "attachments": ("something is attached", "nothing is attached"),
    "documents": ("documents are asked", "no documents are asked"),
    "schema": ("the answer must be JSON", "the answer need not be JSON"),
    "tools": ("the web can be searched", "the web cannot be searched"),
}
_BOUND_WORDS: Final = {
    "question_at_least": "the question has at least",
    "question_at_most": "the question has at most",
    "branch_at_least": "the chat before it has at least",
    "branch_at_most": "the chat before it has at most",
}

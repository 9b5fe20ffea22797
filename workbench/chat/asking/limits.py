"""How long an answer may become before it is stopped, kept, and offered to be gone on with: by effort. Pure."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from workbench.chat.asking.options import Options
from workbench.messages import Effort, Finish, Usage

BY_RULE: Final = "the rule of its choice allows"
BY_SETTINGS: Final = "the settings allow"
_STOPPED: Final = re.compile(
    rf"Stopped after [\d,]+ (?:tokens|s), the longest that (?:{BY_RULE}|{BY_SETTINGS})\. Continue goes on with it\."
)


@dataclass(frozen=True, slots=True)
class AnswerLimits:
    """Tokens by effort, thoughts included; ``minutes`` from the first word on. 0: no limit."""

    low_tokens: int = 0
    medium_tokens: int = 0
    high_tokens: int = 0
    minutes: float = 0.0

    def tokens(self, effort: Effort | None) -> int:
        """A model that thinks or does not has the limits of much and of little; one without a choice those between."""
        match effort:
            case Effort.OFF | Effort.LOW:
                return self.low_tokens
            case Effort.HIGH | Effort.ON:
                return self.high_tokens
            case _:
                return self.medium_tokens


@dataclass(frozen=True, slots=True)
class Limit:
    """Of one answer. ``tokens``: of one call of the model, None: until its context is full; ``own``: the person, or a rule,
    said so. ``seconds`` None: it takes its time; ``who``: allows no more, in words."""

    tokens: int | None = None
    own: bool = False
    seconds: float | None = None
    who: str = BY_SETTINGS

    def note(self, finish: Finish, usage: Usage) -> str:
        """What a person is told of an answer that ended so; empty where nobody's limit but their own was reached."""
        written = usage.completion_tokens
        if self.own or self.tokens is None or finish is not Finish.LENGTH or written is None or written < self.tokens:
            return ""
        return stopped_after(f"{self.tokens:,} tokens", self.who)


def stopped_after(amount: str, who: str) -> str:
    """The sentence of an answer that a limit stopped; `parted` finds it again."""
    return f"Stopped after {amount}, the longest that {who}. Continue goes on with it."


def parted(note: str) -> tuple[str, str]:
    """A turn's note as what was left out, and why the answer ended early. Either may be empty."""
    ended = [found.group() for found in _STOPPED.finditer(note)]
    return " ".join(_STOPPED.sub("", note).split()), " ".join(ended)


def limit_of(options: Options, limits: AnswerLimits) -> Limit:
    """Of an answer with these options, complete but for what only the settings limit."""
    tokens = options.max_tokens or limits.tokens(options.effort) or None
    by_rule = options.most_seconds is not None
    seconds = options.most_seconds if by_rule else limits.minutes * 60 or None
    return Limit(tokens, bool(options.max_tokens), seconds, BY_RULE if by_rule else BY_SETTINGS)


@dataclass(frozen=True, slots=True)
class AnswerRules:
    """What holds for every answer. ``limits``: as they are now. ``seed``: of an answer that was asked for without one, so
    that it can be told later; None: the engine draws its own."""

    limits: Callable[[], AnswerLimits] = AnswerLimits
    seed: Callable[[], int | None] = lambda: None

    def seeded(self, options: Options, *, local: bool) -> Options:
        """With a seed, where the engine is of this machine."""
        drawn = self.seed() if local and options.sampling.seed is None else None
        return options if drawn is None else replace(options, sampling=replace(options.sampling, seed=drawn))


NO_RULES: Final = AnswerRules()


def new_seed() -> int:
    """Any that every engine takes."""
    return random.randrange(1 << 31)  # noqa: S311 - no secret

"""How many passages a question is given: as many as the context holds and as are read soon. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from workbench.messages import Passage

SECONDS_TO_READ: Final = 10.0
SECONDS_TO_READ_WHOLE: Final = 30.0
UNKNOWN_SPEED: Final = 200.0  # tokens per second, until one was measured
LEAST_TOKENS: Final = 400  # one passage at least, however slow the machine
MOST_TOKENS: Final = 8_000
FILLED_SHARE: Final = 0.6  # of the context: the chat shall go on
CHARACTERS_OF_A_TOKEN: Final = 3.2
TOKENS_OF_A_FRAME: Final = 40
_TRIES: Final = 4


@dataclass(frozen=True, slots=True)
class Budget:
    """``tokens`` for passages; ``because``: what limits them, as the end of a sentence."""

    tokens: int
    because: str


def budget(context_tokens: int, bare: int, reserve: int, tokens_per_second: float | None) -> Budget:
    """For passages beside a prompt of ``bare`` tokens."""
    room = min(int(context_tokens * FILLED_SHARE) - bare, context_tokens - bare - reserve)
    if room < LEAST_TOKENS:  # the chat is long: rather one passage than room for later
        room = min(context_tokens - bare - reserve, LEAST_TOKENS)
    soon = max(LEAST_TOKENS, int(SECONDS_TO_READ * (tokens_per_second or UNKNOWN_SPEED)))
    if room <= min(soon, MOST_TOKENS):
        return Budget(max(0, room), "more do not fit the model's context")
    return Budget(min(soon, MOST_TOKENS), "with more, the answer would begin much later")


def whole_budget(context_tokens: int, bare: int, reserve: int, tokens_per_second: float | None) -> int:
    """For documents that are given whole: a person who asks one file waits for it a little."""
    room = min(int(context_tokens * FILLED_SHARE) - bare, context_tokens - bare - reserve)
    return max(0, min(room, int(SECONDS_TO_READ_WHOLE * (tokens_per_second or UNKNOWN_SPEED))))


def estimate(passage: Passage) -> int:
    """About how many tokens it takes in a prompt."""
    return int((len(passage.text) + len(passage.context)) / CHARACTERS_OF_A_TOKEN) + TOKENS_OF_A_FRAME


def surely_too_long(characters: int, tokens: int) -> bool:
    """No tokenizer of ours makes so few tokens of so many characters."""
    return characters > tokens * 8


def fitting(passages: Sequence[Passage], tokens: int, taken: Callable[[Sequence[Passage]], int]) -> tuple[Passage, ...]:
    """The first passages that together take at most so many ``tokens``; ``taken`` counts. May be none."""
    count, estimated = 0, 0
    for passage in passages:
        estimated += estimate(passage)
        if estimated > tokens * 1.15:
            break
        count += 1
    count = max(count, min(1, len(passages)))
    for _try in range(_TRIES):
        used = taken(passages[:count]) if count else 0
        if used <= tokens:
            return tuple(passages[:count])
        count = min(count - 1, int(count * tokens / used))
    return ()

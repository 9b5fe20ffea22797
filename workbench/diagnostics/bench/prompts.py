"""Texts of a wanted length that no engine has read before. Pure: the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Callable

from workbench.messages import Message, assistant, user

_LINES = (
    "river stone garden window morning letter mountain paper silver summer winter market bridge candle forest harbour",
    "island journey kitchen lantern meadow needle orchard pencil quarter ribbon shadow ticket valley wagon yellow",
    "amber basket circle dinner engine flower golden hammer insect jacket kettle ladder mirror number office pocket",
)
_WORDS = tuple(word for line in _LINES for word in line.split())

NEW_WORDS = 220
ASKED = "Now count upwards from one in words, and do not stop."


def words(count: int, seed: int) -> str:
    """``count`` words in no order that means anything."""
    choice = random.Random(seed)  # noqa: S311 - no secret
    return " ".join(choice.choice(_WORDS) for _ in range(count))


def conversation(depth_words: int, seed: int, round_number: int) -> tuple[Message, ...]:
    """A conversation whose beginning of about ``depth_words`` is the same in each round, and whose end is new."""
    fresh = user(f"{words(NEW_WORDS, seed * 1000 + round_number + 1)}\n\n{ASKED}")
    if not depth_words:
        return (fresh,)
    return (user(f"Remember this: {words(depth_words, seed)}"), assistant("I will."), fresh)


def words_for(depth: int, count_tokens: Callable[[int], int]) -> int:
    """How many words make ``depth`` tokens before the fresh ones, told by two looks. ``count_tokens`` of a number of
    words."""
    if not depth:
        return 0
    looked = max(64, depth // 2)
    none, some = count_tokens(0), count_tokens(looked)
    per_word = max(0.25, (some - none) / looked)
    return max(1, round(depth / per_word))

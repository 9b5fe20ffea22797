"""Keeps in memory what was read for prompts that others took the place of. Pure: it knows states only as bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

LEAST_TOKENS = 64  # a shorter prompt is read as fast as it is fetched


@dataclass(frozen=True, slots=True)
class Kept:
    """``slot``: whose it is. An engine with several slots and one place to compute keeps the others here."""

    tokens: tuple[int, ...]
    state: bytes
    slot: int = 0


def common(one: Sequence[int], other: Sequence[int]) -> int:
    """How many tokens both begin with."""
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count


class PromptCache:
    """At most ``limit_bytes``; what was not used for longest goes first."""

    def __init__(self, limit_bytes: int) -> None:
        self._limit_bytes = limit_bytes
        self._kept: list[Kept] = []  # the one that was used last stands last

    def __len__(self) -> int:
        return len(self._kept)

    def room_for(self, size: int) -> bool:
        return size <= self._limit_bytes

    def put(self, kept: Kept) -> None:
        """Keep it, in the place of those of its slot that it begins with."""
        self._kept = [other for other in self._kept if other.slot != kept.slot or not _begins(kept, other)]
        if self.room_for(len(kept.state)):
            self._kept.append(kept)
        while sum(len(other.state) for other in self._kept) > self._limit_bytes:
            del self._kept[0]

    def take(self, slot: int, tokens: Sequence[int], more_than: int) -> Kept | None:
        """What of ``slot`` begins as ``tokens`` do for longest, if longer than ``more_than``. It is not kept any more:
        whoever takes it has it. One of which less than half is of use stays for whom it belongs to."""
        own = [kept for kept in self._kept if kept.slot == slot and 2 * common(kept.tokens, tokens) >= len(kept.tokens)]
        best = max(own, key=lambda kept: common(kept.tokens, tokens), default=None)
        if best is None or common(best.tokens, tokens) <= more_than:
            return None
        self._kept.remove(best)
        return best

    def take_last(self, slot: int) -> Kept | None:
        """What ``slot`` held last."""
        last = next((kept for kept in reversed(self._kept) if kept.slot == slot), None)
        if last is not None:
            self._kept.remove(last)
        return last


def _begins(longer: Kept, shorter: Kept) -> bool:
    return common(longer.tokens, shorter.tokens) == len(shorter.tokens)

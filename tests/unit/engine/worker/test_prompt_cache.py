"""What is kept of prompts that others took the place of."""

from __future__ import annotations

from workbench.engine.worker.prompt_cache import Kept, PromptCache, common


def kept(*tokens: int, slot: int = 0, size: int = 10) -> Kept:
    return Kept(tokens, b"x" * size, slot)


def test_common() -> None:
    assert common([1, 2, 3], [1, 2, 4, 5]) == 2
    assert common([], [1]) == 0


def test_the_longest_beginning_is_taken_and_only_once() -> None:
    cache = PromptCache(100)
    cache.put(kept(1, 2, 3))
    cache.put(kept(1, 9))
    assert cache.take(0, [1, 2, 3, 4], more_than=3) is None
    assert cache.take(0, [1, 2, 3, 4], more_than=1) == kept(1, 2, 3)
    assert cache.take(0, [1, 2, 3, 4], more_than=1) is None


def test_a_longer_one_takes_the_place_of_its_beginning() -> None:
    cache = PromptCache(100)
    cache.put(kept(1, 2))
    cache.put(kept(1, 2, 3))
    cache.put(kept(1, 2, slot=1))
    assert len(cache) == 2


def test_another_conversation_with_the_same_beginning_stays() -> None:
    cache = PromptCache(100)
    cache.put(kept(1, 2, 3, 4, 5))
    assert cache.take(0, [1, 2, 9, 9, 9], more_than=0) is None
    assert cache.take(0, [1, 2, 3, 9, 9], more_than=0) is not None


def test_the_limit_is_kept() -> None:
    cache = PromptCache(25)
    for token in range(4):
        cache.put(kept(token))
    assert len(cache) == 2
    assert cache.take(0, [3], more_than=0) == kept(3)
    cache.put(kept(7, size=26))
    assert cache.take(0, [7], more_than=0) is None
    assert not cache.room_for(26)


def test_slots_do_not_take_from_each_other() -> None:
    cache = PromptCache(100)
    cache.put(kept(1, 2, slot=1))
    cache.put(kept(5, slot=1))
    assert cache.take(0, [1, 2], more_than=0) is None
    assert cache.take_last(0) is None
    assert cache.take_last(1) == kept(5, slot=1)
    assert cache.take_last(1) == kept(1, 2, slot=1)

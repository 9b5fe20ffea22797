"""Who leaves the memory for another model: least recently used first, never one that answers, pinned ones last."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from workbench.engine.scheduling.room import GPU, MEMORY, Loaded, make_room, next_to_leave

GB = 1 << 30


def model(name: str, gigabytes: int, used_at: float, *, answering: int = 0, pinned: bool = False) -> Loaded:
    return Loaded(Path(name), name, {MEMORY: gigabytes * GB}, used_at, answering, pinned)


OLD, NEW, KEPT = model("old", 4, 1), model("new", 4, 2), model("kept", 8, 0, pinned=True)


def leaving(needs: int, free: int, *loaded: Loaded, at_once: int = 0) -> tuple[str, ...]:
    return tuple(
        one.name for one in make_room({MEMORY: needs * GB}, {MEMORY: free * GB}, loaded, at_once=at_once).leaving
    )


def test_what_fits_moves_nobody() -> None:
    assert leaving(4, 6, OLD, NEW) == ()


def test_the_least_recently_used_goes_first_and_only_as_many_as_needed() -> None:
    assert leaving(4, 1, NEW, OLD) == ("old",)
    assert leaving(8, 1, NEW, OLD) == ("old", "new")


def test_the_pinned_one_goes_last_though_it_was_used_least() -> None:
    assert leaving(4, 1, KEPT, NEW) == ("new",)
    assert leaving(12, 1, KEPT, NEW) == ("new", "kept")


def test_one_that_answers_stays_and_is_waited_for() -> None:
    busy = model("busy", 8, 0, answering=1)
    room = make_room({MEMORY: 10 * GB}, {MEMORY: GB}, (busy, NEW))
    assert ([one.name for one in room.leaving], room.waiting_for) == (["new"], busy)


def test_nobody_is_waited_for_whose_end_would_not_help() -> None:
    busy = Loaded(Path("busy"), "busy", {GPU: 8 * GB}, 0, answering=1)
    assert make_room({MEMORY: 10 * GB}, {MEMORY: GB}, (busy,)).waiting_for is None


def test_a_number_of_models_is_kept_whatever_is_free() -> None:
    assert leaving(1, 100, OLD, NEW, at_once=2) == ("old",)
    assert leaving(1, 100, OLD, NEW, at_once=1) == ("old", "new")
    busy = model("busy", 1, 0, answering=1)
    assert make_room({MEMORY: GB}, {MEMORY: 100 * GB}, (busy,), at_once=1).waiting_for is busy


def test_a_model_for_embeddings_stands_beside_the_chat_model() -> None:
    beside = Loaded(Path("embed"), "embed", {MEMORY: GB}, 0, counts=False)
    assert leaving(1, 100, beside, OLD, at_once=2) == ()
    room = make_room({MEMORY: GB}, {MEMORY: 100 * GB}, (OLD,), at_once=1, counts=False)
    assert room.leaving == ()


def test_only_those_go_whose_memory_is_short() -> None:
    on_card, in_memory = Loaded(Path("card"), "card", {GPU: 8 * GB}, 5), model("memory", 8, 1)
    room = make_room({GPU: 6 * GB, MEMORY: GB}, {GPU: GB, MEMORY: 4 * GB}, (on_card, in_memory))
    assert room.leaving == (on_card,)


def test_when_nothing_helps_all_idle_ones_go() -> None:
    assert leaving(100, 1, OLD, NEW, KEPT) == ("old", "new", "kept")


def test_the_next_to_leave_under_pressure() -> None:
    assert next_to_leave((KEPT, NEW, OLD)) is OLD
    assert next_to_leave((KEPT,)) is KEPT
    assert next_to_leave((model("busy", 1, 0, answering=1),)) is None


models = st.builds(
    Loaded,
    st.integers(0, 9).map(lambda number: Path(str(number))),
    st.just("m"),
    st.fixed_dictionaries({MEMORY: st.integers(0, 20)}),
    st.floats(0, 100),
    st.integers(0, 1),
    st.booleans(),
)


@given(st.lists(models, max_size=6), st.integers(0, 40), st.integers(0, 40))
def test_whatever_is_loaded(loaded: list[Loaded], needs: int, free: int) -> None:
    room = make_room({MEMORY: needs}, {MEMORY: free}, loaded)
    assert not any(one.answering for one in room.leaving)
    freed = free + sum(one.takes[MEMORY] for one in room.leaving)
    if freed < needs:  # then every idle one that has memory has gone
        assert all(one in room.leaving for one in loaded if not one.answering and one.takes[MEMORY])
    else:
        assert room.waiting_for is None
    if room.leaving:  # the last one was needed
        assert freed - room.leaving[-1].takes[MEMORY] < needs

"""Each conversation gets the slot that has read it."""

from __future__ import annotations

from workbench.engine.states.slots import Content, SlotTable

A, B, C = (Content(name, tuple(f"{name}{i}" for i in range(4)), 900) for name in "abc")


def took(table: SlotTable, content: Content) -> int:
    slot = table.take(content.prefix, content.chain)
    assert slot is not None
    table.give_back(slot, content)
    return slot.number


def test_a_conversation_comes_back_to_its_slot() -> None:
    table = SlotTable.of(2)
    assert [took(table, content) for content in (A, B, A, B)] == [0, 1, 0, 1]


def test_a_third_conversation_takes_the_slot_that_rested_longest() -> None:
    table = SlotTable.of(2)
    assert [took(table, content) for content in (A, B, A, C)] == [0, 1, 0, 1]


def test_another_conversation_that_begins_alike_takes_that_slot_only_when_none_is_its_own() -> None:
    table = SlotTable.of(2)
    took(table, A)
    took(table, B)
    assert took(table, Content("new", (*A.chain[:2], "x"), 900)) == 0


def test_a_busy_slot_is_left_alone_and_a_full_engine_decides_by_itself() -> None:
    table = SlotTable.of(2)
    first, second = table.take("a", A.chain), table.take("a", A.chain)
    assert first is not None
    assert second is not None
    assert first.number != second.number
    assert table.take("b", B.chain) is None


def test_a_broken_request_leaves_nothing_that_counts() -> None:
    table = SlotTable.of(1)
    slot = table.take("a", A.chain)
    assert slot is not None
    table.give_back(slot, None)
    assert table.slots[0].content is None

"""States on the disk: labelled, found, limited, forgotten."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from workbench.engine.states.shelf import Label, StateShelf


class Limit:
    bytes = 1 << 20


@pytest.fixture
def limit() -> Limit:
    return Limit()


@pytest.fixture
def shelf(tmp_path: Path, limit: Limit) -> StateShelf:
    shelf = StateShelf(tmp_path / "states", lambda: limit.bytes)
    assert shelf.room_for(1)
    return shelf


def put(
    shelf: StateShelf, prefix: str, chain: tuple[str, ...], size: int = 100, engine: str = "e", at: int = 0
) -> None:
    draft = shelf.draft()
    (shelf.folder / draft).write_bytes(b"s" * size)
    os.utime(shelf.folder / draft, (at, at))
    shelf.keep(draft, Label(engine, prefix, chain, 700))


def best(shelf: StateShelf, *chain: str, engine: str = "e") -> tuple[str, int] | None:
    found = shelf.best(engine, chain)
    return None if found is None else (found[0].prefix, found[1])


def test_the_state_that_spares_the_most_is_found(shelf: StateShelf) -> None:
    put(shelf, "short", ("a",))
    put(shelf, "long", ("a", "b", "c"))
    put(shelf, "other", ("x", "y", "z", "z"))
    assert best(shelf, "a", "b", "c", "d") == ("long", 3)
    assert best(shelf, "a") == ("short", 1)
    assert best(shelf, "q") is None


def test_another_engine_cannot_read_it(shelf: StateShelf) -> None:
    put(shelf, "c", ("a",))
    assert best(shelf, "a", engine="other build") is None


def test_a_conversation_keeps_its_last_state_only(shelf: StateShelf) -> None:
    put(shelf, "c", ("a",))
    put(shelf, "c", ("a", "b"))
    assert len(list(shelf.folder.glob("*.state"))) == len(list(shelf.folder.glob("*.json"))) == 1
    assert best(shelf, "a", "b") == ("c", 2)


def test_what_was_not_wanted_longest_goes_first(shelf: StateShelf, limit: Limit) -> None:
    limit.bytes = 250
    put(shelf, "old", ("a",), at=1)
    put(shelf, "used", ("b",), at=2)
    found = shelf.best("e", ("a",))
    assert found is not None
    shelf.used(found[0])
    put(shelf, "new", ("c",), at=3)
    assert best(shelf, "a") is not None
    assert best(shelf, "b") is None
    assert shelf.bytes() == 200


def test_a_limit_of_nothing_removes_all(shelf: StateShelf, limit: Limit) -> None:
    put(shelf, "c", ("a",))
    limit.bytes = 0
    shelf.shrink()
    assert list(shelf.folder.iterdir()) == []
    assert not shelf.room_for(1)


def test_a_deleted_conversation_leaves_nothing(shelf: StateShelf) -> None:
    put(shelf, "gone", ("a",))
    put(shelf, "stays", ("b",))
    shelf.forget("gone")
    assert best(shelf, "a") is None
    assert best(shelf, "b") is not None
    assert len(list(shelf.folder.iterdir())) == 2


def test_it_is_for_this_user_alone(shelf: StateShelf) -> None:
    put(shelf, "c", ("a",))
    assert stat.S_IMODE(shelf.folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in shelf.folder.iterdir()} == {0o600}


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"engine": "e", "prefix": "c", "chain": 5, "tokens": 1}'])
def test_a_damaged_label_is_passed_over(shelf: StateShelf, text: str) -> None:
    put(shelf, "c", ("a",))
    for label in shelf.folder.glob("*.json"):
        label.write_text(text)
    assert best(shelf, "a") is None


def test_a_state_without_its_label_goes_when_room_is_needed(shelf: StateShelf, limit: Limit) -> None:
    (shelf.folder / shelf.draft()).write_bytes(b"s" * 100)
    limit.bytes = 50
    shelf.shrink()
    assert shelf.bytes() == 0

"""Attached folders: their names, their places, and that no file is in two."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from workbench import migrations
from workbench.db import Database, MemoryDatabase
from workbench.documents.collection import Rules
from workbench.documents.storing.collections import CollectionStore, heard, said
from workbench.errors import UsageError


@pytest.fixture
def store() -> Iterator[CollectionStore]:
    database: Database = MemoryDatabase(migrations.workbench)
    yield CollectionStore(database, lambda: 5.0)
    database.close()


def test_a_folder_is_kept_as_it_was_given(store: CollectionStore) -> None:
    rules = Rules(("docs/",), ("*.log",), frozenset(("pdf", "code")), ignore_files=False, hidden=True)
    odd = Path("/home/me/caf\udce9")
    made = store.add(odd, "Notes", rules, private=True)
    assert store.get(made.id) == made
    assert (made.path, made.rules, made.private, made.created_at) == (odd, rules, True, 5.0)
    assert store.find("notes") == made
    assert store.find(made.id) == made
    assert store.all() == (made,)


def test_a_name_of_its_own_is_made_unique(store: CollectionStore) -> None:
    names = [store.add(Path(f"/{place}/Notes")).name for place in "abc"]
    assert names == ["Notes", "Notes 2", "Notes 3"]
    with pytest.raises(UsageError, match="Another folder is called 'notes'"):
        store.add(Path("/d"), "notes")
    with pytest.raises(UsageError, match="1 to 100"):
        store.add(Path("/d"), "x" * 101)
    assert store.add(Path("/d"), "  my \n papers ").name == "my papers"


@pytest.mark.parametrize(
    ("path", "why"),
    [("/home/me/notes", "attached already"), ("/home/me/notes/deep", "stands in"), ("/home/me", "stands in /home/me")],
)
def test_no_file_is_in_two_folders(store: CollectionStore, path: str, why: str) -> None:
    store.add(Path("/home/me/notes"))
    with pytest.raises(UsageError, match=why) as told:
        store.add(Path(path))
    assert told.value.hint
    store.add(Path("/home/me/notes2"))


def test_changing_moving_and_removing(store: CollectionStore) -> None:
    one, two = store.add(Path("/a")), store.add(Path("/b"))
    changed = store.change(one.id, name="First", private=True, path=Path("/c"))
    assert (changed.name, changed.private, changed.path, changed.rules) == ("First", True, Path("/c"), Rules())
    assert store.get(one.id) == changed
    assert store.change(one.id, name="FIRST").name == "FIRST"  # its own name is not taken
    assert store.change(one.id, rules=Rules(hidden=True)).rules == Rules(hidden=True)
    with pytest.raises(UsageError, match="stands in"):
        store.change(two.id, path=Path("/c/deep"))
    store.remove(one.id)
    assert store.all() == (two,)
    for unknown in (lambda: store.get(one.id), lambda: store.remove(one.id), lambda: store.find("First")):
        with pytest.raises(UsageError, match="There is no folder"):
            unknown()


def test_pausing(store: CollectionStore) -> None:
    one, _two = store.add(Path("/a")), store.add(Path("/b"))
    store.pause(one.id, paused=True)
    assert store.paused() == {one.id}
    store.pause(one.id, paused=False)
    assert store.paused() == frozenset()
    with pytest.raises(UsageError):
        store.pause("x", paused=True)


def test_rules_as_text() -> None:
    assert said(Rules()) == "{}"
    assert heard('{"newer": 1, "include": ["a"]}') == Rules(include=("a",))

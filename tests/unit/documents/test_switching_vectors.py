"""Another embedding model is wanted: its vectors are made beside those that answer, which go when they are done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.unit.documents.test_vectors import FOLDER, OTHER, add, remove, vector_of
from workbench.cancel import CancelToken
from workbench.db import Database
from workbench.documents.indexing.lacking import LackingVectors
from workbench.documents.retrieval.vectors import VectorIndex
from workbench.documents.storing.schema import index
from workbench.documents.storing.vectors import VectorStore


class Hashed:
    """An embedder whose vectors depend on the text alone."""

    def __init__(self, name: str, dimensions: int) -> None:
        self.name, self.dimensions = name, dimensions

    def embed(self, texts: Sequence[str], cancel: CancelToken) -> tuple[tuple[float, ...], ...]:
        return tuple(self.vector(text.rpartition("\n")[2]) for text in texts)

    def vector(self, text: str) -> tuple[float, ...]:
        return tuple(vector_of(text, self.dimensions).tolist())


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path / "index.db", index, backups=tmp_path / "backups", durable=False)
    yield database
    database.close()


def test_the_old_vectors_answer_until_the_new_ones_are_made(database: Database) -> None:
    store, cancel = VectorStore(database), CancelToken()
    first, second = Hashed("first", 64), Hashed("second", 96)
    wanted = [first]
    lacking = LackingVectors(store, lambda: wanted[0], lambda: [FOLDER])
    found = VectorIndex(store)
    ids = add(database, *(f"text {number}" for number in range(20)))
    add(database, "not followed", collection=OTHER)

    def best(embedder: Hashed) -> list[int]:
        return [chunk for chunk, _cosine in found.search(embedder.vector("text 7"), 1)]

    lacking.embed(lacking.missing(100), cancel)
    lacking.finished(cancel)
    assert (lacking.missing(100), best(first), best(second)) == ([], [ids[7]], [])

    wanted[0] = second
    lacking.embed(lacking.missing(12), cancel)
    assert (len(lacking.missing(100)), best(first), best(second)) == (8, [ids[7]], [])
    remove(database, ids[:3])

    lacking.embed(lacking.missing(100), cancel)
    lacking.finished(cancel)
    assert (best(first), best(second)) == ([], [ids[7]])
    assert [model.name for model in store.models()] == ["second"]
    left = database.row("SELECT count(*) FROM vectors")
    assert left is not None
    assert left[0] == 17

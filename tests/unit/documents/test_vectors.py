"""Vectors of passages: stored as bytes, found by signs and then by all digits, and never behind what is stored."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from workbench.db import Database
from workbench.documents.collection import Chunk
from workbench.documents.embedding.codes import LARGEST, matrix, quantized, signs
from workbench.documents.retrieval.vectors import VectorIndex
from workbench.documents.storing.contents import text_key
from workbench.documents.storing.schema import index
from workbench.documents.storing.vectors import VectorStore

DIMENSIONS = 96
FOLDER, OTHER = "folder", "other"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path / "index.db", index, backups=tmp_path / "backups", durable=False)
    yield database
    database.close()


@pytest.fixture
def store(database: Database) -> VectorStore:
    return VectorStore(database)


def add(database: Database, *texts: str, collection: str | None = FOLDER) -> list[int]:
    """A content with these passages, of a file of the collection; the passages' ids."""
    with database.write() as tx:
        content = tx.conn.execute(
            """INSERT INTO contents (sha256, ending, reader, media_type, text, characters)
               VALUES (randomblob(8), '.md', 1, '', '', 0)"""
        ).lastrowid
        if collection is not None:
            tx.execute(
                """INSERT INTO documents (collection_id, path, content_id, bytes, modified_ns, status)
                   VALUES (?, randomblob(8), ?, 1, 1, 'indexed')""",
                (collection, content),
            )
        return [_passage(tx.conn, content, number, text) for number, text in enumerate(texts)]


def _passage(connection: object, content: object, ordinal: int, text: str) -> int:
    chunk = Chunk(ordinal, 0, len(text), text, headings=("Title", "Part"), context="header")
    made = connection.execute(  # type: ignore[attr-defined]
        """INSERT INTO chunks (content_id, ordinal, start, "end", text, headings, context, text_key)
           VALUES (?, ?, 0, ?, ?, '["Title", "Part"]', 'header', ?)""",
        (content, ordinal, len(text), text, text_key(chunk.searched)),
    )
    return int(made.lastrowid)


def remove(database: Database, ids: Sequence[int]) -> None:
    with database.write() as tx:
        tx.conn.executemany("DELETE FROM chunks WHERE id = ?", [(one,) for one in ids])


def vector_of(text: str, dimensions: int = DIMENSIONS) -> NDArray[np.float32]:
    """Always the same for a text, far from those of others."""
    values = np.random.default_rng(list(text.encode())).standard_normal(dimensions).astype(np.float32)
    unit: NDArray[np.float32] = values / np.linalg.norm(values)
    return unit


def embed_all(store: VectorStore, model_id: int, dimensions: int = DIMENSIONS) -> int:
    rows = store.without_vectors(model_id, 10_000)
    return store.put(model_id, [(key, vector_of(said.rpartition("\n")[2], dimensions)) for key, said in rows])


# Codes ----------------------------------------------------------------------------------------------------------------


def test_a_vector_survives_as_bytes() -> None:
    vector = vector_of("any", 384)
    scale, codes = quantized(vector)
    again = matrix([codes])[0] * (scale / LARGEST)
    assert len(codes) == 384
    assert float(again @ vector) == pytest.approx(1.0, abs=1e-3)


@pytest.mark.parametrize("values", [[0.0, 0.0], [float("nan"), 1.0], [float("inf"), 1.0]])
def test_a_vector_that_is_none_is_nothing(values: list[float]) -> None:
    assert quantized(values) == (0.0, b"\0\0")


@pytest.mark.parametrize("dimensions", [1, 63, 64, 65, 384, 768, 1000])
def test_signs_are_bits(dimensions: int) -> None:
    one, other = (matrix([quantized(vector_of(text, dimensions))[1]]) for text in "ab")
    differ = int(np.bitwise_count(signs(one) ^ signs(other)).sum())
    assert differ == int(((one > 0) != (other > 0)).sum())


# Storing --------------------------------------------------------------------------------------------------------------


def test_passages_without_vectors_come_newest_first_and_once(database: Database, store: VectorStore) -> None:
    model = store.add("a", DIMENSIONS)
    add(database, "old", "shared")
    add(database, "shared", "new")
    rows = store.without_vectors(model.id, 10)
    assert [said for _key, said in rows] == [f"Title > Part\nheader\n{text}" for text in ("new", "shared", "old")]
    assert [key for key, _said in rows] == [text_key(said) for _key, said in rows]
    assert [said[-3:] for _key, said in store.without_vectors(model.id, 1)] == ["new"]
    assert store.put(model.id, [(rows[0][0], vector_of("new"))]) == 1
    assert store.put(model.id, [(rows[0][0], vector_of("new"))]) == 0
    assert len(store.without_vectors(model.id, 10)) == 2
    assert store.counts(model.id) == (1, 4)


def test_only_files_of_folders_are_worked_for(database: Database, store: VectorStore) -> None:
    model = store.add("a", DIMENSIONS)
    add(database, "one")
    add(database, "two", collection=OTHER)
    add(database, "none", collection=None)

    def texts(*collections: str) -> set[str]:
        return {said.rpartition("\n")[2] for _key, said in store.without_vectors(model.id, 10, collections)}

    assert (texts(), texts(FOLDER), texts(FOLDER, OTHER)) == ({"one", "two"}, {"one"}, {"one", "two"})
    embed_all(store, model.id)
    assert (store.counts(model.id), store.counts(model.id, OTHER), store.counts(None)) == ((2, 2), (1, 1), (0, 2))


def test_the_first_model_answers_and_another_takes_its_place(database: Database, store: VectorStore) -> None:
    assert store.active() is None
    one, other = store.add("one", DIMENSIONS), store.add("other", 32)
    assert (one.active, other.active, store.active()) == (True, False, one)
    add(database, "text")
    embed_all(store, one.id)
    embed_all(store, other.id, 32)
    store.activate(other.id)
    active = store.active()
    assert active is not None
    assert active.name == "other"
    while store.forget_others(1):
        pass
    assert [model.name for model in store.models()] == ["other"]
    assert store.counts(other.id) == (1, 1)


def test_a_model_with_other_dimensions_begins_anew(database: Database, store: VectorStore) -> None:
    first = store.add("one", DIMENSIONS)
    add(database, "text")
    embed_all(store, first.id)
    again = store.add("one", 32)
    assert again.id != first.id
    assert again.active
    assert len(store.without_vectors(again.id, 10)) == 1


def test_vectors_that_nobody_needs_are_swept(database: Database, store: VectorStore) -> None:
    model = store.add("one", DIMENSIONS)
    kept, gone = add(database, "kept", "gone")
    embed_all(store, model.id)
    remove(database, [gone])
    while store.sweep(1):
        pass
    assert store.counts(model.id) == (1, 1)
    assert len(VectorIndex(store)) == 1
    assert VectorIndex(store).search(vector_of("kept"), 5)[0][0] == kept


# Searching ------------------------------------------------------------------------------------------------------------


def test_the_nearest_come_first(database: Database, store: VectorStore) -> None:
    model = store.add("one", DIMENSIONS)
    ids = add(database, *(f"text {number}" for number in range(500)))
    embed_all(store, model.id)
    found = VectorIndex(store).search(vector_of("text 77"), 10)
    vectors = np.stack([vector_of(f"text {number}") for number in range(500)])
    exact = np.argsort(-(vectors @ vector_of("text 77")))[:10]
    assert [chunk for chunk, _cosine in found] == [ids[place] for place in exact]
    assert found[0][1] == pytest.approx(1.0, abs=2e-3)
    assert [cosine for _chunk, cosine in found] == sorted((cosine for _chunk, cosine in found), reverse=True)


def test_only_allowed_ones_are_found_however_few(database: Database, store: VectorStore) -> None:
    model = store.add("one", DIMENSIONS)
    ids = add(database, *(f"text {number}" for number in range(900)))
    embed_all(store, model.id)
    search = VectorIndex(store)
    for wanted in (ids[3:4], ids[5:9], ids[100:250], []):
        found = search.search(vector_of("text 0"), 5, lambda known, wanted=wanted: np.isin(known, wanted))  # type: ignore[misc]
        assert {chunk for chunk, _cosine in found} <= set(wanted)
        cosines = sorted(
            (float(vector_of(f"text {ids.index(one)}") @ vector_of("text 0")) for one in wanted), reverse=True
        )
        assert [cosine for _chunk, cosine in found] == pytest.approx(cosines[:5], abs=5e-3)


def test_passages_that_say_the_same_are_all_found(database: Database, store: VectorStore) -> None:
    model = store.add("one", DIMENSIONS)
    ids = {*add(database, "same"), *add(database, "same"), *add(database, "same", collection=OTHER)}
    assert embed_all(store, model.id) == 1
    assert {chunk for chunk, _cosine in VectorIndex(store).search(vector_of("same"), 9)} == ids


def test_a_question_of_another_model_finds_nothing(database: Database, store: VectorStore) -> None:
    model = store.add("one", DIMENSIONS)
    add(database, "text")
    embed_all(store, model.id)
    search = VectorIndex(store)
    assert search.search(vector_of("text", 32), 5) == []
    assert search.search(vector_of("text"), 5, model_id=model.id + 1) == []
    assert search.search(vector_of("text"), 5, model_id=model.id)
    assert search.search(vector_of("text"), 0) == []


def test_another_model_answers_as_soon_as_it_is_active(database: Database, store: VectorStore) -> None:
    one = store.add("one", DIMENSIONS)
    (passage,) = add(database, "text")
    embed_all(store, one.id)
    search = VectorIndex(store)
    other = store.add("other", 32)
    embed_all(store, other.id, 32)
    assert search.search(vector_of("text"), 5)
    store.activate(other.id)
    assert search.search(vector_of("text"), 5) == []
    assert [chunk for chunk, _cosine in search.search(vector_of("text", 32), 5)] == [passage]


def _storm(database: Database, store: VectorStore, model_id: int, dice: random.Random, known: list[int]) -> None:
    """One random thing happens."""
    match dice.randrange(6):
        case 0 | 1:
            known += add(database, *(f"text {dice.randrange(60)}" for _ in range(dice.randrange(1, 9))))
        case 2:
            gone = dice.sample(known, dice.randrange(len(known) + 1) // 2)
            known[:] = [one for one in known if one not in gone]
            remove(database, gone)
        case 3:
            rows = store.without_vectors(model_id, dice.randrange(1, 12))
            store.put(model_id, [(key, vector_of(said.rpartition("\n")[2])) for key, said in rows])
        case 4:
            store.sweep(3)
        case _:
            with database.write() as tx:  # what every cache has seen is let go of
                tx.execute(
                    "DELETE FROM changes WHERE sequence < (SELECT max(sequence) FROM changes) - ?", (dice.randrange(9),)
                )


def everything(search: VectorIndex) -> list[tuple[int, float]]:
    return sorted((chunk, round(cosine, 4)) for chunk, cosine in search.search(vector_of("text 1"), 1_000))


@pytest.mark.parametrize("seed", range(8))
def test_what_is_followed_is_what_is_loaded_anew(database: Database, store: VectorStore, seed: int) -> None:
    dice = random.Random(seed)
    model = store.add("one", DIMENSIONS)
    followed, known = VectorIndex(store), list[int]()
    for _ in range(60):
        _storm(database, store, model.id, dice, known)
        if dice.random() < 0.5:
            assert everything(followed) == everything(VectorIndex(store))
            assert {chunk for chunk, _cosine in everything(followed)} <= set(known)
    embed_all(store, model.id)
    assert [chunk for chunk, _cosine in everything(followed)] == sorted(known)


def test_the_memory_is_let_go_of(database: Database, store: VectorStore) -> None:
    model = store.add("one", DIMENSIONS)
    add(database, "text")
    embed_all(store, model.id)
    search = VectorIndex(store)
    assert len(search) == 1
    search.drop()
    assert search.search(vector_of("text"), 1)

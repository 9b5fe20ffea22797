"""The vectors of passages, in index.db: the only SQL that touches them.

A vector belongs to what was embedded (its ``text_key``): passages that say the same share one, and one that comes back
has it already. Vectors of several models may be there: one is active and answers, another is being made.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from workbench.db import Database
from workbench.documents.embedding.codes import quantized

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vector = Sequence[float] | NDArray[np.float32]

_IDS_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class EmbeddingModel:
    """A model that vectors were made by. ``name``: of the model, unique. ``active``: its vectors answer."""

    id: int
    name: str
    dimensions: int
    active: bool = False


@dataclass(frozen=True, slots=True)
class Waterline:
    """How far the passages and vectors of an index reach at a moment. ``first_change``: what is before it is forgotten."""

    change: int = 0
    vector: int = 0
    first_change: int = 0


class StoredVectors(NamedTuple):
    """Vectors and passages that they belong to, one of each at each place. ``codes``: signed bytes."""

    vectors: Sequence[int] = ()
    chunks: Sequence[int] = ()
    codes: Sequence[bytes] = ()


class VectorStore:
    """All methods may be called from any thread, and from several processes on one index."""

    def __init__(self, database: Database) -> None:
        self._db = database

    # Models -----------------------------------------------------------------------------------------------------------

    def models(self) -> tuple[EmbeddingModel, ...]:
        """In the order that they were first used in."""
        return tuple(map(_model, self._db.rows("SELECT * FROM embedding_models ORDER BY id")))

    def active(self) -> EmbeddingModel | None:
        """The one whose vectors answer; None before the first one was made active."""
        row = self._db.row("SELECT * FROM embedding_models WHERE active")
        return None if row is None else _model(row)

    def add(self, name: str, dimensions: int) -> EmbeddingModel:
        """The model with this name, made known if it is new: the first one of all is active at once. One whose dimensions
        are others now (another file under its name) begins anew."""
        known = self._named(name)
        if known is not None and known.dimensions == dimensions:
            return known
        with self._db.write() as tx:
            tx.execute("DELETE FROM embedding_models WHERE name = ?", (name,))
            tx.execute(
                """INSERT INTO embedding_models (name, dimensions, active)
                   VALUES (?, ?, NOT EXISTS (SELECT 1 FROM embedding_models WHERE active))""",
                (name, dimensions),
            )
        found = self._named(name)
        assert found is not None, "it was just written"  # noqa: S101 - for the type checker
        return found

    def activate(self, model_id: int) -> None:
        """From now on its vectors answer; those of the others are kept until `forget_others`."""
        with self._db.write() as tx:
            tx.execute("UPDATE embedding_models SET active = (id = ?)", (model_id,))

    def forget_others(self, limit: int = 5_000) -> bool:
        """Let go of some vectors of models that are not active; whether there are more. Then the models go too."""
        with self._db.write() as tx:
            gone = tx.execute(
                """DELETE FROM vectors WHERE id IN (SELECT vectors.id FROM vectors
                   JOIN embedding_models ON embedding_models.id = model_id WHERE NOT active LIMIT ?)""",
                (limit,),
            ).rowcount
            if gone < limit:
                tx.execute("DELETE FROM embedding_models WHERE NOT active")
        return bool(gone == limit)

    # Making -----------------------------------------------------------------------------------------------------------

    def without_vectors(self, model_id: int, limit: int, collections: Sequence[str] = ()) -> list[tuple[bytes, str]]:
        """``text_key`` and what is embedded (`Chunk.searched`) of passages that have no vector of the model, the newest
        first; of files of these collections, or of any file."""
        rows = self._db.rows(
            f"""WITH missing AS (
                    SELECT max(id) AS id FROM chunks INDEXED BY chunks_by_text
                    WHERE content_id IN ({_contents(len(collections))})
                    AND text_key NOT IN (SELECT text_key FROM vectors WHERE model_id = ?)
                    GROUP BY text_key ORDER BY 1 DESC LIMIT ?)
                SELECT text_key, headings, context, text FROM chunks JOIN missing USING (id) ORDER BY id DESC""",  # noqa: S608
            (*collections, model_id, limit),
        )
        return [(bytes(row["text_key"]), _searched(row)) for row in rows]

    def put(self, model_id: int, rows: Iterable[tuple[bytes, Vector]]) -> int:
        """Keep vectors, by ``text_key``; those that are there stay. Returns how many are new. One transaction."""
        values = [(model_id, key, *quantized(vector)) for key, vector in rows]
        with self._db.write() as tx:
            before = tx.conn.total_changes
            tx.conn.executemany(
                "INSERT OR IGNORE INTO vectors (model_id, text_key, scale, codes) VALUES (?, ?, ?, ?)", values
            )
            return int(tx.conn.total_changes - before)

    def sweep(self, limit: int = 2_000) -> bool:
        """Let go of some vectors that no passage has any more; whether there may be more."""
        unused = self._db.rows(
            "SELECT id FROM vectors WHERE text_key NOT IN (SELECT text_key FROM chunks) LIMIT ?", (limit,)
        )
        if unused:
            with self._db.write() as tx:
                tx.conn.executemany(
                    "DELETE FROM vectors WHERE id = ? AND text_key NOT IN (SELECT text_key FROM chunks)",
                    [(row["id"],) for row in unused],
                )
        return len(unused) == limit

    def counts(self, model_id: int | None, collection_id: str = "") -> tuple[int, int]:
        """How many passages have a vector of the model, of how many: of files of one collection, or of any file."""
        of = (collection_id,) if collection_id else ()
        row = self._db.row(
            f"""SELECT count(*) AS passages, coalesce(sum(text_key IN (SELECT text_key FROM vectors
                WHERE model_id = ?)), 0) AS embedded FROM chunks INDEXED BY chunks_by_text
                WHERE content_id IN ({_contents(len(of))})""",  # noqa: S608 - our words
            (model_id, *of),
        )
        return (0, 0) if row is None else (int(row["embedded"]), int(row["passages"]))

    # Following --------------------------------------------------------------------------------------------------------

    def waterline(self) -> Waterline:
        """As of now. Numbers are never given twice, so a line that sinks is one of another index."""
        row = self._db.row(
            """SELECT (SELECT seq FROM sqlite_sequence WHERE name = 'changes'),
                      (SELECT seq FROM sqlite_sequence WHERE name = 'vectors'), (SELECT min(sequence) FROM changes)"""
        )
        return Waterline() if row is None else Waterline(*(int(value or 0) for value in row))

    def since(self, model_id: int, after: int, limit: int, until: int) -> tuple[StoredVectors, int]:
        """The next so many vectors behind the one with the id ``after`` with each of their passages, and the last one's id:
        ``after`` itself when there are none up to ``until``."""
        last = self._db.row(
            "SELECT max(id) AS id FROM (SELECT id FROM vectors WHERE id > ? AND id <= ? ORDER BY id LIMIT ?)",
            (after, until, limit),
        )
        if last is None or last["id"] is None:
            return StoredVectors(), after
        rows = self._db.rows(  # in the order that they lie in: anything else reads the file in jumps
            """SELECT vectors.id, chunks.id, codes FROM vectors NOT INDEXED
               CROSS JOIN chunks INDEXED BY chunks_by_text ON chunks.text_key = vectors.text_key
               WHERE vectors.id > ? AND vectors.id <= ? AND model_id = ?""",
            (after, last["id"], model_id),
        )
        return StoredVectors(*zip(*rows, strict=True)), int(last["id"])

    def changed(self, after: int, until: int) -> tuple[list[int], list[int]]:
        """Ids of passages that came and that went between two changes; one that did both is among those that went."""
        rows = self._db.rows(
            "SELECT chunk_id, min(came) AS came FROM changes WHERE sequence > ? AND sequence <= ? GROUP BY chunk_id",
            (after, until),
        )
        return [row["chunk_id"] for row in rows if row["came"]], [row["chunk_id"] for row in rows if not row["came"]]

    def of_chunks(self, model_id: int, chunk_ids: Sequence[int]) -> StoredVectors:
        """The vectors that these passages have."""
        found: list[Any] = []
        for ids, marks in _groups(chunk_ids):
            found += self._db.rows(
                f"""SELECT vectors.id, chunks.id, codes FROM chunks CROSS JOIN vectors
                    ON vectors.model_id = ? AND vectors.text_key = chunks.text_key WHERE chunks.id IN ({marks})""",  # noqa: S608
                (model_id, *ids),
            )
        return StoredVectors(*zip(*found, strict=True))

    def codes(self, vector_ids: Sequence[int]) -> dict[int, tuple[float, bytes]]:
        """Scale and codes by the vectors' ids; those that are gone are left out."""
        found: dict[int, tuple[float, bytes]] = {}
        for ids, marks in _groups(vector_ids):
            rows = self._db.rows(f"SELECT id, scale, codes FROM vectors WHERE id IN ({marks})", ids)  # noqa: S608
            found.update((row[0], (row[1], row[2])) for row in rows)
        return found

    def _named(self, name: str) -> EmbeddingModel | None:
        row = self._db.row("SELECT * FROM embedding_models WHERE name = ?", (name,))
        return None if row is None else _model(row)


def _groups(ids: Sequence[int]) -> Iterable[tuple[tuple[int, ...], str]]:
    for start in range(0, len(ids), _IDS_AT_ONCE):
        group = tuple(int(one) for one in ids[start : start + _IDS_AT_ONCE])
        yield group, ",".join("?" * len(group))


def _contents(collections: int) -> str:
    """A query for what the files of so many collections hold; 0: any file."""
    of = f"AND collection_id IN ({','.join('?' * collections)})" if collections else ""
    return f"SELECT content_id FROM documents WHERE content_id IS NOT NULL {of}"  # noqa: S608 - our words


def _model(row: Any) -> EmbeddingModel:
    return EmbeddingModel(row["id"], row["name"], row["dimensions"], bool(row["active"]))


def _searched(row: Any) -> str:
    """As `Chunk.searched`."""
    headings = " > ".join(json.loads(row["headings"]))
    return "\n".join(piece for piece in (headings, row["context"], row["text"]) if piece)

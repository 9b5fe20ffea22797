"""Finding passages by their words with SQLite's own text index, where tantivy is missing: a file beside ``index.db``."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import sqlite_utils
from filelock import FileLock, Timeout
from sqlite_utils.migrations import Migrations

from workbench.cancel import CancelToken
from workbench.db import Database
from workbench.documents.retrieval.analysis import folded, spaced, words
from workbench.documents.retrieval.asked import Asked, Piece
from workbench.documents.retrieval.passages import stems_of
from workbench.documents.retrieval.spelling import nearest
from workbench.documents.retrieval.stemming import stemmer
from workbench.documents.retrieval.words import HEADS, MOST_LANGUAGES, Mark, Match, taking_in
from workbench.documents.storing.chunks import ChunkStore, Searched
from workbench.errors import StorageError

log = logging.getLogger(__name__)

FORMAT: Final = 1
AT_ONCE: Final = 1_000  # passages in one transaction

migrations = Migrations("words")


@migrations()
def m001_words(db: sqlite_utils.Database) -> None:
    """``words``: as `tantivy_words.schema` has them, by the id of the passage; ``reached``: one `Mark`, as JSON."""
    for statement in (
        """CREATE VIRTUAL TABLE words USING fts5(plain, stems, heads, joined, content='', contentless_delete=1,
           tokenize="unicode61 remove_diacritics 0 categories 'L* N* M* Co'")""",
        "CREATE VIRTUAL TABLE vocabulary USING fts5vocab(words, col)",
        "CREATE TABLE owners (chunk_id INTEGER PRIMARY KEY, content_id INTEGER NOT NULL, language TEXT NOT NULL)",
        "CREATE INDEX owners_by_content ON owners(content_id)",
        "CREATE TABLE reached (one INTEGER PRIMARY KEY CHECK (one = 1), mark TEXT NOT NULL)",
    ):
        db.execute(statement)


class SqliteWords:
    """A `WordIndex`."""

    def __init__(self, folder: Path, store: ChunkStore) -> None:
        self._path = folder.with_suffix(".db")
        self._store = store
        self._taking_in = threading.Lock()
        self._opened: Database | None = None

    # Writing ----------------------------------------------------------------------------------------------------------

    def behind(self) -> int:
        mark = self._mark()
        if mark is None or not mark.fits(self._store, FORMAT):
            return max(1, self._store.count())
        return self._store.generation() - mark.sequence

    def catch_up(self, cancel: CancelToken, *, more: bool = False) -> int:  # noqa: ARG002 - each write is over when it ends
        if not self.behind():
            return 0
        with taking_in(self._taking_in, self.behind, cancel) as mine:
            return self._take_in(cancel) if mine else self.behind()

    def rest(self) -> None: ...

    def _take_in(self, cancel: CancelToken) -> int:
        try:
            with FileLock(self._path.with_suffix(".lock"), timeout=0, mode=0o600):
                mark = self._mark()
                if mark is None or not mark.fits(self._store, FORMAT):
                    self._make_again(cancel)
                self._follow(cancel)
                return 0
        except Timeout:  # another process does it
            return self.behind()

    def _make_again(self, cancel: CancelToken) -> None:
        """Of all passages that there are. What comes and goes meanwhile is a change after the sequence seen first."""
        with self._db.write() as tx:
            tx.execute("DELETE FROM reached")
            tx.execute("DELETE FROM owners")
            tx.execute("INSERT INTO words (words) VALUES ('delete-all')")
        sequence, last = self._store.generation(), 0
        while some := self._store.searched_after(last, AT_ONCE):
            cancel.check()
            with self._db.write() as tx:
                for one in some:
                    _add(tx, one)
            last = some[-1].chunk_id
        with self._db.write() as tx:
            self._reach(tx, sequence)

    def _follow(self, cancel: CancelToken) -> None:
        while changes := self._store.changes(self._sequence(), AT_ONCE):
            cancel.check()
            there = {change.chunk_id: change.came for change in changes}
            came = self._store.searched(chunk for chunk, is_there in there.items() if is_there)
            with self._db.write() as tx:
                for chunk_id in there:
                    tx.execute("DELETE FROM words WHERE rowid = ?", (chunk_id,))
                    tx.execute("DELETE FROM owners WHERE chunk_id = ?", (chunk_id,))
                for one in came:
                    _add(tx, one)
                self._reach(tx, changes[-1].sequence)

    def _reach(self, tx: sqlite_utils.Database, sequence: int) -> None:
        change = self._store.change(sequence)
        mark = Mark(self._store.identity(), sequence, change.chunk_id if change else 0, FORMAT)
        tx.execute("INSERT OR REPLACE INTO reached (one, mark) VALUES (1, ?)", (mark.as_json(),))

    def _sequence(self) -> int:
        mark = self._mark()
        return mark.sequence if mark else 0

    def _mark(self) -> Mark | None:
        row = self._db.row("SELECT mark FROM reached")
        return Mark.of_json(row[0]) if row else None

    @property
    def _db(self) -> Database:
        if self._opened is None:
            try:
                self._opened = Database(self._path, migrations, backups=self._path.parent, durable=False)
            except StorageError as error:
                log.warning("the index of words is made again: %s", error.detail or error.message)
                for name in (self._path, *self._path.parent.glob(f"{self._path.name}-*")):
                    with suppress(OSError):
                        name.unlink()
                self._opened = Database(self._path, migrations, backups=self._path.parent, durable=False)
        return self._opened

    # Reading ----------------------------------------------------------------------------------------------------------

    def languages(self) -> tuple[str, ...]:
        rows = self._db.rows(
            "SELECT language FROM owners WHERE language != '' GROUP BY language ORDER BY count(*) DESC, language"
        )
        return tuple(row[0] for row in rows)

    def search(self, asked: Asked, limit: int, contents: Collection[int] | None = None) -> list[Match]:
        if not asked.pieces or limit < 1:
            return []
        inside = "" if contents is None else "AND owners.content_id IN (SELECT value FROM json_each(?))"
        sql = f"""SELECT words.rowid, owners.content_id, -bm25(words, 1.0, 1.0, {HEADS}, 1.0) AS score
                  FROM words JOIN owners ON owners.chunk_id = words.rowid
                  WHERE words MATCH ? {inside} ORDER BY score DESC, words.rowid LIMIT ?"""  # noqa: S608 - constants
        values = () if contents is None else (json.dumps(list(contents)),)
        rows = self._db.rows(sql, (self._expression(asked), *values, limit))
        return [Match(row[0], row[1], row[2]) for row in rows]

    def about_mentioning(self, asked: Asked) -> int:
        return len(self.mentioning(asked))

    def mentioning(self, asked: Asked, most: int | None = None) -> set[int]:  # noqa: ARG002 - all are found anyway
        if not asked.pieces:
            return set()
        every = " AND ".join(self._any(piece) for piece in asked.pieces)
        sql = """SELECT DISTINCT owners.content_id FROM words JOIN owners ON owners.chunk_id = words.rowid
                 WHERE words MATCH ?"""
        return {row[0] for row in self._db.rows(sql, (every,))}

    def near(self, word: str, limit: int = 3) -> list[str]:
        plain = folded(word)
        if len(plain) < 4:
            return []
        counts: dict[str, int] = {}
        for beginning in (plain[0], plain[1:3]):
            rows = self._db.rows(
                "SELECT term, doc FROM vocabulary WHERE col = 'plain' AND term >= ? AND term < ?",
                (beginning, f"{beginning}\U0010ffff"),
            )
            counts.update((row[0], row[1]) for row in rows)
        return nearest(plain, counts, limit)

    def close(self) -> None:
        with self._taking_in:
            if self._opened is not None:
                self._opened.close()
                self._opened = None

    # What is asked ----------------------------------------------------------------------------------------------------

    def _expression(self, asked: Asked) -> str:
        may = " OR ".join(self._scored(piece) for piece in asked.pieces if not piece.required)
        must = " AND ".join(_term("plain", *piece.plain) for piece in asked.pieces if piece.required)
        if not must:
            return may
        return f"({must}) AND (({must}) OR {may})" if may else must

    def _scored(self, piece: Piece) -> str:
        """What a piece adds to the score of a passage."""
        found = [
            _term(field, stem) for part in piece.parts for stem in self._stems(part) for field in ("stems", "heads")
        ]
        whole = piece.joined or (piece.plain[0] if len(piece.parts) == 1 else "")
        if whole:
            found.append(_term("joined", whole))
        if len(piece.parts) > 1 and not piece.joined:
            found.append(_term("plain", *piece.plain))
        return " OR ".join([*found, *self._begun(piece)])

    def _any(self, piece: Piece) -> str:
        """Whether a passage has a piece, in whatever form."""
        if piece.required or (len(piece.parts) > 1 and not piece.joined):
            return _term("plain", *piece.plain)
        parts = [" OR ".join(_term("stems", stem) for stem in self._stems(part)) for part in piece.parts]
        every = " AND ".join(f"({part})" for part in parts)
        begun = self._begun(piece) if len(piece.parts) == 1 else []
        return f"({' OR '.join([f'({every})', _term('joined', piece.joined or piece.plain[0]), *begun])})"

    def _begun(self, piece: Piece) -> list[str]:
        if not piece.beginning:
            return []
        return [f'({field} : "{piece.plain[-1]}" *)' for field in ("plain", "joined")]

    def _stems(self, part: str) -> list[str]:
        return stems_of(part, self.languages()[:MOST_LANGUAGES])


def _add(tx: sqlite_utils.Database, one: Searched) -> None:
    body = words(f"{one.headings}\n{one.context}\n{one.text}", stemmer)
    heads = words("\n".join((one.headings, one.title, *one.names)), lambda _language: stemmer(body.language))
    columns: tuple[Any, ...] = (
        spaced(body.plain),
        spaced(map(folded, body.stems)),
        spaced(map(folded, heads.stems)),
        spaced([*body.joined, *heads.joined]),
    )
    tx.execute(
        "INSERT INTO words (rowid, plain, stems, heads, joined) VALUES (?, ?, ?, ?, ?)", (one.chunk_id, *columns)
    )
    owner = (one.chunk_id, one.content_id, body.language)
    tx.execute("INSERT OR REPLACE INTO owners (chunk_id, content_id, language) VALUES (?, ?, ?)", owner)


def _term(column: str, *parts: str) -> str:
    """Words next to each other; of letters and digits only, so that nothing can be taken for syntax."""
    return f'({column} : "{" ".join(parts)}")'

"""Passages as a search reads them: what is to be indexed of them, which files have them, and what came and went."""

from __future__ import annotations

import json
import os
import secrets
import threading
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from workbench.db import Database
from workbench.documents.collection import Chunk, Document, FileStatus
from workbench.documents.retrieval.hit import Query
from workbench.messages import Id

AT_ONCE: Final = 500  # values in one statement
_LONGEST_TITLE: Final = 150  # characters

_DOCUMENTS: Final = """SELECT documents.id, documents.collection_id, documents.path, documents.content_id, documents.bytes,
       documents.modified_ns, documents.status, documents.reason, contents.media_type, contents.title, contents.sha256,
       contents.chunks
   FROM documents JOIN contents ON contents.id = documents.content_id"""


@dataclass(frozen=True, slots=True)
class Searched:
    """What a text index needs of a passage. ``title``: of its document, as the file tells it, or its first line; ``names``:
    of the files that have it, without their folders; ``headings`` and ``context``: on lines."""

    chunk_id: int
    content_id: int
    ordinal: int
    text: str
    headings: str
    context: str
    title: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    sequence: int
    chunk_id: int
    came: bool


class ChunkStore:
    """Reads ``index.db``. All methods may be called from any thread, and raise `StorageError`."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self._counted: tuple[tuple[int, int], int] = ((0, 0), 0)

    # For indexes beside it --------------------------------------------------------------------------------------------

    def identity(self) -> str:
        """Which index this is: another one after it was made again. Empty while nothing can be written."""
        row = self._db.row("SELECT value FROM facts WHERE name = 'identity'")
        if row is None and not self._db.read_only:
            with self._db.write() as tx:
                tx.execute("INSERT OR IGNORE INTO facts (name, value) VALUES ('identity', ?)", (secrets.token_hex(8),))
            row = self._db.row("SELECT value FROM facts WHERE name = 'identity'")
        return str(row[0]) if row else ""

    def generation(self) -> int:
        """The sequence of the last change; 0: nothing was ever read."""
        row = self._db.row("SELECT coalesce(max(sequence), 0) FROM changes")
        return int(row[0]) if row else 0

    def changes(self, after: int, limit: int) -> list[Change]:
        """What came and went after this sequence, in order."""
        rows = self._db.rows(
            "SELECT sequence, chunk_id, came FROM changes WHERE sequence > ? ORDER BY sequence LIMIT ?", (after, limit)
        )
        return [Change(row[0], row[1], bool(row[2])) for row in rows]

    def change(self, sequence: int) -> Change | None:
        row = self._db.row("SELECT sequence, chunk_id, came FROM changes WHERE sequence = ?", (sequence,))
        return Change(row[0], row[1], bool(row[2])) if row else None

    def count(self) -> int:
        """How many passages there are."""
        version = self.version()
        if self._counted[0] != version:
            row = self._db.row("SELECT count(*) FROM chunks")
            self._counted = (version, int(row[0]) if row else 0)
        return self._counted[1]

    def searched(self, chunk_ids: Iterable[int]) -> list[Searched]:
        """Those of the passages that are still there."""
        found: list[Searched] = []
        for some in _in_parts(chunk_ids):
            found += map(_searched, self._db.rows(f"{_SEARCHED} WHERE chunks.id IN ({_marks(some)})", some))
        return found

    def searched_after(self, chunk_id: int, limit: int) -> list[Searched]:
        """The next passages by their ids."""
        rows = self._db.rows(f"{_SEARCHED} WHERE chunks.id > ? ORDER BY chunks.id LIMIT ?", (chunk_id, limit))
        return [_searched(row) for row in rows]

    # For hits ---------------------------------------------------------------------------------------------------------

    def contents_of(self, chunk_ids: Iterable[int]) -> dict[int, int]:
        """The content of each passage that is still there."""
        found: dict[int, int] = {}
        for some in _in_parts(chunk_ids):
            sql = f"SELECT id, content_id FROM chunks WHERE id IN ({_marks(some)})"  # noqa: S608 - marks only
            found.update((row[0], row[1]) for row in self._db.rows(sql, some))
        return found

    def chunks(self, chunk_ids: Iterable[int]) -> dict[int, tuple[int, Chunk]]:
        """Content and passage by id, of those that are still there."""
        found: dict[int, tuple[int, Chunk]] = {}
        for some in _in_parts(chunk_ids):
            sql = f"SELECT * FROM chunks WHERE id IN ({_marks(some)})"  # noqa: S608 - marks only
            found.update((row["id"], (row["content_id"], _chunk(row))) for row in self._db.rows(sql, some))
        return found

    def text(self, content_id: int) -> str:
        """All that was read of it; empty when it is gone."""
        row = self._db.row("SELECT text FROM contents WHERE id = ?", (content_id,))
        return zlib.decompress(row[0]).decode("utf-8") if row else ""

    def documents(self, content_ids: Iterable[int], query: Query) -> dict[int, list[Document]]:
        """The files of each content that the query's filters let through, by path; contents without one are absent."""
        where, arguments = _filters(query)
        fits = _path_filter(query.path)
        found: dict[int, list[Document]] = {}
        for some in _in_parts(content_ids):
            sql = f"{_DOCUMENTS} WHERE documents.content_id IN ({_marks(some)}){where} ORDER BY path"
            for row in self._db.rows(sql, (*some, *arguments)):
                document = _document(row)
                if fits(document.path):
                    found.setdefault(row["content_id"], []).append(document)
        return found

    def with_files(self, content_ids: Iterable[int]) -> set[int]:
        """Those of the contents that a file has."""
        found: set[int] = set()
        for some in _in_parts(content_ids):
            sql = f"SELECT DISTINCT content_id FROM documents WHERE content_id IN ({_marks(some)})"  # noqa: S608 - marks only
            found.update(row[0] for row in self._db.rows(sql, some))
        return found

    def allowed(self, query: Query) -> dict[int, int]:
        """All contents of which the query's filters let a file through, with how many files that are."""
        where, arguments = _filters(query)
        if not query.path:
            sql = f"""SELECT content_id, count(*) FROM {_source(query)}
                      WHERE content_id IS NOT NULL{where} GROUP BY content_id"""  # noqa: S608 - conditions of ours
            return {row[0]: row[1] for row in self._db.rows(sql, arguments)}
        fits = _path_filter(query.path)
        found: dict[int, int] = {}
        sql = f"SELECT content_id, path FROM {_source(query)} WHERE content_id IS NOT NULL{where}"  # noqa: S608 - ours
        for row in self._db.rows(sql, arguments):
            if fits(os.fsdecode(row[1])):
                found[row[0]] = found.get(row[0], 0) + 1
        return found

    def owners_after(self, chunk_id: int) -> list[tuple[int, int]]:
        """Passage and content of all passages with a greater id, in their order."""
        rows = self._db.rows("SELECT id, content_id FROM chunks WHERE id > ? ORDER BY id", (chunk_id,))
        return [(row[0], row[1]) for row in rows]

    def version(self) -> tuple[int, int]:
        """Another one after every commit of anybody, within one thread."""
        row = self._db.row("PRAGMA data_version")
        return threading.get_ident(), int(row[0]) if row else 0

    def count_documents(self, content_ids: Iterable[int]) -> int:
        """How many files have one of these contents."""
        total = 0
        for some in _in_parts(content_ids):
            sql = f"SELECT count(*) FROM documents WHERE content_id IN ({_marks(some)})"  # noqa: S608 - marks only
            total += self._db.rows(sql, some)[0][0]
        return total

    def not_indexed(self, query: Query) -> list[tuple[Id, FileStatus, dict[str, int]]]:
        """Of the files that the query would search: collection, status and how many for which reason, of those that are
        not indexed."""
        where, arguments = _filters(query, files_only=True)
        fits = _path_filter(query.path)
        sql = f"""SELECT collection_id, status, reason, path FROM documents
                  WHERE status != '{FileStatus.INDEXED}'{where}"""  # noqa: S608 - conditions of ours
        groups: dict[tuple[str, str], dict[str, int]] = {}
        for row in self._db.rows(sql, arguments):
            if not query.path or fits(os.fsdecode(row["path"])):
                reasons = groups.setdefault((row["collection_id"], row["status"]), {})
                reasons[row["reason"]] = reasons.get(row["reason"], 0) + 1
        return [(collection, FileStatus(status), reasons) for (collection, status), reasons in sorted(groups.items())]


_SEARCHED: Final = """SELECT chunks.id, chunks.content_id, chunks.ordinal, chunks.text, chunks.headings, chunks.context,
       contents.title,
       (SELECT substr(first.text, 1, 200) FROM chunks AS first
        WHERE first.content_id = chunks.content_id AND first.ordinal = 0) AS beginning,
       (SELECT json_group_array(hex(path)) FROM documents WHERE documents.content_id = chunks.content_id) AS paths
   FROM chunks JOIN contents ON contents.id = chunks.content_id"""


def _searched(row: Any) -> Searched:
    paths = [os.fsdecode(bytes.fromhex(path)) for path in json.loads(row["paths"])]
    return Searched(
        row["id"],
        row["content_id"],
        row["ordinal"],
        row["text"],
        "\n".join(json.loads(row["headings"])),
        row["context"],
        row["title"] or _first_line(row["beginning"] or ""),
        tuple(dict.fromkeys(path.rpartition("/")[2] for path in paths)),
    )


def _first_line(beginning: str) -> str:
    """What stands alone at the beginning of a text without a title: its title, most often. Else nothing."""
    line, end, _rest = beginning.strip().partition("\n")
    return line if end and len(line) <= _LONGEST_TITLE else ""


def _chunk(row: Any) -> Chunk:
    return Chunk(
        row["ordinal"],
        row["start"],
        row["end"],
        row["text"],
        row["page"],
        row["label"],
        tuple(json.loads(row["headings"])),
        row["kind"],
        row["context"],
    )


def _document(row: Any) -> Document:
    return Document(
        row["id"],
        row["collection_id"],
        os.fsdecode(row["path"]),
        row["bytes"],
        row["modified_ns"],
        FileStatus(row["status"]),
        row["reason"],
        row["media_type"],
        row["title"],
        row["sha256"].hex(),
        row["chunks"],
    )


def _filters(query: Query, *, files_only: bool = False) -> tuple[str, tuple[Any, ...]]:
    """Conditions on ``documents`` (and ``contents``, unless ``files_only``), and their values."""
    conditions: list[str] = []
    values: list[Any] = []
    for column, wanted in (
        ("documents.collection_id", query.collections),
        ("documents.id", query.documents),
        ("contents.media_type", () if files_only else query.media_types),
    ):
        if wanted:
            conditions.append(f" AND {column} IN (SELECT value FROM json_each(?))")  # noqa: S608 - columns of ours
            values.append(json.dumps(list(wanted)))
    for comparison, when in ((">=", query.modified_after), ("<", query.modified_before)):
        if when is not None:
            conditions.append(f" AND documents.modified_ns {comparison} ?")
            values.append(round(when * 1e9))
    return "".join(conditions), tuple(values)


def _source(query: Query) -> str:
    """Where the conditions look; contents only where they are needed."""
    return "documents JOIN contents ON contents.id = documents.content_id" if query.media_types else "documents"


def _path_filter(pattern: str) -> Callable[[str], bool]:
    """Whether a path matches, in the manner of `.gitignore`."""
    if not pattern:
        return lambda _path: True
    from pathspec import GitIgnoreSpec

    # One pattern needs nothing of what a file of them takes: its expression alone is ten times as quick.
    expressions = [one.regex for one in GitIgnoreSpec.from_lines([pattern]).patterns if one.include and one.regex]
    return lambda path: any(one.match(path) for one in expressions)


def _in_parts(values: Iterable[int]) -> Iterable[tuple[int, ...]]:
    every = tuple(values)
    return (every[begin : begin + AT_ONCE] for begin in range(0, len(every), AT_ONCE))


def _marks(values: Sequence[int]) -> str:
    return ",".join("?" * len(values))

"""What was read of files, in index.db: the only SQL that writes contents and passages."""

from __future__ import annotations

import hashlib
import json
import os
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from workbench.db import Database
from workbench.documents.collection import Chunk, FileStatus
from workbench.documents.extract.document import Extracted, Section
from workbench.documents.storing.file_changes import name_again

TEXT_KEY_BYTES: Final = 16
_LEVEL: Final = 3  # of zlib: half the time of the usual one for a tenth more bytes
_NEWEST: Final = "SELECT max(sequence) FROM changes"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file that is to be read. ``asked``: a person asked for it, also where it has to be downloaded for that."""

    id: int
    collection_id: str
    path: str
    bytes: int
    modified_ns: int
    asked: bool = False

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Read:
    """A file was read and cut."""

    file: Waiting
    sha256: bytes
    extracted: Extracted
    chunks: tuple[Chunk, ...]


@dataclass(frozen=True, slots=True)
class Linked:
    """A file holds what was read before."""

    file: Waiting
    content_id: int


@dataclass(frozen=True, slots=True)
class Refused:
    """A file has nothing to give: ``status`` says how, ``reason`` why."""

    file: Waiting
    status: FileStatus
    reason: str


Outcome = Read | Linked | Refused
_Packed = tuple[dict[str, Any], list[tuple[Any, ...]]]
"""The columns of a content, and of its passages behind its id."""


@dataclass(frozen=True, slots=True)
class Content:
    """What was read of a file."""

    text: str
    media_type: str
    sections: tuple[Section, ...]
    notes: tuple[str, ...]


class ContentStore:
    """``now``: seconds since 1970, for what loses its last file."""

    def __init__(self, database: Database, reader: int, now: Callable[[], float]) -> None:
        """``reader``: the version of reading and cutting; what an older one read is read again."""
        self._db = database
        self._reader = reader
        self._now = now

    # Reading ----------------------------------------------------------------------------------------------------------

    def known(self, sha256: bytes, name: str) -> int | None:
        """The id of what was read of such a content under such a name, by this version of the reader."""
        row = self._db.row(
            "SELECT id FROM contents WHERE sha256 = ? AND ending = ? AND reader = ?",
            (sha256, ending(name), self._reader),
        )
        return None if row is None else int(row["id"])

    def content(self, document_id: int) -> Content | None:
        """None where nothing was read of the document."""
        row = self._db.row(
            """SELECT text, media_type, sections, notes FROM contents
               WHERE id = (SELECT content_id FROM documents WHERE id = ?)""",
            (document_id,),
        )
        if row is None:
            return None
        sections = tuple(Section(*one) for one in json.loads(row["sections"]))
        return Content(unpacked(row["text"]), row["media_type"], sections, tuple(json.loads(row["notes"])))

    def generation(self) -> int:
        """The largest number of a change of passages; 0 where there was none."""
        row = self._db.row(_NEWEST)
        return int(row[0] or 0) if row is not None else 0

    # Writing ----------------------------------------------------------------------------------------------------------

    def store(self, outcomes: Sequence[Outcome]) -> int:
        """What became of these files, in one transaction; returns how many passages are new.

        A file that was looked at again meanwhile, and is another one now, goes on waiting. What a file held before
        answers until this moment.
        """
        packed = [(one, _packed(one, self._reader) if isinstance(one, Read) else None) for one in outcomes]
        with self._db.write() as tx:  # short: others wait for their turn
            return sum(self._one(tx, outcome, columns) for outcome, columns in packed)

    def read_again(self) -> int:
        """Have the files wait whose text an older version of the reader read; they answer meanwhile. Returns how many."""
        old = "SELECT id FROM contents WHERE reader != ?"
        if self._db.row(f"SELECT 1 FROM contents WHERE reader != {self._reader} LIMIT 1") is None:  # noqa: S608 - a number
            return 0
        with self._db.write() as tx:
            done = tx.execute(
                f"UPDATE documents SET status = ?, tries = 0 WHERE status = ? AND content_id IN ({old})",  # noqa: S608
                (FileStatus.WAITING, FileStatus.INDEXED, self._reader),
            )
            return int(done.rowcount)

    def _one(self, tx: Any, outcome: Outcome, packed: _Packed | None) -> int:
        if isinstance(outcome, Refused):
            self._settle(tx, outcome.file, None, outcome.status, outcome.reason)
            return 0
        if isinstance(outcome, Linked):
            if _is_new_name(tx, outcome.file, outcome.content_id):
                name_again(tx, [outcome.content_id])
            self._link(tx, outcome.file, outcome.content_id)
            return 0
        assert packed is not None, "of what was read"  # noqa: S101 - for the type checker
        content_id, new = self._put(tx, outcome, packed)
        self._link(tx, outcome.file, content_id)
        return new

    def _put(self, tx: Any, read: Read, packed: _Packed) -> tuple[int, int]:
        """The content's id, and how many passages are new."""
        row = tx.execute(
            "SELECT id, reader FROM contents WHERE sha256 = ? AND ending = ?", (read.sha256, ending(read.file.name))
        ).fetchone()
        if row is not None and row["reader"] == self._reader:  # another file with it was read at the same time
            return int(row["id"]), 0
        values, rows = packed
        if row is None:
            content_id = _insert(tx, "contents", values)
        else:
            content_id = int(row["id"])
            tx.execute("DELETE FROM chunks WHERE content_id = ?", (content_id,))
            kept = ", ".join(f"{name} = :{name}" for name in values)
            tx.execute(f"UPDATE contents SET {kept} WHERE id = :id", {**values, "id": content_id})  # noqa: S608 - our names
        tx.conn.executemany(_INSERT_CHUNK, ((content_id, *one) for one in rows))
        return content_id, len(read.chunks)

    def _link(self, tx: Any, file: Waiting, content_id: int) -> None:
        row = tx.execute(
            "SELECT chunks, notes, media_type FROM contents WHERE id = ? AND reader = ?", (content_id, self._reader)
        ).fetchone()
        if row is None:  # it is being swept away, or was: the file is read
            return
        tx.execute("UPDATE contents SET left_at = NULL WHERE id = ? AND left_at IS NOT NULL", (content_id,))
        notes = tuple(json.loads(row["notes"]))
        status, reason = told(row["chunks"], row["media_type"], notes)
        self._settle(tx, file, content_id, status, reason)

    def _settle(self, tx: Any, file: Waiting, content_id: int | None, status: FileStatus, reason: str) -> None:
        same = "id = ? AND bytes = ? AND modified_ns = ? AND status = 'waiting'"
        place = (file.id, file.bytes, file.modified_ns)
        before = tx.execute(f"SELECT content_id FROM documents WHERE {same}", place).fetchone()  # noqa: S608 - a constant
        if before is None:
            return
        tries = "tries + 1" if status is FileStatus.FAILED else "0"
        tx.execute(
            f"UPDATE documents SET content_id = ?, status = ?, reason = ?, asked = 0, tries = {tries} WHERE {same}",  # noqa: S608
            (content_id, status, storable(reason), *place),
        )
        if before["content_id"] not in (None, content_id):
            tx.execute(
                """UPDATE contents SET left_at = ? WHERE id = ?
                   AND NOT EXISTS (SELECT 1 FROM documents WHERE content_id = contents.id)""",
                (self._now(), before["content_id"]),
            )


def _is_new_name(tx: Any, file: Waiting, content_id: int) -> bool:
    """Whether no file with this content is called so yet."""
    rows = tx.execute("SELECT path FROM documents WHERE content_id = ? AND id != ?", (content_id, file.id)).fetchall()
    return file.name not in {os.fsdecode(row["path"]).rpartition("/")[2] for row in rows}


def told(chunks: int, media_type: str, notes: Sequence[str]) -> tuple[FileStatus, str]:
    """What became of a file whose text was cut into so many passages, and what is told of it."""
    if chunks:
        return FileStatus.INDEXED, " ".join(notes)
    why = "It is a picture, and holds no text." if media_type.startswith("image/") else "There is no text in it."
    return FileStatus.SKIPPED, " ".join((*notes, why) if not notes or why not in notes else notes)


def ending(name: str) -> str:
    """What of a file's name decides how it is read: `.pdf` of `Report.PDF`, the whole of `Makefile`."""
    stem, dot, last = name.rpartition(".")
    return storable(f".{last}" if dot and stem else name).lower()


def text_key(searched: str) -> bytes:
    """What a vector belongs to: the text that was embedded."""
    return hashlib.blake2b(searched.encode("utf-8", "replace"), digest_size=TEXT_KEY_BYTES).digest()


def unpacked(text: bytes) -> str:
    return zlib.decompress(text).decode()


def storable(text: str) -> str:
    """Text that SQLite stores and gives back: lone surrogates become the replacement character."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def _packed(read: Read, reader: int) -> _Packed:
    """All that takes time."""
    return _columns(read, reader), list(_rows(read.chunks))


def _columns(read: Read, reader: int) -> dict[str, Any]:
    extracted = read.extracted
    return {
        "sha256": read.sha256,
        "ending": ending(read.file.name),
        "reader": reader,
        "media_type": extracted.media_type,
        "title": storable(getattr(extracted, "title", "")),
        "text": zlib.compress(extracted.text.encode("utf-8", "replace"), _LEVEL),
        "characters": len(extracted.text),
        "chunks": len(read.chunks),
        "sections": json.dumps([_section(one) for one in extracted.sections]),
        "notes": json.dumps(extracted.notes),
    }


def _section(section: Section) -> list[Any]:
    return [storable(section.label), section.start, getattr(section, "page", None)]


def _insert(tx: Any, table: str, values: dict[str, Any]) -> int:
    names = ", ".join(values)
    marks = ", ".join(f":{name}" for name in values)
    return int(tx.conn.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", values).lastrowid)  # noqa: S608 - our names


_INSERT_CHUNK: Final = """INSERT INTO chunks
    (content_id, ordinal, start, "end", text, page, label, headings, kind, context, text_key)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""


def _rows(chunks: Sequence[Chunk]) -> Iterable[tuple[Any, ...]]:
    for chunk in chunks:
        yield (
            chunk.ordinal,
            chunk.start,
            chunk.end,
            storable(chunk.text),
            chunk.page,
            storable(chunk.label),
            json.dumps(chunk.headings),
            chunk.kind,
            storable(chunk.context),
            text_key(chunk.searched),
        )

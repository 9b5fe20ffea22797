"""Writing what a look found different: the rows of `documents`, in the transaction of the caller."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import Any, Final

from workbench.documents.collection import FileStatus
from workbench.documents.scanning.comparing import CHANGED, NOT_READ, Delta, Twin
from workbench.documents.scanning.seen import Other, Stamp

SWEEPING: Final = -1
"""The reader of a content that is being taken away: nothing is linked to it any more."""

_FEW: Final = 100  # so many saved files are read before others; more are a tree that came
_INSERT: Final = """INSERT OR IGNORE INTO documents
    (collection_id, path, content_id, bytes, modified_ns, device, inode, status, reason, asked)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""
_CHANGE: Final = """UPDATE documents SET content_id = coalesce(?, content_id), bytes = ?, modified_ns = ?, device = ?,
    inode = ?, status = ?, reason = ?, asked = ?, tries = 0 WHERE id = ?"""


def write(tx: Any, delta: Delta, now: float) -> None:
    """``tx``: the sqlite-utils database of a write transaction. ``now``: seconds since 1970, for contents without files."""
    many = tx.conn.executemany
    left = [row.content_id for row in delta.gone]
    left += [row.content_id for row, _why in delta.set_aside]
    left += [row.content_id for row, _stamp in delta.changed if row.path in delta.twins]
    many("DELETE FROM documents WHERE id = ?", [(row.id,) for row in delta.gone])
    _move(many, delta)
    many(
        "UPDATE documents SET bytes = ?, modified_ns = ?, device = ?, inode = ? WHERE id = ?",
        [(*stamp, number) for number, stamp in delta.touched],
    )
    many(
        """UPDATE documents SET content_id = NULL, bytes = ?, modified_ns = ?, device = ?, inode = 0, status = ?,
           reason = ?, asked = 0, tries = 0 WHERE id = ?""",
        [(why.bytes, why.modified_ns, NOT_READ, why.status, why.reason, row.id) for row, why in delta.set_aside],
    )
    many(
        "UPDATE documents SET status = ?, reason = ? WHERE id = ?",
        [(why.status, why.reason, number) for number, why in delta.kept],
    )
    many(
        """UPDATE documents SET reason = '', status = CASE
           WHEN (SELECT chunks FROM contents WHERE id = documents.content_id) > 0 THEN 'indexed' ELSE 'waiting' END
           WHERE id = ?""",
        [(number,) for number in delta.back],
    )
    _fill(tx, delta)
    name_again(tx, (row.content_id for row, path, _stamp in delta.moved if _name(path) != _name(row.path)))
    leave(tx, left, now)


def leave(tx: Any, contents: Iterable[int | None], now: float) -> None:
    """Note those of these contents that have no file now."""
    tx.conn.executemany(
        """UPDATE contents SET left_at = ? WHERE id = ? AND left_at IS NULL
           AND NOT EXISTS (SELECT 1 FROM documents WHERE content_id = contents.id)""",
        [(now, content) for content in set(contents) if content is not None],
    )


def _move(many: Any, delta: Delta) -> None:
    """First out of each other's way: files may have taken each other's names."""
    many("UPDATE documents SET path = ? WHERE id = ?", [(b"\0%d" % row.id, row.id) for row, *_rest in delta.moved])
    many(
        "UPDATE documents SET path = ?, bytes = ?, modified_ns = ?, device = ?, inode = ? WHERE id = ?",
        [(os.fsencode(path), *stamp, row.id) for row, path, stamp in delta.moved],
    )


def name_again(tx: Any, contents: Iterable[int | None]) -> None:
    """Passages are found by the names of their files too: those of these contents come anew to whoever indexes them."""
    tx.conn.executemany(
        "INSERT INTO changes (chunk_id, came) SELECT id, 1 FROM chunks WHERE content_id = ?",
        [(content,) for content in set(contents) if content is not None],
    )


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _fill(tx: Any, delta: Delta) -> None:
    many, collection_id = tx.conn.executemany, delta.collection_id
    twins = _still_there(tx, delta)
    few = not delta.scan.whole and len(delta.new) + len(delta.changed) <= _FEW
    asked = CHANGED if few else 0
    many(_CHANGE, [(*_state(twins.get(row.path), stamp, asked), row.id) for row, stamp in delta.changed])
    many(
        _INSERT,
        ((collection_id, os.fsencode(path), *_state(twins.get(path), stamp, asked)) for path, stamp in delta.new),
    )
    many(_INSERT, ((collection_id, os.fsencode(path), *_aside(why)) for path, why in delta.aside))


def _state(twin: Twin | None, stamp: Stamp, asked: int) -> tuple[int | None, int, int, int, int, str, str, int]:
    if twin is None:
        return (None, *stamp, FileStatus.WAITING, "", asked)
    return (twin.content_id, *stamp, twin.status, twin.reason, 0)


def _aside(why: Other) -> tuple[None, int, int, int, int, str, str, int]:
    return (None, why.bytes, why.modified_ns, NOT_READ, 0, why.status, why.reason, 0)


def _still_there(tx: Any, delta: Delta) -> dict[str, Twin]:
    """Twins whose content was not swept away meanwhile; it has a file again."""
    if not delta.twins:
        return {}
    wanted = {twin.content_id for twin in delta.twins.values()}
    there: set[int] = set()
    for some in _slices(sorted(wanted), 500):
        marks = ", ".join("?" * len(some))
        sql = f"SELECT id FROM contents WHERE id IN ({marks}) AND reader != {SWEEPING}"  # noqa: S608 - marks and a number
        there.update(int(row[0]) for row in tx.execute(sql, some))
    tx.conn.executemany(
        "UPDATE contents SET left_at = NULL WHERE id = ? AND left_at IS NOT NULL", [(one,) for one in there]
    )
    return {path: twin for path, twin in delta.twins.items() if twin.content_id in there}


def _slices(values: Sequence[int], size: int) -> Iterable[Sequence[int]]:
    return (values[start : start + size] for start in range(0, len(values), size))

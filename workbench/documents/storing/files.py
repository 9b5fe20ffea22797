"""The files of folders in index.db: which there are, what became of each, and which wait to be read."""

from __future__ import annotations

import math
import os
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from workbench.db import Database
from workbench.documents.collection import Document, FileStatus
from workbench.documents.scanning.comparing import (
    ASKED_FOR,
    NOT_READ,
    Delta,
    Known,
    KnownRow,
    Twin,
    compare,
    identity,
    known_file,
    twin_of,
    waiting_of,
)
from workbench.documents.scanning.seen import FOLDER, Scan, Stamp
from workbench.documents.storing import file_changes, sweeping
from workbench.documents.storing.contents import Waiting, ending
from workbench.documents.storing.file_rows import AWAY, DOCUMENTS, LIKE, document_of, known_rows, likes, shown
from workbench.messages import Id

_REMEMBERED: Final = 50_000  # files that went, whose like may turn up elsewhere
_ONE_BY_ONE: Final = 500


@dataclass(frozen=True, slots=True)
class LookedAt:
    """``problem``: why nothing could be seen then, for a person; ``problem_kind`` as in `CollectionState`."""

    looked_at: float
    problem: str = ""
    problem_kind: str = ""


class FileStore:
    """All methods may be called from any thread, and raise `StorageError`."""

    def __init__(self, database: Database, now: Callable[[], float] = time.time) -> None:
        self._db = database
        self._now = now
        self._lock = threading.Lock()
        self._applied: dict[str, tuple[int, float]] = {}  # how many looks, and when the last of them began
        self._gone: OrderedDict[Stamp, Twin] = OrderedDict()

    # What is different ------------------------------------------------------------------------------------------------

    def diff(
        self,
        collection_id: Id,
        scan: Scan,
        readable: Callable[[str], bool] = lambda _path: True,
    ) -> Delta:
        """What the look saw that is not known; nothing is written. ``readable``: whether the system lets a file, relative
        to the root, be read now."""
        with self._lock:
            count, _began = self._applied.get(collection_id, (0, -1.0))
        delta = compare(self._known(collection_id, scan), scan, ending, readable)
        delta.collection_id, delta.look = collection_id, count
        if not delta.problem_kind:
            self._find_twins(delta)
        return delta

    def apply(self, delta: Delta) -> bool:
        """Write it. False where another look was written meanwhile: the folder is to be looked at again."""
        collection_id, scan = delta.collection_id, delta.scan
        with self._lock:
            count, began = self._applied.get(collection_id, (0, -1.0))
            if count != delta.look or scan.began < began:
                return False
            if not delta.empty or delta.problem_kind or scan.whole or self._has_problem(collection_id):
                with self._db.write() as tx:
                    if not delta.problem_kind:
                        file_changes.write(tx, delta, self._now())
                    self._note(tx, delta)
            self._applied[collection_id] = (count + 1, scan.began)
        self._remember(delta.gone)
        return True

    def look(self, collection_id: Id) -> LookedAt | None:
        """How the last look at the whole folder went; None before the first."""
        row = self._db.row(
            "SELECT looked_at, problem, problem_kind FROM looks WHERE collection_id = ?", (collection_id,)
        )
        return None if row is None else LookedAt(*row)

    # What there is ----------------------------------------------------------------------------------------------------

    def waiting(self, limit: int, skip: Collection[Id] = ()) -> tuple[Waiting, ...]:
        """Files to be read, the most wanted first; none of the folders in ``skip``, nor of those that are away."""
        marks = ", ".join("?" * len(skip))
        rows = self._db.rows(
            f"""SELECT id, collection_id, path, bytes, modified_ns, asked >= {ASKED_FOR}
                FROM documents INDEXED BY documents_waiting
                WHERE status = 'waiting' AND collection_id NOT IN ({marks})
                AND collection_id NOT IN (SELECT collection_id FROM looks WHERE problem_kind != '')
                ORDER BY asked DESC, bytes >> 20, modified_ns DESC LIMIT ?""",  # noqa: S608 - marks and a number
            (*skip, limit),
        )
        return tuple(Waiting(row[0], row[1], os.fsdecode(row[2]), row[3], row[4], bool(row[5])) for row in rows)

    def counts(self) -> dict[Id, dict[FileStatus, int]]:
        """How many files of each folder have which status; of a folder that is away, all that could be read are away."""
        away = self._folders_away()
        counts: dict[Id, dict[FileStatus, int]] = {}
        for row in self._db.rows(
            "SELECT collection_id, status, count(*) FROM documents GROUP BY status, collection_id ORDER BY collection_id"
        ):
            status = shown(FileStatus(row[1]), away.get(row[0]))
            one = counts.setdefault(row[0], {})
            one[status] = one.get(status, 0) + row[2]
        return counts

    def cloud_bytes(self) -> dict[Id, int]:
        """How many bytes of each folder a cloud drive keeps elsewhere."""
        rows = self._db.rows(
            "SELECT collection_id, sum(bytes) FROM documents WHERE status = 'in_cloud' GROUP BY collection_id"
        )
        return {row[0]: int(row[1]) for row in rows}

    def items(
        self, collection_id: Id, statuses: Sequence[FileStatus] = (), text: str = "", limit: int = 500, after: int = 0
    ) -> tuple[Document, ...]:
        """As `Documents.items`."""
        look = self.look(collection_id)
        away = AWAY.get(look.problem_kind) if look is not None else None
        where, values = ["documents.collection_id = ?"], [collection_id]
        if statuses:
            wanted = [status for status in FileStatus if shown(status, away) in statuses]
            where.append(f"documents.status IN ({', '.join('?' * len(wanted))})")
            values += wanted
        if text:
            forms = likes(text)
            where.append(f"({' OR '.join([LIKE] * len(forms))})")
            values += forms
        if after:
            where.append("documents.path > (SELECT path FROM documents WHERE id = ?)")
            values.append(str(after))
        rows = self._db.rows(
            f"{DOCUMENTS} WHERE {' AND '.join(where)} ORDER BY documents.path LIMIT ?",  # our own words
            (*values, limit),
        )
        return tuple(document_of(row, away, look.problem if look else "") for row in rows)

    def document(self, document_id: int) -> Document | None:
        rows = self._db.rows(f"{DOCUMENTS} WHERE documents.id = ?", (document_id,))
        return self._one(rows)

    def at(self, collection_id: Id, path: str) -> Document | None:
        """The file at this place, relative to its folder."""
        where = "WHERE documents.collection_id = ? AND documents.path = ?"
        return self._one(self._db.rows(f"{DOCUMENTS} {where}", (collection_id, os.fsencode(path))))

    # What people want -------------------------------------------------------------------------------------------------

    def retry(self, documents: Sequence[int]) -> tuple[tuple[Id, str], ...]:
        """Have these wait, before all others, whatever became of them; what is left out by rules stays so. Returns the
        folder and path of those that have to be looked at again instead: folders, and files that could not be seen."""
        again: list[tuple[Id, str]] = []
        with self._db.write() as tx:
            for number in documents:
                row = tx.execute(
                    "SELECT collection_id, path, status, modified_ns, device FROM documents WHERE id = ?", (number,)
                ).fetchone()
                if row is None or (row["device"] == NOT_READ and row["status"] == FileStatus.SKIPPED):
                    continue
                if row["modified_ns"] == FOLDER or (row["device"] == NOT_READ and row["status"] != FileStatus.IN_CLOUD):
                    again.append((row["collection_id"], os.fsdecode(row["path"])))
                else:
                    tx.execute(
                        "UPDATE documents SET status = 'waiting', reason = '', tries = 0, asked = ? WHERE id = ?",
                        (ASKED_FOR, number),
                    )
        return tuple(again)

    def forget(self, collection_id: Id) -> None:
        """All of a folder; what was read of it is swept later, without waiting."""
        with self._lock:
            self._applied[collection_id] = (0, math.inf)  # a look that is under way comes too late
            self._gone.clear()
        sweeping.forget(self._db, collection_id)

    def sweep(self, seconds: float) -> bool:
        """Take away what was read of files that are gone for a while, for about so long; True: there is more. No write
        takes long, so that others get their turn."""
        return sweeping.sweep(self._db, self._now(), seconds)

    # Inside -----------------------------------------------------------------------------------------------------------

    def _known(self, collection_id: Id, scan: Scan) -> Iterable[KnownRow]:
        if scan.whole:
            yield from known_rows(self._db, "collection_id = ?", (collection_id,))
            return
        for place in scan.places:
            path = os.fsencode(place)
            yield from known_rows(self._db, "collection_id = ? AND path = ?", (collection_id, path))
            below = (collection_id, path + b"/", path + b"0")  # "0" comes right after "/"
            yield from known_rows(self._db, "collection_id = ? AND path > ? AND path < ?", below)

    def _find_twins(self, delta: Delta) -> None:
        """Files that are known in another place, which was not looked at now or went before: nothing of them is read."""
        wanted = {stamp: path for path, stamp in waiting_of(delta) if identity(stamp) and path not in delta.twins}
        if not wanted:
            return
        for row in self._alike(wanted):
            path = wanted.get(row.stamp)
            twin = twin_of(row, ending)
            if path is not None and twin is not None and twin.ending == ending(path):
                delta.twins[path] = twin
        with self._lock:
            for stamp, path in wanted.items():
                gone = self._gone.get(stamp)
                if gone is not None and gone.ending == ending(path):
                    delta.twins.setdefault(path, gone)

    def _alike(self, wanted: dict[Stamp, str]) -> Iterable[Known]:
        if len(wanted) > _ONE_BY_ONE:
            yield from map(known_file, known_rows(self._db, "content_id IS NOT NULL", ()))
            return
        for stamp in wanted:
            where = "inode = ? AND device = ? AND content_id IS NOT NULL"
            yield from map(known_file, known_rows(self._db, where, (stamp[3], stamp[2])))

    def _remember(self, gone: Iterable[Known]) -> None:
        with self._lock:
            for row in gone:
                twin = twin_of(row, ending)
                if twin is not None and identity(row.stamp):
                    self._gone[row.stamp] = twin
            while len(self._gone) > _REMEMBERED:
                self._gone.popitem(last=False)

    def _note(self, tx: Any, delta: Delta) -> None:
        """A look at a part says of the whole only whether it can be seen."""
        if not delta.scan.whole and not delta.problem_kind:
            tx.execute(
                "UPDATE looks SET problem = '', problem_kind = '' WHERE collection_id = ?", (delta.collection_id,)
            )
            return
        tx.execute(
            "INSERT OR REPLACE INTO looks (collection_id, looked_at, problem, problem_kind) VALUES (?, ?, ?, ?)",
            (delta.collection_id, self._now(), delta.problem, delta.problem_kind),
        )

    def _has_problem(self, collection_id: Id) -> bool:
        look = self.look(collection_id)
        return look is not None and bool(look.problem_kind)

    def _folders_away(self) -> dict[Id, FileStatus]:
        rows = self._db.rows("SELECT collection_id, problem_kind FROM looks WHERE problem_kind != ''")
        return {row[0]: AWAY[row[1]] for row in rows if row[1] in AWAY}

    def _one(self, rows: list[Any]) -> Document | None:
        if not rows:
            return None
        look = self.look(rows[0]["collection_id"])
        away = AWAY.get(look.problem_kind) if look is not None else None
        return document_of(rows[0], away, look.problem if look else "")

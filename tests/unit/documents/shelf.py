"""Documents as they stand in ``index.db``, put there without being read; and vectors that are told, not computed."""

from __future__ import annotations

import hashlib
import json
import os
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from workbench.db import Database
from workbench.documents.collection import Collection
from workbench.documents.storing.chunks import ChunkStore
from workbench.documents.storing.schema import index as migrations


class Shelf:
    """``collections``: two folders, ``a`` and ``b``."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.database = Database(home / "index.db", migrations, backups=home, durable=False)
        self.store = ChunkStore(self.database)
        self.collections = {name: Collection(name, f"Folder {name}", home / name) for name in "ab"}

    def put(
        self,
        path: str,
        *passages: str,
        folder: str = "a",
        headings: Sequence[str] = (),
        media_type: str = "text/plain",
        modified: float = 1.0,
        title: str = "",
        pages: bool = False,
    ) -> list[int]:
        """A file with these passages, an empty line between each; returns the ids of the passages."""
        text = "\n\n".join(passages)
        sha256 = hashlib.sha256(text.encode()).digest()
        known = self.database.row("SELECT id FROM contents WHERE sha256 = ?", (sha256,))
        with self.database.write() as tx:
            content = known[0] if known else self._content(tx, sha256, text, media_type, title)
            tx.execute(
                """INSERT INTO documents (collection_id, path, content_id, bytes, modified_ns, status)
                   VALUES (?, ?, ?, 1, ?, 'indexed')""",
                (folder, os.fsencode(path), content, round(modified * 1e9)),
            )
            start = 0
            for ordinal, passage in enumerate(() if known else passages):
                tx.execute(
                    """INSERT INTO chunks (content_id, ordinal, start, "end", text, page, headings, text_key)
                       VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
                    (
                        content,
                        ordinal,
                        start,
                        start + len(passage),
                        passage,
                        ordinal + 1 if pages else None,
                        json.dumps(list(headings)),
                        hashlib.blake2b(passage.encode(), digest_size=16).digest(),
                    ),
                )
                start += len(passage) + 2
        return [
            row[0] for row in self.database.rows("SELECT id FROM chunks WHERE content_id = ? ORDER BY id", (content,))
        ]

    def put_unread(self, path: str, status: str, reason: str, folder: str = "a") -> None:
        with self.database.write() as tx:
            tx.execute(
                """INSERT INTO documents (collection_id, path, bytes, modified_ns, status, reason)
                   VALUES (?, ?, 1, 1, ?, ?)""",
                (folder, os.fsencode(path), status, reason),
            )

    def remove(self, path: str) -> None:
        """The file, and what was read of it."""
        with self.database.write() as tx:
            found = tx.execute("SELECT content_id FROM documents WHERE path = ?", (os.fsencode(path),)).fetchone()
            tx.execute("DELETE FROM documents WHERE path = ?", (os.fsencode(path),))
            tx.execute("DELETE FROM chunks WHERE content_id = ?", (found[0],))
            tx.execute("DELETE FROM contents WHERE id = ?", (found[0],))

    def forget_file(self, path: str) -> None:
        """The file only: what was read of it stays a while."""
        with self.database.write() as tx:
            tx.execute("DELETE FROM documents WHERE path = ?", (os.fsencode(path),))

    def _content(self, tx: Any, sha256: bytes, text: str, media_type: str, title: str) -> int:
        found = tx.execute(
            """INSERT INTO contents (sha256, ending, reader, media_type, title, text, characters)
               VALUES (?, '.txt', 1, ?, ?, ?, ?) RETURNING id""",
            (sha256, media_type, title, zlib.compress(text.encode()), len(text)),
        ).fetchone()
        return int(found[0])


class ToldVectors:
    """Cosines by passage, as if the question had them; ``asked``: how often a search was made."""

    def __init__(self, cosines: dict[int, float] | None = None) -> None:
        self.cosines = cosines or {}
        self.asked = 0

    def __len__(self) -> int:
        return len(self.cosines)

    def search(
        self, vector: Sequence[float], limit: int, allowed: Callable[..., Any] | None = None
    ) -> list[tuple[int, float]]:
        self.asked += 1
        ids = np.asarray(sorted(self.cosines), np.int64)
        kept = ids if allowed is None else ids[allowed(ids)]
        return sorted(((int(one), self.cosines[int(one)]) for one in kept), key=lambda pair: -pair[1])[:limit]

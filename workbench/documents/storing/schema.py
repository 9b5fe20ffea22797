"""The schema of ``index.db``, append-only. All of it can be made again from the files; workbench.db has the folders."""

from __future__ import annotations

import sqlite_utils
from sqlite_utils.migrations import Migrations

index = Migrations("index")


@index()
def m001_documents(db: sqlite_utils.Database) -> None:
    """Files, what was read of them, the passages, and their vectors.

    What was read belongs to a *content* (a sha256 and the ending of the name, which decides how it is read), not to a file:
    moving, renaming and copying read nothing again. A content without files stays a while, for a file may come back.
    A vector belongs to what was embedded (``text_key``: the first 16 bytes of its BLAKE2b), not to a passage.

    ``documents.path``: relative, as bytes; ``device``: -1 for what is not read; ``asked``: 1 for a file that was saved just
    now, 2 for one that a person asked for. ``contents.text``: zlib of UTF-8; ``chunks``: how many; ``sections``: JSON of
    [label, start, page]; ``reader``: the version of reading and cutting, -1 once it is swept away. ``chunks.headings``:
    JSON. ``vectors.codes``: signed bytes, the vector times 127 / ``scale``. ``changes``: which passages came (1) and went
    (0), in order; its largest ``sequence`` is the generation of the index, which caches beside it are checked by.
    ``facts``: what else is known of the whole.
    """
    for statement in (
        """CREATE TABLE contents (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            sha256 BLOB NOT NULL,
            ending TEXT NOT NULL,
            reader INTEGER NOT NULL,
            media_type TEXT NOT NULL,
            title TEXT NOT NULL DEFAULT '',
            text BLOB NOT NULL,
            characters INTEGER NOT NULL,
            chunks INTEGER NOT NULL DEFAULT 0,
            sections TEXT NOT NULL DEFAULT '[]',
            notes TEXT NOT NULL DEFAULT '[]',
            left_at REAL,
            UNIQUE (sha256, ending)
        )""",
        """CREATE TABLE documents (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            collection_id TEXT NOT NULL,
            path BLOB NOT NULL,
            content_id INTEGER REFERENCES contents(id),
            bytes INTEGER NOT NULL,
            modified_ns INTEGER NOT NULL,
            device INTEGER NOT NULL DEFAULT 0,
            inode INTEGER NOT NULL DEFAULT 0,
            status TEXT NOT NULL,
            reason TEXT NOT NULL DEFAULT '',
            tries INTEGER NOT NULL DEFAULT 0,
            asked INTEGER NOT NULL DEFAULT 0,
            UNIQUE (collection_id, path)
        )""",
        "CREATE INDEX documents_of_content ON documents(content_id)",
        "CREATE INDEX documents_by_status ON documents(status, collection_id)",
        "CREATE INDEX documents_by_inode ON documents(inode, device)",
        # In the order of reading: what somebody waits for, the small ones, the newest.
        """CREATE INDEX documents_waiting ON documents(asked DESC, bytes >> 20, modified_ns DESC)
            WHERE status = 'waiting'""",
        "CREATE INDEX contents_left ON contents(left_at) WHERE left_at IS NOT NULL",
        """CREATE TABLE chunks (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            content_id INTEGER NOT NULL REFERENCES contents(id),
            ordinal INTEGER NOT NULL,
            start INTEGER NOT NULL,
            "end" INTEGER NOT NULL,
            text TEXT NOT NULL,
            page INTEGER,
            label TEXT NOT NULL DEFAULT '',
            headings TEXT NOT NULL DEFAULT '[]',
            kind TEXT NOT NULL DEFAULT 'text',
            context TEXT NOT NULL DEFAULT '',
            text_key BLOB NOT NULL,
            UNIQUE (content_id, ordinal)
        )""",
        "CREATE INDEX chunks_by_text ON chunks(text_key, content_id)",
        """CREATE TABLE changes (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT,
            chunk_id INTEGER NOT NULL,
            came INTEGER NOT NULL
        )""",
        """CREATE TRIGGER chunk_came AFTER INSERT ON chunks BEGIN
            INSERT INTO changes (chunk_id, came) VALUES (new.id, 1);
        END""",
        """CREATE TRIGGER chunk_went AFTER DELETE ON chunks BEGIN
            INSERT INTO changes (chunk_id, came) VALUES (old.id, 0);
        END""",
        """CREATE TABLE embedding_models (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL UNIQUE,
            dimensions INTEGER NOT NULL,
            active INTEGER NOT NULL DEFAULT 0
        )""",
        """CREATE TABLE vectors (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            model_id INTEGER NOT NULL REFERENCES embedding_models(id) ON DELETE CASCADE,
            text_key BLOB NOT NULL,
            scale REAL NOT NULL,
            codes BLOB NOT NULL,
            UNIQUE (model_id, text_key)
        )""",
        """CREATE TABLE looks (
            collection_id TEXT PRIMARY KEY,
            looked_at REAL NOT NULL,
            problem TEXT NOT NULL DEFAULT '',
            problem_kind TEXT NOT NULL DEFAULT ''
        )""",
        "CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    ):
        db.execute(statement)

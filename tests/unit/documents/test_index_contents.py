"""What was read of files, in a real database: linked by content, replaced in one moment, and never torn."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from workbench.db import Database
from workbench.documents.collection import Chunk, FileStatus
from workbench.documents.extract.document import Extracted, Section
from workbench.documents.storing.contents import (
    ContentStore,
    Linked,
    Outcome,
    Read,
    Refused,
    Waiting,
    ending,
    text_key,
    told,
)
from workbench.documents.storing.index import MADE_AGAIN, mark_damaged, open_index
from workbench.documents.storing.schema import index
from workbench.errors import StorageError
from workbench.paths import Paths

NOW = 1000.0


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(tmp_path / "index.db", index, backups=tmp_path, durable=False)
    yield opened
    opened.close()


@pytest.fixture
def store(database: Database) -> ContentStore:
    return ContentStore(database, 1, lambda: NOW)


def file(database: Database, path: str, size: int = 1, modified_ns: int = 1) -> Waiting:
    """A file that was looked at and waits."""
    with database.write() as tx:
        made = tx.execute(
            "INSERT INTO documents (collection_id, path, bytes, modified_ns, status) VALUES ('c', ?, ?, ?, 'waiting')",
            (path.encode(), size, modified_ns),
        )
    assert made.lastrowid is not None
    return Waiting(made.lastrowid, "c", path, size, modified_ns)


def was_read(of: Waiting, text: str = "One. Two.", sha: bytes = b"1" * 32) -> Read:
    cut = tuple(
        Chunk(number, text.index(piece), text.index(piece) + len(piece), piece, headings=("Top",))
        for number, piece in enumerate(text.split())
    )
    return Read(of, sha, Extracted(text, "text/plain", (Section("Page 1", 0, 1),), ("A note.",)), cut)


def document(database: Database, number: int) -> Any:
    return database.row("SELECT * FROM documents WHERE id = ?", (number,))


def texts(database: Database) -> list[str]:
    return [row["text"] for row in database.rows("SELECT text FROM chunks ORDER BY id")]


def test_a_file_that_was_read_is_indexed_with_its_passages(database: Database, store: ContentStore) -> None:
    one = file(database, "a.txt")
    assert store.store([was_read(one)]) == 2
    row = document(database, one.id)
    assert (row["status"], row["reason"], row["tries"]) == ("indexed", "A note.", 0)
    assert texts(database) == ["One.", "Two."]
    content = store.content(one.id)
    assert content is not None
    assert (content.text, content.sections, content.notes) == ("One. Two.", (Section("Page 1", 0, 1),), ("A note.",))
    key = database.row("SELECT text_key FROM chunks WHERE ordinal = 0")
    assert key is not None
    assert key["text_key"] == text_key("Top\nOne.")
    assert store.generation() == 2


def test_a_copy_is_linked_and_adds_no_passages(database: Database, store: ContentStore) -> None:
    one, copy, twin = file(database, "a.txt"), file(database, "b.txt"), file(database, "c.txt")
    store.store([was_read(one), was_read(twin)])
    known = store.known(b"1" * 32, "b.txt")
    assert known is not None
    assert store.known(b"1" * 32, "b.md") is None
    assert store.store([Linked(copy, known)]) == 0
    assert len(texts(database)) == 2
    assert {document(database, one_of.id)["content_id"] for one_of in (one, copy, twin)} == {known}


def test_a_changed_file_answers_as_it_was_until_it_is_read(database: Database, store: ContentStore) -> None:
    one = file(database, "a.txt")
    store.store([was_read(one)])
    before = document(database, one.id)["content_id"]
    with database.write() as tx:
        tx.execute("UPDATE documents SET status = 'waiting', modified_ns = 2 WHERE id = ?", (one.id,))
    assert document(database, one.id)["content_id"] == before
    again = Waiting(one.id, "c", "a.txt", 1, 2)
    store.store([was_read(again, "Three.", b"2" * 32)])
    assert document(database, one.id)["content_id"] != before
    left = database.row("SELECT left_at FROM contents WHERE id = ?", (before,))
    assert left is not None
    assert left["left_at"] == NOW


def test_what_comes_back_before_it_is_swept_away_is_linked(database: Database, store: ContentStore) -> None:
    one = file(database, "a.txt")
    store.store([was_read(one)])
    known = store.known(b"1" * 32, "a.txt")
    assert known is not None
    with database.write() as tx:
        tx.execute("DELETE FROM documents")
        tx.execute("UPDATE contents SET left_at = 1")
    back = file(database, "moved.txt")
    store.store([Linked(back, known)])
    left = database.row("SELECT left_at FROM contents")
    assert left is not None
    assert left["left_at"] is None


def test_an_outcome_of_a_file_that_is_another_one_by_now_is_not_taken(database: Database, store: ContentStore) -> None:
    one = file(database, "a.txt", modified_ns=5)
    older = Waiting(one.id, "c", "a.txt", 1, 4)
    outcomes: list[Outcome] = [was_read(older), Refused(older, FileStatus.FAILED, "broken"), Linked(older, 99)]
    for outcome in outcomes:
        store.store([outcome])
        assert document(database, one.id)["status"] == "waiting"


def test_a_content_that_was_swept_away_meanwhile_is_read_again(database: Database, store: ContentStore) -> None:
    one = file(database, "a.txt")
    store.store([Linked(one, 12345)])
    assert document(database, one.id)["status"] == "waiting"


def test_failures_are_counted_and_keep_their_reason(database: Database, store: ContentStore) -> None:
    one = file(database, "a.txt")
    store.store([was_read(one)])
    for tries in (1, 2):
        with database.write() as tx:
            tx.execute("UPDATE documents SET status = 'waiting'")
        store.store([Refused(one, FileStatus.FAILED, "It is broken \udce9.")])
        row = document(database, one.id)
        assert (row["status"], row["tries"], row["content_id"]) == ("failed", tries, None)
        assert row["reason"] == "It is broken ?."


def test_a_file_without_text_is_skipped_and_says_why(database: Database, store: ContentStore) -> None:
    one = file(database, "empty.txt")
    store.store([Read(one, b"0" * 32, Extracted("", "text/plain"), ())])
    row = document(database, one.id)
    assert (row["status"], row["reason"]) == ("skipped", "There is no text in it.")
    assert told(0, "application/pdf", ("12 pages are pictures.",)) == (
        FileStatus.SKIPPED,
        "12 pages are pictures. There is no text in it.",
    )


def test_a_newer_reader_reads_again_what_answers_meanwhile(database: Database, store: ContentStore) -> None:
    one = file(database, "a.txt")
    store.store([was_read(one)])
    newer = ContentStore(database, 2, lambda: NOW)
    assert newer.read_again() == 1
    assert newer.known(b"1" * 32, "a.txt") is None
    row = document(database, one.id)
    assert row["status"] == "waiting"
    assert row["content_id"] is not None
    assert texts(database) == ["One.", "Two."]
    newer.store([was_read(one, "Other words.")])
    assert texts(database) == ["Other", "words."]
    assert document(database, one.id)["content_id"] == row["content_id"]
    assert newer.read_again() == 0


def test_files_are_stored_together_or_not_at_all(database: Database, store: ContentStore) -> None:
    one, two = file(database, "a.txt"), file(database, "b.txt")
    torn = Read(two, b"2" * 32, Extracted("x", "text/plain"), (Chunk(0, 0, 1, "x"), Chunk(0, 0, 1, "x")))
    with pytest.raises(StorageError):
        store.store([was_read(one), torn])
    assert document(database, one.id)["status"] == "waiting"
    assert not texts(database)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Report.PDF", ".pdf"),
        ("Makefile", "makefile"),
        (".profile", ".profile"),
        ("a.tar.gz", ".gz"),
        ("odd.\udce9", ".?"),
    ],
)
def test_the_ending_of_a_name(name: str, expected: str) -> None:
    assert ending(name) == expected


# Opening --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def paths(home: Path) -> Paths:
    made = Paths(home)
    made.prepare()
    return made


def test_a_damaged_index_is_made_again_and_told(paths: Paths) -> None:
    opened, words = open_index(paths, may_remake=True)
    assert words == ""
    opened.close()
    paths.index.write_bytes(b"This is no database, whatever it says." * 200)
    with pytest.raises(StorageError):
        open_index(paths, may_remake=False)
    opened, words = open_index(paths, may_remake=True)
    assert words == MADE_AGAIN
    assert opened.rows("SELECT * FROM documents") == []
    opened.close()


def test_an_index_that_was_found_damaged_is_made_again_at_the_next_opening(paths: Paths) -> None:
    opened, _words = open_index(paths, may_remake=True)
    file(opened, "a.txt")
    opened.close()
    mark_damaged(paths)
    opened, words = open_index(paths, may_remake=False)
    assert words == ""
    assert len(opened.rows("SELECT * FROM documents")) == 1
    opened.close()
    mark_damaged(paths)
    opened, words = open_index(paths, may_remake=True)
    assert words == MADE_AGAIN
    assert opened.rows("SELECT * FROM documents") == []
    opened.close()
    opened, words = open_index(paths, may_remake=True)
    assert words == ""
    opened.close()

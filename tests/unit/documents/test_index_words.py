"""Taking what was read into the index of words: a little here, much by a child."""

from __future__ import annotations

import threading
from pathlib import Path

from tests.patience import PATIENCE, until
from workbench.cancel import CancelToken
from workbench.db import Database
from workbench.documents.collection import Chunk
from workbench.documents.extract.document import Extracted
from workbench.documents.indexing.taking_in import MUCH, TakingIn
from workbench.documents.indexing.words_child import WORDS_FOLDER, take_in_apart
from workbench.documents.retrieval.asked import parse
from workbench.documents.retrieval.opening import open_words
from workbench.documents.storing.chunks import ChunkStore
from workbench.documents.storing.contents import ContentStore, Read, Waiting
from workbench.documents.storing.schema import index
from workbench.errors import StorageError
from workbench.paths import Paths


class Behind:
    """Words that are behind by so many changes."""

    def __init__(self, behind: int) -> None:
        self.left = behind
        self.here: list[int] = []
        self.rested = 0
        self.fails = False

    def behind(self) -> int:
        return self.left

    def rest(self) -> None:
        self.rested += 1

    def catch_up(self, _cancel: CancelToken, *, more: bool = False) -> int:
        assert more, "who reads goes on to write"
        if self.fails:
            self.fails = False
            raise StorageError("The disk is full.")
        self.here.append(self.left)
        self.left = 0
        return 0


def caught_up(words: Behind) -> list[int]:
    """How many changes a child was given."""
    given: list[int] = []

    def apart(_cancel: CancelToken) -> bool:
        given.append(words.left)
        words.left = 3  # what came meanwhile
        return True

    taking_in = TakingIn(lambda: words, apart, lambda: False)
    taking_in.start()
    try:
        for _time in range(100):
            if not taking_in.idle:
                taking_in.wait(0.1)
        assert taking_in.idle
    finally:
        taking_in.close()
    return given


def test_a_little_is_taken_in_here_and_much_by_a_child_first() -> None:
    little, much = Behind(MUCH - 1), Behind(MUCH)
    assert caught_up(little) == []
    assert little.here == [MUCH - 1]
    assert caught_up(much) == [MUCH]
    assert much.here == [3]


def test_a_failure_is_left_to_the_next_search() -> None:
    words = Behind(1)
    words.fails = True
    assert caught_up(words) == []
    assert words.left == 1


def test_a_failure_is_told_and_tried_again() -> None:
    """The disk may have room again, though nobody searches and nothing changes."""
    words = Behind(1)
    words.fails = True
    taking_in = TakingIn(lambda: words, lambda _cancel: True, lambda: False, again=0.3)
    taking_in.start()
    try:
        until(lambda: taking_in.trouble == "The disk is full.")
        assert taking_in.idle
        until(lambda: not taking_in.trouble)
        assert words.here == [1]
    finally:
        taking_in.close()


def test_it_ends_while_it_waits_for_more() -> None:
    reading = threading.Event()
    reading.set()
    taking_in = TakingIn(lambda: Behind(1), lambda _cancel: True, reading.is_set)
    taking_in.start()
    taking_in.wait(0.2)
    assert not taking_in.idle
    taking_in.close()


def test_what_waits_for_more_is_taken_in_as_soon_as_reading_ends() -> None:
    reading, ended = threading.Event(), threading.Event()
    reading.set()
    words = Behind(1)
    taking_in = TakingIn(lambda: words, lambda _cancel: True, reading.is_set, ended.set, patience=2 * PATIENCE)
    taking_in.start()
    try:
        taking_in.wait(0.05)
        assert words.here == []
        reading.clear()
        taking_in.nothing_comes()
        assert ended.wait(PATIENCE)
        assert words.here == [1]
        assert taking_in.idle
    finally:
        taking_in.close()


def test_the_real_child_takes_in_what_another_process_then_finds(home: Path) -> None:
    paths = Paths(home)
    paths.prepare()
    database = Database(paths.index, index, backups=paths.backups, durable=False)
    with database.write() as tx:
        tx.execute(
            "INSERT INTO documents (collection_id, path, bytes, modified_ns, status) VALUES ('c', ?, 1, 1, 'waiting')",
            (b"a.txt",),
        )
    file, text = Waiting(1, "c", "a.txt", 1, 1), "Whales sing."
    read = Read(file, b"1" * 32, Extracted(text, "text/plain"), (Chunk(0, 0, len(text), text),))
    ContentStore(database, 1, lambda: 0.0).store([read])
    assert take_in_apart(paths, CancelToken())
    words = open_words(home / WORDS_FOLDER, ChunkStore(database))
    assert words.behind() == 0
    assert [match.chunk_id for match in words.search(parse("whales"), 10)] == [1]
    words.close()
    database.close()

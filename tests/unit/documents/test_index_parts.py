"""The small decisions of indexing: how fast, in which turn, which places, and when others are told."""

from __future__ import annotations

import hashlib
import itertools
import os
import threading
from pathlib import Path

import pytest

from tests.patience import PATIENCE, until
from workbench.cancel import CancelToken
from workbench.documents.collection import Chunk, Collection, FileStatus, Phase
from workbench.documents.extract.document import DocumentError, Extracted, Why
from workbench.documents.indexing.lock import LOOK, READ, IndexLock, Wishes, wished
from workbench.documents.indexing.looks import MOST_PLACES, Looks
from workbench.documents.indexing.news import LEAST_SECONDS, News
from workbench.documents.indexing.pace import Pace
from workbench.documents.indexing.reading import read
from workbench.documents.indexing.rounds import FIRST_DELAY_SECONDS, LONGEST_DELAY_SECONDS, Rounds
from workbench.documents.scanning.scan import place_of
from workbench.documents.scanning.watched import Watched
from workbench.documents.storing.contents import Linked, Read, Refused, Waiting
from workbench.errors import Cancelled
from workbench.paths import Paths

# Pace -----------------------------------------------------------------------------------------------------------------


def test_a_pace_tells_rate_and_time_left_of_what_it_has_seen() -> None:
    pace = Pace(Phase.READING, 100, began=10.0)
    assert pace.progress.per_second is None
    assert pace.progress.seconds_left is None
    pace = pace.after(20, 12.0)
    assert pace.progress.done == 20
    assert pace.progress.per_second == 10.0
    assert pace.progress.seconds_left == 8.0


def test_a_pace_follows_a_rate_that_changes_without_jumping() -> None:
    pace = Pace(Phase.READING, 1000, began=0.0).after(20, 2.0).after(200, 4.0)
    rate = pace.progress.per_second
    assert rate is not None
    assert 10.0 < rate < 100.0


def test_more_done_than_was_known_is_no_more_than_all() -> None:
    assert Pace(Phase.READING, 1, began=0.0).after(3, 2.0).progress.total == 3


# Looks ----------------------------------------------------------------------------------------------------------------


def test_places_within_others_are_looked_at_once_and_folders_in_turn() -> None:
    looks = Looks()
    looks.want("a", ["x/y", "x", "x-z", "q"])
    looks.want("b")
    assert "a" in looks
    assert looks.take() == ("a", ("q", "x", "x-z"))
    assert looks.take() == ("b", ("",))
    assert looks.take() is None
    assert not looks


def test_many_places_are_the_whole_folder() -> None:
    looks = Looks()
    looks.want("a", [f"folder{number}" for number in range(MOST_PLACES + 1)])
    looks.want("a", ["one more"])
    assert looks.take() == ("a", ("",))


# Rounds ---------------------------------------------------------------------------------------------------------------


def waiting(
    number: int = 1, path: str = "a.txt", size: int = 1, modified_ns: int = 1, *, asked: bool = False
) -> Waiting:
    return Waiting(number, "c", path, size, modified_ns, asked)


def test_a_file_that_is_read_is_not_begun_again() -> None:
    rounds = Rounds()
    rounds.begins(waiting(1))
    assert rounds.ready([waiting(1), waiting(2)], 0.0) == [waiting(2)]
    rounds.ended(waiting(1))
    assert rounds.ready([waiting(1), waiting(2)], 0.0) == [waiting(1), waiting(2)]


def test_a_file_that_keeps_changing_is_left_alone_for_longer_and_longer() -> None:
    rounds, now, delays = Rounds(), 0.0, []
    for _time in range(9):
        rounds.changed_again(waiting(1), now)
        assert not rounds.ready([waiting(1)], now)
        moment = rounds.next_moment(now)
        assert moment is not None
        delays.append(moment - now)
        now = moment
        assert rounds.ready([waiting(1)], now) == [waiting(1)]
    assert delays[:3] == [FIRST_DELAY_SECONDS, 2 * FIRST_DELAY_SECONDS, 4 * FIRST_DELAY_SECONDS]
    assert delays[-1] == LONGEST_DELAY_SECONDS


def test_only_a_file_that_was_just_written_is_worth_waiting_for() -> None:
    rounds, told = Rounds(), []
    for now in range(5):
        rounds.changed_again(waiting(1), float(now))
        told.append(rounds.settling(float(now)))
    assert told == [True, True, True, False, False]


# News -----------------------------------------------------------------------------------------------------------------


def test_news_is_told_four_times_a_second_at_most_and_the_last_of_it_too() -> None:
    told: list[float] = []
    now = [0.0]
    news = News(lambda: told.append(now[0]), lambda: now[0])
    for step in range(8):
        now[0] = step / 10
        news.tell()
    assert len(told) == 3
    assert all(later - earlier >= LEAST_SECONDS for earlier, later in itertools.pairwise(told))
    news.flush()
    news.flush()
    assert len(told) == 4


# The lock and the wishes ----------------------------------------------------------------------------------------------


def test_one_process_reads_and_others_leave_their_wishes(home: Path) -> None:
    paths = Paths(home)
    paths.prepare()
    mine, other = IndexLock(paths), IndexLock(paths)
    assert not mine.taken()
    assert mine.acquire()
    assert mine.acquire()
    assert not other.acquire()
    assert other.taken()
    assert not other.held
    wishes = Wishes(paths)
    wishes.leave(LOOK, "abc")
    wishes.leave(READ)
    assert wishes.waits(LOOK, "abc")
    assert Wishes(paths).take() == ((LOOK, "abc"), (READ, None))
    assert wishes.take() == ()
    assert not wishes.waits(LOOK, "abc")
    mine.release()
    assert not other.taken()


def test_a_wish_for_a_folder_that_is_gone_is_none() -> None:
    folders = [Collection("a", "A", Path("/a")), Collection("b", "B", Path("/b"))]
    assert wished([(LOOK, "a"), (LOOK, "gone"), (READ, None)], folders) == {"a"}
    assert wished([(LOOK, None)], folders) == {"a", "b"}


# One file -------------------------------------------------------------------------------------------------------------


class OneReader:
    """Answers with what it was given, and does ``meanwhile`` first."""

    def __init__(self, answer: Extracted | DocumentError, meanwhile: object = None) -> None:
        self.answer, self.meanwhile = answer, meanwhile
        self.downloads: list[bool] = []

    def read_cut(
        self, _path: Path, _name: str, _cancel: CancelToken, *, download: bool = False
    ) -> tuple[Extracted, tuple[Chunk, ...]]:
        self.downloads.append(download)
        if callable(self.meanwhile):
            self.meanwhile()
        if isinstance(self.answer, DocumentError):
            raise self.answer
        return self.answer, ()


class Contents:
    def __init__(self, known: int | None = None) -> None:
        self._known = known

    def known(self, _sha256: bytes, _name: str) -> int | None:
        return self._known


OLD_NS = 1_700_000_000_000_000_007
TEXT = Extracted("Some text.", "text/plain")


def written(path: Path) -> None:
    """A while ago: what was written this moment may be written again."""
    path.write_text("Some text.")
    os.utime(path, ns=(OLD_NS, OLD_NS))


def looked_at(path: Path) -> Waiting:
    status = path.stat()
    return waiting(path=path.name, size=status.st_size, modified_ns=status.st_mtime_ns)


def test_a_file_is_hashed_and_read(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    written(path)
    outcome = read(tmp_path, looked_at(path), OneReader(TEXT), Contents(), CancelToken())
    assert isinstance(outcome, Read)
    assert outcome.sha256 == hashlib.sha256(b"Some text.").digest()
    assert outcome.extracted is TEXT


def test_a_content_that_is_known_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    written(path)
    reader = OneReader(TEXT)
    outcome = read(tmp_path, looked_at(path), reader, Contents(7), CancelToken())
    assert outcome == Linked(looked_at(path), 7)
    assert not reader.downloads


@pytest.mark.parametrize("when", ["before", "while"])
def test_a_file_that_is_written_is_looked_at_again(tmp_path: Path, when: str) -> None:
    path = tmp_path / "a.txt"
    written(path)
    file = looked_at(path)

    def write() -> None:
        path.write_text("Some other text.")

    if when == "before":
        write()
    reader = OneReader(TEXT, write if when == "while" else None)
    assert read(tmp_path, file, reader, Contents(), CancelToken()) is None


def test_a_file_that_went_while_its_reader_failed_is_no_failure(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    written(path)
    file = looked_at(path)
    reader = OneReader(DocumentError("broken"), path.unlink)
    assert read(tmp_path, file, reader, Contents(), CancelToken()) is None


@pytest.mark.parametrize("why", [Why.FAILED, Why.SKIPPED, Why.IN_CLOUD, Why.NO_PERMISSION])
def test_a_reason_is_kept_with_what_it_is(tmp_path: Path, why: Why) -> None:
    path = tmp_path / "a.txt"
    written(path)
    reader = OneReader(DocumentError("a.txt is odd.", why=why))
    outcome = read(tmp_path, looked_at(path), reader, Contents(), CancelToken())
    assert outcome == Refused(looked_at(path), FileStatus(why.value), "a.txt is odd.")


def test_what_became_of_a_pipe_is_looked_at_again_and_never_opened(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    os.mkfifo(path)
    assert read(tmp_path, looked_at(path), OneReader(TEXT), Contents(), CancelToken()) is None


def test_a_file_that_nobody_may_read_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    written(path)

    def refuse(*_arguments: object) -> int:
        raise PermissionError(13, "Permission denied")

    file = looked_at(path)
    monkeypatch.setattr("workbench.documents.indexing.reading.os.open", refuse)
    outcome = read(tmp_path, file, OneReader(TEXT), Contents(), CancelToken())
    assert isinstance(outcome, Refused)
    assert outcome.status is FileStatus.NO_PERMISSION


def test_a_drive_that_stops_to_answer_while_a_file_is_read_is_looked_at_again(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    written(path)
    watched, stuck = Watched(0.5), threading.Event()
    cancel = CancelToken()
    cancel.cancel()

    def work() -> None:
        stuck.wait(PATIENCE)

    with pytest.raises(Cancelled):
        watched.run(place_of(tmp_path), work, lambda: 0, cancel)
    reader = OneReader(Extracted("text", "text/plain"))
    assert read(tmp_path, looked_at(path), reader, Contents(), CancelToken(), watched) is None
    stuck.set()
    until(lambda: not watched.hangs(place_of(tmp_path)))
    assert isinstance(read(tmp_path, looked_at(path), reader, Contents(), CancelToken(), watched), Read)


def test_reading_ends_when_it_is_cancelled(tmp_path: Path) -> None:
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        read(tmp_path, waiting(), OneReader(TEXT), Contents(), cancel)


@pytest.mark.parametrize(
    ("age_ns", "whole_second", "again"), [(0, False, True), (10**9, False, False), (10**9, True, True)]
)
def test_a_file_that_was_written_this_moment_may_be_written_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, age_ns: int, whole_second: bool, again: bool
) -> None:
    path = tmp_path / "a.txt"
    written(path)
    modified = OLD_NS // 10**9 * 10**9 if whole_second else OLD_NS
    os.utime(path, ns=(modified, modified))
    monkeypatch.setattr("workbench.documents.indexing.reading.time.time_ns", lambda: modified + age_ns)
    outcome = read(tmp_path, looked_at(path), OneReader(TEXT), Contents(), CancelToken())
    assert (outcome is None) is again

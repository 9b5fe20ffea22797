"""Document folders from the files to the answer: real files, a real database, the real reader and the real embedder."""

from __future__ import annotations

import os
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from workbench import migrations
from workbench.assembly.documents import build_documents
from workbench.assembly.foundation import Foundation
from workbench.cancel import CancelToken
from workbench.clock import SystemClock
from workbench.db import Database
from workbench.documents.collection import CollectionState, FileStatus, Phase, Progress, Rules
from workbench.documents.desk import DocumentDesk
from workbench.documents.indexing import reading
from workbench.documents.indexing.words_child import WORDS_FOLDER
from workbench.documents.retrieval.hit import Query
from workbench.documents.storing.contents import Waiting
from workbench.documents.storing.index import MADE_AGAIN
from workbench.errors import Cancelled, StorageError, UsageError
from workbench.events import Bus, Changed, Topic
from workbench.jobs import Job, quiet_job
from workbench.paths import Paths
from workbench.settings import Settings

SOON = 60.0


@dataclass
class House:
    """A data home, and desks on it as several processes would have them."""

    paths: Paths
    opened: list[tuple[DocumentDesk, Database]] = field(default_factory=list)
    busy: bool = False
    told: int = 0

    def desk(self) -> DocumentDesk:
        database = Database(self.paths.database, migrations.workbench, backups=self.paths.backups)
        bus = Bus()
        bus.subscribe(self._count)
        base = Foundation(self.paths, database, SystemClock(), bus, Settings)
        desk = build_documents(base, lambda: self.busy)
        self.opened.append((desk, database))
        return desk

    def close(self) -> None:
        for desk, database in self.opened:
            desk.close()
            database.close()

    def _count(self, changed: Changed) -> None:
        assert changed.topics == {Topic.DOCUMENTS}
        self.told += 1


@pytest.fixture
def house(home: Path) -> Iterator[House]:
    paths = Paths(home)
    paths.prepare()
    made = House(paths)
    yield made
    made.close()


@pytest.fixture
def desk(house: House) -> DocumentDesk:
    return house.desk()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "Notes"
    (made / "animals").mkdir(parents=True)
    (made / "animals" / "whales.md").write_text("# Whales\n\nWhales sing in the deep sea.\n")
    (made / "bicycles.txt").write_text("A bicycle has two wheels and a chain.\n")
    return made


def found(desk: DocumentDesk, text: str) -> list[str]:
    return [hit.document.path for hit in desk.search(Query(text, as_typed=True), CancelToken()).hits]


def until(what: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SOON
    while not what():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.02)


def counts(state: CollectionState) -> dict[str, int]:
    return {status.value: count for status, count in state.counts.items() if count}


def read(desk: DocumentDesk) -> list[int]:
    """The ids of all passages: new ones where something was read."""
    return [row[0] for row in desk._opened.database.rows("SELECT id FROM chunks ORDER BY id")]


# Reading --------------------------------------------------------------------------------------------------------------


def test_a_folder_is_read_and_its_files_answer(desk: DocumentDesk, folder: Path) -> None:
    (folder / "noise.txt").write_bytes(bytes(range(256)) * 40)
    (folder / "empty.txt").write_text(" \n")
    os.mkfifo(folder / "pipe.txt")
    added = desk.add(folder)
    assert (added.name, added.path) == ("Notes", folder)
    news: list[object] = []
    desk.sync(Job(lambda event: news.append(event.payload)), added.id, vectors=True)
    state = desk.state("notes")
    assert counts(state) == {"indexed": 2, "skipped": 3}
    assert (state.chunks, state.embedded, state.problem, state.progress) == (2, 2, "", Progress())
    assert state.looked_at is not None
    reasons = {one.path: one.reason for one in desk.items(added.id, [FileStatus.SKIPPED])}
    assert reasons["empty.txt"] == "empty.txt is empty."
    assert "pipe" in reasons["pipe.txt"]
    assert reasons["noise.txt"]
    assert found(desk, "deep sea") == ["animals/whales.md"]
    by_meaning = desk.search(Query("vehicle that one pedals"), CancelToken())
    assert by_meaning.vectors
    assert by_meaning.hits[0].document.path == "bicycles.txt"
    assert news
    assert all(isinstance(one, Progress) for one in news)


def test_what_is_the_same_is_never_read_again(desk: DocumentDesk, folder: Path) -> None:
    added = desk.add(folder)
    desk.sync(quiet_job())
    before = read(desk)
    desk.sync(quiet_job())
    shutil.copyfile(folder / "bicycles.txt", folder / "copy.txt")
    (folder / "animals").rename(folder / "beasts")
    os.utime(folder / "bicycles.txt")
    desk.sync(quiet_job())
    assert counts(desk.state(added.id)) == {"indexed": 3}
    assert read(desk) == before
    assert found(desk, "deep sea") == ["beasts/whales.md"]
    moved = folder.rename(folder.with_name("Elsewhere"))
    desk.move(added.id, moved)
    desk.sync(quiet_job())
    assert read(desk) == before
    assert desk.state(added.id).collection.path == moved


def test_a_file_is_found_by_its_new_name_at_once(desk: DocumentDesk, folder: Path) -> None:
    desk.add(folder)
    desk.sync(quiet_job())
    before = read(desk)
    assert found(desk, "Velociped") == []
    (folder / "bicycles.txt").rename(folder / "Velociped.txt")
    shutil.copyfile(folder / "animals" / "whales.md", folder / "Leviathan.md")
    desk.sync(quiet_job())
    assert found(desk, "Velociped") == ["Velociped.txt"]
    assert found(desk, "Leviathan") != []
    assert read(desk) == before


def test_a_failure_keeps_its_reason_and_is_tried_again_when_the_file_changes(desk: DocumentDesk, folder: Path) -> None:
    (folder / "report.pdf").write_bytes(b"%PDF-1.7\nbroken")
    added = desk.add(folder)
    desk.sync(quiet_job())
    (failed,) = desk.items(added.id, [FileStatus.FAILED])
    assert failed.path == "report.pdf"
    assert failed.reason
    before = read(desk)
    desk.retry([failed.id])
    desk.sync(quiet_job())
    assert counts(desk.state(added.id)) == {"indexed": 2, "failed": 1}
    assert read(desk) == before
    (folder / "report.pdf").write_text("Now it is a text about lighthouses.")
    desk.sync(quiet_job())
    assert found(desk, "lighthouses") == ["report.pdf"]


def test_what_a_newer_reader_would_read_otherwise_is_read_again(
    house: House, desk: DocumentDesk, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.add(folder)
    desk.sync(quiet_job())
    before = read(desk)
    desk.close()
    monkeypatch.setattr("workbench.documents.chunking.chunk.READER_VERSION", 1_000_000)
    later = house.desk()
    assert found(later, "deep sea") == ["animals/whales.md"]
    later.sync(quiet_job())
    assert read(later) > before
    assert found(later, "deep sea") == ["animals/whales.md"]


def test_a_text_is_given_with_its_places_and_whether_it_changed(desk: DocumentDesk, folder: Path) -> None:
    desk.add(folder)
    desk.sync(quiet_job())
    document = desk.find_document(folder / "animals" / "whales.md")
    assert document is not None
    text = desk.text(document.id)
    hit = desk.search(Query("whales"), CancelToken()).hits[0]
    assert text.text[hit.chunk.start : hit.chunk.end] == hit.chunk.text
    assert (text.path, text.changed) == (folder / "animals" / "whales.md", False)
    (folder / "animals" / "whales.md").write_text("Something else.")
    assert desk.text(document.id).changed
    (folder / "animals" / "whales.md").unlink()
    assert desk.text(document.id).changed
    assert desk.find_document(folder.parent / "nowhere.md") is None
    with pytest.raises(UsageError):
        desk.text(4711)


# Attaching ------------------------------------------------------------------------------------------------------------


def test_what_is_no_folder_for_documents_is_refused(desk: DocumentDesk, folder: Path, house: House) -> None:
    desk.add(folder)
    for path in (folder, folder / "animals", folder.parent, folder / "bicycles.txt", folder / "none", house.paths.home):
        with pytest.raises(UsageError):
            desk.add(path)
    with pytest.raises(UsageError):
        desk.state("nothing")
    assert [state.collection.name for state in desk.collections()] == ["Notes"]


def test_a_folder_is_known_by_its_name_its_id_and_its_path(desk: DocumentDesk, folder: Path) -> None:
    added = desk.add(folder, "My notes")
    for word in ("my NOTES", added.id, added.id[:6], str(folder)):
        assert desk.state(word).collection.id == added.id


def test_other_rules_take_files_out_and_bring_them_back(desk: DocumentDesk, folder: Path) -> None:
    added = desk.add(folder, rules=Rules(exclude=("animals/",)))
    desk.sync(quiet_job())
    assert not found(desk, "deep sea")
    desk.change(added.id, rules=Rules(), name="Other", private=True)
    desk.sync(quiet_job())
    assert found(desk, "deep sea") == ["animals/whales.md"]
    state = desk.state("Other")
    assert state.collection.private


def test_a_removed_folder_answers_no_more_and_its_files_stay(desk: DocumentDesk, folder: Path) -> None:
    added = desk.add(folder)
    desk.sync(quiet_job())
    desk.remove(added.id)
    assert desk.collections() == ()
    assert not found(desk, "deep sea")
    assert (folder / "bicycles.txt").exists()


def test_a_paused_folder_answers_and_waits(desk: DocumentDesk, folder: Path) -> None:
    added = desk.add(folder)
    desk.sync(quiet_job())
    desk.pause(added.id, paused=True)
    (folder / "new.txt").write_text("Volcanoes.")
    desk.sync(quiet_job())
    assert desk.state(added.id).paused
    assert found(desk, "bicycle") == ["bicycles.txt"]
    assert not found(desk, "volcanoes")
    with pytest.raises(UsageError):
        desk.sync(quiet_job(), added.id)
    desk.pause(added.id, paused=False)
    desk.sync(quiet_job())
    assert found(desk, "volcanoes") == ["new.txt"]


def test_a_look_is_asked_for_without_waiting(house: House, desk: DocumentDesk, folder: Path) -> None:
    added = desk.add(folder)
    assert desk.follow()
    until(lambda: found(desk, "bicycle") == ["bicycles.txt"])
    looked_at = desk.state(added.id).looked_at
    desk.look(added.id)
    until(lambda: desk.state(added.id).looked_at != looked_at)


# Following ------------------------------------------------------------------------------------------------------------


def test_a_followed_folder_answers_as_its_files_are_now(house: House, desk: DocumentDesk, folder: Path) -> None:
    assert not desk.follow()
    added = desk.add(folder)
    until(lambda: found(desk, "deep sea") == ["animals/whales.md"])
    (folder / "bicycles.txt").write_text("A tricycle has three wheels.\n")
    until(lambda: found(desk, "tricycle") == ["bicycles.txt"])
    assert not found(desk, "chain")
    (folder / "animals").rename(folder / "beasts")
    until(lambda: found(desk, "deep sea") == ["beasts/whales.md"])
    (folder / "beasts" / "whales.md").unlink()
    until(lambda: not found(desk, "deep sea"))
    (folder / "new").mkdir()
    (folder / "new" / "volcano.md").write_text("Volcanoes erupt.")
    until(lambda: found(desk, "volcanoes") == ["new/volcano.md"])
    until(lambda: desk.state(added.id).embedded == desk.state(added.id).chunks == 2)
    assert house.told


def test_a_folder_that_is_away_is_offline_and_still_answers(desk: DocumentDesk, folder: Path) -> None:
    added = desk.add(folder)
    desk.sync(quiet_job())
    before = read(desk)
    away = folder.rename(folder.with_name("unplugged"))
    desk.sync(quiet_job())
    state = desk.state(added.id)
    assert state.problem_kind == "missing"
    assert state.problem
    assert counts(state) == {"offline": 2}
    assert found(desk, "deep sea") == ["animals/whales.md"]
    away.rename(folder)
    desk.sync(quiet_job())
    state = desk.state(added.id)
    assert (state.problem, counts(state)) == ("", {"indexed": 2})
    assert read(desk) == before


def test_vectors_wait_while_a_person_is_answered(house: House, desk: DocumentDesk, folder: Path) -> None:
    house.busy = True
    added = desk.add(folder)
    desk.sync(quiet_job())
    assert found(desk, "deep sea") == ["animals/whales.md"]
    assert desk.state(added.id).embedded == 0
    assert desk.state(added.id).progress.phase is Phase.EMBEDDING
    house.busy = False
    desk.sync(quiet_job(), vectors=True)
    assert desk.state(added.id).embedded == 2


# Several processes ----------------------------------------------------------------------------------------------------


def test_one_process_reads_and_does_what_another_one_asks(house: House, desk: DocumentDesk, folder: Path) -> None:
    desk.add(folder)
    assert desk.follow()
    other = house.desk()
    assert not other.follow()
    assert other.runs_elsewhere()
    (folder / "new.txt").write_text("Volcanoes.")
    other.sync(quiet_job(), vectors=True)
    assert found(other, "volcanoes") == ["new.txt"]
    second = folder.with_name("More")
    second.mkdir()
    (second / "ship.txt").write_text("A ship.")
    added = other.add(second)
    until(lambda: found(other, "ship") == ["ship.txt"])
    (failed,) = other.items(added.id)
    other.retry([failed.id])
    until(lambda: counts(other.state(added.id)) == {"indexed": 1})
    desk.close()
    other.changed_elsewhere()
    assert not other.runs_elsewhere()
    (folder / "newer.txt").write_text("Glaciers.")
    until(lambda: found(other, "glaciers") == ["newer.txt"])


def test_waiting_for_another_process_goes_on_here_when_that_one_ends(
    house: House, desk: DocumentDesk, folder: Path
) -> None:
    desk.add(folder)
    assert desk.follow()
    desk.sync(quiet_job())
    other = house.desk()
    (added,) = other.collections()
    desk.pause(added.collection.id, paused=True)  # so that it does not do what it is asked
    desk._collections.pause(added.collection.id, paused=False)
    (folder / "new.txt").write_text("Volcanoes.")
    closing = threading.Timer(0.6, desk.close)
    closing.start()
    other.sync(quiet_job())
    closing.join()
    assert found(other, "volcanoes") == ["new.txt"]


def test_waiting_ends_when_it_is_cancelled(house: House, desk: DocumentDesk, folder: Path) -> None:
    house.busy = True
    desk.add(folder)
    job = quiet_job()
    threading.Timer(0.5, job.cancel.cancel).start()
    with pytest.raises(Cancelled):
        desk.sync(job, vectors=True)


# Trouble --------------------------------------------------------------------------------------------------------------


def test_a_full_disk_pauses_reading_says_so_and_loses_nothing(
    desk: DocumentDesk, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    added = desk.add(folder)
    contents = desk._opened.contents
    store = contents.store

    def full(*_arguments: object) -> int:
        raise StorageError("The disk with index.db is full.")

    monkeypatch.setattr(contents, "store", full)
    with pytest.raises(StorageError, match="full"):
        desk.sync(quiet_job())
    state = desk.state(added.id)
    assert (state.problem, counts(state)) == ("The disk with index.db is full.", {"waiting": 2})
    monkeypatch.setattr(contents, "store", store)
    until(lambda: not synced_again(desk))
    assert counts(desk.state(added.id)) == {"indexed": 2}
    assert desk.state(added.id).problem == ""


def test_what_reads_and_may_not_start_is_told_with_the_folder_and_no_file_fails(
    desk: DocumentDesk, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "python").write_bytes(b"")
    added = desk.add(folder)
    with monkeypatch.context() as instead:
        instead.setattr(sys, "executable", str(tmp_path / "python"))
        with pytest.raises(StorageError, match="could not be started"):
            desk.sync(quiet_job())
        state = desk.state(added.id)
        assert "could not be started" in state.problem
        assert counts(state) == {"waiting": 2}
    until(lambda: not synced_again(desk))
    assert counts(desk.state(added.id)) == {"indexed": 2}
    assert desk.state(added.id).problem == ""


def test_damage_that_is_met_while_reading_is_mended_at_once_and_told(
    desk: DocumentDesk, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    added = desk.add(folder)
    before = desk._opened

    def damaged(*_arguments: object) -> int:
        raise StorageError("index.db is damaged and was left as it is.")

    monkeypatch.setattr(before.contents, "store", damaged)
    desk.sync(quiet_job())
    assert desk._opened is not before
    assert desk.told == MADE_AGAIN
    assert counts(desk.state(added.id)) == {"indexed": 2}
    assert found(desk, "deep sea") == ["animals/whales.md"]


def test_damage_that_the_folders_meet_by_themselves_is_mended_without_a_word(
    desk: DocumentDesk, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not desk.follow()
    added = desk.add(folder)
    until(lambda: counts(desk.state(added.id)) == {"indexed": 2})
    before = desk._opened

    def damaged(*_arguments: object) -> int:
        raise StorageError("index.db is damaged and was left as it is.")

    monkeypatch.setattr(before.contents, "store", damaged)
    (folder / "new.txt").write_text("A giraffe is tall.")
    until(lambda: desk._index is not before)
    until(lambda: found(desk, "giraffe") == ["new.txt"])
    assert desk.told == MADE_AGAIN


def test_damage_that_a_search_meets_is_mended_too(
    desk: DocumentDesk, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.add(folder)
    desk.sync(quiet_job())
    before = desk._opened

    def damaged(*_arguments: object) -> object:
        raise StorageError("index.db is damaged and was left as it is.")

    monkeypatch.setattr(before.search, "find", damaged)
    with pytest.raises(StorageError, match="damaged"):
        found(desk, "deep sea")
    until(lambda: desk._index is not before and desk._index is not None)
    desk.sync(quiet_job())
    assert found(desk, "deep sea") == ["animals/whales.md"]


def test_a_disk_that_damages_the_index_again_is_told(
    house: House, desk: DocumentDesk, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.add(folder)

    def damaged(*_arguments: object) -> int:
        raise StorageError("index.db is damaged and was left as it is.")

    monkeypatch.setattr("workbench.documents.storing.contents.ContentStore.store", damaged)
    with pytest.raises(StorageError, match="damaged"):
        desk.sync(quiet_job())
    desk.close()
    monkeypatch.undo()
    again = house.desk()
    again.sync(quiet_job())
    assert again.told == MADE_AGAIN
    assert found(again, "deep sea") == ["animals/whales.md"]


def test_another_process_that_writes_for_long_is_no_trouble(
    desk: DocumentDesk, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    added = desk.add(folder)
    contents = desk._opened.contents
    store, refusals = contents.store, [1, 2]

    def locked(outcomes: Any) -> int:
        if refusals:
            refusals.pop()
            raise StorageError("index.db is locked by another program.")
        return store(outcomes)

    monkeypatch.setattr(contents, "store", locked)
    desk.sync(quiet_job())
    assert counts(desk.state(added.id)) == {"indexed": 2}


def synced_again(desk: DocumentDesk) -> str:
    """The trouble that is left."""
    try:
        desk.sync(quiet_job())
    except StorageError as error:
        return error.message
    return ""


def test_a_damaged_or_deleted_index_is_made_again_by_itself(house: House, desk: DocumentDesk, folder: Path) -> None:
    desk.add(folder)
    desk.sync(quiet_job())
    desk.close()
    for damage in (b"x" * 40_000, b""):
        house.paths.index.unlink()
        if damage:
            house.paths.index.write_bytes(damage)
        again = house.desk()
        again.sync(quiet_job())
        assert found(again, "deep sea") == ["animals/whales.md"]
        again.close()


def test_a_bug_in_one_file_fails_that_file_alone(
    desk: DocumentDesk, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(root: Path, file: Waiting, *rest: Any) -> object:
        if file.path == "bicycles.txt":
            raise ZeroDivisionError
        return reading.read(root, file, *rest)

    monkeypatch.setattr("workbench.documents.indexing.indexer.read", broken)
    added = desk.add(folder)
    desk.sync(quiet_job())
    (failed,) = desk.items(added.id, [FileStatus.FAILED])
    assert (failed.path, failed.reason) == ("bicycles.txt", "It could not be read (ZeroDivisionError).")
    assert found(desk, "deep sea") == ["animals/whales.md"]


def test_nothing_is_opened_before_a_folder_is_attached(house: House, desk: DocumentDesk) -> None:
    assert desk.collections() == ()
    assert not desk.follow()
    assert not desk.changed_elsewhere()
    assert not house.paths.index.exists()
    assert not (house.paths.home / WORDS_FOLDER).exists()

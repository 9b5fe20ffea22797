"""The index is made again by the process that reads the folders; those that have the damaged file open go on with the new
one. The other process is a real one."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.patience import until
from tests.unit.documents.test_desk import House, found
from workbench.db import Database
from workbench.documents.desk import DocumentDesk
from workbench.documents.storing.index import mark_damaged, marked_damaged, open_index
from workbench.documents.storing.schema import index
from workbench.errors import StorageError
from workbench.jobs import quiet_job
from workbench.paths import Paths

ASKING = """
import json, sys
from pathlib import Path
from tests.unit.documents.test_desk import House, found
from workbench.errors import StorageError
from workbench.paths import Paths

house = House(Paths(Path(sys.argv[1])))
desk = house.desk()
for line in sys.stdin:
    try:
        answer = found(desk, line.strip())
    except StorageError as error:
        answer = [error.message]
    print(json.dumps(answer), flush=True)
house.close()
"""


@pytest.fixture
def house(home: Path) -> Iterator[House]:
    paths = Paths(home)
    paths.prepare()
    made = House(paths)
    yield made
    made.close()


@pytest.fixture
def desk(house: House, tmp_path: Path) -> DocumentDesk:
    (tmp_path / "Notes").mkdir()
    (tmp_path / "Notes" / "whales.md").write_text("# Whales\n\nWhales sing in the deep sea.\n")
    desk = house.desk()
    desk.add(tmp_path / "Notes")
    desk.sync(quiet_job())
    return desk


@pytest.fixture
def elsewhere(house: House, desk: DocumentDesk) -> Iterator[Callable[[str], list[str]]]:
    """What another process finds, which has the index open all the time."""
    del desk
    with subprocess.Popen(
        [sys.executable, "-c", ASKING, str(house.paths.home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        questions, answers = child.stdin, child.stdout
        assert questions is not None
        assert answers is not None

        def asked(text: str) -> list[str]:
            questions.write(f"{text}\n")
            questions.flush()
            return [str(one) for one in json.loads(answers.readline())]

        yield asked
        questions.close()


def ruin(desk: DocumentDesk) -> None:
    """All of the file but its first page."""
    database = desk._opened.database
    with database._lock:
        database._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    size = database.path.stat().st_size
    with database.path.open("r+b") as file:
        file.seek(4096)
        file.write(b"x" * (size - 4096))


def make_again(desk: DocumentDesk) -> None:
    before = desk._opened
    desk._held.found_damaged()
    until(lambda: desk._index not in (None, before))


def test_another_process_goes_on_with_the_index_that_was_made_again(
    desk: DocumentDesk, elsewhere: Callable[[str], list[str]], tmp_path: Path
) -> None:
    assert elsewhere("deep sea") == ["whales.md"]
    before = desk._opened
    assert desk.follow()
    ruin(desk)
    (tmp_path / "Notes" / "giraffes.txt").write_text("A giraffe is tall.")
    until(lambda: desk._index not in (None, before))
    until(lambda: elsewhere("giraffe") == ["giraffes.txt"])
    assert elsewhere("deep sea") == ["whales.md"]


def test_a_page_that_shows_the_folders_hears_of_it(house: House, desk: DocumentDesk) -> None:
    other = house.desk()
    assert other.state("Notes").chunks == 1
    before, told = other._opened, house.told
    assert desk.follow()
    make_again(desk)
    until(lambda: found(desk, "deep sea") == ["whales.md"])
    assert other.changed_elsewhere()
    assert other._opened is not before
    assert house.told > told
    assert other.state("Notes").chunks == 1
    assert not other.changed_elsewhere()


def test_a_question_that_is_under_way_is_asked_again(house: House, desk: DocumentDesk) -> None:
    """The old file is let go of in the middle of it."""
    other = house.desk()
    assert found(other, "deep sea") == ["whales.md"]
    assert desk.follow()
    asked = []

    def question(opened: object) -> str:
        asked.append(opened)
        if len(asked) == 1:
            make_again(desk)
            raise StorageError("index.db is damaged and was left as it is.")
        return "answered"

    assert other._held.ask(question) == "answered"
    assert not marked_damaged(house.paths)  # what was damaged is gone


def test_an_index_that_is_removed_while_it_is_read_into_is_made_again(house: House, desk: DocumentDesk) -> None:
    assert desk.follow()
    before = desk._opened
    house.paths.index.unlink()
    desk.changed_elsewhere()
    until(lambda: desk._index not in (None, before))
    until(lambda: found(desk, "deep sea") == ["whales.md"])
    assert house.paths.index.exists()


def test_whoever_may_not_make_it_again_leaves_the_word_to_whoever_may(house: House, desk: DocumentDesk) -> None:
    del desk
    mark_damaged(house.paths)
    open_index(house.paths, may_remake=False)[0].close()
    assert marked_damaged(house.paths)


def test_a_file_knows_whether_another_one_stands_in_its_place(tmp_path: Path) -> None:
    path = tmp_path / "index.db"
    database = Database(path, index, backups=tmp_path)
    assert not database.replaced()
    path.rename(tmp_path / "moved.db")
    assert database.replaced()
    path.write_bytes(b"")
    assert database.replaced()
    (tmp_path / "moved.db").replace(path)
    assert not database.replaced()
    database.close()

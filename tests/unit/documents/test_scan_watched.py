"""A drive that stops to answer in the middle of a look: told, and nobody waits for it."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.patience import PATIENCE, until
from workbench.cancel import CancelToken
from workbench.documents.collection import Rules
from workbench.documents.scanning import rooted
from workbench.documents.scanning.scan import scan
from workbench.documents.scanning.watched import Watched
from workbench.errors import Cancelled


@pytest.fixture
def stuck() -> Iterator[threading.Event]:
    """What a call to the drive waits for."""
    event = threading.Event()
    yield event
    event.set()


def test_a_look_that_comes_back_is_as_any_other(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a")
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "b.txt").write_text("b")
    seen = scan(tmp_path, Rules(), CancelToken(), watched=Watched())
    plain = scan(tmp_path, Rules(), CancelToken())
    assert (seen.files, seen.problem) == (plain.files, "")


def test_a_drive_that_hangs_within_a_look_does_not_answer(tmp_path: Path, stuck: threading.Event) -> None:
    """The file system is real, what asks a cloud drive about a file hangs: as a call to the drive does."""
    (tmp_path / "a.txt").write_text("a")
    watched = Watched(0.5)

    def hangs(_status: os.stat_result) -> bool:
        stuck.wait(PATIENCE)
        return False

    seen = scan(tmp_path, Rules(), CancelToken(), elsewhere=hangs, watched=watched)
    assert (seen.problem, seen.problem_kind) == (rooted.NO_ANSWER.problem, rooted.OFFLINE)
    assert watched.hangs(str(tmp_path))
    again = scan(tmp_path, Rules(), CancelToken(), elsewhere=hangs, watched=watched)
    assert again.problem_kind == rooted.OFFLINE, "nothing else begins to wait there"
    stuck.set()
    until(lambda: not watched.hangs(str(tmp_path)))
    assert list(scan(tmp_path, Rules(), CancelToken(), watched=watched).files) == ["a.txt"]


def test_whoever_waits_for_a_drive_that_hangs_can_end_that(stuck: threading.Event) -> None:
    watched, cancel = Watched(PATIENCE), CancelToken()
    begun = threading.Event()

    def work() -> None:
        begun.set()
        stuck.wait(PATIENCE)

    def give_up() -> None:
        begun.wait(PATIENCE)
        cancel.cancel()

    person = threading.Thread(target=give_up)
    person.start()
    with pytest.raises(Cancelled):
        watched.run("place", work, lambda: 0, cancel)
    person.join()
    assert watched.hangs("place")


def test_slow_is_not_hanging() -> None:
    steps = iter(range(10_000))

    def work() -> None:
        threading.Event().wait(1.2)

    assert Watched(0.3).run("place", work, lambda: next(steps), CancelToken())


def test_what_goes_wrong_is_raised_to_who_waits() -> None:
    def work() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        Watched().run("place", work, lambda: 0, CancelToken())

"""A person of another process goes first too: the files that tell of them, and what runs in the background."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.patience import until
from workbench import ownership
from workbench.cancel import CancelToken
from workbench.engine.scheduling.lane import Interrupted, Lane
from workbench.engine.scheduling.persons import Persons
from workbench.errors import Cancelled

ONE, TWO = Path("/models/one.gguf"), Path("/models/two.gguf")
ANOTHER = """
import sys, pathlib
from workbench.engine.scheduling.persons import Persons
Persons(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])).come()
print("there", flush=True)
sys.stdin.read()
"""


def neighbour(folder: Path, model: Path = ONE) -> Persons:
    """What the process beside this one tells: one that lives as long as the test."""
    return Persons(folder, model, ownership.of(os.getppid()))


def test_others_hear_of_a_person_and_no_process_of_its_own(tmp_path: Path) -> None:
    folder = tmp_path / "asking"
    here, there = Persons(folder, ONE), neighbour(folder)
    assert not here.waits()
    there.come()
    assert here.waits()
    assert not there.waits()
    assert not Persons(folder, TWO).waits(), "it is another model's person"
    there.leave()
    there.leave()
    assert not here.waits()


def test_a_person_of_a_process_that_was_killed_is_forgotten(tmp_path: Path) -> None:
    command = [sys.executable, "-c", ANOTHER, str(tmp_path), str(ONE)]
    here = Persons(tmp_path, ONE)
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"there\n"
        assert here.waits()
        process.kill()
        process.wait()
        assert not here.waits()
        assert not list(tmp_path.iterdir())


def test_where_nothing_can_be_written_nobody_is_told(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.touch()
    persons = Persons(blocked, ONE)
    persons.come()
    persons.leave()
    assert not neighbour(blocked).waits()


def test_a_person_elsewhere_interrupts_what_runs_in_the_background(tmp_path: Path) -> None:
    lane, there = Lane(Persons(tmp_path, ONE)), neighbour(tmp_path)
    with pytest.raises(Interrupted), lane.background(CancelToken()) as token:
        there.come()
        until(lambda: token.cancelled)
        token.check()


def test_it_waits_until_the_other_person_has_been_answered(tmp_path: Path) -> None:
    lane, there, ran = Lane(Persons(tmp_path, ONE)), neighbour(tmp_path), threading.Event()
    there.come()

    def work() -> None:
        with lane.background(CancelToken()):
            ran.set()

    thread = threading.Thread(target=work)
    thread.start()
    assert not ran.wait(0.15)
    there.leave()
    assert ran.wait(10)
    thread.join()


def test_waiting_for_another_process_can_be_cancelled(tmp_path: Path) -> None:
    neighbour(tmp_path).come()
    cancel = CancelToken()
    timer = threading.Timer(0.1, cancel.cancel)
    timer.start()
    with pytest.raises(Cancelled), Lane(Persons(tmp_path, ONE)).background(cancel):
        pytest.fail("it may not run")
    timer.join()


def test_two_persons_here_are_told_until_the_last_one_is_answered(tmp_path: Path) -> None:
    lane, there = Lane(Persons(tmp_path, ONE)), neighbour(tmp_path)
    with lane.first():
        with lane.first():
            assert there.waits()
        assert there.waits()
    assert not there.waits()

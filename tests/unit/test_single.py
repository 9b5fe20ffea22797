"""One of several that start at once holds the lock; the others ring at it."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tests.patience import until
from workbench.doorbell import FRONT, QUICK, address
from workbench.single import Lock, forwarded

ROOT = Path(__file__).parents[2]
HOLD = """
import sys, time
from pathlib import Path
from workbench.single import Lock
print(Lock(Path(sys.argv[1])).taken(), flush=True)
time.sleep(60)
"""


def test_one_holds_it_at_a_time(tmp_path: Path) -> None:
    first, second = Lock(tmp_path), Lock(tmp_path)
    assert first.taken()
    assert not second.taken()
    assert Lock(tmp_path / "other").taken()
    first.let_go()
    assert second.taken()
    assert second.taken()
    second.let_go()


def test_a_killed_process_leaves_no_lock(tmp_path: Path) -> None:
    other = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert other.stdout
    lock = Lock(tmp_path)
    try:
        assert other.stdout.readline().strip() == "True"
        assert not lock.taken()
    finally:
        other.kill()
        other.wait()
        other.stdout.close()
    assert lock.taken()
    lock.let_go()


def test_where_there_can_be_no_lock_the_window_opens(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.write_text("a file where the folder should be")
    assert Lock(home).taken()
    assert Lock(home).taken()


@pytest.mark.skipif(sys.platform == "win32", reason="the address is a Unix socket here")
def test_one_that_starts_just_now_is_waited_for(tmp_path: Path) -> None:
    first, second = Lock(tmp_path), Lock(tmp_path)
    assert first.taken()
    heard: list[bytes] = []
    told: list[bool] = []
    waiting = threading.Thread(target=lambda: told.append(forwarded(tmp_path, QUICK, second, 60)))
    waiting.start()
    with socket.socket(socket.AF_UNIX) as bell:
        bell.bind(address(tmp_path))
        bell.listen()
        caller, _address = bell.accept()
        with caller:
            heard.append(caller.recv(100))
            caller.sendall(b"here")
        waiting.join()
    Path(address(tmp_path)).unlink()
    assert told == [True]
    assert heard[0].split()[:1] == [b"quick"]
    first.let_go()


def test_the_place_of_one_that_ends_just_now_is_taken(tmp_path: Path) -> None:
    first, second = Lock(tmp_path), Lock(tmp_path)
    assert first.taken()
    told: list[bool] = []
    waiting = threading.Thread(target=lambda: told.append(forwarded(tmp_path, FRONT, second, 60)))
    waiting.start()
    first.let_go()
    until(lambda: told)
    waiting.join()
    assert told == [False]
    assert not first.taken()
    second.let_go()


def test_one_that_hangs_keeps_nobody_out(tmp_path: Path) -> None:
    first, second = Lock(tmp_path), Lock(tmp_path)
    assert first.taken()
    began = time.monotonic()
    assert not forwarded(tmp_path, FRONT, second, 0.2)
    assert time.monotonic() - began >= 0.2
    first.let_go()

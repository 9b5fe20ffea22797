"""A machine that slept is noticed, and its engine is not blamed for having slept too."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from workbench.engine.gaps import Gaps, seconds_since_boot

ROOT = Path(__file__).parents[3]


class Hands:
    """A clock that the test sets."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def test_a_gap_is_told_once() -> None:
    hands = Hands()
    gaps = Gaps(7, hands)
    hands.seconds += 6
    assert not gaps.slept()
    hands.seconds += 3600
    assert gaps.slept()
    hands.seconds += 6
    assert not gaps.slept()


def test_the_clock_goes_on() -> None:
    before = seconds_since_boot()
    time.sleep(0.02)
    assert 0.01 < seconds_since_boot() - before < 60


SLEEPER = """
import os, threading, time
import httpx  # a third of a second that would be counted otherwise
from tests.fakes.llama_server import FakeLlamaServer
from workbench.engine.watchdog import WatchLimits, watching
server = FakeLlamaServer()
server.healthy.clear()
said = []
over = threading.Event()
def condemn(verdict):
    said.append(verdict)
    over.set()
limits = WatchLimits(look_seconds=0.3, answer_seconds=2.0, failures=1)
with watching(server.endpoint, os.getpid(), None, limits, condemn):
    time.sleep(1.2)  # the first look waits for its answer
    print("asleep", flush=True)
    time.sleep(0.3)  # and is stopped here
    server.healthy.set()
    over.wait(4)
print("condemned" if said else "left alone", flush=True)
server.close()
"""


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_a_stopped_and_continued_group_condemns_nobody() -> None:
    """The look that was under way when everything stopped runs out of time; it must not count."""
    command = [sys.executable, "-c", SLEEPER]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, start_new_session=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "asleep\n"
        os.killpg(child.pid, signal.SIGSTOP)
        time.sleep(5)
        os.killpg(child.pid, signal.SIGCONT)
        assert child.stdout.readline() == "left alone\n"

"""Killed at any moment, again and again in one home: what was acknowledged is there, and the file is whole."""

from __future__ import annotations

import multiprocessing
import random
import time
from collections.abc import Iterator
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path

import pytest

from tests.losing.living import live
from tests.losing.looking import lost

KILLS = 60
LINES = 6  # on average, that each has said


@pytest.fixture
def processes() -> Iterator[ForkServerContext]:
    """They start in milliseconds: what they import is there already."""
    from multiprocessing import forkserver, resource_tracker

    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.losing.living"])
    yield context
    forkserver._forkserver._stop()  # type: ignore[attr-defined]
    resource_tracker._resource_tracker._stop()  # type: ignore[attr-defined]


@pytest.mark.timeout(600)
def test_sixty_kills_lose_nothing(tmp_path: Path, processes: ForkServerContext) -> None:
    chance = random.Random(20260712)
    said = tmp_path / "said"
    lines = 0
    for number in range(KILLS):
        process = processes.Process(target=live, args=(str(tmp_path), number))
        process.start()
        _until_it_said(process, said, lines + chance.randint(1, 2 * LINES))
        time.sleep(chance.uniform(0, 0.05))
        process.kill()
        process.join()
        assert process.exitcode == -9
        process.close()
        told = said.read_bytes()
        lines = told.count(b"\n")
        assert lost(tmp_path, told) == [], f"kill {number}"


def _until_it_said(process: ForkServerProcess, said: Path, lines: int) -> None:
    while process.is_alive() and (not said.exists() or said.read_bytes().count(b"\n") < lines):
        time.sleep(0.002)

"""Two processes save the same prompts at once and are killed at any moment: what was acknowledged is there."""

from __future__ import annotations

import multiprocessing
import random
import time
from collections.abc import Iterator
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest

from tests.losing.prompting import lost, work

KILLS = 8


@pytest.fixture
def processes() -> Iterator[ForkServerContext]:
    from multiprocessing import forkserver, resource_tracker

    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.losing.prompting"])
    yield context
    forkserver._forkserver._stop()  # type: ignore[attr-defined]
    resource_tracker._resource_tracker._stop()  # type: ignore[attr-defined]


@pytest.mark.timeout(300)
def test_killed_while_they_save_the_same_prompts(tmp_path: Path, processes: ForkServerContext) -> None:
    chance = random.Random(20261123)
    for number in range(KILLS):
        pair = [processes.Process(target=work, args=(str(tmp_path), 2 * number + one)) for one in range(2)]
        for process in pair:
            process.start()
        said = [tmp_path / f"said-{2 * number + one}" for one in range(2)]
        while not all(file.exists() and file.stat().st_size for file in said):
            assert all(process.is_alive() for process in pair)
            time.sleep(0.005)
        time.sleep(chance.uniform(0, 0.1))
        for process in pair:
            process.kill()
            process.join()
            assert process.exitcode == -9
            process.close()
        assert lost(tmp_path) == [], f"kill {number}"

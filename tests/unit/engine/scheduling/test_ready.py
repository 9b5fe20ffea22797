"""What was paged out of a model that is kept ready is found and brought back; what is there costs nothing."""

from __future__ import annotations

import mmap
import os
from pathlib import Path

import pytest

from tests.fakes.launcher import FakeLauncher
from tests.patience import until
from tests.unit.engine.scheduling.conftest import MakeService
from workbench.cancel import CancelToken
from workbench.engine.scheduling.idle import Scheduling
from workbench.engine.scheduling.ready import (
    Condition,
    Work,
    bring_back,
    missing_ranges,
    swapped_bytes,
    work_for,
)

PAGE = mmap.PAGESIZE


@pytest.mark.parametrize(
    ("condition", "work"),
    [
        (Condition(1 << 30, 0), Work(read=True, ask=False)),
        (Condition(0, 0), Work(read=False, ask=False)),
        (Condition(0, 4096), Work(read=False, ask=True)),
        (Condition(0, None), Work(read=False, ask=True)),  # macOS and Windows do not tell
    ],
)
def test_what_is_to_be_done(condition: Condition, work: Work) -> None:
    assert work_for(condition) == work


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "weights"
    path.write_bytes(os.urandom(64 * PAGE + 100))
    with path.open("rb") as open_file:
        os.fsync(open_file.fileno())
    return path


@pytest.mark.skipif(not hasattr(os, "posix_fadvise"), reason="only Linux can be told to forget a file")
def test_what_the_system_forgot_is_read_again(file: Path) -> None:
    assert bring_back(file) == 0
    with file.open("rb") as open_file:
        os.posix_fadvise(open_file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        missing = sum(length for _start, length in missing_ranges(open_file.fileno()))
    if missing == 0:
        pytest.skip("this file system keeps what it was told to forget")
    assert bring_back(file) == missing
    assert bring_back(file) == 0


def test_a_file_that_is_gone_or_empty_has_nothing_to_bring_back(tmp_path: Path) -> None:
    assert bring_back(tmp_path / "none") == 0
    (tmp_path / "empty").write_bytes(b"")
    assert bring_back(tmp_path / "empty") == 0


def test_swap_of_this_process() -> None:
    swapped = swapped_bytes(os.getpid())
    assert swapped is None or swapped >= 0
    assert swapped_bytes((1 << 22) + 1) is None


def test_the_kept_model_is_asked_for_a_token_where_swap_is_not_told(
    make: MakeService, models: tuple[Path, ...]
) -> None:
    """The fake engine has no process, so nothing is known of its swap."""
    launcher = FakeLauncher("Hello.")
    service = make(launcher, scheduling=lambda: Scheduling(kept_ready=models[0].absolute()))
    service.backend(models[0], "one", CancelToken())
    server = launcher.engines[0].server
    until(lambda: bool(server.bodies))
    assert server.bodies[0]["max_tokens"] == 1

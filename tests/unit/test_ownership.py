"""Who owns a running turn: living processes keep theirs, whatever the clock does; the dead lose it at once."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import psutil
import pytest

from tests.patience import PATIENCE
from workbench import ownership

needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the system keeps the start time as it was")


def test_this_process_is_alive_and_others_are_not_it() -> None:
    assert ownership.is_alive(ownership.this_process())
    assert not ownership.is_alive(f"{os.getpid()}@1.00")


@pytest.mark.parametrize("owner", ["", "nobody", "@", "12@", "x@y", "-1@0.00", "999999999@1.00", "1" * 400 + "@1"])
def test_what_is_no_owner_counts_as_gone(owner: str) -> None:
    assert not ownership.is_alive(owner)


@needs_linux
def test_setting_the_clock_makes_nobody_dead(monkeypatch: pytest.MonkeyPatch) -> None:
    """Linux tells start times since the boot, and moves the time of the boot when the clock is set."""
    owner = ownership.of(os.getpid())
    from psutil import _pslinux

    booted = psutil.boot_time()
    monkeypatch.setattr(_pslinux, "boot_time", lambda: booted + 3600)
    assert ownership.is_alive(owner)


@needs_linux
def test_a_process_that_is_dead_but_not_buried_is_gone() -> None:
    child = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE)
    owner = ownership.of(child.pid)
    assert ownership.is_alive(owner)
    child.kill()
    deadline = time.monotonic() + PATIENCE
    while ownership.is_alive(owner) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not ownership.is_alive(owner)
    child.communicate()

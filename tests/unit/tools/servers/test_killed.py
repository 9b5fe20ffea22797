"""Whatever becomes of this program, nothing that came from a server of tools outlives it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests.conftest import ROOT
from tests.patience import until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


def test_nothing_of_a_server_outlives_the_program_or_its_keeper(tmp_path: Path) -> None:
    """They refuse to be ended, have a child beside them and one in a session of its own."""
    markers = [tmp_path / "first", tmp_path / "second"]
    command = [sys.executable, "-m", "tests.unit.tools.servers.living", str(tmp_path / "home"), *map(str, markers)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == b"ready\n"
        first, second = ([int(one) for one in marker.read_text(encoding="utf-8").split()] for marker in markers)
        assert all(runs(pid) for pid in (*first, *second))
        os.kill(psutil.Process(first[0]).ppid(), signal.SIGKILL)  # its keeper
        until(lambda: not runs(first[0]))
        for pid in first[1:]:  # nobody was left to end them
            os.kill(pid, signal.SIGKILL)
        program.kill()
        program.wait()
        until(lambda: not any(runs(pid) for pid in second))


def runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[0] not in (b"Z", b"X")
    except OSError:
        return False

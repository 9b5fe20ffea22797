from __future__ import annotations

import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from workbench.errors import HardwareError
from workbench.hardware.looking import Outcome, Probe, look, run


def raising(error: Exception) -> None:
    raise error


def test_a_probe_that_hangs_is_left_behind_and_the_rest_is_told() -> None:
    mended = threading.Event()
    probes = (
        Probe("hanging", mended.wait, seconds=0.05),
        Probe("good", lambda: ("a GPU",)),
        Probe("nothing", lambda: None),
        Probe("broken", lambda: raising(OSError("no such device"))),
        Probe("malformed", lambda: raising(ValueError("not a number"))),
        Probe("typed", lambda: raising(HardwareError("the driver is too old"))),
    )
    found = look(probes)
    mended.set()
    assert found == {
        "hanging": Outcome(problem="gave no answer within 0.05 seconds"),
        "good": Outcome(("a GPU",)),
        "nothing": Outcome(),
        "broken": Outcome(problem="no such device"),
        "malformed": Outcome(problem="not a number"),
        "typed": Outcome(problem="the driver is too old"),
    }


def test_a_commands_output_is_read() -> None:
    assert run([sys.executable, "-c", "print('ready')"], 20).strip() == "ready"


def test_a_command_that_hangs_is_killed() -> None:
    with pytest.raises(HardwareError, match=r"gave no answer within 0\.2 seconds"):
        run([sys.executable, "-c", "import time; time.sleep(60)"], 0.2)


def test_what_a_hanging_command_started_is_killed_with_it(tmp_path: Path) -> None:
    file = tmp_path / "process"
    with pytest.raises(HardwareError):
        run(["sh", "-c", f"sleep 60 & echo $! > {file}; wait"], 2)
    assert is_gone(int(file.read_text()))


def is_gone(process: int) -> bool:
    """Whether it ends within some seconds; as a zombie it has ended."""
    for _ in range(100):
        try:
            if psutil.Process(process).status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.05)
    return False


def test_a_command_that_crashes_is_told() -> None:
    with pytest.raises(HardwareError, match="failed with status"):
        run([sys.executable, "-c", "import os; os.abort()"], 20)
    with pytest.raises(FileNotFoundError):
        run(["there-is-no-such-program"], 1)

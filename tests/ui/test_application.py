"""Starting and ending: what is imported before the first paint, one window per home, clean ends."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.patience import MILLISECONDS, until
from ui.application import Program, Trace
from ui.single_instance import Doorbell
from workbench.doorbell import FRONT, QUICK, address, ring
from workbench.paths import Paths

ROOT = Path(__file__).parents[2]
HEAVY = ("httpx", "sqlite3", "sqlite_utils", "pysqlite3", "pygments", "markdown_it", "nh3", "xllamacpp", "tomlkit")


def test_nothing_heavy_is_imported_before_the_first_paint() -> None:
    code = f"import sys, ui.application; print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("word", [FRONT, QUICK])
def test_a_second_start_rings_at_the_first(qapp: QApplication, tmp_path: Path, qtbot: QtBot, word: str) -> None:
    doorbell = Doorbell(tmp_path)
    asked: list[str] = []
    doorbell.rung.connect(lambda: asked.append(FRONT))
    doorbell.quick_rung.connect(lambda: asked.append(QUICK))
    code = (
        f"from workbench.doorbell import ring; from pathlib import Path; print(ring(Path({str(tmp_path)!r}), {word!r}))"
    )
    second = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    qtbot.waitUntil(lambda: bool(asked), timeout=MILLISECONDS)
    answer, _errors = second.communicate(timeout=60)
    assert (answer.strip(), asked) == ("True", [word])
    doorbell.close()
    doorbell.deleteLater()


def test_the_leave_of_the_desktop_to_come_to_the_front_is_handed_on(
    qapp: QApplication, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_ACTIVATION_TOKEN", "of before")
    doorbell = Doorbell(tmp_path)
    code = f"from workbench.doorbell import ring; from pathlib import Path; ring(Path({str(tmp_path)!r}), 'quick')"
    environment = os.environ | {"XDG_ACTIVATION_TOKEN": "gnome-shell/1_TIME2"}
    with qtbot.waitSignal(doorbell.quick_rung, timeout=MILLISECONDS):
        second = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=environment)
    assert second.wait(60) == 0
    assert os.environ["XDG_ACTIVATION_TOKEN"] == "gnome-shell/1_TIME2"
    doorbell.close()
    doorbell.deleteLater()


def test_nobody_answers_for_another_home(qapp: QApplication, tmp_path: Path) -> None:
    assert not ring(tmp_path / "other", FRONT)
    assert address(tmp_path) != address(tmp_path / "other")
    assert address(tmp_path, "win32").startswith("\\\\.\\pipe\\workbench-")


def test_what_a_killed_window_left_behind_does_not_matter(qapp: QApplication, tmp_path: Path) -> None:
    place = Path(address(tmp_path))
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(place))
    assert not ring(tmp_path, FRONT)
    doorbell = Doorbell(tmp_path)
    assert doorbell._server.isListening()
    doorbell.close()
    doorbell.deleteLater()


def test_ringing_needs_no_qt() -> None:
    code = "import sys, workbench.entry, workbench.doorbell; print([name for name in sys.modules if 'PySide' in name])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def run_window(home: Path, seconds: float = 60) -> tuple[dict[str, int], int]:
    """Start the real window, wait until it is filled, end it as the system does: its trace and its exit code."""
    environment = os.environ | {"WORKBENCH_HOME": str(home), "WORKBENCH_STARTUP_TRACE": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "workbench.entry"], cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr
    trace: dict[str, int] = {}
    for line in process.stderr:
        if line.startswith('{"'):
            trace = json.loads(line)
            break
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=seconds)
    return trace, process.returncode


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to catch")
def test_it_paints_before_it_builds_and_ends_cleanly(home: Path) -> None:
    trace, code = run_window(home)
    assert trace.pop("painted_cpu") > 0
    stages = ["imported", "application", "dressed", "window_made", "painted", "built", "filled"]
    assert list(trace) == stages
    assert list(trace.values()) == sorted(trace.values())
    assert code == 0
    assert (home / "window.json").is_file()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to catch")
def test_of_several_that_start_at_once_one_opens(home: Path) -> None:
    """What a killed window left behind is there as well, and one of them is the quick entry."""
    environment = os.environ | {"WORKBENCH_HOME": str(home), "WORKBENCH_STARTUP_TRACE": "1"}
    Path(address(home)).unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(address(home))
    command = [sys.executable, "-m", "workbench.entry"]
    starts = [
        subprocess.Popen([*command, *words], cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)
        for words in ([], [], ["quick"], [])
    ]
    try:
        until(lambda: sum(one.poll() is None for one in starts) == 1)
        assert [one.returncode for one in starts if one.returncode is not None] == [0, 0, 0]
        (open_one,) = [one for one in starts if one.returncode is None]
        assert open_one.stderr
        assert json.loads(next(line for line in open_one.stderr if line.startswith('{"')))["filled"]
        assert ring(home, FRONT)
    finally:
        for one in starts:
            one.terminate()
            one.communicate(timeout=60)
    assert open_one.returncode == 0


def test_a_damaged_database_is_told_and_left_alone(qapp: QApplication, home: Path, qtbot: QtBot) -> None:
    paths = Paths(home)
    paths.prepare()
    paths.database.write_bytes(b"this is no database, and nobody may touch it" * 100)
    before = paths.database.read_bytes()
    program = Program(qapp, paths, Trace(0.0))
    program.show()
    qtbot.waitUntil(lambda: program.window._failure is not None, timeout=MILLISECONDS)
    assert paths.database.read_bytes() == before
    program.window.close()
    assert program._ended
    program.deleteLater()

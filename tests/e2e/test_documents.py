"""Document folders in processes of their own: killed anywhere, and two at once."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

KILLS = 4


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Some hundred files of some kinds, copies among them."""
    made = tmp_path / "papers"
    chance = random.Random(5)
    words = [
        "whale",
        "sea",
        "bicycle",
        "wheel",
        "volcano",
        "glacier",
        "contract",
        "invoice",
        "lighthouse",
        "mountain",
        "river",
        "paper",
    ]
    for number in range(150):
        text = "\n\n".join(" ".join(chance.choices(words, k=40)) + "." for _ in range(chance.randint(1, 12)))
        path = made / f"part{number % 7}" / f"{number}{chance.choice(['.txt', '.md', '.py', '.html', '.json'])}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{number % 250}\n\n{text}" if number % 3 else f"# Same {number % 5}\n\nThe same text.\n")
    (made / "broken.pdf").write_bytes(b"%PDF-1.7\nbroken")
    (made / "junk.txt").write_bytes(bytes(range(256)) * 16)
    return made


def started(home: Path, *words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "workbench.entry", "folders", *words]
    environment = {**os.environ, "WORKBENCH_HOME": str(home)}
    return subprocess.Popen(command, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def run(home: Path, *words: str) -> Any:
    with started(home, *words, "--json") as process:
        said, error = process.communicate(timeout=100)
    assert process.returncode == 0, error
    return json.loads(said)


def index_of(home: Path, name: str) -> dict[str, tuple[Any, ...]]:
    """What is known of each file, without what differs from run to run."""
    items = run(home, "status", name)["items"]
    return {one["path"]: (one["status"], one["reason"], one["passages"], one["media_type"]) for one in items}


def test_killed_anywhere_it_goes_on_to_the_same_index(tmp_path: Path, folder: Path) -> None:
    home, other = tmp_path / "home", tmp_path / "other"
    run(home, "add", str(folder))
    chance = random.Random(int.from_bytes(os.urandom(4), "big"))
    reached = []
    for _kill in range(KILLS):
        process = started(home, "sync", "--vectors")
        time.sleep(chance.uniform(0.5, 3.0))
        children = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        _gone, left = psutil.wait_procs(children, timeout=60)
        assert not left, "what read files ends with the process that asked for it"
        reached.append(run(home, "status", "papers")["files"]["indexed"])
    run(home, "sync")
    run(other, "add", str(folder), "--wait")
    assert index_of(home, "papers") == index_of(other, "papers")
    assert reached == sorted(reached), "nothing that was read is lost"


def test_a_second_process_waits_for_the_one_that_reads(tmp_path: Path, folder: Path) -> None:
    home = tmp_path / "home"
    run(home, "add", str(folder))
    with started(home, "sync") as first, started(home, "sync") as second:
        for process in (first, second):
            _said, error = process.communicate(timeout=100)
            assert process.returncode == 0, error
    state = run(home, "status", "papers")
    assert state["files"]["waiting"] == 0
    assert state["files"]["failed"] == 1

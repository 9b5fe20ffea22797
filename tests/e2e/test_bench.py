"""`workbench bench` with the real engine and the real small model."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent


def bench(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "workbench.entry", "bench", *arguments],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )


@pytest.mark.engine
def test_a_model_is_measured_and_remembered(home: Path, starter_model: Path) -> None:
    models = home / "models"
    models.mkdir(parents=True)
    os.link(starter_model, models / starter_model.name)
    done = bench("--depth", "0", "--rounds", "2", "--json")
    assert done.returncode == 0, done.stderr
    assert "round 2 of 2" in done.stderr
    document = json.loads(done.stdout)
    assert document["machine"]["memory_total_bytes"] > 0
    (result,) = document["results"]
    (writing,) = result["generation"]
    assert len(writing["rounds"]) == 2
    assert all(speed > 0 for speed in writing["rounds"])
    assert result["predicted"]["generation"][0]["tokens_per_second"]["low"] > 0
    assert result["memory_bytes"] > 1 << 20
    (remembered,) = json.loads(bench("--list", "--json").stdout)["results"]
    assert remembered["generation"][0]["rounds"] == writing["rounds"]
    assert remembered["at"] == result["at"]

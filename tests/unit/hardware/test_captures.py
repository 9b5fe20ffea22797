"""Whole machines, from what their probes say to the `machine` object that doctor shows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.hardware.capture import FOLDER, MACHINES, Capture, captures
from workbench.hardware.machine_file import read_machine_file

NAMES = [
    "m1-8gb",
    "m2-air-16gb",
    "m4-air-16gb",
    "m4-pro-24gb",
    "m2-ultra-64gb",
    "m2-ultra-192gb",
    "m4-max-128gb",
    "windows-16gb-igpu",
    "windows-16gb-rtx-4gb",
    "windows-32gb-rtx-8gb",
    "rtx-3060-12gb",
    "rtx-4090-24gb",
    "two-gpus",
    "rtx-5090-laptop",
    "rx-7900-xtx",
    "strix-halo-128gb",
    "dgx-spark",
    "arc-a770",
    "no-gpu-8gb",
    "no-gpu-16gb",
    "container-6gb",
]


@pytest.mark.parametrize("path", captures(), ids=lambda path: path.stem)
def test_the_probes_of_a_machine_tell_its_object(path: Path, tmp_path: Path) -> None:
    capture = Capture(path, tmp_path)
    service = capture.service()
    told = json.loads(json.dumps(service.machine().as_json()))
    assert told == json.loads((MACHINES / f"{capture.name}.json").read_text("utf-8"))
    assert service.problems() == ()


def test_every_machine_is_captured_and_names_its_sources() -> None:
    assert sorted(path.stem.removeprefix("synthetic-") for path in captures()) == sorted(NAMES)
    for path in captures():
        first = path.read_text("utf-8").splitlines()[0]
        assert first.startswith("# "), path
        assert path.stem.startswith("synthetic-") or "https://" in path.read_text("utf-8"), path
    assert sorted(path.stem for path in MACHINES.glob("*.json")) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_the_object_is_read_back_as_it_was(name: str, tmp_path: Path) -> None:
    path = next(FOLDER.glob(f"*{name}.txt"))
    assert read_machine_file(MACHINES / f"{name}.json") == Capture(path, tmp_path).machine()

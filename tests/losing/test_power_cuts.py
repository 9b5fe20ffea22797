"""The power cut at any moment, replayed from what the process asked of its disk: acknowledged is on the disk."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.losing.looking import lost
from tests.losing.power import Asked, disk_after, read_log, write_files
from workbench.errors import StorageError

CUTS = 40
LINES = 120
HERE = Path(__file__).parent

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="records what is asked of the disk by LD_PRELOAD"),
    pytest.mark.timeout(600),
]


@pytest.fixture(scope="module")
def recorder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    library = tmp_path_factory.mktemp("recorder") / "recorder.so"
    subprocess.run(
        ["cc", "-shared", "-fPIC", "-O1", "-o", library, HERE / "recorder.c", "-ldl", "-lpthread"], check=True
    )
    return library


def lived(recorder: Path, folder: Path, synchronous: str) -> tuple[Path, list[Asked]]:
    """A life of some hundred steps in a home, and all that it asked of the disk."""
    home, log = folder / "home", folder / "log"
    home.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.losing.living", str(home), "7", *([synchronous] if synchronous else [])],
        cwd=HERE.parent.parent,
        env={**os.environ, "LD_PRELOAD": str(recorder), "RECORD_UNDER": f"{home}/", "RECORD_TO": str(log)},
    )
    while process.poll() is None and (not (home / "said").exists() or _lines(home / "said") < LINES):
        try:
            process.wait(0.05)
        except subprocess.TimeoutExpired:
            continue
    process.kill()
    process.wait()
    return home, list(read_log(log.read_bytes()))


def _lines(file: Path) -> int:
    return file.read_bytes().count(b"\n")


def all_lost(home: Path, asked: list[Asked], folder: Path) -> list[list[str]]:
    """For each of `CUTS` moments, what is lost."""
    chance = random.Random(11)
    first = next(place for place, one in enumerate(asked) if one.path.endswith("/said"))
    found = []
    for number in range(CUTS):
        until = chance.randrange(first, len(asked))
        said = b"".join(one.content for one in asked[:until] if one.path.endswith("/said"))
        files = disk_after([one for one in asked[:until] if not one.path.endswith(("/said", "-shm"))], chance)
        target = folder / f"after{number}"
        write_files(files, home, target)
        try:
            found.append(lost(target, said))
        except StorageError as error:  # a file that cannot be opened has lost everything
            found.append([error.message])
        shutil.rmtree(target)
    return found


def test_what_was_acknowledged_survives_a_power_cut(recorder: Path, tmp_path: Path) -> None:
    home, asked = lived(recorder, tmp_path, "")
    assert [told for told in all_lost(home, asked, tmp_path) if told] == []


@pytest.mark.parametrize("synchronous", ["NORMAL", "OFF"])
def test_with_less_care_the_same_cuts_lose_something(recorder: Path, tmp_path: Path, synchronous: str) -> None:
    """The replay can tell: settings that are known to lose do lose here."""
    home, asked = lived(recorder, tmp_path, synchronous)
    assert [told for told in all_lost(home, asked, tmp_path) if told]

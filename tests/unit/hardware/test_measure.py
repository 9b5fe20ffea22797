from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from workbench.errors import HardwareError
from workbench.hardware import measure, probe_child
from workbench.hardware.looking import run


def test_a_child_measures_this_machine(tmp_path: Path) -> None:
    rate = measure.measured(tmp_path, "this machine", run, probe_child.command(measure.QUESTION))
    assert rate is not None
    assert 0.1 < rate < 10_000
    assert json.loads((tmp_path / measure.FILE).read_text()) == {
        "machine": "this machine",
        "memory_bandwidth_gbs": rate,
    }


class Child:
    """Answers, and counts how often it is asked."""

    def __init__(self, answer: str) -> None:
        self.answer = answer
        self.asked = 0

    def __call__(self, command: Sequence[str], seconds: float) -> str:
        self.asked += 1
        return self.answer


def test_it_is_measured_once_per_machine(tmp_path: Path) -> None:
    child = Child("41.5")
    assert [measure.measured(tmp_path, "one", child, []) for _ in range(3)] == [41.5] * 3
    assert child.asked == 1
    measure.measured(tmp_path, "another", child, [])
    assert child.asked == 2


def test_on_another_day_it_is_measured_again(tmp_path: Path) -> None:
    measure.measured(tmp_path, "one", Child("20"), [])
    os.utime(tmp_path / measure.FILE, (0, 0))
    assert measure.measured(tmp_path, "one", Child("15"), []) == 20
    busy = Child("30")
    assert measure.measured(tmp_path, "one", busy, []) == 20
    assert busy.asked == 0


def test_measured_again_the_highest_counts(tmp_path: Path) -> None:
    seen = [measure.measured(tmp_path, "one", Child(rate), [], again=True) for rate in ("20", "41.5", "30", "nonsense")]
    assert seen == [20, 41.5, 41.5, 41.5]
    assert measure.measured(tmp_path, "one", Child("99"), []) == 41.5


@pytest.mark.parametrize(
    "kept", ["", "nonsense", "[]", "{}", '{"machine": "one"}', '{"machine": "one", "memory_bandwidth_gbs": -1}']
)
def test_a_damaged_file_is_measured_again(tmp_path: Path, kept: str) -> None:
    (tmp_path / measure.FILE).write_text(kept)
    assert measure.measured(tmp_path, "one", Child("41.5"), []) == 41.5


@pytest.mark.parametrize("answer", ["", "nonsense", "0", "-1", "NaN", "true", "null", "Infinity"])
def test_an_answer_that_is_no_rate_is_none_and_not_kept(tmp_path: Path, answer: str) -> None:
    assert measure.measured(tmp_path, "one", Child(answer), []) is None
    assert not (tmp_path / measure.FILE).exists()


def test_a_child_that_hangs_and_a_home_that_is_not_there(tmp_path: Path) -> None:
    def hanging(command: Sequence[str], seconds: float) -> str:
        raise HardwareError("gave no answer")

    assert measure.measured(tmp_path, "one", hanging, []) is None
    assert measure.measured(tmp_path / "not there", "one", Child("41.5"), []) == 41.5


def test_what_is_copied_counts_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measure, "COPY_SECONDS", 0.02)
    monkeypatch.setattr(measure, "BLOCK_BYTES", 1 << 20)
    assert measure.copy_rate() > 0

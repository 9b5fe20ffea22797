"""What the step `tests` makes of failures: real pytest, on a small suite of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from steps import checks, testing
from steps.testing import Suite

# Fails as long as its file is not there, and leaves the file.
ONCE = """
from pathlib import Path
import pytest

@pytest.mark.parametrize("number", range({count}))
def test_once(number):
    seen = Path(__file__).with_name(f"seen-{{number}}")
    before = seen.exists()
    seen.touch()
    assert before
"""
ALWAYS = "\ndef test_always():\n    assert False\n"
FINE = "\ndef test_fine():\n    pass\n"

MakeSuite = Callable[[str], Suite]


@pytest.fixture
def suite(tmp_path: Path) -> MakeSuite:
    (tmp_path / "pytest.ini").write_text("[pytest]\n")

    def run(command: Sequence[str]) -> int:
        mine = [sys.executable, *command[1:], "-q"]
        bare = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
        return subprocess.run(mine, cwd=tmp_path, env=bare, check=False, capture_output=True).returncode

    def make(tests: str) -> Suite:
        (tmp_path / "test_some.py").write_text(tests)
        return Suite(run=run, root=tmp_path)

    return make


def test_a_test_that_fails_only_once_is_told_and_not_red(suite: MakeSuite, capsys: pytest.CaptureFixture[str]) -> None:
    tests = suite(ONCE.format(count=2) + FINE)
    assert tests() == 0
    tests.tell()
    said = capsys.readouterr().err
    assert "== once more, by themselves: test_some.py::test_once[0], test_some.py::test_once[1]" in said
    assert [line.split()[:2] for line in said.splitlines() if line.startswith("UNSTEADY")] == [
        ["UNSTEADY:", "test_some.py::test_once[0]"],
        ["UNSTEADY:", "test_some.py::test_once[1]"],
    ]


def test_a_real_failure_stays_red_beside_an_unsteady_one(suite: MakeSuite) -> None:
    tests = suite(ONCE.format(count=1) + ALWAYS)
    assert tests() == testing.TESTS_FAILED
    assert tests.unsteady == ["test_some.py::test_once[0]"]


@pytest.mark.parametrize(
    ("broken", "status"),
    [
        (ONCE.format(count=testing.FEW + 1), testing.TESTS_FAILED),
        ("import no_such_module\n", 2),
        ("def test_crash():\n    import os\n    os.abort()\n", -6),
    ],
    ids=["more than a few", "a file that does not load", "a crash"],
)
def test_what_is_not_chance_is_not_tried_again(suite: MakeSuite, broken: str, status: int) -> None:
    tests = suite(broken)
    assert tests() == status
    assert tests.unsteady == []


def test_what_failed_in_an_earlier_run_is_not_tried_again(suite: MakeSuite) -> None:
    assert suite(ALWAYS)() == testing.TESTS_FAILED
    tests = suite(ONCE.format(count=1))
    assert tests() == 0
    assert tests.unsteady == ["test_some.py::test_once[0]"]


def test_a_clean_run_says_nothing(suite: MakeSuite, capsys: pytest.CaptureFixture[str]) -> None:
    tests = suite(FINE)
    assert tests() == 0
    tests.tell()
    assert capsys.readouterr().err == ""


def test_the_summary_of_all_checks_counts_the_tests(capsys: pytest.CaptureFixture[str]) -> None:
    assert checks.run_all((("tests", lambda: 1),)) == 1
    assert "FAILED: tests." in capsys.readouterr().err


def test_by_default_there_is_one_process() -> None:
    for said in ({}, {testing.WORKERS: "1"}, {testing.WORKERS: "many"}, {testing.WORKERS: "-2"}):
        assert testing.parts(said) == [["--cache-clear"]]


def test_what_needs_the_machine_for_itself_runs_after_the_others() -> None:
    beside, alone = testing.parts({testing.WORKERS: "3"})
    assert beside[beside.index("--numprocesses") + 1] == "3"
    assert beside[beside.index("-m") + 1] == "not alone"
    assert alone == ["-m", "alone"]


def test_the_worst_of_all_runs_counts() -> None:
    for statuses in ([0, 0], [1, 0], [1, -6], [2, 1]):
        ran: list[int] = []

        def run(_command: Sequence[str], statuses: list[int] = statuses, ran: list[int] = ran) -> int:
            ran.append(statuses[len(ran)])
            return ran[-1]

        suite = Suite(("-q",), testing.parts({testing.WORKERS: "2"}), run, Path("no such folder"))
        assert suite() == max(statuses, key=abs)
        assert len(ran) == 2

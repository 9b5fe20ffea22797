"""`make llama-cpp-python`: built once, again when something it depends on changes, and loudly absent."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from steps import checks, environment, system, worker
from steps.process import StepError


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of its own, on a machine that has a compiler."""
    cache = tmp_path / "cache"
    monkeypatch.setattr(worker, "ROOT", tmp_path)
    monkeypatch.setattr(worker, "HOME", cache)
    monkeypatch.setattr(worker, "SITE", cache / "engines" / worker.NAME / "site")
    monkeypatch.setattr(worker, "LOG", cache / "logs" / "install.log")
    monkeypatch.setattr(worker, "STAMP", cache / "made-for")
    monkeypatch.setattr(system, "ensure", lambda _requirements, _purpose: None)
    monkeypatch.setattr(system, "present", lambda _requirement: True)
    monkeypatch.setattr(environment, "ensure", lambda _kind: None)
    return cache


def building(monkeypatch: pytest.MonkeyPatch, status: int = 0) -> list[int]:
    """The installation ends so; returns one entry for each."""
    begun: list[int] = []

    def install() -> int:
        begun.append(status)
        if status == 0:
            worker.SITE.mkdir(parents=True, exist_ok=True)
            (worker.SITE.parent / "workbench-engine.json").write_text("{}")
        return status

    monkeypatch.setattr(worker, "_install", install)
    return begun


def test_it_is_built_once(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = building(monkeypatch)
    assert worker.main() == 0
    assert worker.main() == 0
    assert len(begun) == 1


@pytest.mark.parametrize("change", ["processor", "lock", "damage"])
def test_it_is_built_again_when_it_would_not_fit(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    begun = building(monkeypatch)
    lock = tmp_path / "a.lock"
    lock.write_text("llama-cpp-python==1")
    monkeypatch.setattr(worker, "LOCKS", (lock,))
    worker.ensure()
    if change == "processor":
        monkeypatch.setattr(worker, "processor", lambda: "x86_64 sse")
    elif change == "lock":
        lock.write_text("llama-cpp-python==2")
    else:
        (worker.SITE.parent / "workbench-engine.json").unlink()
    assert worker.ensure() == ("", 0)
    assert len(begun) == 2


def test_a_failed_build_is_told_and_tried_again(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = building(monkeypatch, 3)
    for _ in range(2):
        with pytest.raises(StepError, match="could not be built") as caught:
            worker.main()
        assert caught.value.status == 3
        assert str(worker.LOG) in str(caught.value)
    assert len(begun) == 2


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere the program looks for the compiler")
def test_a_machine_without_a_compiler_is_no_failure_of_ours(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = building(monkeypatch)
    monkeypatch.setattr(system, "present", lambda _requirement: False)
    reason, status = worker.ensure()
    assert "no C++ compiler" in reason
    assert status == worker.OFFLINE
    assert begun == []


@pytest.mark.skipif(sys.platform == "win32", reason="the program itself keeps two apart there")
def test_the_second_one_waits_for_the_first(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    building(monkeypatch)
    inside, leave = threading.Event(), threading.Event()
    order: list[str] = []
    install = worker._install

    def slow() -> int:
        inside.set()
        leave.wait(60)
        order.append("built")
        return install()

    monkeypatch.setattr(worker, "_install", slow)
    first = threading.Thread(target=worker.ensure)
    first.start()
    inside.wait(60)
    said = threading.Event()
    monkeypatch.setattr(worker, "say", lambda text: said.set() if "waiting for it" in text else None)

    def build_second() -> None:
        worker.ensure()
        order.append("second")

    second = threading.Thread(target=build_second)
    second.start()
    assert said.wait(60)
    leave.set()
    first.join()
    second.join()
    assert order == ["built", "second"]


def test_one_that_hangs_is_ended(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = home.parent / "python"
    program.write_text("#!/bin/sh\nexec /bin/sleep 60\n")
    program.chmod(0o755)
    monkeypatch.setattr(worker, "PYTHON", program)
    monkeypatch.setattr(worker, "LIMIT_SECONDS", 0.2)
    monkeypatch.setattr(worker, "LEAVE_SECONDS", 0.2)  # some shells start what is in the background deaf to Ctrl-C
    started: list[subprocess.Popen[bytes]] = []
    end = worker._end

    def ended(child: subprocess.Popen[bytes]) -> None:
        started.append(child)
        end(child)

    monkeypatch.setattr(worker, "_end", ended)
    assert worker._install() == 1
    assert started[0].returncode is not None


def test_the_processor_is_told_by_what_it_can_do(tmp_path: Path) -> None:
    information = tmp_path / "cpuinfo"
    information.write_text("processor\t: 0\nflags\t\t: sse avx2\nprocessor\t: 1\nflags\t\t: sse avx2\n")
    assert worker.processor(information).endswith("avx2 sse")
    information.write_text("processor: 0\nFeatures: asimd sve\n")
    assert worker.processor(information).endswith("asimd sve")
    assert worker.processor(tmp_path / "none")


@pytest.mark.parametrize(
    ("found", "status", "first", "said"),
    [
        (("", 0), 0, worker.NAME, ""),
        (("No network.", worker.OFFLINE), 0, "formatting", "NOT CHECKED: llama-cpp-python. No network."),
        (("It does not compile.", 3), 3, "formatting", "FAILED: llama-cpp-python. It does not compile."),
    ],
)
def test_all_tests_run_on_it_first_or_say_why_not(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    found: tuple[str, int],
    status: int,
    first: str,
    said: str,
) -> None:
    ran: list[str] = []
    monkeypatch.setattr(checks, "_prepare", lambda: None)
    monkeypatch.setattr(worker, "ensure", lambda: found)

    def run_all(wanted: tuple[checks.Check, ...]) -> int:
        ran.extend(name for name, _work in wanted)
        return 0

    monkeypatch.setattr(checks, "run_all", run_all)
    assert checks.test() == status
    assert ran[0] == first
    assert ran[-1] == "tests"
    last = capsys.readouterr().err.splitlines()[-1:]
    assert last == ([said] if said else [])

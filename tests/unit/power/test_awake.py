"""The machine is held awake while something takes long, once for all that is going on, and let go after."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import psutil
import pytest

from tests.patience import PATIENCE, until
from workbench.power import linux, windows
from workbench.power.awake import Hold, StayAwake, hold_for, stay_awake


class FakeHold:
    """Remembers in which thread it was taken and let go."""

    def __init__(self, *, refuse: bool = False) -> None:
        self.taken = threading.Event()
        self.said: list[tuple[str, int]] = []
        self._refuse = refuse

    def take(self, reason: str) -> None:
        self.said.append((reason, threading.get_ident()))
        self.taken.set()
        if self._refuse:
            raise OSError("not here")

    def let_go(self) -> None:
        self.said.append(("gone", threading.get_ident()))


def test_long_work_holds_and_lets_go_in_one_thread() -> None:
    hold = FakeHold()
    stay = StayAwake(lambda: hold, 0)
    with stay.awake("Answering"):
        assert hold.taken.wait(PATIENCE)
    assert [words for words, _thread in hold.said] == ["Answering", "gone"]
    assert len({thread for _words, thread in hold.said}) == 1


def test_short_work_holds_nothing() -> None:
    made: list[Hold] = []

    def make() -> Hold:
        made.append(FakeHold())
        return made[-1]

    with StayAwake(make, 60).awake("Answering"):
        pass
    assert made == []


def test_all_that_goes_on_shares_one_hold() -> None:
    holds: list[FakeHold] = []

    def make() -> Hold:
        holds.append(FakeHold())
        return holds[-1]

    stay = StayAwake(make, 0)
    with stay.awake("Downloading"):
        until(lambda: bool(holds) and holds[0].taken.is_set())
        with stay.awake("Answering"):
            pass
        assert [words for words, _thread in holds[0].said] == ["Downloading"]
    assert len(holds) == 1
    with stay.awake("Again"):
        until(lambda: len(holds) == 2)


def test_a_system_that_refuses_is_no_failure() -> None:
    hold = FakeHold(refuse=True)
    with StayAwake(lambda: hold, 0).awake("Answering"):
        assert hold.taken.wait(PATIENCE)
    with StayAwake(lambda: None, 0).awake("Answering"):
        pass


def test_an_error_in_the_work_lets_go_too() -> None:
    hold = FakeHold()
    with pytest.raises(ValueError), StayAwake(lambda: hold, 0).awake("Answering"):
        assert hold.taken.wait(PATIENCE)
        raise ValueError
    assert hold.said[-1][0] == "gone"


def test_linux_holds_as_long_as_its_child_has_an_input(tmp_path: Path) -> None:
    """A stand-in that behaves as `systemd-inhibit`: runs the command that it is given."""
    told = tmp_path / "told"
    inhibit = tmp_path / "systemd-inhibit"
    inhibit.write_text(f'#!/bin/sh\necho "$@" > {told}\nwhile [ "${{1#--}}" != "$1" ]; do shift; done\nexec "$@"\n')
    inhibit.chmod(0o755)
    hold = linux.LinuxHold(str(inhibit))
    hold.take("Downloading")
    until(told.exists)
    until(lambda: told.read_text() != "")
    (child,) = [child for child in psutil.Process().children() if child.name() in ("cat", "sh", "systemd-inhibit")]
    assert child.is_running()
    assert told.read_text() == "--what=idle --who=Workbench --why=Downloading --mode=block cat\n"
    hold.let_go()
    assert not child.is_running()


def test_linux_without_logind_holds_nothing_and_leaves_nothing() -> None:
    """Whatever `systemd-inhibit` is here, no session manager runs in a container."""
    with StayAwake(lambda: hold_for("linux"), 0).awake("Answering"):
        time.sleep(0.2)


def test_the_command_is_one_that_systemd_inhibit_understands() -> None:
    words = linux.command("systemd-inhibit", "Answering")
    assert all(word.startswith("--") for word in words[1:-1])
    assert words[-1] == "cat"


class Kernel:
    def __init__(self, answer: int) -> None:
        self.asked: list[int] = []
        self._answer = answer

    def SetThreadExecutionState(self, state: object) -> int:  # noqa: N802 - the name in Windows
        self.asked.append(state.value)  # type: ignore[attr-defined]
        return self._answer


def test_windows_asks_for_the_system_and_takes_it_back() -> None:
    kernel = Kernel(1)
    hold = windows.WindowsHold(kernel)
    hold.take("Answering")
    hold.let_go()
    assert kernel.asked == [0x80000001, 0x80000000]
    with pytest.raises(OSError):
        windows.WindowsHold(Kernel(0)).take("Answering")


def test_systems_that_are_not_this_one_refuse_in_a_way_that_is_expected() -> None:
    for platform in ("darwin", "win32", "freebsd"):
        with StayAwake(lambda platform=platform: hold_for(platform), 0).awake("Answering"):  # type: ignore[misc]
            time.sleep(0.05)


def test_this_system_has_one() -> None:
    with stay_awake().awake("Answering"):  # nothing is started for what is short
        started = [child for child in psutil.Process().children() if "inhibit" in child.name()]
    assert started == []

"""`workbench chat`: what Ctrl-C does, and what is said while nothing is answered yet."""

from __future__ import annotations

import signal
import threading

import pytest

from tests.patience import PATIENCE
from workbench.cli.chat_terminal import TerminalFace
from workbench.cli.stopping import interrupt_cancels
from workbench.jobs import quiet_job


@pytest.mark.timeout(10)
def test_ctrl_c_cancels_also_while_the_main_thread_holds_what_cancelling_needs() -> None:
    """Python runs a signal's handler in the main thread, between two of its steps: it must not wait for any lock."""
    job = quiet_job()
    cancelled = threading.Event()
    with interrupt_cancels(job), job.cancel.unblocks(cancelled.set):
        with job.cancel._lock:
            signal.raise_signal(signal.SIGINT)
        assert cancelled.wait(PATIENCE)
    assert job.cancel.cancelled


def test_after_the_turn_ctrl_c_is_pythons_again() -> None:
    before = signal.getsignal(signal.SIGINT)
    job = quiet_job()
    with interrupt_cancels(job):
        assert signal.getsignal(signal.SIGINT) is not before
    assert signal.getsignal(signal.SIGINT) is before
    assert not job.cancel.cancelled


def test_each_phase_is_said_once(capsys: pytest.CaptureFixture[str]) -> None:
    face = TerminalFace()
    for words in ("Starting the engine…", "Waiting…", "Waiting…", "Waiting…"):
        face.preparing(words)
    assert capsys.readouterr().err.splitlines() == ["Starting the engine…", "Waiting…"]

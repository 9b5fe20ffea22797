"""The watch over a working engine: quiet while it is well, one verdict when it is not."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator

import pytest

from tests.fakes.llama_server import FakeLlamaServer
from workbench.engine.watchdog import WatchLimits, watching

QUICK = WatchLimits(look_seconds=0.05, answer_seconds=0.2, failures=2)
PATIENT = WatchLimits(look_seconds=0.05, answer_seconds=30)  # for a server in a process that is busy with other things


@pytest.fixture
def server() -> Iterator[FakeLlamaServer]:
    server = FakeLlamaServer()
    yield server
    server.close()


def verdicts(
    server: FakeLlamaServer, memory_limit_bytes: int | None, seconds: float, limits: WatchLimits = QUICK
) -> list[str]:
    """What is said of this very process, as if it were the engine, within ``seconds``."""
    said: list[str] = []
    spoken = threading.Event()

    def condemn(verdict: str) -> None:
        said.append(verdict)
        spoken.set()

    with watching(server.endpoint, os.getpid(), memory_limit_bytes, limits, condemn):
        spoken.wait(seconds)
    return said


def test_a_healthy_engine_is_left_alone(server: FakeLlamaServer) -> None:
    assert verdicts(server, 1 << 40, 0.5, PATIENT) == []


def test_an_engine_that_swells(server: FakeLlamaServer) -> None:
    (verdict,) = verdicts(server, 1 << 20, 30, PATIENT)
    assert "of memory, far more than the model needs" in verdict


def test_an_engine_that_is_silent(server: FakeLlamaServer) -> None:
    server.healthy.clear()
    (verdict,) = verdicts(server, None, 60)
    assert "stopped answering" in verdict


def test_an_engine_that_is_gone(server: FakeLlamaServer) -> None:
    server.close()
    assert len(verdicts(server, None, 60)) == 1


def test_the_end_of_the_turn_ends_a_look_that_waits(server: FakeLlamaServer) -> None:
    server.healthy.clear()
    patient = WatchLimits(look_seconds=0.01, answer_seconds=30)
    with watching(server.endpoint, os.getpid(), None, patient, lambda _verdict: None):
        threading.Event().wait(0.2)

"""Eight real commands at once at 99 % of a cap: as many reach the provider as fit, and the others are told why not."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Iterator

import pytest

from tests.e2e.test_cloud import MODEL, ROOT, WORKBENCH, asked, document, objects, server, workbench
from tests.fakes.cloud_servers import KEY, CloudServer, faults
from tests.patience import until
from workbench.app import build
from workbench.cloud.provider import Billed, CloudModel, Price
from workbench.cloud.spending.money import Purpose

__all__ = ["server"]  # the fixture
pytestmark = pytest.mark.timeout(180)
MANY, FIT = 8, 2
CAP = 2_000_000


def spend(micros: int) -> None:
    """As earlier calls of the day did."""
    program = build()
    try:
        model = CloudModel("mine", "model-one", price=Price(150_000, 600_000))
        while micros:
            part = min(micros, 500_000)
            call = program.ledger.reserve(model, part, Purpose.ESCALATION)
            program.ledger.settle(call, Billed(cost_micros=part))
            micros -= part
    finally:
        program.close()


@pytest.fixture
def running(server: CloudServer) -> Iterator[list[subprocess.Popen[str]]]:
    begun: list[subprocess.Popen[str]] = []
    yield begun
    for process in begun:
        _kill(process)
        assert process.stdout is not None
        process.stdout.close()


def _kill(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGKILL)
        process.wait()


def _said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.read()


def test_eight_commands_at_once_at_99_percent_of_a_cap(
    server: CloudServer, running: list[subprocess.Popen[str]]
) -> None:
    (event,) = objects(asked("--yes"))
    most = event["cost_micros"]["high"]
    assert FIT * most + most // 2 < CAP // 100
    assert workbench("consents", "accept", event["id"], "--scope", "always", "--later").returncode == 0
    spend(CAP - FIT * most - most // 2)
    server.asked.clear()
    server.faults[:] = [faults.stall_after(2)] * MANY
    for _ in range(MANY):
        process = subprocess.Popen(
            [*WORKBENCH, "chat", "--cloud", MODEL, "--json", "--key-stdin", "--yes", "What may I answer ada@example.org?"],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        running.append(process)
        assert process.stdin is not None
        process.stdin.write(f"{KEY}\n")
        process.stdin.close()

    def ended() -> list[subprocess.Popen[str]]:
        return [process for process in running if process.poll() is not None]

    until(lambda: len(ended()) == MANY - FIT and len(server.questions) == FIT)
    assert [process.returncode for process in ended()] == [6] * (MANY - FIT)
    told = [_said(process) for process in ended()]
    assert all("today" in said for said in told), told
    calls = document("cloud", "ledger")
    assert [call["state"] for call in calls].count("reserved") == FIT
    assert sum(call["cost_micros"] for call in calls) <= CAP
    for process in running:
        _kill(process)
    day = next(cap for cap in json.loads(workbench("cloud", "budget", "--json").stdout)["caps"] if cap["kind"] == "day")
    assert day["spent_micros"] == CAP - most // 2
    assert [call["state"] for call in document("cloud", "ledger")].count("assumed") == FIT
    assert len(server.questions) == FIT

"""Killed while an answer of a provider calls tools, asks, or goes on: nothing is sent twice, and nothing is lost."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.fakes.cloud_servers import CloudServer
from tests.losing.cloud_asking import ADDS, step, world
from tests.unit.chat.escalating.tooled import Tooled, finish_of, saying
from workbench.chat.tooling.making import UNKNOWN_END
from workbench.chat.tree import Node
from workbench.cloud.spending.money import CallState
from workbench.errors import UsageError
from workbench.messages import Finish, ToolResult

pytestmark = pytest.mark.keeps_children  # the server that processes are forked from
Killed = Callable[..., None]


@pytest.fixture(scope="module")
def killed() -> Iterator[Killed]:
    """Runs the steps in ``home``, each in a process of its own that is killed in the middle."""
    from multiprocessing import forkserver, resource_tracker

    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.losing.cloud_asking"])

    def run(home: Path, base_url: str, *names: str) -> None:
        for name in names:
            process = context.Process(target=step, args=(home, base_url, name))
            process.start()
            process.join()
            assert process.exitcode == -9, name
            process.close()

    yield run
    forkserver._forkserver._stop()  # type: ignore[attr-defined]
    resource_tracker._resource_tracker._stop()  # type: ignore[attr-defined]


@pytest.fixture
def server() -> Iterator[CloudServer]:
    with CloudServer() as running:
        running.faults[:] = [saying(ADDS), saying("It is 5.")]
        yield running


def found(made: Tooled) -> Node:
    """The answer of the provider, as it is on the disk."""
    made.chat.recover()
    nodes = made.store.load(made.chat.list()[0].id).nodes
    return next(node for node in nodes if node.turn and node.turn.backend.startswith("cloud:"))


def notes(home: Path) -> list[str]:
    kept = home / "notes"
    return kept.read_text("utf-8").splitlines() if kept.exists() else []


def test_killed_at_work_what_reads_is_called_again_and_it_is_asked_about_once(
    tmp_path: Path, killed: Killed, server: CloudServer
) -> None:
    killed(tmp_path, server.base_url, "at work")
    made = world(tmp_path, server.base_url)
    try:
        answer = found(made)
        assert finish_of(answer) is Finish.INTERRUPTED
        assert finish_of(made.escalations.resume(answer.id, made.job())) is Finish.WAITING
        assert len(server.questions) == 1
        assert notes(tmp_path) == ["5", "5"]
        ended = made.escalations.send(made.let().id, made.job())
        assert (ended.message.text, len(server.questions)) == ("It is 5.", 2)
    finally:
        made.workbench.close()


def test_killed_while_a_tool_acts_nobody_knows_and_it_is_not_called_again(
    tmp_path: Path, killed: Killed, server: CloudServer
) -> None:
    killed(tmp_path, server.base_url, "may it", "acting")
    made = world(tmp_path, server.base_url, acts=True)
    try:
        answer = found(made)
        assert finish_of(made.escalations.resume(answer.id, made.job())) is Finish.WAITING
        assert [result.text for result in made.results(answer)] == [UNKNOWN_END]
        assert notes(tmp_path) == ["5"]
        ended = made.escalations.send(made.let().id, made.job())
        assert (ended.message.text, len(server.questions)) == ("It is 5.", 2)
        assert b"It is not known whether this was done" in server.questions[-1].body
    finally:
        made.workbench.close()


@pytest.mark.parametrize("later", [(), ("accepted",), ("allowed",)])
def test_killed_while_it_asks_it_asks_once_and_goes_on_once(
    tmp_path: Path, killed: Killed, server: CloudServer, later: tuple[str, ...]
) -> None:
    killed(tmp_path, server.base_url, "asking", *later)
    made = world(tmp_path, server.base_url)
    try:
        answer = found(made)
        assert any(isinstance(part, ToolResult) for part in answer.message.parts)
        if not later:
            assert finish_of(made.escalations.resume(answer.id, made.job())) is Finish.WAITING
            assert len(made.consents.list()) == 1
            made.let()
        ended = made.escalations.resume(answer.id, made.job())
        assert (ended.message.text, len(server.questions)) == ("It is 5.", 2)
        assert notes(tmp_path) == ["5"]
        assert made.consents.list() == ()
        with pytest.raises(UsageError):
            made.escalations.resume(answer.id, made.job())
    finally:
        made.workbench.close()


def test_killed_while_it_is_sent_it_is_counted_at_its_most_and_never_sent_again_unasked(
    tmp_path: Path, killed: Killed, server: CloudServer
) -> None:
    killed(tmp_path, server.base_url, "asking", "accepted", "sending")
    made = world(tmp_path, server.base_url)
    try:
        made.ledger.recover()
        answer = found(made)
        sent = made.consents.list(waiting=False)[-1]
        with pytest.raises(UsageError, match="sent before"):
            made.escalations.send(sent.id, made.job())
        assert [entry.state for entry in made.entries()][-1] is CallState.ASSUMED
        server.faults[:] = [saying(" In all, 5.")]
        assert finish_of(made.escalations.resume(answer.id, made.job())) is Finish.WAITING
        assert len(server.questions) == 2, "what goes on is asked about anew"
        made.escalations.send(made.let().id, made.job())
        assert len(server.questions) == 3
        assert notes(tmp_path) == ["5"]
    finally:
        made.workbench.close()

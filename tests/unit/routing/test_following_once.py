"""An answer that several follow at once, in threads and in processes: what is proposed for it is sent once."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from tests.patience import until
from tests.unit.chat.escalating.world import MODEL, World
from workbench.chat.asking.options import Options
from workbench.chat.asking.resolve import KnownModel
from workbench.chat.tree import Node
from workbench.clock import SystemClock
from workbench.cloud.spending.money import CapKind
from workbench.consents.consent import Scope
from workbench.jobs import quiet_job
from workbench.routing.store import RoutedStore
from workbench.settings import AUTO

THREADS = 8


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path / "home", "It is sunny.")
    made.workbench.known = KnownModel("fake-1b", "Fake 1B", ())
    made.workbench.change_setting("cloud.model", MODEL)
    made.workbench.change_setting("cloud.mode", "question")
    yield made
    made.close()


def proposed(world: World) -> tuple[str, Node]:
    """A chat with a yes and a cap of its own, and an answer of which more is proposed; nothing was counted as sent yet."""
    first = world.asked()
    chat = world.conversation_of(first)
    world.escalations.send(world.accepted(first, scope=Scope.CHAT).id, quiet_job())
    world.ledger.set_cap(CapKind.CHAT, 1_000_000, chat)
    local = world.chat.send(chat, "What is the weather in Berlin today?", quiet_job(), Options(model=AUTO))
    world.client.sent.clear()
    return chat, local


def test_of_many_threads_one_sends(world: World) -> None:
    chat, local = proposed(world)
    together = Barrier(THREADS)

    def follow(_number: int) -> Node:
        together.wait()
        return world.workbench.following.follow(local, quiet_job())

    with ThreadPoolExecutor(THREADS) as pool:
        found = list(pool.map(follow, range(THREADS)))
    assert len(world.client.sent) == 1
    assert sorted({one.message.text for one in found}) == ["A better answer.", "It is sunny."]
    kept = {node.id: node.turn for node in world.store.load(chat).nodes}[local.id]
    assert kept is not None
    assert kept.routed is not None
    assert (kept.routed.sent, kept.routed.held) == (True, "")


def test_of_two_processes_one_sends(world: World, tmp_path: Path) -> None:
    chat, local = proposed(world)
    home, go = tmp_path / "home", tmp_path / "go"
    marks = [tmp_path / name for name in ("first", "second")]
    command = (sys.executable, "-m", "tests.unit.routing.follower_process", str(home), local.id, str(go))
    followers = [subprocess.Popen([*command, str(mark)], stdout=subprocess.PIPE, text=True) for mark in marks]
    until(lambda: all(mark.exists() for mark in marks))
    go.touch()
    said = [follower.communicate(timeout=60)[0].strip() for follower in followers]
    assert sorted(said) == ["0", "1"]
    beside = [node for node in world.store.load(chat).nodes if node.parent_id == local.parent_id]
    assert len(beside) == 2


def test_who_claims_and_is_gone_leaves_it_to_the_person(world: World) -> None:
    _chat, local = proposed(world)
    assert local.turn is not None
    store = RoutedStore(world.workbench.database, SystemClock())
    assert [store.claim(local.turn.id), store.claim(local.turn.id)] == [True, False]
    assert world.workbench.following.follow(local, quiet_job()) is local
    assert not world.client.sent
    again = world.store.node(local.id)[1].turn
    assert again is not None
    assert again.routed is not None
    assert again.routed.proposal  # it is offered below the answer, as ever


def test_a_turn_that_nobody_chose_for_is_nobodys(world: World) -> None:
    assert not RoutedStore(world.workbench.database, SystemClock()).claim("0" * 32)

"""An answer that two go on with at once: one of them does, whatever the other had read before."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from tests.unit.chat.escalating.world import World
from workbench.chat.turn_rows import Outcome
from workbench.errors import UsageError
from workbench.messages import Finish, Id, Text, user

THREADS = 8


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path / "home")
    yield made
    made.close()


def stopped(world: World) -> tuple[Id, Id, Id]:
    """The chat, an answer in it that was stopped, and its turn."""
    chat = world.store.create("Sea")
    _asked, answer, turn = world.store.begin_turn(chat, None, user("Tell me."), model="m", backend="engine")
    world.store.finish_turn(turn.id, answer.id, (Text("The whale"),), Outcome(Finish.CANCELLED))
    return chat, answer.id, turn.id


def test_what_went_on_after_it_was_read_is_not_gone_on_with_again(world: World) -> None:
    chat, answer, read = stopped(world)
    world.store.begin_continuation(chat, answer, after=read, model="m", backend="engine")  # another one, meanwhile
    with pytest.raises(UsageError, match="has gone on elsewhere meanwhile"):
        world.store.begin_continuation(chat, answer, after=read, model="m", backend="engine")


def test_nor_when_the_other_one_has_ended_by_then(world: World) -> None:
    chat, answer, read = stopped(world)
    other = world.store.begin_continuation(chat, answer, after=read, model="m", backend="engine")
    world.store.finish_turn(other.id, answer, (Text("The whale sings."),), Outcome(Finish.STOP))
    with pytest.raises(UsageError, match="has gone on elsewhere meanwhile"):
        world.store.begin_continuation(chat, answer, after=read, model="m", backend="engine")
    assert world.store.node(answer)[1].message.text == "The whale sings."


def test_one_that_is_written_is_not_gone_on_with(world: World) -> None:
    chat, answer, read = stopped(world)
    running = world.store.begin_continuation(chat, answer, after=read, model="m", backend="engine")
    with pytest.raises(UsageError, match="has gone on elsewhere meanwhile"):
        world.store.begin_continuation(chat, answer, after=running.id, model="m", backend="engine")


def test_one_that_was_deleted_meanwhile(world: World) -> None:
    chat, answer, read = stopped(world)
    world.chat.delete_message(answer)
    with pytest.raises(UsageError, match="was deleted meanwhile"):
        world.store.begin_continuation(chat, answer, after=read, model="m", backend="engine")


def test_of_many_at_once_one_goes_on(world: World) -> None:
    chat, answer, read = stopped(world)
    together = Barrier(THREADS)

    def begin(_number: int) -> bool:
        together.wait()
        try:
            world.store.begin_continuation(chat, answer, after=read, model="m", backend="engine")
        except UsageError:
            return False
        return True

    with ThreadPoolExecutor(THREADS) as pool:
        assert sum(pool.map(begin, range(THREADS))) == 1

"""A provider's answer that waits for a second yes, over the local API: told with the first, sent or ended by the second."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.fakes.cloud_servers import CloudServer
from tests.fakes.turn_tools import SUM, add, spec
from tests.unit.chat.escalating.tooled import Tooled, tooled
from workbench.api.served_consents import ServedConsents
from workbench.cancel import CancelToken
from workbench.cloud.provider import Dialect
from workbench.messages import Finish

SUMMED = "It is 5."


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Tooled]:
    with CloudServer() as server:
        made = tooled(tmp_path / "home", Dialect.OPENAI, server, {spec("add", parameters=SUM): add})
        made.will_say([("add", {"a": 2, "b": 3})], SUMMED)
        yield made
        made.workbench.close()


def served(world: Tooled) -> ServedConsents:
    around = SimpleNamespace(
        consents=world.consents,
        escalations=world.escalations,
        ledger=world.ledger,
        chat=world.chat,
        go_on=world.escalations.resume,
    )
    return ServedConsents(cast("Any", around))


def accepted(desk: ServedConsents) -> dict[str, Any]:
    (one,) = desk.waiting()
    return desk.accept(one["id"], {"hash": one["hash"]}, CancelToken())


def test_the_first_yes_tells_what_the_answer_waits_for_and_the_second_sends_it(world: Tooled) -> None:
    world.escalations.propose(world.escalations.preview(world.draft(world.asked())))
    desk = served(world)
    first = accepted(desk)
    assert first["finish"] == "waiting"
    (waiting,) = first["waits_for"]
    assert (waiting["kind"], waiting["id"]) == ("cloud", desk.waiting()[0]["id"])
    second = accepted(desk)
    assert (second["message"], second["text"], second["waits_for"]) == (first["message"], SUMMED, [])
    assert second["cost_micros"] == sum(entry.cost_micros for entry in world.entries())


def test_a_no_ends_the_answer(world: Tooled) -> None:
    world.escalations.propose(world.escalations.preview(world.draft(world.asked())))
    desk = served(world)
    answer = accepted(desk)["message"]
    desk.refuse(desk.waiting()[0]["id"], CancelToken())
    turn = world.store.node(answer)[1].turn
    assert turn is not None
    assert turn.finish is Finish.LENGTH
    assert desk.waiting() == []

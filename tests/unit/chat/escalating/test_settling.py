"""What an answer costs in the end, whatever the provider says of it and however it ends."""

from __future__ import annotations

import pytest

from tests.unit.chat.escalating.world import World
from workbench.cloud.asking import CloudError
from workbench.cloud.provider import Billed
from workbench.cloud.spending.money import CallState
from workbench.jobs import quiet_job
from workbench.messages import ReasoningDelta, TextDelta


@pytest.mark.parametrize(("running", "counted"), [(Billed(10, 0, 0, 0), 14), (Billed(10, 0, 0, 500), 500)])
def test_a_count_on_the_way_makes_a_cut_answer_no_cheaper(world: World, running: Billed, counted: int) -> None:
    world.client.running = running
    world.client.steps = (ReasoningDelta("Hm."), TextDelta("word " * 6), CloudError("The answer broke off."))
    with pytest.raises(CloudError):
        world.escalations.send(world.accepted(world.asked()).id, quiet_job())
    (entry,) = world.ledger.entries()
    assert (entry.state, entry.billed.completion_tokens) == (CallState.ESTIMATED, counted)
    assert (entry.billed.prompt_tokens or 0) > 10


@pytest.mark.parametrize("told", [Billed(0, 0, 0, 0), Billed(120, 0, 0, 3), Billed(0, 0, 0, 0, cost_micros=0)])
def test_a_count_of_nothing_for_words_that_came_is_none(world: World, told: Billed) -> None:
    world.client.counted = told
    world.client.steps = (ReasoningDelta("Hm."), *[TextDelta("word ")] * 600)
    world.escalations.send(world.accepted(world.asked()).id, quiet_job())
    (entry,) = world.ledger.entries()
    assert (entry.state, entry.billed.completion_tokens) == (CallState.ESTIMATED, 1202)
    assert entry.cost_micros > 0


def test_a_count_of_nothing_where_thoughts_are_hidden_counts_at_its_most(world: World) -> None:
    world.client.counted = Billed(0, 0, 0, 0)
    world.client.steps = (TextDelta("word " * 600),)
    world.escalations.send(world.accepted(world.asked()).id, quiet_job())
    (entry,) = world.ledger.entries()
    assert (entry.state, entry.cost_micros) == (CallState.ASSUMED, entry.reserved_micros)


@pytest.mark.parametrize("told", [Billed(10**9, 0, 0, 9), Billed(120, 0, 0, 10**9), Billed(120, 0, 0, 7, 10**12)])
def test_a_claim_that_cannot_be_counts_at_its_most_and_says_so(world: World, told: Billed) -> None:
    world.client.counted = told
    world.escalations.send(world.accepted(world.asked()).id, quiet_job())
    (entry,) = world.ledger.entries()
    assert (entry.state, entry.cost_micros) == (CallState.ASSUMED, entry.reserved_micros)
    assert "cannot be" in entry.error

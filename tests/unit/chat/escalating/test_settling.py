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

"""What could change between a yes and the sending, or name another thing than was seen."""

from __future__ import annotations

import pytest

from tests.unit.chat.escalating.world import KEY, World
from workbench.cloud.provider import Price
from workbench.errors import UsageError


def test_a_hash_that_names_the_same_text_for_two_providers_sends_it_to_neither(world: World) -> None:
    cloud = world.workbench.cloud
    local = world.asked()
    for name in ("mine", "yours"):
        cloud.set_address(name, f"https://{name}.example.org/v1")
        cloud.login(name, KEY)
        cloud.set_price(f"{name}/m", Price(1, 1))
    mine, yours = (world.escalations.preview(world.draft(local, model=f"{name}/m")) for name in ("mine", "yours"))
    assert mine.outgoing.hash == yours.outgoing.hash
    first = world.escalations.propose(mine)
    assert world.escalations.waiting(mine.outgoing.hash).id == first.id
    second = world.escalations.propose(yours)
    with pytest.raises(UsageError, match="several providers"):
        world.escalations.waiting(mine.outgoing.hash)
    world.consents.refuse(second.id)
    assert world.escalations.waiting(mine.outgoing.hash).id == first.id

"""A lasting yes that is taken back: what it had accepted and was not sent waits for the person again."""

from __future__ import annotations

import pytest

from tests.unit.chat.escalating.world import SUBJECT, World
from workbench.cloud.spending.money import CapKind
from workbench.consents.consent import Consent, ConsentKind, ConsentState, Scope
from workbench.errors import RefusedError, UsageError
from workbench.jobs import quiet_job


@pytest.fixture
def held(world: World) -> tuple[str, Consent]:
    """A chat with a yes of its own, and a request that was accepted by it and refused by a cap."""
    local = world.asked()
    chat = world.conversation_of(local)
    world.escalations.send(world.accepted(local, scope=Scope.CHAT).id, quiet_job())
    again = world.escalations.propose(world.preview(world.asked("And 3+3?", chat)))
    world.ledger.set_cap(CapKind.DAY, 0)
    accepted = world.consents.accept_standing(again.id)
    with pytest.raises(RefusedError):
        world.escalations.send(accepted.id, quiet_job())
    world.ledger.set_cap(CapKind.DAY, None)
    return chat, accepted


def test_it_waits_again_and_can_be_accepted_again(world: World, held: tuple[str, Consent]) -> None:
    chat, accepted = held
    assert accepted.scope is Scope.CHAT
    assert world.consents.revoke(ConsentKind.CLOUD, SUBJECT, chat) == 1
    assert world.consents.get(accepted.id).state is ConsentState.WAITING
    with pytest.raises(UsageError, match="not accepted"):
        world.escalations.send(accepted.id, quiet_job())
    assert len(world.client.sent) == 1
    world.consents.accept(accepted.id)
    assert world.escalations.send(accepted.id, quiet_job()).message.text


def test_what_was_sent_stays_accepted(world: World, held: tuple[str, Consent]) -> None:
    chat, accepted = held
    world.escalations.send(accepted.id, quiet_job())
    assert world.consents.revoke(ConsentKind.CLOUD, SUBJECT, chat) == 0
    assert all(one.state is ConsentState.ACCEPTED for one in world.consents.list(waiting=False))


def test_a_yes_that_goes_between_the_look_and_the_sending_sends_nothing(
    world: World, held: tuple[str, Consent]
) -> None:
    """Another process takes it back after this one saw that it was accepted."""
    chat, accepted = held
    kept = world.escalations._kept
    world.consents.revoke(ConsentKind.CLOUD, SUBJECT, chat)
    assert not kept.take(accepted.id)
    assert world.escalations.is_unsent(accepted.id)

"""What could change between a yes and the sending, or name another thing than was seen."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.chat.escalating.world import KEY, MODEL, World
from workbench.chat.escalating.drafting import DELETED, MEMORY_ID, Ground, drafted, with_private_cut
from workbench.chat.escalating.escalation import Mode
from workbench.cloud.asking import CloudError
from workbench.cloud.provider import Price
from workbench.errors import RefusedError, UsageError
from workbench.jobs import quiet_job


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


@pytest.mark.parametrize("price", [Price(1_000_000, 1), Price(1, 5_000_000), Price(1, 1, cache_write_micros=400_000)])
def test_what_is_dearer_by_now_than_was_shown_is_not_sent(world: World, price: Price) -> None:
    """A yes from yesterday would else set aside yesterday's price, and pass the cap."""
    local = world.asked()
    shown, consent = world.preview(local), world.accepted(local)
    world.workbench.cloud.set_price(MODEL, price)
    with pytest.raises(RefusedError, match="costs more by now"):
        world.escalations.send(consent.id, quiet_job())
    with pytest.raises(RefusedError, match="costs more by now"):
        world.escalations.propose(shown)
    assert "costs more by now" in world.escalations.previewed(consent.id).refused[0]
    assert not world.client.sent
    assert not world.ledger.entries()
    world.workbench.cloud.set_price(MODEL, None)
    world.escalations.send(consent.id, quiet_job())
    assert len(world.client.sent) == 1


def test_what_is_cheaper_by_now_is_booked_at_the_price_of_now(world: World) -> None:
    consent = world.accepted(world.asked())
    shown = consent.request["cost_micros"]["high"]
    world.workbench.cloud.set_price(MODEL, Price(10_000, 20_000))
    world.escalations.send(consent.id, quiet_job())
    (entry,) = world.ledger.entries()
    assert entry.price is not None
    assert (entry.price.input_micros, entry.reserved_micros) == (10_000, shown)
    assert entry.cost_micros == -(-120 * 10_000 // 10**6) + -(-7 * 20_000 // 10**6)


@pytest.mark.parametrize("which", [0, 1])
def test_an_earlier_message_that_was_deleted_since_is_not_sent(world: World, which: int) -> None:
    """The question as well as its answer: each is deleted by itself."""
    first = world.asked("An earlier question that is nobody's business.")
    chat = world.conversation_of(first)
    later = world.asked("And now?", chat)
    consent = world.accepted(later, Mode.BRANCH)
    world.chat.delete_message(world.store.load(chat).nodes[which].id)
    with pytest.raises(RefusedError, match="was deleted since"):
        world.escalations.send(consent.id, quiet_job())
    assert not world.client.sent


def test_what_is_remembered_and_was_forgotten_since_is_not_sent(world: World) -> None:
    question = world.store.load(world.conversation_of(world.asked("Hello?"))).nodes[0]
    ground = Ground((question,), memory="- The person's wife is called Ada.")
    pieces = tuple(replace(one, kept=True) for one in drafted(ground, Mode.QUESTION))
    assert with_private_cut(pieces, ground) == pieces
    (cut, *rest) = with_private_cut(pieces, replace(ground, memory=""))
    assert (cut.id, cut.kept, cut.note) == (MEMORY_ID, False, DELETED)
    assert rest == list(pieces[1:])


def test_nor_is_a_brief_that_was_written_from_it(world: World) -> None:
    first = world.asked("An earlier question that is nobody's business.")
    chat = world.conversation_of(first)
    consent = world.accepted(world.asked("And now?", chat), Mode.CONDENSED)
    world.chat.delete_message(world.store.load(chat).nodes[0].id)
    with pytest.raises(RefusedError, match="was deleted since"):
        world.escalations.send(consent.id, quiet_job())
    assert not world.client.sent


def test_when_the_bin_forgets_a_message_what_was_sent_of_it_is_forgotten_too(world: World) -> None:
    first = world.asked("Nobody's business at all.")
    chat = world.conversation_of(first)
    sent = world.escalations.send(world.accepted(world.asked("And now?", chat), Mode.BRANCH).id, quiet_job())
    apart = world.escalations.send(world.accepted(world.asked("Something else."), Mode.QUESTION).id, quiet_job())
    world.chat.delete_message(world.store.load(chat).nodes[0].id)
    assert held(world) == 2, "it can still be brought back"
    with world.workbench.database.write() as tx:
        tx.execute("UPDATE messages SET deleted_at = 1.0 WHERE deleted_at IS NOT NULL")
    assert world.store.steering.empty_bin(2.0) == 1
    assert held(world) == 1
    assert sent.turn is not None
    assert world.escalations.of_turn(sent.turn.id) is None
    assert world.ledger.of_turn(sent.turn.id) is not None
    assert apart.turn is not None
    assert world.escalations.of_turn(apart.turn.id) is not None


def held(world: World) -> int:
    """Requests that are kept, each beside its question."""
    database = world.workbench.database
    kept = [row[0] for row in database.rows("SELECT id FROM escalations")]
    asked = [row[0] for row in database.rows("SELECT id FROM consents")]
    assert sorted(kept) == sorted(asked)
    return len(kept)


def test_what_a_provider_repeats_of_a_request_does_not_outlive_its_chat_in_the_ledger(world: World) -> None:
    said = "Groq cannot use this request. It says: 'Nobody's business' is no text."
    world.client.failure = CloudError(said, charged=False)
    consent = world.accepted(world.asked("Nobody's business."))
    with pytest.raises(CloudError, match="Nobody's business"):
        world.escalations.send(consent.id, quiet_job())
    (entry,) = world.ledger.entries()
    assert entry.error == "Groq cannot use this request."


def test_what_waits_for_a_provider_that_is_gone_can_still_be_looked_at_and_refused(world: World) -> None:
    cloud = world.workbench.cloud
    cloud.set_address("mine", "https://mine.example.org/v1")
    cloud.set_price("mine/m", Price(1, 1))
    cloud.login("mine", KEY)
    consent = world.escalations.propose(world.escalations.preview(world.draft(world.asked(), model="mine/m")))
    cloud.set_address("mine", "")
    assert world.escalations.previewed(consent.id).provider.id == "mine"
    world.consents.accept(consent.id)
    with pytest.raises(UsageError, match="No provider is called"):
        world.escalations.send(consent.id, quiet_job())
    world.consents.refuse(consent.id)
    assert not world.client.sent

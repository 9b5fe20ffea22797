"""What an answer costs in the end, whatever the provider says of it and however it ends."""

from __future__ import annotations

import pytest

from tests.unit.chat.escalating.world import World
from workbench.chat.escalating.counting import tokens_of_text
from workbench.chat.escalating.weighing import Room
from workbench.cloud.asking import CloudError
from workbench.cloud.provider import Billed
from workbench.cloud.spending.money import CallState
from workbench.jobs import quiet_job
from workbench.messages import ReasoningDelta, StreamEvent, TextDelta, ToolCallDelta


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


def test_an_answer_without_end_is_hung_up_and_estimated_by_what_was_kept(world: World) -> None:
    world.client.steps = (ReasoningDelta("Hm."), *[TextDelta("x" * 20_000)] * 60)
    local = world.asked()
    with pytest.raises(CloudError, match="writes on beyond the longest answer"):
        world.escalations.send(world.accepted(local).id, quiet_job())
    (cut,) = [node for node in world.store.load(world.conversation_of(local)).nodes if node.turn and node.turn.error]
    assert 8_192 < len(cut.message.text) <= 3 * 4 * 8_192 + 20_000
    (entry,) = world.ledger.entries()
    assert entry.state is CallState.ESTIMATED
    assert entry.reserved_micros < entry.cost_micros <= 5 * entry.reserved_micros
    assert world.client.replies[0].closed


@pytest.mark.parametrize("event", [TextDelta("word " * 10**6), ReasoningDelta("x" * 10**6)])
def test_a_piece_that_is_too_long_is_cut(event: TextDelta | ReasoningDelta) -> None:
    room = Room(1000)
    cut = room.cut(event)
    assert isinstance(cut, type(event))
    assert room.is_full
    assert tokens_of_text(cut.text) <= 4 * 1000


def test_what_is_called_without_end_is_not_kept() -> None:
    room = Room(1000)
    assert room.cut(ToolCallDelta(0, "1", "x", "{" * 10**6)) is None
    assert room.is_full


@pytest.mark.parametrize("text", ["It is as it is. ", "1415926535 ", "Die Höhe ", "对不起，", "    if x:\n"])
def test_an_answer_as_long_as_was_asked_for_has_room(text: str) -> None:
    """Tokenizers make at least a third of our count of it."""
    room = Room(2_000)
    longest = text * (3 * 2_000 // tokens_of_text(text))
    events: list[StreamEvent] = [TextDelta(longest[start : start + 3]) for start in range(0, len(longest), 3)]
    assert [room.cut(event) for event in events] == events
    assert not room.is_full

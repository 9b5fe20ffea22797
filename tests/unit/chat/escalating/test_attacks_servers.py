"""What a server's tool gave a model here goes by no lasting yes: not in its result, nor in what was written from it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.fakes.turn_tools import SUM, add, spec
from tests.unit.chat.escalating.tooled import Tooled
from workbench.chat.escalating.escalation import Mode
from workbench.chat.escalating.offering import OF_SERVER
from workbench.chat.tree import Node
from workbench.cloud.provider import Price
from workbench.consents.consent import Scope
from workbench.errors import RefusedError
from workbench.jobs import quiet_job
from workbench.messages import Text, ToolCall, ToolResult
from workbench.tools.tool import Outcome

Make = Callable[..., Tooled]
READ = spec("read_file", source="files")
ADD = spec("add", parameters=SUM)


def having_called(world: Tooled, name: str) -> Node:
    """A local answer that called this tool, in a chat with a lasting yes for the provider."""
    local = world.asked("What stands in my diary?")
    world.accepted(local, Scope.CHAT)
    said = (ToolCall("c1", name, "{}"), ToolResult("c1", name, "Dear diary."), Text("It says: dear diary."))
    world.store.checkpoint(local.id, said)
    return world.store.node(local.id)[1]


@pytest.mark.parametrize("mode", [Mode.QUESTION, Mode.CHECK])
@pytest.mark.parametrize("name", ["read_file", "gone_since"])
def test_a_lasting_yes_is_none_for_what_a_server_gave_the_local_answer(make: Make, name: str, mode: Mode) -> None:
    world = make({ADD: add, READ: lambda _arguments, _call: Outcome("Dear diary.")})
    preview = world.escalations.preview(world.draft(having_called(world, name), mode))
    assert "ear diary." in preview.body
    assert not preview.standing
    assert world.escalations.propose(preview).question.because == OF_SERVER


def test_nor_for_what_a_later_answer_may_repeat(make: Make) -> None:
    world = make({ADD: add, READ: lambda _arguments, _call: Outcome("Dear diary.")})
    local = having_called(world, "read_file")
    later = world.chat.send(world.store.conversation_of(local.id), "And what else?", quiet_job())
    assert not world.escalations.preview(world.draft(later, Mode.BRANCH)).standing
    assert world.escalations.preview(world.draft(later, Mode.QUESTION)).standing


def test_it_holds_for_what_the_program_itself_gave(make: Make) -> None:
    world = make({ADD: add, READ: lambda _arguments, _call: Outcome("Dear diary.")})
    assert world.escalations.preview(world.draft(having_called(world, "add"))).standing


def test_the_last_request_is_the_last_one_also_where_the_clock_was_set_back(make: Make) -> None:
    """What a person had cut in it would else be in the next one again."""
    world = make()
    world.will_say([("add", {"a": 2, "b": 3})], [("add", {"a": 5, "b": 3})], "Eight.")
    answer = world.sent(world.asked(), Scope.CHAT)
    with world.workbench.database.write() as tx:
        tx.execute("UPDATE escalations SET created_at = created_at - 7200 * rowid")
    world.check(answer)
    assert len(world.bodies()) == 3


def test_what_was_to_go_on_and_is_dearer_by_now_is_asked_about_anew(make: Make) -> None:
    """Else *Continue* would be refused for ever."""
    world = make()
    world.will_say([("add", {"a": 2, "b": 3})], "Five.")
    answer = world.sent(world.asked())
    world.workbench.cloud.set_price(world.model, Price(1_500_000, 6_000_000))
    with pytest.raises(RefusedError, match="costs more by now"):
        world.escalations.send(world.let().id, world.job())
    world.escalations.resume(answer.id, world.job())
    asked = world.let()
    assert asked.request["cost_micros"]["low"] > 0
    assert world.escalations.resume(answer.id, world.job()).message.text == "Five."
    assert len(world.bodies()) == 2
    entry = world.entries()[-1]
    assert entry.price is not None
    assert entry.price.input_micros == 1_500_000

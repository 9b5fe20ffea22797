"""How an answer with tools ends before its time, and goes on: caps, a no, stops, failures, limits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.fakes.cloud_servers import faults
from tests.fakes.turn_tools import SUM, add, spec
from tests.unit.chat.escalating.tooled import Tooled, finish_of
from workbench.chat.escalating.kept_json import preview_from_json, preview_json
from workbench.chat.events import Preparing, ToolEnded
from workbench.chat.tooling.port import Limits
from workbench.cloud.asking import CloudError
from workbench.cloud.provider import Dialect
from workbench.cloud.spending.money import CallState, CapKind
from workbench.consents.consent import Scope
from workbench.errors import UsageError
from workbench.jobs import Job, JobEvent
from workbench.messages import Finish
from workbench.tools.tool import Call, Outcome

ADD = spec("add", parameters=SUM)
ADDS = [("add", {"a": 2, "b": 3})]
SUMMED = "It is 5."
Make = Callable[..., Tooled]


def test_a_cap_that_is_reached_in_round_two_ends_it_with_a_note_and_it_goes_on_later(make: Make) -> None:
    world = make()

    def spend(_arguments: Mapping[str, Any], _call: Call) -> Outcome:
        world.ledger.set_cap(CapKind.DAY, 1)
        return Outcome("5")

    world.tools.tools[ADD] = spend
    world.will_say(ADDS, SUMMED)
    ended = world.sent(world.asked(), Scope.CHAT)
    assert ended.turn is not None
    assert finish_of(ended) is Finish.LENGTH
    assert "left of the cap for today" in ended.turn.note
    assert [result.text for result in world.results(ended)] == ["5"]
    world.check(ended)
    world.ledger.set_cap(CapKind.DAY, 1_000_000)
    again = world.escalations.resume(ended.id, world.job())
    assert again.message.text == SUMMED
    world.check(again)


def switched_off(world: Tooled) -> None:
    world.workbench.cloud.switch(on=False)


def made_private(world: Tooled) -> None:
    project = world.workbench.projects.create("Secret", {"private": True})
    world.workbench.projects.move(world.chat.list()[0].id, project.id)


def without_key(world: Tooled) -> None:
    world.workbench.cloud.logout(world.provider)


@pytest.mark.parametrize(
    ("change", "told"),
    [(switched_off, "switched off"), (made_private, "private project"), (without_key, "There is no key")],
)
def test_what_may_not_be_sent_by_now_ends_it_with_a_note(
    make: Make, change: Callable[[Tooled], None], told: str
) -> None:
    world = make()

    def meanwhile(_arguments: Mapping[str, Any], _call: Call) -> Outcome:
        change(world)
        return Outcome("5")

    world.tools.tools[ADD] = meanwhile
    world.will_say(ADDS, SUMMED)
    ended = world.sent(world.asked(), Scope.ALWAYS)
    assert ended.turn is not None
    assert finish_of(ended) is Finish.LENGTH
    assert told in ended.turn.note
    assert [result.text for result in world.results(ended)] == ["5"]
    assert not world.consents.list()
    world.check(ended)


def test_a_no_to_what_the_tools_gave_ends_it_and_it_may_be_asked_again(make: Make) -> None:
    world = make()
    world.will_say(ADDS, SUMMED)
    answer = world.sent(world.asked())
    world.consents.refuse(world.waiting().id)
    ended = world.escalations.resume(answer.id, world.job())
    assert ended.turn is not None
    assert (finish_of(ended), "did not let" in ended.turn.note) == (Finish.LENGTH, True)
    world.check(ended)
    again = world.escalations.resume(answer.id, world.job())
    assert finish_of(again) is Finish.WAITING
    assert world.escalations.send(world.let().id, world.job()).message.text == SUMMED


def test_it_waits_on_and_proposes_once_while_nobody_has_answered(make: Make) -> None:
    world = make()
    world.will_say(ADDS, SUMMED)
    answer = world.sent(world.asked())
    first = world.waiting()
    for _try in range(2):
        assert finish_of(world.escalations.resume(answer.id, world.job())) is Finish.WAITING
    assert world.waiting().id == first.id
    world.consents.accept(first.id)
    ended = world.escalations.resume(answer.id, world.job())
    assert ended.message.text == SUMMED
    assert not world.escalations.is_unsent(first.id)
    with pytest.raises(UsageError):
        world.escalations.send(first.id, world.job())
    with pytest.raises(UsageError, match="complete"):
        world.escalations.resume(answer.id, world.job())
    world.check(ended)


def test_endless_calls_are_capped(make: Make) -> None:
    world = make(limits=Limits(most_calls=3))
    world.will_say(*[[("add", {"a": number, "b": 1})] for number in range(5)], "Enough.")
    ended = world.sent(world.asked(), Scope.CHAT)
    assert len(world.tools.calls) == 3
    assert ended.turn is not None
    assert "3 calls were made" in ended.turn.note
    assert finish_of(ended) is Finish.STOP
    assert len(world.bodies()) == 5, "one that says that no more may be called, and one without tools"
    assert b"No more tools can be called" in world.bodies()[3]
    assert "tools" not in world.told(4)
    world.check(ended)


def _nested(levels: int) -> Any:
    return "x" if not levels else [_nested(levels - 1)]


@pytest.mark.parametrize("given", [_nested(900), {"a": float("nan")}, {"a": [float("inf"), "[EMAIL_1]"]}])
def test_arguments_that_are_no_json_or_too_deep_end_no_answer(make: Make, given: Any) -> None:
    world = make({spec("look"): lambda _a, _c: Outcome("Nothing.")})
    world.will_say([("look", {"text": given})], SUMMED)
    ended = world.sent(world.asked("What did ada@example.org write?"), Scope.CHAT)
    assert (finish_of(ended), ended.message.text) == (Finish.STOP, SUMMED)
    assert len(world.results(ended)) == 1


def test_a_provider_that_fails_in_round_two_loses_nothing_and_is_asked_again(make: Make) -> None:
    world = make()
    world.will_say(ADDS)
    world.server.faults.append(faults.status(400, "Overloaded, or so."))
    with pytest.raises(CloudError):
        world.sent(world.asked(), Scope.CHAT)
    node = next(one for one in world.store.load(world.chat.list()[0].id).nodes if one.message.tool_calls)
    assert (finish_of(node), [result.text for result in world.results(node)]) == (Finish.ERROR, ["5"])
    world.will_say(SUMMED)
    ended = world.escalations.resume(node.id, world.job())
    assert ended.message.text == SUMMED
    assert len(world.tools.calls) == 1


def test_stopped_while_a_tool_reads_it_is_called_again(make: Make) -> None:
    world = make()
    jobs: list[Job] = []

    def stop(arguments: Mapping[str, Any], call: Call) -> Outcome:
        if len(world.tools.calls) == 1:
            jobs[0].cancel.cancel()
            call.cancel.wait(5)
        return add(arguments, call)

    world.tools.tools[ADD] = stop
    world.will_say(ADDS, SUMMED)
    local = world.asked()
    jobs.append(world.job())
    answer = world.escalations.send(world.accepted(local, Scope.CHAT).id, jobs[0])
    assert (finish_of(answer), len(world.bodies())) == (Finish.CANCELLED, 1)
    ended = world.escalations.resume(answer.id, world.job())
    assert (ended.message.text, len(world.tools.calls)) == (SUMMED, 2)
    world.check(ended)


def test_a_cut_answer_goes_on_where_it_was_cut(make: Make) -> None:
    world = make()
    world.will_say("It is")
    world.server.finish = "length" if world.dialect is Dialect.OPENAI else "max_tokens"
    cut = world.sent(world.asked(), Scope.CHAT)
    assert finish_of(cut) is Finish.LENGTH
    world.server.finish = None
    world.will_say(" 5.")
    ended = world.escalations.resume(cut.id, world.job())
    assert ended.message.text == "It is 5."
    world.check(ended)


def test_stopped_before_the_next_request_has_left_it_costs_nothing(make: Make) -> None:
    world = make()
    world.will_say(ADDS, SUMMED)
    job = Job(lambda event: job.cancel.cancel() if isinstance(event.payload, ToolEnded) else None)
    answer = world.escalations.send(world.accepted(world.asked(), Scope.CHAT).id, job)
    assert finish_of(answer) is Finish.CANCELLED
    assert len(world.bodies()) == 1
    assert [entry.cost_micros for entry in world.entries()][1:] in ([], [0])
    assert world.escalations.resume(answer.id, world.job()).message.text == SUMMED


def test_who_cannot_be_told_that_it_is_asked_pays_nothing(make: Make) -> None:
    world = make()
    world.will_say(SUMMED)

    def broken(news: JobEvent) -> None:
        if isinstance(news.payload, Preparing):
            raise OSError("nobody reads on")

    with pytest.raises(OSError, match="nobody reads on"):
        world.escalations.send(world.accepted(world.asked()).id, Job(broken))
    assert not world.bodies()
    assert [(entry.state, entry.cost_micros) for entry in world.entries()] == [(CallState.RELEASED, 0)]


def test_what_an_earlier_version_kept_is_read(make: Make) -> None:
    world = make()
    told = preview_json(
        world.escalations.previewed(world.escalations.propose(world.escalations.preview(world.draft(world.asked()))).id)
    )
    del told["draft"]["grows"]
    for piece in told["draft"]["pieces"]:
        del piece["source"]
    draft = preview_from_json(told, b"{}").draft
    assert draft.grows is None
    assert {piece.source for piece in draft.pieces} == {""}

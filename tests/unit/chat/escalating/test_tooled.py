"""A provider's model calls the tools of the chat; what they give is another request, and another yes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.cloud_servers import CloudServer, faults
from tests.fakes.turn_tools import SUM, Doing, add, spec
from tests.unit.chat.escalating.tooled import Tooled, finish_of, tooled
from workbench.chat.escalating.escalation import Mode, PieceKind
from workbench.chat.escalating.growing import KEPT_BACK
from workbench.chat.escalating.kept_json import preview_from_json, preview_json
from workbench.chat.escalating.offering import STRANGERS
from workbench.chat.events import ToolEnded
from workbench.chat.tooling.port import Limits
from workbench.cloud.asking import CloudError
from workbench.cloud.provider import Dialect
from workbench.cloud.spending.money import CapKind
from workbench.consents.consent import ConsentKind, ConsentState, Scope
from workbench.errors import UsageError
from workbench.jobs import Job
from workbench.messages import Finish, Passage, Reasoning, Text, ToolCall, ToolResult, Verdict
from workbench.tools.tool import Call, Harm, Outcome, ToolSpec

ADD = spec("add", parameters=SUM)
LOOK = spec("look")
WRITE = spec("write", Harm.WRITE)
ADDS = [("add", {"a": 2, "b": 3})]
SUMMED = "It is 5."
Make = Callable[..., Tooled]


@pytest.fixture(params=[Dialect.OPENAI, Dialect.ANTHROPIC])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Make]:
    """Checks in the end that what was shown is what arrived, of the answer that was made last."""
    with ExitStack() as stack:

        def build(tools: dict[ToolSpec, Doing] | None = None, limits: Limits | None = None) -> Tooled:
            server = stack.enter_context(CloudServer(request.param))
            world = tooled(tmp_path / "home", request.param, server, tools or {ADD: add}, limits)
            stack.callback(world.workbench.close)
            return world

        yield build


def said(_arguments: Mapping[str, Any], _call: Call) -> Outcome:
    return Outcome("Done.")


def test_a_call_its_result_and_the_answer_are_one_message_and_two_requests(make: Make) -> None:
    world = make()
    world.will_say(ADDS, SUMMED)
    answer = world.sent(world.asked())
    assert finish_of(answer) is Finish.WAITING
    assert world.tools.calls == [("add", {"a": 2, "b": 3})]
    assert len(world.bodies()) == 1
    consent = world.waiting()
    assert consent.question.message_id == answer.id
    preview = world.escalations.previewed(consent.id)
    assert preview.draft.grows == answer.id
    told = {piece.id: (piece.kind, piece.title, piece.text) for piece in preview.draft.pieces if answer.id in piece.id}
    assert told == {
        f"{answer.id}.call-1": (PieceKind.CALL, "add", '{"a": 2, "b": 3}'),
        f"{answer.id}.result-1": (PieceKind.RESULT, "Result of add", "5"),
    }
    world.consents.accept(consent.id)
    ended = world.escalations.send(consent.id, world.job())
    assert ended.id == answer.id
    assert finish_of(ended) is Finish.STOP
    kinds = [type(part) for part in world.store.node(answer.id)[1].message.parts]
    assert kinds == [ToolCall, ToolResult, Text]
    assert ended.message.text == SUMMED
    assert [entry.conversation_id for entry in world.entries()] == [preview.draft.conversation_id] * 2
    world.check(ended)


def test_the_tools_are_told_as_they_were_shown(make: Make) -> None:
    world = make()
    world.will_say("No tool is needed.")
    draft = world.draft(world.asked())
    (tool,) = (piece for piece in draft.pieces if piece.kind is PieceKind.TOOL)
    assert (tool.id, tool.title, tool.kept) == ("tool.add", "Add", True)
    preview = world.escalations.preview(draft)
    assert "Does add." in preview.body
    world.check(world.escalations.send(world.consents.accept(world.escalations.propose(preview).id).id, world.job()))
    assert len(world.told()["tools"]) == 1
    cut = replace(draft, pieces=tuple(replace(piece, kept=piece.kind is not PieceKind.TOOL) for piece in draft.pieces))
    assert "Does add." not in world.escalations.preview(cut).body


def test_which_are_offered_is_said_by_the_question_and_remembered(make: Make) -> None:
    server_tool = spec("far", source="files", fingerprint="f")
    world = make({ADD: add, server_tool: said, spec("remember"): said})
    local = world.asked()

    def kept(**how: Any) -> dict[str, bool]:
        pieces = world.draft(local, **how).pieces
        return {piece.id: piece.kept for piece in pieces if piece.kind is PieceKind.TOOL}

    assert kept() == {"tool.add": True, "tool.far": False}
    assert kept(tools=False) == {"tool.add": False, "tool.far": False}
    assert kept(mode=Mode.CHECK) == {}
    notes = [piece.note for piece in world.draft(local).pieces if piece.kind is PieceKind.TOOL]
    assert notes == ["", STRANGERS]
    world.will_say("Hm.")
    without = world.escalations.propose(world.escalations.preview(world.draft(local, tools=False)))
    world.escalations.send(world.consents.accept(without.id).id, world.job())
    assert "tools" not in world.told()
    assert kept() == {"tool.add": False, "tool.far": False}
    world.chat.set_tools(world.store.conversation_of(local.id), ())
    assert kept(tools=True) == {}


def test_calls_at_once_are_one_request_more(make: Make) -> None:
    world = make({ADD: add, LOOK: said})
    world.will_say([("add", {"a": 1, "b": 1}), ("look", {"text": "x"})], "Both.")
    answer = world.sent(world.asked())
    assert [result.text for result in world.results(answer)] == ["2", "Done."]
    ended = world.escalations.send(world.let().id, world.job())
    assert ended.message.text == "Both."
    world.check(ended)


def test_a_lasting_yes_lets_it_go_through_by_itself_and_each_request_counts(make: Make) -> None:
    world = make()
    world.will_say(ADDS, [("add", {"a": 5, "b": 1})], "It is 6.")
    ended = world.sent(world.asked(), Scope.CHAT)
    assert (finish_of(ended), ended.message.text) == (Finish.STOP, "It is 6.")
    assert not world.consents.list()
    assert len(world.entries()) == 3
    assert len({entry.turn_id for entry in world.entries()}) == 1
    world.check(ended)


def test_a_tool_that_acts_asks_and_a_no_is_told_to_the_model(make: Make) -> None:
    world = make({WRITE: said})
    world.will_say([("write", {"text": "x"})], "Then not.")
    answer = world.sent(world.asked(), Scope.CHAT)
    assert finish_of(answer) is Finish.WAITING
    assert not world.tools.calls
    world.consents.refuse(world.waiting(ConsentKind.TOOL).id)
    ended = world.escalations.resume(answer.id, world.job())
    assert (finish_of(ended), ended.message.text) == (Finish.STOP, "Then not.")
    assert "does not want" in world.results(answer)[0].text
    assert not world.tools.calls
    world.check(ended)


def test_a_tool_that_acts_is_called_after_a_yes_and_its_result_is_asked_about(make: Make) -> None:
    world = make({WRITE: said})
    world.will_say([("write", {"text": "x"})], "Written.")
    answer = world.sent(world.asked())
    world.let(ConsentKind.TOOL)
    again = world.escalations.resume(answer.id, world.job())
    assert (finish_of(again), world.tools.calls) == (Finish.WAITING, [("write", {"text": "x"})])
    assert len(world.bodies()) == 1
    ended = world.escalations.send(world.let().id, world.job())
    assert ended.message.text == "Written."
    world.check(ended)


def test_a_result_that_the_person_cuts_is_told_to_be_kept(make: Make) -> None:
    world = make({LOOK: lambda _a, _c: Outcome("CANARY")})
    world.will_say([("look", {"text": "x"})], [("look", {"text": "y"})], "I was not told.")
    answer = world.sent(world.asked())
    shown = world.escalations.previewed(world.waiting().id)
    cut = tuple(replace(one, kept=one.kind is not PieceKind.RESULT and one.kept) for one in shown.draft.pieces)
    other = world.escalations.propose(world.escalations.preview(replace(shown.draft, pieces=cut)))
    world.consents.refuse(world.consents.list()[0].id)
    world.consents.accept(other.id)
    again = world.escalations.send(other.id, world.job())
    assert KEPT_BACK in world.bodies()[-1].decode()
    assert b"CANARY" not in world.bodies()[-1]
    assert finish_of(again) is Finish.WAITING
    ended = world.escalations.send(world.let().id, world.job())
    assert world.bodies()[-1].count(b"CANARY") == 1, "what was cut stays cut in the next request"
    assert ended.id == answer.id
    world.check(ended)


PRIVATE = Passage(1, "/diary.txt", "gone", "a" * 64, 0, 20, "CANARY in the diary", private=True)


def test_what_is_private_by_now_never_leaves_and_the_model_is_told_so(make: Make) -> None:
    world = make({LOOK: lambda _a, _c: Outcome("[1] CANARY in the diary", (PRIVATE,))})
    world.will_say([("look", {"text": "x"})], "I was not told.")
    ended = world.sent(world.asked(), Scope.ALWAYS)
    assert finish_of(ended) is Finish.STOP
    assert not any(b"CANARY" in body for body in world.bodies())
    assert KEPT_BACK in world.bodies()[-1].decode()
    (result,) = (piece for piece in world.kept.of_answer(ended.id)[-1].draft.pieces if piece.kind is PieceKind.RESULT)
    assert (result.private, result.kept) == (True, False)
    ticked = replace(result, private=False, kept=True)
    draft = world.kept.of_answer(ended.id)[-1].draft
    forced = replace(draft, pieces=tuple(ticked if one.id == result.id else one for one in draft.pieces))
    assert "CANARY" not in world.escalations.preview(forced).body
    assert world.tools.given[0].place.outward
    world.check(ended)


def test_what_another_chat_said_stays_unless_it_is_added(make: Make) -> None:
    world = make()
    other = world.asked("Something else.")
    of_chat = f"chat:{world.store.conversation_of(other.id)}#{other.id}"
    passage = Passage(1, of_chat, "", "", 0, 15, "A local answer.")
    world.tools.tools[LOOK] = lambda _a, _c: Outcome("[1] A local answer. KEPT", (passage,))
    world.will_say([("look", {"text": "x"})], "Thanks.")
    world.sent(world.asked())
    shown = world.escalations.previewed(world.waiting().id)
    (result,) = (piece for piece in shown.draft.pieces if piece.kind is PieceKind.RESULT)
    assert (result.kept, result.private) == (False, False)
    assert "KEPT" not in shown.body
    added = replace(shown.draft, pieces=tuple(replace(one, kept=True) for one in shown.draft.pieces))
    assert "KEPT" in world.escalations.preview(added).body


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


def test_a_lasting_yes_does_not_cover_what_a_servers_tool_gave(make: Make) -> None:
    far = spec("far", source="files", fingerprint="f")
    world = make({ADD: add, far: lambda _a, _c: Outcome("Who knows what.")})
    world.will_say([("far", {"text": "x"})], ADDS, SUMMED)
    local = world.asked()
    draft = world.draft(local)
    added = replace(draft, pieces=tuple(replace(piece, kept=True) for piece in draft.pieces))
    asked = world.escalations.propose(world.escalations.preview(added))
    answer = world.escalations.send(world.consents.accept(asked.id, Scope.CHAT).id, world.job())
    assert finish_of(answer) is Finish.WAITING
    assert world.waiting(ConsentKind.TOOL).question.subject == far.subject
    world.let(ConsentKind.TOOL)
    again = world.escalations.resume(answer.id, world.job())
    assert (finish_of(again), len(world.bodies())) == (Finish.WAITING, 1)
    assert "nobody knows whether that is private" in world.waiting().question.because
    ended = world.escalations.send(world.let().id, world.job())
    assert ended.message.text == SUMMED, "what the program's own tool gave goes by the lasting yes"
    assert len(world.bodies()) == 3
    world.check(ended)


def test_a_lasting_yes_that_came_later_covers_what_waits(make: Make) -> None:
    world = make()
    world.will_say(ADDS, [("add", {"a": 5, "b": 1})], "It is 6.")
    world.sent(world.asked())
    ended = world.escalations.send(world.let(scope=Scope.CHAT).id, world.job())
    assert ended.message.text == "It is 6."
    world.check(ended)


def test_what_is_hidden_keeps_its_placeholder_and_tools_are_called_with_the_original(make: Make) -> None:
    world = make({LOOK: lambda _a, _c: Outcome("bob@example.org knows ada@example.org.")})
    world.will_say([("look", {"text": "mail of [EMAIL_1]"})], "Ask [EMAIL_2], not [EMAIL_1].")
    ended = world.sent(world.asked("Who knows ada@example.org?"), Scope.CHAT)
    assert world.tools.calls == [("look", {"text": "mail of ada@example.org"})]
    assert ended.message.tool_calls[0].arguments == '{"text": "mail of ada@example.org"}'
    assert ended.message.text == "Ask bob@example.org, not ada@example.org."
    assert not any(b"@example.org" in body for body in world.bodies())
    assert b"mail of [EMAIL_1]" in world.bodies()[-1]
    assert b"[EMAIL_2] knows [EMAIL_1]" in world.bodies()[-1]
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


def test_what_tools_found_is_cited_and_checked(make: Make) -> None:
    tides = "The tide at Brest rises by 7 metres in spring."

    def find(_arguments: Mapping[str, Any], call: Call) -> Outcome:
        number = call.first_number
        found = Passage(number, "https://example.org/tides", "", "", 0, len(tides), tides)
        return Outcome(f"[{number}] Tides\n{tides}", (found,), untrusted=True)

    world = make({LOOK: find})
    world.will_say([("look", {"text": "tide"})], "The tide at Brest rises by 9 metres in spring [1].")
    ended = world.sent(world.asked("How high is the tide?"), Scope.CHAT)
    (citation,) = ended.message.sources.citations
    assert (citation.number, citation.verdict) == (1, Verdict.CHANGED)
    assert world.store.node(ended.id)[1].message.sources.citations
    world.check(ended)


def test_what_became_private_after_it_was_sent_ends_the_answer(make: Make) -> None:
    world = make()
    passage = Passage(1, "/notes.txt", "", "a" * 64, 0, 20, "Open words for now.")
    world.tools.tools[LOOK] = lambda _a, _c: Outcome("[1] Open words for now.", (passage,))
    world.will_say([("look", {"text": "x"})], [("look", {"text": "y"})], "Never said.")
    world.sent(world.asked())
    answer = world.escalations.send(world.let().id, world.job())
    assert finish_of(answer) is Finish.WAITING
    parts = world.store.node(answer.id)[1].message.parts
    now = [
        replace(part, passages=(replace(passage, private=True),)) if isinstance(part, ToolResult) else part
        for part in parts
    ]
    world.store.checkpoint(answer.id, now)
    world.let()
    ended = world.escalations.resume(answer.id, world.job())
    assert ended.turn is not None
    assert finish_of(ended) is Finish.LENGTH
    assert "never leaves" in ended.turn.note
    assert len(world.bodies()) == 2


@pytest.mark.parametrize(("provider", "goes"), [("openrouter", False), ("deepseek", True)])
def test_thoughts_go_back_only_where_the_provider_wants_them(tmp_path: Path, provider: str, goes: bool) -> None:
    with CloudServer(thoughts="Let me add.") as server:
        world = tooled(tmp_path / "home", Dialect.OPENAI, server, {ADD: add}, provider=provider)
        try:
            world.will_say(ADDS, SUMMED)
            waits = world.sent(world.asked())
            assert any(isinstance(part, Reasoning) for part in waits.message.parts)
            shown = world.escalations.previewed(world.waiting().id)
            thoughts = [piece.text for piece in shown.draft.pieces if piece.kind is PieceKind.THOUGHT]
            assert thoughts == (["Let me add."] if goes else [])
            ended = world.escalations.send(world.let().id, world.job())
            assert (b"Let me add." in world.bodies()[-1]) is goes
            world.check(ended)
        finally:
            world.workbench.close()


def test_stopped_before_the_next_request_has_left_it_costs_nothing(make: Make) -> None:
    world = make()
    world.will_say(ADDS, SUMMED)
    job = Job(lambda event: job.cancel.cancel() if isinstance(event.payload, ToolEnded) else None)
    answer = world.escalations.send(world.accepted(world.asked(), Scope.CHAT).id, job)
    assert finish_of(answer) is Finish.CANCELLED
    assert len(world.bodies()) == 1
    assert [entry.cost_micros for entry in world.entries()][1:] in ([], [0])
    assert world.escalations.resume(answer.id, world.job()).message.text == SUMMED


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


def test_a_consent_that_waits_is_refused_where_what_it_asks_is_another_thing_by_now(make: Make) -> None:
    world = make()
    world.will_say(ADDS, SUMMED)
    answer = world.sent(world.asked())
    old = world.waiting()
    parts = world.store.node(answer.id)[1].message.parts
    world.store.checkpoint(
        answer.id, [replace(part, text="6") if isinstance(part, ToolResult) else part for part in parts]
    )
    world.escalations.resume(answer.id, world.job())
    assert world.consents.get(old.id).state is ConsentState.REFUSED
    assert world.waiting().id != old.id

"""A provider's model calls the tools of the chat; what they give is another request, and another yes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from tests.fakes.turn_tools import SUM, add, spec
from tests.unit.chat.escalating.tooled import Tooled, finish_of
from workbench.chat.escalating.escalation import Mode, PieceKind
from workbench.chat.escalating.offering import STRANGERS
from workbench.consents.consent import ConsentKind, Scope
from workbench.messages import Finish, Passage, Text, ToolCall, ToolResult, Verdict
from workbench.tools.tool import Call, Harm, Outcome

ADD = spec("add", parameters=SUM)
LOOK = spec("look")
WRITE = spec("write", Harm.WRITE)
ADDS = [("add", {"a": 2, "b": 3})]
SUMMED = "It is 5."
Make = Callable[..., Tooled]


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


def test_a_lasting_yes_that_came_later_covers_what_waits(make: Make) -> None:
    world = make()
    world.will_say(ADDS, [("add", {"a": 5, "b": 1})], "It is 6.")
    world.sent(world.asked())
    ended = world.escalations.send(world.let(scope=Scope.CHAT).id, world.job())
    assert ended.message.text == "It is 6."
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

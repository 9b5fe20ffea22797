"""What of an answer with tools leaves, and what stays: private things, what is cut, hidden, or a server's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes.cloud_servers import CloudServer
from tests.fakes.turn_tools import SUM, add, spec
from tests.unit.chat.escalating.tooled import Tooled, finish_of, tooled
from workbench.chat.escalating.escalation import PieceKind
from workbench.chat.escalating.growing import KEPT_BACK
from workbench.cloud.provider import Dialect
from workbench.consents.consent import ConsentKind, ConsentState, Scope
from workbench.errors import StorageError
from workbench.messages import Finish, Passage, Reasoning, ToolResult
from workbench.tools.permission import HIDDEN, ONLY_ONCE
from workbench.tools.tool import Harm, Outcome

ADD = spec("add", parameters=SUM)
LOOK = spec("look")
ADDS = [("add", {"a": 2, "b": 3})]
SUMMED = "It is 5."
Make = Callable[..., Tooled]


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


def test_a_title_of_another_chat_stays_where_nothing_else_is_left_of_its_passage(make: Make) -> None:
    world = make()
    other = world.asked("Something else.")
    of_chat = f"chat:{world.store.conversation_of(other.id)}#{other.id}"
    passage = Passage(1, of_chat, "", "", 0, 600, "A local answer. " * 40)
    title = "CANARY " * 3000
    world.tools.tools[LOOK] = lambda _a, _c: Outcome(f"[1] {title}, you said\n{passage.text}", (passage,))
    world.will_say([("look", {"text": "x"})], "Thanks.")
    ended = world.sent(world.asked(), Scope.CHAT)
    assert len(world.bodies()) == 2
    assert not any(b"CANARY" in body for body in world.bodies())
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


def test_an_error_that_names_a_folder_of_this_computer_stays_here(make: Make) -> None:
    def broken(_arguments: object, _call: object) -> Outcome:
        raise StorageError("The index of words in /home/ada/words could not be used.")

    world = make({LOOK: broken})
    world.will_say([("look", {"text": "x"})], "It failed.")
    ended = world.sent(world.asked(), Scope.CHAT)
    assert ended.message.text == "It failed."
    assert b"The tool itself failed" in world.bodies()[-1]
    assert not any(b"/home/ada" in body for body in world.bodies())
    world.check(ended)


def test_what_was_hidden_is_taken_elsewhere_by_a_tool_only_where_the_person_says_so(make: Make) -> None:
    """Also where they have allowed the tool for longer."""
    web = spec("web", Harm.FETCH, destination="search.example", asks_first=True)
    world = make({web: lambda _a, _c: Outcome("Nothing was found.")})
    world.will_say([("web", {"text": "weather"})], [("web", {"text": "who is [EMAIL_1]"})], "Nobody.")
    answer = world.sent(world.asked("Who is ada@example.org?"), Scope.CHAT)
    world.let(ConsentKind.TOOL, Scope.ALWAYS)
    waits = world.escalations.resume(answer.id, world.job())
    assert finish_of(waits) is Finish.WAITING
    assert world.tools.calls == [("web", {"text": "weather"})]
    asked = world.waiting(ConsentKind.TOOL)
    assert (asked.question.because, asked.question.scopes) == (HIDDEN, ONLY_ONCE)
    world.let(ConsentKind.TOOL)
    ended = world.escalations.resume(answer.id, world.job())
    assert world.tools.calls[-1] == ("web", {"text": "who is ada@example.org"})
    assert ended.message.text == "Nobody."
    assert not any(b"@example.org" in body for body in world.bodies())


def test_a_name_that_its_surroundings_told_stays_hidden_where_it_stands_alone(make: Make) -> None:
    world = make({LOOK: lambda _a, _c: Outcome("Nothing was found.")})
    world.will_say([("look", {"text": "[NAME_1]"})], "Nothing of [NAME_1].")
    ended = world.sent(world.asked("My name is Torvik and I need help"), Scope.CHAT)
    assert world.tools.calls == [("look", {"text": "Torvik"})]
    assert ended.message.text == "Nothing of Torvik."
    assert not any(b"Torvik" in body for body in world.bodies())
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

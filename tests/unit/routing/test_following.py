"""Auto goes on by itself where this chat has a yes and a cap of its own: the real facade, over a provider that is none."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.unit.chat.escalating.world import MODEL, SUBJECT, World
from workbench.chat.asking.options import Options
from workbench.chat.asking.resolve import KnownModel
from workbench.chat.events import Chosen, TurnStarted
from workbench.chat.tree import Node, path_to
from workbench.cloud.asking import CloudError
from workbench.cloud.spending.money import CapKind
from workbench.consents.consent import ConsentKind, ConsentState, Scope
from workbench.jobs import Job, quiet_job
from workbench.messages import Text, ToolCall, ToolResult
from workbench.settings import AUTO

FRESH = "What is the weather in Berlin today?"
LINE = "Sent to OpenRouter by your yes for this chat: fresh facts are needed, which this model cannot know; at most "


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Callable[..., World]]:
    opened: list[World] = []

    def build(*answers: str) -> World:
        made = World(tmp_path / "home", *answers)
        opened.append(made)
        made.workbench.known = KnownModel("fake-1b", "Fake 1B", ())
        made.workbench.change_setting("cloud.model", MODEL)
        made.workbench.change_setting("cloud.mode", "question")
        return made

    yield build
    for one in opened:
        one.close()


@pytest.fixture
def world(make: Callable[..., World]) -> World:
    return make("It is sunny.")


def begun(world: World, scope: Scope = Scope.CHAT, cap: int | None = 100_000) -> str:
    """A chat in which something was sent with a yes of this scope; and its cap."""
    first = world.asked()
    chat = world.conversation_of(first)
    world.escalations.send(world.accepted(first, scope=scope).id, quiet_job())
    if cap is not None:
        world.ledger.set_cap(CapKind.CHAT, cap, chat)
    world.client.sent.clear()
    return chat


def asked(world: World, chat: str | None, text: str = FRESH, **options: Any) -> Node:
    return world.chat.send(chat, text, quiet_job(), Options(model=AUTO, **options))


def followed(world: World, chat: str | None, **options: Any) -> Node:
    return world.workbench.following.follow(asked(world, chat, **options), quiet_job())


def held(node: Node) -> str:
    assert node.turn is not None
    assert node.turn.routed is not None
    return node.turn.routed.held


def test_it_is_sent_and_told_in_one_line(world: World) -> None:
    chat = begun(world)
    local = asked(world, chat)
    news: list[Any] = []
    answer = world.workbench.following.follow(local, Job(lambda event: news.append(event.payload)))
    assert answer.message.text == "A better answer."
    assert len(world.client.sent) == 1
    assert answer.turn is not None
    assert answer.turn.routed is not None
    assert answer.turn.routed.line.startswith(LINE)
    assert [type(one) for one in news[:2]] == [TurnStarted, Chosen]
    assert news[0].answer.turn.routed == news[1].routed == answer.turn.routed
    conversation = world.store.load(chat)
    assert conversation.tip_id == answer.id
    assert answer.parent_id == local.parent_id
    there = {node.id: node for node in conversation.nodes}
    kept = there[answer.id].turn, there[local.id].turn
    assert kept[0] is not None
    assert kept[0].routed == answer.turn.routed
    assert kept[1] is not None
    assert kept[1].routed is not None
    assert kept[1].routed.sent
    assert kept[1].routed.proposal == ""
    cloud, here = world.workbench.router.kept(2)
    assert (cloud.routed.choice.sent, here.routed.choice.sent, here.escalated) == (True, False, True)


def test_what_a_server_gave_the_local_answer_is_looked_at_first(world: World) -> None:
    chat = begun(world)
    local = asked(world, chat)
    said = (
        ToolCall("c1", "read_file", "{}"),
        ToolResult("c1", "read_file", "Dear diary."),
        Text("Dear diary, it says."),
    )
    world.store.checkpoint(local.id, said)
    answer = world.workbench.following.follow(local, quiet_job())
    assert held(answer) == "Not sent by itself: it may carry what a server's tool gave, which a person looks at first."
    assert not world.client.sent


def test_the_consent_rests_on_the_yes_of_the_chat(world: World) -> None:
    chat = begun(world)
    followed(world, chat)
    last = world.consents.list(waiting=False, conversation_id=chat)[-1]
    assert (last.state, last.scope) == (ConsentState.ACCEPTED, Scope.CHAT)
    entry = world.ledger.entries(limit=1)[0]
    assert entry.conversation_id == chat


@pytest.mark.parametrize(("scope", "cap"), [(Scope.ALWAYS, 100_000), (Scope.CHAT, None), (Scope.ONCE, 100_000)])
def test_without_a_yes_and_a_cap_for_this_very_chat_it_is_proposed(world: World, scope: Scope, cap: int | None) -> None:
    chat = begun(world, scope, cap)
    answer = followed(world, chat)
    assert answer.message.text == "It is sunny."
    assert held(answer) == ""
    assert answer.turn is not None
    assert answer.turn.routed is not None
    assert answer.turn.routed.proposal
    assert not world.client.sent


def test_a_yes_for_another_provider_is_none_for_this_one(world: World) -> None:
    chat = begun(world)
    world.workbench.change_setting("cloud.model", "openai/gpt-5-mini")
    assert held(followed(world, chat)) == ""
    assert not world.client.sent


def test_what_is_too_dear_for_the_chats_cap_is_proposed_with_the_reason(world: World) -> None:
    chat = begun(world)
    spent = next(one for one in world.ledger.cap_states() if one.cap.kind is CapKind.CHAT).spent_micros
    world.ledger.set_cap(CapKind.CHAT, spent + 2, chat)
    answer = followed(world, chat)
    assert held(answer).startswith("Not sent by itself: it may cost up to $")
    assert not world.client.sent
    assert not world.consents.list()
    loaded = world.store.load(chat).nodes[-1].turn
    assert loaded is not None
    assert loaded.routed is not None
    assert loaded.routed.held == held(answer)
    world.ledger.set_cap(CapKind.CHAT, spent, chat)
    assert held(followed(world, chat)) == "Not sent by itself: nothing is left for this chat."


def test_another_cap_that_is_reached_holds_it_too(world: World) -> None:
    chat = begun(world)
    world.ledger.set_cap(CapKind.DAY, 0)
    assert "is left of the cap for today" in held(followed(world, chat))
    assert not world.client.sent


def test_a_key_that_is_gone_holds_it(world: World) -> None:
    chat = begun(world)
    world.workbench.cloud.logout("openrouter")
    assert held(followed(world, chat)) == "Not sent by itself: there is no key for OpenRouter yet."


def test_a_doubt_about_an_answer_alone_sends_nothing(make: Callable[..., World]) -> None:
    world = make("Fine.", "I'm sorry, but I can't help with that.")
    chat = begun(world)
    answer = world.workbench.following.follow(asked(world, chat, "Hi there!"), quiet_job())
    assert answer.turn is not None
    assert answer.turn.routed is not None
    assert answer.turn.routed.proposal == "The model refused to answer."
    assert not world.client.sent


def test_a_question_that_was_taken_elsewhere_goes_once(world: World) -> None:
    chat = begun(world)
    local = asked(world, chat)
    world.workbench.following.follow(local, quiet_job())
    again = world.chat.regenerate(local.id, quiet_job(), Options(model=AUTO))
    assert world.workbench.following.follow(again, quiet_job()).id == again.id
    assert len(world.client.sent) == 1


def test_the_same_answer_is_not_followed_twice(world: World) -> None:
    chat = begun(world)
    local = asked(world, chat)
    world.workbench.following.follow(local, quiet_job())
    again = next(node for node in world.store.load(chat).nodes if node.id == local.id)
    assert again.turn is not None
    assert again.turn.routed is not None
    assert not again.turn.routed.may_follow


def test_a_private_project_keeps_it(world: World) -> None:
    project = world.workbench.projects.create("Secret")
    world.workbench.projects.change(project.id, {"private": True})
    answer = followed(world, None, project_id=project.id)
    assert answer.turn is not None
    assert answer.turn.routed is not None
    assert answer.turn.routed.proposal == ""
    assert not world.client.sent


def test_a_yes_that_is_taken_back_while_it_is_made_ready_sends_nothing(world: World) -> None:
    """Also where one for all chats stays."""
    chat = begun(world)
    another = world.asked("And 4+4?", chat)
    world.escalations.send(world.accepted(another, scope=Scope.ALWAYS).id, quiet_job())
    world.client.sent.clear()
    following = world.workbench.following

    class TakesBack:
        """Another process, right after the question was kept."""

        def __getattr__(self, name: str) -> Any:
            return getattr(world.escalations, name)

        def propose(self, preview: Any) -> Any:
            asked = world.escalations.propose(preview)
            world.consents.revoke(ConsentKind.CLOUD, SUBJECT, chat)
            return asked

    late = replace(following, escalations=TakesBack)
    answer = late.follow(asked(world, chat), quiet_job())
    assert held(answer) == "Not sent by itself: No lasting yes covers this by now."
    assert not world.client.sent
    assert not world.consents.list()


def test_what_fails_on_its_way_stands_beside_and_is_raised(world: World) -> None:
    chat = begun(world)
    local = asked(world, chat)
    world.client.failure = CloudError("OpenRouter does not answer.", charged=False)
    with pytest.raises(CloudError):
        world.workbench.following.follow(local, quiet_job())
    nodes = world.store.load(chat).nodes
    assert [node.turn.finish for node in nodes if node.turn and node.parent_id == local.parent_id] == ["stop", "error"]


def test_the_answer_comes_into_view_below_the_question(world: World) -> None:
    chat = begun(world)
    answer = followed(world, chat)
    conversation = world.store.load(chat)
    assert path_to(conversation, conversation.tip_id)[-1].id == answer.id


def test_a_choice_alone_loads_nothing_of_the_cloud() -> None:
    code = "import workbench.assembly.routing, sys; print([n for n in sys.modules if 'escalating' in n])"
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True)
    assert found.stdout.strip() == "[]"

"""`workbench chat -m auto` where the chat's own yes and cap take a question on to a stronger model."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.unit.chat.escalating.world import MODEL, World
from workbench.chat.asking.options import Options
from workbench.chat.asking.resolve import KnownModel
from workbench.cli import routes
from workbench.cli.chat_turn import Turns, face_of
from workbench.cli.output import OK
from workbench.cloud.asking import CloudError
from workbench.cloud.spending.money import CapKind
from workbench.consents.consent import Scope
from workbench.jobs import quiet_job

Captured = pytest.CaptureFixture[str]
FRESH = "What is the weather in Berlin today?"
SENT = "Sent to OpenRouter by your yes for this chat: fresh facts are needed, which this model cannot know; at most $"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path / "home", "It is sunny.")
    made.workbench.known = KnownModel("fake-1b", "Fake 1B", ())
    made.workbench.change_setting("cloud.model", MODEL)
    made.workbench.change_setting("cloud.mode", "question")
    yield made
    made.close()


@pytest.fixture
def chat(world: World) -> str:
    first = world.asked()
    chat = world.conversation_of(first)
    world.escalations.send(world.accepted(first, scope=Scope.CHAT).id, quiet_job())
    world.ledger.set_cap(CapKind.CHAT, 100_000, chat)
    return chat


def ask(world: World, chat: str, *, as_json: bool) -> int:
    workbench = world.workbench.as_workbench()
    turns = Turns(workbench, Options(model="auto"), face_of(workbench, as_json=as_json))
    return turns.run(lambda job: world.chat.send(chat, FRESH, job, turns.options))


def lines(capsys: Captured) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_both_answers_are_printed_and_why(world: World, chat: str, capsys: Captured) -> None:
    assert ask(world, chat, as_json=False) == OK
    told = capsys.readouterr()
    assert told.out == "It is sunny.\n\nA better answer.\n"
    assert SENT in told.err
    assert told.err.count("Chosen: ") == 1
    assert "--cloud" not in told.err
    assert world.ledger.entries(limit=1)[0].cost_micros


def test_a_script_gets_one_end_with_the_last_answer_and_its_cost(world: World, chat: str, capsys: Captured) -> None:
    assert ask(world, chat, as_json=True) == OK
    told = lines(capsys)
    kinds = [one["event"] for one in told]
    assert [kind for kind in kinds if kind not in ("text", "preparing")] == [
        "start", "route", "followed", "start", "route", "end",
    ]  # fmt: skip
    followed, end = told[kinds.index("followed")], told[-1]
    assert followed["text"] == "It is sunny."
    assert [one["sent"] for one in told if one["event"] == "route"] == [False, True]
    assert (end["text"], end["finish"]) == ("A better answer.", "stop")
    assert end["cost_micros"] == world.ledger.entries(limit=1)[0].cost_micros > 0


def test_what_fails_there_takes_nothing_from_the_answer_here(world: World, chat: str, capsys: Captured) -> None:
    world.client.failure = CloudError("OpenRouter does not answer.", charged=False)
    assert ask(world, chat, as_json=True) == OK
    told = lines(capsys)
    assert told[-3]["event"] == "not_followed"
    assert told[-3]["message"] == "OpenRouter does not answer."
    assert (told[-1]["event"], told[-1]["text"], told[-1]["finish"]) == ("end", "It is sunny.", "stop")
    assert ask(world, chat, as_json=False) == OK
    err = capsys.readouterr().err
    assert "OpenRouter does not answer." in err


def test_what_keeps_it_here_is_told(world: World, chat: str, capsys: Captured) -> None:
    world.ledger.set_cap(CapKind.CHAT, 0, chat)
    assert ask(world, chat, as_json=False) == OK
    assert "which this model cannot know. Not sent by itself: nothing is left for this chat." in capsys.readouterr().err
    assert ask(world, chat, as_json=True) == OK
    proposal = lines(capsys)[-2]
    assert proposal["event"] == "proposal"
    assert proposal["held"] == "Not sent by itself: nothing is left for this chat."


def test_what_is_answered_here_alone_costs_nothing_and_is_told_so(world: World, capsys: Captured) -> None:
    workbench = world.workbench.as_workbench()
    turns = Turns(workbench, Options(), face_of(workbench, as_json=True))
    assert turns.run(lambda job: world.chat.send(None, "Hi", job, turns.options)) == OK
    assert lines(capsys)[-1]["cost_micros"] == 0


def test_the_list_of_choices_tells_what_was_sent(world: World, chat: str, capsys: Captured) -> None:
    ask(world, chat, as_json=True)
    capsys.readouterr()
    arguments = argparse.Namespace(conversation=None, limit=10, json=False)
    assert routes.run_routes(arguments, world.workbench.as_workbench()) == OK
    told = capsys.readouterr()
    assert SENT in told.out
    assert "1 choices (fresh facts 1); 0 answers with something plainly wrong. 1 sent by a chat's own yes." in told.err

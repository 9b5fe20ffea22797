"""`workbench chats set`: the model and effort of one chat."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.backend import ScriptedBackend
from tests.fakes.models import model
from tests.fakes.workbench import FakeWorkbench
from workbench.chat.asking.of_chat import ChatChoice
from workbench.chat.asking.resolve import KnownModel
from workbench.cli import chat, chats, output
from workbench.errors import ModelError, UsageError
from workbench.jobs import quiet_job
from workbench.messages import Effort

LEVELS = (Effort.LOW, Effort.HIGH)


@pytest.fixture
def workbench(tmp_path: Path) -> Iterator[FakeWorkbench]:
    made = FakeWorkbench(tmp_path / "home", ScriptedBackend("It is so."))
    made.models.installed = (model("Small"), model("Large"))
    made.known = KnownModel("small", "Small", LEVELS, Effort.LOW)
    made.backend.info = replace(made.backend.info, efforts=LEVELS)
    made.chat.send(None, "Hello", quiet_job())
    yield made
    made.close()


def run(noun: Any, workbench: FakeWorkbench, *words: str) -> int:
    parser = argparse.ArgumentParser()
    noun.register(parser.add_subparsers())
    arguments = parser.parse_args(words)
    return int(arguments.run(arguments, workbench.as_workbench()))


def told(workbench: FakeWorkbench, capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    capsys.readouterr()
    assert run(chats, workbench, "chats", "set", chat_id(workbench)[:12], *words, "--json") == output.OK
    return json.loads(capsys.readouterr().out)


def chat_id(workbench: FakeWorkbench) -> str:
    return workbench.chat.list()[0].id


def test_what_is_chosen_holds_when_the_chat_goes_on(
    workbench: FakeWorkbench, capsys: pytest.CaptureFixture[str]
) -> None:
    own = chat_id(workbench)
    assert told(workbench, capsys) == {"id": own, "model": None, "effort": None}
    wanted = {"id": own, "model": "Large", "effort": "high"}
    assert told(workbench, capsys, "--model", "Large", "-e", "high") == wanted
    assert run(chat, workbench, "chat", "-c", own, "--json", "And?") == output.OK
    turn = workbench.chat.open(own).nodes[-1].turn
    assert turn is not None
    assert (turn.model, turn.effort) == ("Large", Effort.HIGH)
    assert told(workbench, capsys, "--no-model")["effort"] == "high"
    assert told(workbench, capsys, "--no-effort")["effort"] is None


def test_for_people_it_is_said_in_words(workbench: FakeWorkbench, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(chats, workbench, "chats", "set", chat_id(workbench), "-e", "low") == output.OK
    assert capsys.readouterr().err == "Model: as its project and the settings say.\nEffort: low.\n"


def test_what_cannot_be_is_refused_and_nothing_is_changed(workbench: FakeWorkbench) -> None:
    own = chat_id(workbench)
    with pytest.raises(UsageError):
        run(chats, workbench, "chats", "set", own, "-m", "Large", "-e", "medium")
    with pytest.raises(UsageError):
        run(chats, workbench, "chats", "set", own, "-e", "enormous")
    with pytest.raises(ModelError):
        run(chats, workbench, "chats", "set", own, "-m", "nobody")
    with pytest.raises(UsageError):
        run(chats, workbench, "chats", "set", "ffff", "-m", "Large")
    assert workbench.chat.open(own).choice == ChatChoice()

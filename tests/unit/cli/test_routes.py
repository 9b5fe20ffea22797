"""`workbench route`, `workbench routes` and `workbench chat -m auto`: the words and codes that people and scripts see."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.backend import ScriptedBackend
from tests.fakes.workbench import FakeWorkbench
from workbench.chat.asking.options import Options
from workbench.chat.asking.resolve import KnownModel
from workbench.chat.asking.routing import DEEPER
from workbench.cli import routes
from workbench.cli.chat_face import Face
from workbench.cli.chat_json import JsonFace
from workbench.cli.chat_terminal import TerminalFace
from workbench.cli.chat_turn import Turns
from workbench.cli.main import main
from workbench.cli.output import OK, USAGE
from workbench.errors import UsageError
from workbench.messages import Effort

Captured = pytest.CaptureFixture[str]
Run = Callable[..., int]
EFFORTS = (Effort.LOW, Effort.MEDIUM, Effort.HIGH)
CODE = "Write a Python function that sorts a list."
REFUSAL = "I'm sorry, but I can't help with that."


@pytest.fixture
def workbench(tmp_path: Path) -> Iterator[FakeWorkbench]:
    made = FakeWorkbench(tmp_path, ScriptedBackend(REFUSAL, "def f(): ..."))
    made.known = KnownModel("fake-1b", "Fake 1B", EFFORTS)
    made.backend.info = replace(made.backend.info, efforts=EFFORTS)
    yield made
    made.close()


@pytest.fixture
def run(workbench: FakeWorkbench) -> Run:
    def perform(*arguments: str) -> int:
        parser = argparse.ArgumentParser()
        routes.register(parser.add_subparsers())
        parsed = parser.parse_args(arguments)
        return int(parsed.run(parsed, workbench.as_workbench()))

    return perform


def ask(workbench: FakeWorkbench, face: Face, text: str, model: str = "auto") -> int:
    turns = Turns(workbench.as_workbench(), Options(model=model), face)
    return turns.run(lambda job: workbench.chat.send(None, text, job, turns.options))


def test_a_choice_is_explained_and_no_model_is_asked(run: Run, workbench: FakeWorkbench, capsys: Captured) -> None:
    assert run("route", *CODE.split()) == OK
    assert capsys.readouterr().out.splitlines() == [
        "Chosen: Fake 1B, high effort, because there is code (rule code)",
        "At most: 32,768 tokens, 1,800 s.",
        "Seen in the question: task code, language en, 11 tokens, code",
    ]
    assert workbench.backend.requests == []
    assert run("route", "What is the weather today?") == OK
    assert "A stronger model would be proposed" in capsys.readouterr().out
    assert run("route", "--private", "What is the weather today?") == OK
    assert "proposed" not in capsys.readouterr().out


def test_a_choice_as_json(run: Run, capsys: Captured) -> None:
    assert run("route", "--json", CODE) == OK
    told = json.loads(capsys.readouterr().out)
    assert told["choice"]["rule"] == "code"
    assert told["choice"]["effort"] == "high"
    assert (told["facts"]["task"], told["facts"]["code"], told["notices"]) == ("code", True, [])


def test_the_rules_can_be_shown_made_ones_own_and_restored(
    run: Run, workbench: FakeWorkbench, capsys: Captured
) -> None:
    assert run("route", "--rules") == OK
    assert capsys.readouterr().out.startswith(
        "The rules of the program (none of your own).\n  1. private code or maths"
    )
    assert run("route", "--edit", "--json") == OK
    assert json.loads(capsys.readouterr().out) == {"file": str(workbench.router.file), "own": True}
    workbench.router.file.write_text('[[rule]]\nname = "a"\nwhen = { cod = true }\nthen = {}\n', encoding="utf-8")
    assert run("route", "--rules", "--json") == OK
    told = capsys.readouterr()
    assert json.loads(told.out)["notices"][0]["line"] == 3
    assert "line 3: unknown key 'cod' (did you mean 'code'?); rule 'a' does not hold." in told.err
    assert run("route", "--restore") == OK
    assert "put aside as" in capsys.readouterr().err


def test_no_question_is_a_usage_error(run: Run) -> None:
    with pytest.raises(UsageError, match="no question"):
        run("route")


def test_what_came_of_choices(run: Run, workbench: FakeWorkbench, capsys: Captured) -> None:
    assert run("routes") == OK
    assert "Nothing was chosen yet" in capsys.readouterr().err
    ask(workbench, Face(), "Hi there!")
    ask(workbench, Face(), CODE)
    assert run("routes") == OK
    told = capsys.readouterr()
    assert "Chosen: Fake 1B, high effort, because there is code (rule code)" in told.out
    assert "The model refused to answer." in told.out
    assert told.err == "2 choices (code 1, no rule 1); 1 answers with something plainly wrong.\n"
    assert run("routes", "--json", "--limit", "1") == OK
    (newest,) = json.loads(capsys.readouterr().out)
    assert (newest["question"], newest["rule"], newest["failed_checks"]) == (CODE, "code", [])


def test_a_chat_tells_what_was_chosen(workbench: FakeWorkbench, capsys: Captured) -> None:
    assert ask(workbench, TerminalFace(), "Hi there!") == OK
    told = capsys.readouterr()
    assert told.out == f"{REFUSAL}\n"
    assert "Chosen: Fake 1B, low effort, because no rule says otherwise\n" in told.err
    assert "The model refused to answer. `-m auto:deep` has a question answered with more thought." in told.err
    assert ask(workbench, TerminalFace(), "Hi there!", DEEPER) == OK
    assert "high effort, because you asked for more thought" in capsys.readouterr().err


def test_a_chat_tells_scripts(workbench: FakeWorkbench, capsys: Captured) -> None:
    assert ask(workbench, JsonFace(), "Hi there!") == OK
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    kinds = [line["event"] for line in lines]
    assert kinds[:2] == ["start", "route"]
    assert kinds[-2:] == ["proposal", "end"]
    assert lines[1]["why"].startswith("Fake 1B, low effort")
    assert lines[-2]["failed_checks"] == ["The model refused to answer."]


def test_without_a_model_it_is_told(home: Path, capsys: Captured) -> None:
    assert main(["route", CODE]) == USAGE
    assert "There is no model on this disk yet." in capsys.readouterr().err
    assert main(["route", "--rules", "--json"]) == OK
    assert any(one["name"] == "code" for one in json.loads(capsys.readouterr().out)["rules"])
    assert main(["routes", "--json"]) == OK
    assert json.loads(capsys.readouterr().out) == []
    assert main(["routes", "-c", "nothing"]) == USAGE


def test_every_command_has_an_example(capsys: Captured) -> None:
    for command in ("route", "routes"):
        assert main([command, "--help"]) == OK
        assert "example" in capsys.readouterr().out


def test_facts_are_words() -> None:
    from workbench.routing.facts import Facts

    told: Any = routes.facts_words(Facts(fresh=True, question_tokens=1200))
    assert told == "task chat, language unknown, 1,200 tokens, fresh"

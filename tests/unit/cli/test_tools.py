"""`workbench tools list|on|off` and `chat --tools`: shapes, words and exit codes over a real home."""

from __future__ import annotations

import json

import pytest

from workbench.app import build
from workbench.cli.main import main
from workbench.cli.output import OK, USAGE

Captured = pytest.CaptureFixture[str]
OWN = ["calculate", "now", "search_documents", "search_chats", "remember"]
MOST_CHARACTERS = 1_600  # of all that a model is told of them: about 350 tokens, seconds on a small machine

pytestmark = pytest.mark.usefixtures("home")


def test_all_tools_are_listed_with_where_they_come_from(capsys: Captured) -> None:
    assert main(["tools", "list", "--json"]) == OK
    listed = json.loads(capsys.readouterr().out)
    assert [one["name"] for one in listed] == OWN
    assert {(one["enabled"], one["source"], one["harm"]) for one in listed} == {(True, "built-in", "read")}
    assert {one["name"] for one in listed if not one["has_something_to_do"]} == {"search_documents", "search_chats"}
    assert main(["tools", "list"]) == OK
    shown = capsys.readouterr()
    assert "on, nothing to search" in shown.out
    assert "Web search is off" in shown.err


def test_a_tool_is_switched_off_and_on_again(capsys: Captured) -> None:
    assert main(["tools", "off", "search_chats", "--json"]) == OK
    assert json.loads(capsys.readouterr().out)["enabled"] is False
    assert main(["tools", "list"]) == OK
    row = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("search_chats"))
    assert row.split()[1] == "off"
    assert main(["tools", "on", "search_chats"]) == OK
    assert "wherever tools are" in capsys.readouterr().err
    assert main(["tools", "off", "telepathy"]) == USAGE
    assert "There are: calculate, now" in capsys.readouterr().err


def test_a_tool_that_there_is_not_is_refused_before_anything_is_asked(capsys: Captured) -> None:
    assert main(["chat", "--tools", "calculate,telepathy", "Hello"]) == USAGE
    assert "There is no tool 'telepathy'." in capsys.readouterr().err
    assert main(["chats", "list", "--json"]) == OK
    assert json.loads(capsys.readouterr().out) == []


def test_what_models_are_told_of_the_tools_stays_short() -> None:
    workbench = build()
    try:
        specs = [one.spec.offered for one in workbench.tools.known()]
    finally:
        workbench.close()
    told = json.dumps([(one.name, one.description, one.parameters) for one in specs])
    assert len(told) <= MOST_CHARACTERS

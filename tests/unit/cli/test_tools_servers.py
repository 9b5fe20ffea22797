"""`workbench tools servers`: what is asked, told and left behind; over a server that speaks by hand."""

from __future__ import annotations

import io
import json
import os
import pty
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.tools.servers.conftest import FAKE
from workbench.cli.main import main
from workbench.cli.output import BUG, OK, REFUSED, USAGE

Captured = pytest.CaptureFixture[str]
FAKE_SERVER = [sys.executable, str(FAKE)]


@pytest.fixture(autouse=True)
def _no_keychain(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")


@pytest.fixture
def added(capsys: Captured) -> None:
    assert servers("add", "fake", "--env", "COLOUR=blue", "--", *FAKE_SERVER, "junk") == OK
    assert "Nothing was started" in capsys.readouterr().err


def servers(*arguments: str) -> int:
    return main(["tools", "servers", *arguments])


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, encoding="utf-8") as opened:
        monkeypatch.setattr(sys, "stdin", opened)
        yield ours
    os.close(ours)


@pytest.mark.usefixtures("added")
def test_without_a_terminal_nothing_is_started(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    assert servers("start", "fake") == REFUSED
    told = capsys.readouterr().err
    assert str(FAKE) in told
    assert '"COLOUR": "blue"' in told
    assert "Start the program of “fake” on this computer?" in told
    assert "workbench consents accept" in told
    assert main(["consents", "list", "--json"]) == OK
    (waiting,) = json.loads(capsys.readouterr().out)
    assert main(["consents", "accept", waiting["id"]]) == OK
    assert servers("start", "fake", "--json") == OK  # agreed to elsewhere


@pytest.mark.usefixtures("added")
@pytest.mark.parametrize(("answer", "code"), [("y\n", OK), ("n\n", REFUSED), ("\n", REFUSED)])
def test_at_a_terminal_the_person_is_asked(capsys: Captured, terminal: int, answer: str, code: int) -> None:
    os.write(terminal, answer.encode())
    assert servers("start", "fake") == code
    assert ("on   echo" in capsys.readouterr().out) is (code == OK)


@pytest.mark.usefixtures("added")
def test_from_the_first_start_to_the_last_trace(capsys: Captured, home: Path) -> None:
    assert servers("start", "fake", "--yes") == OK
    assert "says it only reads" in capsys.readouterr().out
    assert servers("list", "--json") == OK
    (one,) = json.loads(capsys.readouterr().out)
    assert (one["name"], one["enabled"], one["agreed"], one["environment"]) == ("fake", True, True, {"COLOUR": "blue"})
    assert [(tool["name"], tool["enabled"], tool["claims"]) for tool in one["tools"]] == [("echo", True, "only reads")]
    assert main(["tools", "list", "--json"]) == OK
    assert "fake_echo" in [tool["name"] for tool in json.loads(capsys.readouterr().out)]
    assert servers("allow", "fake", "echo", "--reads", "--json") == OK
    assert json.loads(capsys.readouterr().out)["reads"] is True
    assert servers("deny", "fake", "fake_echo") == OK
    assert servers("show", "fake") == OK
    assert "off  echo" in capsys.readouterr().out
    assert servers("restart", "fake", "--json") == OK
    assert json.loads(capsys.readouterr().out)["tools"][0]["enabled"] is False
    assert servers("log", "fake") == OK
    assert "Welcome to this fine server!" in capsys.readouterr().out
    assert servers("stop", "fake") == OK
    assert servers("list") == OK
    assert "fake  off  yes     0 of 1" in capsys.readouterr().out
    assert servers("remove", "fake") == OK
    assert servers("list", "--json") == OK
    assert json.loads(capsys.readouterr().out) == []
    assert not list((home / "logs").glob("tools-*"))


def test_keys_are_named_and_given_apart(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    assert servers("add", "web", "--url", "http://127.0.0.1:1/mcp", "--secret", "X-Team", "--json") == OK
    assert json.loads(capsys.readouterr().out)["headers"] == {"X-Team": "${secret:X-Team}"}
    monkeypatch.setattr(sys, "stdin", io.StringIO(" blue \n"))
    assert servers("key", "web", "X-Team") == OK
    assert "kept until Workbench is closed" in capsys.readouterr().err
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    assert servers("key", "web", "X-Team") == USAGE


def test_an_import_tells_what_it_took_and_what_not(capsys: Captured, tmp_path: Path) -> None:
    file = tmp_path / "mcp.json"
    file.write_text('{"mcpServers": {"time": {"command": "uvx", "args": ["mcp-server-time"], "x": 1}, "bad": 3}}')
    assert servers("import", str(file)) == OK
    told = capsys.readouterr().err
    assert "time is added, off." in told
    assert "Not taken over: x." in told
    assert "“bad” was left out" in told
    assert servers("import", str(file), "--json") == OK
    assert json.loads(capsys.readouterr().out)["added"] == []


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("show", "nobody"), USAGE),
        (("add", "a b", "--", "x"), USAGE),
        (("add", "a"), USAGE),
        (("add", "a", "--env", "novalue", "--", "x"), USAGE),
        (("add", "a", "--url", "http://example.org/mcp"), REFUSED),
        (("import", "/no/such/file"), USAGE),
    ],
)
def test_what_is_wrong_has_its_exit_code(arguments: tuple[str, ...], code: int, capsys: Captured) -> None:
    assert servers(*arguments) == code
    assert "Traceback" not in capsys.readouterr().err


def test_a_program_that_is_not_there_is_told(capsys: Captured) -> None:
    assert servers("add", "fake", "--", "no-such-program-here") == OK
    assert servers("start", "fake", "--yes") not in (OK, BUG)
    assert "no-such-program-here was not found" in capsys.readouterr().err


@pytest.mark.usefixtures("added")
def test_a_server_is_defined_anew_and_asked_about_again(capsys: Captured) -> None:
    assert servers("start", "fake", "--yes") == OK
    capsys.readouterr()
    assert servers("change", "fake", "--env", "COLOUR=red", "--env", "SIZE=2") == OK
    told = capsys.readouterr()
    assert "not agreed to" in told.out
    assert "COLOUR=red" in told.out
    assert "workbench tools servers start fake" in told.err
    assert servers("start", "fake") == REFUSED
    assert "defined differently" in capsys.readouterr().err
    assert servers("change", "fake", "--without", "SIZE", "--json", "--", *FAKE_SERVER, "good") == OK
    changed = json.loads(capsys.readouterr().out)
    assert (changed["environment"], changed["command"][-1]) == ({"COLOUR": "red"}, "good")
    assert servers("change", "fake", "--command", f'"{sys.executable}" "{FAKE}" junk', "--json") == OK
    assert json.loads(capsys.readouterr().out)["command"] == [*FAKE_SERVER, "junk"]
    assert servers("start", "fake", "--yes") == OK


@pytest.mark.usefixtures("added")
@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--without", "SIZE"),
        ("--env", "COLOUR"),
        ("--command", "'open"),
        ("--url", "https://tools.example.org/mcp", "--", "program"),
        ("--url", "ftp://tools.example.org"),
    ],
)
def test_what_is_no_change_is_told_and_changes_nothing(capsys: Captured, words: tuple[str, ...]) -> None:
    assert servers("change", "fake", *words) == USAGE
    capsys.readouterr()
    assert servers("show", "fake", "--json") == OK
    assert json.loads(capsys.readouterr().out)["environment"] == {"COLOUR": "blue"}

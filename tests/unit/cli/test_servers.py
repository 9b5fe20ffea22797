"""`workbench servers`: consent, exit codes, shapes and words; over real services and a server on loopback."""

from __future__ import annotations

import io
import json
import os
import pty
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes import openai_servers as fake
from tests.fakes.openai_servers import OpenAiServer
from workbench.cli.main import main
from workbench.cli.output import NETWORK, OK, REFUSED, USAGE

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def server() -> Iterator[OpenAiServer]:
    with OpenAiServer(fake.ollama(), "Hello from afar.") as running:
        yield running


@pytest.fixture(autouse=True)
def _no_keychain(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")


def typed(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))


def test_without_a_terminal_nothing_is_added_and_nothing_sent(
    server: OpenAiServer, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed(monkeypatch, "y\n")
    assert main(["servers", "add", server.url]) == REFUSED
    told = capsys.readouterr().err
    assert f"127.0.0.1:{server.port} is this computer, but another program" in told
    assert "Nobody was asked" in told
    assert server.questions == []


@pytest.mark.skipif(sys.platform == "win32", reason="a terminal of its own")
@pytest.mark.parametrize(("answer", "code"), [("y\n", OK), ("\n", REFUSED), ("no\n", REFUSED)])
def test_at_a_terminal_the_person_is_asked(
    server: OpenAiServer, capsys: Captured, monkeypatch: pytest.MonkeyPatch, answer: str, code: int
) -> None:
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, encoding="utf-8") as terminal:
        monkeypatch.setattr(sys, "stdin", terminal)
        os.write(ours, answer.encode())
        assert main(["servers", "add", server.url, "--name", "attic"]) == code
    os.close(ours)
    assert f"Let 127.0.0.1:{server.port} answer?" in capsys.readouterr().err
    assert bool(server.questions) is (code == OK)


def test_from_adding_to_an_answer_and_back(server: OpenAiServer, capsys: Captured) -> None:
    assert main(["servers", "add", server.url, "--name", "attic", "--mine", "--yes"]) == OK
    shown = capsys.readouterr()
    assert shown.out == "qwen3:8b@attic\n"
    assert "runs Ollama and has 1 model." in shown.err

    assert main(["servers", "list", "--json"]) == OK
    (listed,) = json.loads(capsys.readouterr().out)
    assert (listed["name"], listed["mine"], listed["has_key"], listed["program"]) == ("attic", True, False, "Ollama")
    assert main(["servers", "models", "--json"]) == OK
    (model,) = json.loads(capsys.readouterr().out)
    assert model["name"] == "qwen3:8b@attic"
    assert model["destination"] == f"127.0.0.1:{server.port}"
    assert main(["models", "list", "--json"]) == OK
    assert "attic" not in capsys.readouterr().out

    assert main(["chat", "-m", "qwen3:8b@attic", "Hi"]) == OK
    shown = capsys.readouterr()
    assert shown.out == "Hello from afar.\n"
    assert f"Asking attic (127.0.0.1:{server.port})" in shown.err
    assert "qwen3:8b@attic" in shown.err

    assert main(["servers", "check", "attic", "--model", "qwen3:8b"]) == OK
    assert "yes streams" in capsys.readouterr().out
    assert main(["servers", "list"]) == OK
    assert "attic" in capsys.readouterr().out
    assert main(["servers", "models"]) == OK
    assert "2,048" in capsys.readouterr().out
    assert main(["servers", "remove", "attic"]) == OK
    assert main(["servers", "remove", "attic"]) == USAGE
    assert main(["chat", "-m", "qwen3:8b@attic", "Hi"]) == USAGE


def test_it_is_never_chosen_by_itself(server: OpenAiServer) -> None:
    assert main(["servers", "add", server.url, "--yes"]) == OK
    before = len(server.questions)
    assert main(["chat", "Hi"]) == USAGE  # there is no model on this disk
    assert len(server.questions) == before


def test_the_key_comes_from_standard_input_and_stands_nowhere(
    home: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    with OpenAiServer(fake.vllm(), key="sk-canary-9") as server:
        assert main(["servers", "add", server.url, "--yes", "--json"]) == NETWORK
        assert json.loads(capsys.readouterr().out)["error"]["message"] == f"127.0.0.1:{server.port} refuses the key."
        typed(monkeypatch, "sk-canary-9\n")
        assert main(["servers", "add", server.url, "--yes", "--key-stdin", "--json"]) == OK
        shown = capsys.readouterr()
        assert json.loads(shown.out)["note"].startswith("This system has no keychain")
        typed(monkeypatch, "")
        assert main(["servers", "add", server.url, "--yes", "--key-stdin"]) == USAGE
    everything = (
        shown.out
        + shown.err
        + "".join(file.read_bytes().decode("latin-1") for file in home.rglob("*") if file.is_file())
    )
    assert "canary" not in everything


def test_http_to_the_internet_is_refused(capsys: Captured) -> None:
    assert main(["servers", "add", "http://93.184.216.34:8080", "--yes"]) == REFUSED
    assert "on the internet" in capsys.readouterr().err


def test_an_empty_list_and_nothing_found(capsys: Captured) -> None:
    for command in ("list", "models"):
        assert main(["servers", command]) == OK
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("action", ["add", "list", "models", "check", "remove", "find"])
def test_every_help_has_an_example(capsys: Captured, action: str) -> None:
    assert main(["servers", action, "--help"]) == 0
    assert "example:\n  workbench servers" in capsys.readouterr().out


def test_a_server_that_is_not_there_is_a_failure_of_the_network_and_is_not_added(home: Path, capsys: Captured) -> None:
    with OpenAiServer(fake.vllm()) as server:
        address = server.url
    assert main(["servers", "add", address, "--yes"]) == NETWORK
    assert "its list" not in capsys.readouterr().err
    assert main(["servers", "list"]) == OK
    assert "No server was added" in capsys.readouterr().err

"""A chat of the command line gets its title: at a terminal, in next to no time, or not at all."""

from __future__ import annotations

import argparse
import io
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.backend import ScriptedBackend, gate
from tests.fakes.workbench import FakeWorkbench
from workbench.cli import chat, chat_title, output
from workbench.messages import TextDelta

QUESTION = "Could you please tell me how deep the sea is?"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def workbench(tmp_path: Path) -> Iterator[FakeWorkbench]:
    made = FakeWorkbench(tmp_path / "home", ScriptedBackend("It is deep."))
    made.titling = ScriptedBackend("Depth of the sea")
    yield made
    made.close()


def at_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr("sys.stderr", Terminal())


def run(workbench: FakeWorkbench, *words: str) -> str:
    parser = argparse.ArgumentParser()
    chat.register(parser.add_subparsers())
    arguments = parser.parse_args(["chat", *words, QUESTION])
    assert chat.run(arguments, workbench.as_workbench()) == output.OK
    return workbench.chat.list()[0].title


def test_at_a_terminal_it_is_named(workbench: FakeWorkbench, monkeypatch: pytest.MonkeyPatch) -> None:
    at_a_terminal(monkeypatch)
    assert run(workbench) == "Depth of the sea"


def test_for_a_script_nothing_is_waited_for(workbench: FakeWorkbench, monkeypatch: pytest.MonkeyPatch) -> None:
    at_a_terminal(monkeypatch)
    assert run(workbench, "--json") == QUESTION
    assert workbench.titling is not None
    assert not workbench.titling.requests


def test_without_a_terminal_too(workbench: FakeWorkbench) -> None:
    assert run(workbench) == QUESTION


def test_a_title_that_takes_too_long_is_given_up(workbench: FakeWorkbench, monkeypatch: pytest.MonkeyPatch) -> None:
    at_a_terminal(monkeypatch)
    workbench.titling = ScriptedBackend([gate(), TextDelta("Depth")])
    monkeypatch.setattr(chat_title, "MOST_SECONDS", 0.5)
    started = time.monotonic()
    assert run(workbench) == QUESTION
    assert time.monotonic() - started < 10

"""`workbench chat --cloud` where a yes holds for longer: only `--yes` takes it up; else it is shown and asked."""

from __future__ import annotations

import os
import pty
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from tests.unit.chat.escalating.world import MODEL, World
from workbench.cli import chat_cloud
from workbench.cli.main import parser
from workbench.cli.output import OK, REFUSED
from workbench.consents.consent import ConsentState, Scope

Captured = pytest.CaptureFixture[str]


class Allowed:
    """A chat in which a request was sent once, and allowed for longer; somebody sits at a terminal."""

    def __init__(self, home: Path, terminal: int) -> None:
        self._terminal = terminal
        self.world = World(home)
        local = self.world.asked()
        self.world.accepted(local, scope=Scope.CHAT)
        self.chat = self.world.conversation_of(local)

    def runs(self, *more: str, typed: str = "") -> int:
        os.write(self._terminal, f"{typed}\n".encode())
        arguments = parser().parse_args(["chat", "-c", self.chat, "--cloud", MODEL, *more])
        return chat_cloud.run(arguments, cast("Any", self.world.workbench))

    @property
    def sent(self) -> int:
        return len(self.world.client.sent)


@pytest.fixture
def allowed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Allowed]:
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, encoding="utf-8") as terminal:
        monkeypatch.setattr(sys, "stdin", terminal)
        made = Allowed(tmp_path / "home", ours)
        yield made
        made.world.close()
    os.close(ours)


@pytest.mark.parametrize(("typed", "code", "sent"), [("", REFUSED, 0), ("n", REFUSED, 0), ("y", OK, 1)])
def test_a_lasting_yes_is_not_taken_up_without_the_word(
    allowed: Allowed, capsys: Captured, typed: str, code: int, sent: int
) -> None:
    assert allowed.runs(typed=typed) == code
    told = capsys.readouterr().err
    assert "Send this to " in told
    assert "sha256" in told
    assert allowed.sent == sent


def test_with_the_word_it_is_sent_at_once(allowed: Allowed, capsys: Captured) -> None:
    assert allowed.runs("--yes") == OK
    assert "Send this to " not in capsys.readouterr().err
    assert allowed.sent == 1


def test_a_preview_accepts_nothing(allowed: Allowed) -> None:
    assert allowed.runs("--preview") == REFUSED
    assert allowed.runs("--preview", "--yes") == REFUSED
    assert [one.state for one in allowed.world.consents.list()] == [ConsentState.WAITING]
    assert allowed.sent == 0

"""`chat --attach`: files are read before anything is asked, and given with the first question."""

from __future__ import annotations

import argparse
import io
import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.fakes import documents
from tests.fakes.backend import ScriptedBackend
from tests.fakes.workbench import FakeWorkbench
from workbench.cli import chat, output


@pytest.fixture
def workbench(tmp_path: Path) -> Iterator[FakeWorkbench]:
    made = FakeWorkbench(tmp_path / "home", ScriptedBackend("It is so."))
    yield made
    made.close()


def run(workbench: FakeWorkbench, *words: str) -> int:
    parser = argparse.ArgumentParser()
    chat.register(parser.add_subparsers())
    arguments = parser.parse_args(["chat", "--json", *words])
    return chat.run(arguments, workbench.as_workbench())


def test_files_stand_before_the_question(
    workbench: FakeWorkbench, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.txt").write_text("words of a")
    (tmp_path / "b.csv").write_text("x,y\n1,2\n")
    assert run(workbench, "-a", str(tmp_path / "a.txt"), "--attach", str(tmp_path / "b.csv"), "Why?") == output.OK
    assert workbench.backend.requests[-1].messages[-1].text == (
        '<document name="a.txt">\nwords of a\n</document>\n\n<document name="b.csv">\nx,y\n1,2\n</document>\n\nWhy?'
    )
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["text"] == "It is so."


def test_a_file_that_cannot_be_read_asks_nothing(
    workbench: FakeWorkbench, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.zip").write_bytes(documents.archive({"a": "b"}))
    assert run(workbench, "--attach", str(tmp_path / "a.zip"), "Why?") == output.USAGE
    assert "a.zip is an archive that cannot be read." in capsys.readouterr().out
    assert not workbench.backend.requests
    assert not workbench.chat.list()


def test_files_alone_are_a_question(workbench: FakeWorkbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text("words of a")
    empty: Any = SimpleNamespace(isatty=lambda: False, buffer=io.BytesIO(b""))
    monkeypatch.setattr("sys.stdin", empty)
    assert run(workbench, "--attach", str(tmp_path / "a.txt")) == output.OK
    assert "words of a" in workbench.backend.requests[-1].messages[-1].text

"""What the command line says of effort, sampling and schema, and what it refuses."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from workbench import migrations
from workbench.chat.asking.model_options import ModelOptionsService
from workbench.chat.asking.options import Options
from workbench.chat.asking.resolve import KnownModel
from workbench.cli import chat, chat_options, model_options
from workbench.clock import SystemClock
from workbench.db import Database
from workbench.errors import ModelError, UsageError
from workbench.events import Bus
from workbench.messages import Effort, Sampling

MODELS = {
    "oss": KnownModel("oss", "gpt-oss", (Effort.LOW, Effort.MEDIUM, Effort.HIGH), Effort.MEDIUM, {None: {"top_k": 0}}),
    "smol": KnownModel("smol", "Smol", (), None),
    "new": KnownModel("new", "New", None, None),
}


@pytest.fixture
def workbench(tmp_path: Path) -> Iterator[Any]:
    database = Database(tmp_path / "workbench.db", migrations.workbench, backups=tmp_path / "backups")

    def known(name: str) -> KnownModel:
        if name and name not in MODELS:
            raise ModelError(f"There is no model {name}.")
        return MODELS[name or "oss"]

    service = ModelOptionsService(database, SystemClock(), Bus(), known)
    settings = SimpleNamespace(chat=SimpleNamespace(model=""))
    chats = SimpleNamespace(answer_seconds=lambda _model: {Effort.HIGH: [30.0, 40.0]})
    yield SimpleNamespace(model_options=service, settings=settings, chat=chats)
    database.close()


def asked(workbench: Any, *words: str) -> Options:
    parser = argparse.ArgumentParser(exit_on_error=False)
    chat.register(parser.add_subparsers())
    return chat_options.options(parser.parse_args(["chat", *words, "Hi"]), workbench)


def test_what_is_said_is_asked_for(workbench: Any, tmp_path: Path) -> None:
    schema = tmp_path / "schema.json"
    schema.write_text('{"type": "object"}')
    sampling = ["--temperature", "0", "--top-p", "0.9", "--top-k", "20", "--min-p", "0.05", "--repeat-penalty", "1.1"]
    sampling += ["--presence-penalty", "1", "--frequency-penalty", "-1", "--seed", "7"]
    words = ["-m", "oss", "-e", "high", "--max-tokens", "9", "--reasoning-tokens", "5", "--schema", str(schema)]
    assert asked(workbench, *sampling, *words) == Options(
        "oss", "", 9, Sampling(0.0, 0.9, 20, 0.05, 1.1, 1.0, -1.0, 7), Effort.HIGH, 5, {"type": "object"}
    )


def test_what_is_not_said_is_left_open(workbench: Any) -> None:
    assert asked(workbench) == Options()


@pytest.mark.parametrize(
    ("model", "effort", "words"),
    [
        ("", "off", "low, medium and high"),
        ("oss", "enormous", "low, medium and high"),
        ("smol", "high", "Ask it without one"),
        ("smol", "enormous", "Ask it without one"),
        ("new", "enormous", "off, low, medium, high and on"),
    ],
)
def test_an_unknown_effort_is_refused_with_those_of_the_model(
    workbench: Any, model: str, effort: str, words: str
) -> None:
    with pytest.raises(UsageError) as refused:
        asked(workbench, "-m", model, "-e", effort)
    assert words in refused.value.hint


@pytest.mark.parametrize("content", ["", "{", "[]", "3", '"text"', "[" * 100_000, "\xff"])
def test_what_is_no_schema_is_refused(workbench: Any, tmp_path: Path, content: str) -> None:
    schema = tmp_path / "schema.json"
    schema.write_text(content, "latin-1")
    with pytest.raises(UsageError):
        asked(workbench, "--schema", str(schema))
    with pytest.raises(UsageError):
        asked(workbench, "--schema", str(tmp_path / "missing.json"))


@pytest.mark.parametrize("words", [("--temperature", "hot"), ("--top-p", "2"), ("--seed", "1.5")])
def test_numbers_have_bounds(workbench: Any, words: tuple[str, str]) -> None:
    with pytest.raises((argparse.ArgumentError, SystemExit)):
        asked(workbench, *words)


def show(workbench: Any, *words: str) -> int:
    parser = argparse.ArgumentParser()
    model_options.register(parser.add_subparsers())
    return model_options.run(parser.parse_args(["options", *words]), workbench)


def test_values_and_who_decided_them(workbench: Any, capsys: pytest.CaptureFixture[str]) -> None:
    show(workbench, "oss", "--set", "temperature=0.7", "--set", "effort=high", "--json")
    told = json.loads(capsys.readouterr().out)
    assert told["efforts"] == ["low", "medium", "high"]
    assert told["options"]["temperature"] == {"value": 0.7, "from": "own"}
    assert told["options"]["effort"] == {"value": "high", "from": "own"}
    assert told["options"]["top_k"] == {"value": 0, "from": "publisher"}
    assert told["options"]["seed"] == {"value": None, "from": "engine"}
    assert told["costs"][2] == {"effort": "high", "times": pytest.approx(4.33, 0.01), "seconds": 35.0, "answers": 2}


def test_choices_are_taken_back(workbench: Any, capsys: pytest.CaptureFixture[str]) -> None:
    show(workbench, "oss", "--set", "temperature=0.7", "--set", "top-k=5")
    show(workbench, "oss", "--set", "temperature=", "--json")
    assert workbench.model_options.own("oss").sampling == Sampling(top_k=5)
    show(workbench, "oss", "--reset")
    assert workbench.model_options.own("oss").sampling == Sampling()
    words = capsys.readouterr().err
    assert "Efforts: low, medium and high." in words
    assert "  medium: about 1.7 times as long as low, as a rule" in words
    assert "  high: about 35 s an answer, by 2 answers here" in words


def test_what_cannot_be_set_is_refused(workbench: Any) -> None:
    for change in ("temperature", "warmth=1", "effort=off", "temperature=9"):
        with pytest.raises(UsageError):
            show(workbench, "oss", "--set", change)
    with pytest.raises(ModelError):
        show(workbench, "nobody", "--set", "temperature=1")

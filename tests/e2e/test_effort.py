"""Effort and form of an answer through the whole program: what is said on the command line is what the model reads."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.conftest import Display, Program, ScreenReader
from tests.e2e.test_command_line import ROOT, WORKBENCH, objects
from workbench.app import build
from workbench.cancel import CancelToken
from workbench.chat.asking.options import Options
from workbench.engine.asking import wire
from workbench.jobs import quiet_job
from workbench.messages import ChatRequest, Effort, user

pytestmark = [pytest.mark.engine, pytest.mark.timeout(240)]


def workbench(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*WORKBENCH, *words],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )


@pytest.fixture
def with_gpt_oss(home: Path, tiny_gpt_oss: Path) -> Path:
    """A home with a tiny gpt-oss in it."""
    (home / "models").mkdir(parents=True)
    os.link(tiny_gpt_oss, home / "models" / "gpt-oss-tiny.gguf")
    return home


def test_effort_from_the_command_line(with_gpt_oss: Path) -> None:
    answered = workbench("chat", "-e", "high", "--json", "Hello")
    assert answered.returncode == 0, answered.stderr
    events = objects(answered.stdout)
    assert events[0]["effort"] == "high"
    assert {event["event"] for event in events} == {"start", "reasoning", "text", "end"}
    # What an engine has shown is known from now on, before one runs: the refusal takes no model's time.
    refused = workbench("chat", "-e", "off", "Hello")
    assert refused.returncode == 2
    assert "low, medium and high" in refused.stderr
    kept = workbench("models", "options", "gpt-oss-tiny", "--set", "effort=low", "--set", "seed=3", "--json")
    assert kept.returncode == 0, kept.stderr
    assert json.loads(kept.stdout)["efforts"] == ["low", "medium", "high"]
    again = workbench("chat", "--json", "Hello")
    assert objects(again.stdout)[0]["effort"] == "low"


def test_the_effort_is_what_the_model_reads(with_gpt_oss: Path) -> None:
    core = build()
    try:
        backend = core.chat._route.backend("", CancelToken(), lambda _words: None)
        assert backend.info.efforts == (Effort.LOW, Effort.MEDIUM, Effort.HIGH)
        tokens = {}
        for effort in backend.info.efforts:
            asked = core.model_options.complete(Options(effort=effort), Options(), backend.info)
            request = ChatRequest((user("Hello"),), effort=asked.effort)
            tokens[effort] = backend.render(wire.template_body(request), CancelToken())  # type: ignore[attr-defined]
            assert f"Reasoning: {effort.value}" in tokens[effort]
        answer = core.chat.send(None, "Hello", quiet_job(), Options(effort=Effort.HIGH))
        assert answer.turn is not None
        assert answer.turn.effort is Effort.HIGH
        stored = core.chat.open(core.chat.list()[0].id).nodes[-1]
        assert stored.turn is not None
        assert stored.turn.effort is Effort.HIGH
    finally:
        core.close()


def test_an_answer_in_json(home: Path, starter_model: Path, tmp_path: Path) -> None:
    (home / "models").mkdir(parents=True)
    os.link(starter_model, home / "models" / starter_model.name)
    schema = tmp_path / "city.json"
    schema.write_text(
        '{"type": "object", "properties": {"city": {"type": "string", "maxLength": 30}}, "required": ["city"],'
        ' "additionalProperties": false}'
    )
    words = ("chat", "--temperature", "0", "--seed", "1", "--schema", str(schema), "Which city has the Eiffel tower?")
    first, second = workbench(*words), workbench(*words)
    assert first.returncode == 0, first.stderr
    assert set(json.loads(first.stdout)) == {"city"}
    assert first.stdout == second.stdout


@pytest.mark.display
def test_effort_in_the_window(
    with_gpt_oss: Path, open_window: Callable[[], Program], reader: ScreenReader, display: Display
) -> None:
    """By names and keys only: the first answer shows which efforts the model knows; the chosen one is asked for."""
    program = open_window()
    reader.until(lambda: reader("exists", "Model: Tiny gpt-oss"))
    reader.until(lambda: reader("write", "Message", "Hello"))
    reader.press("Send")
    reader.until(lambda: reader("exists", "Send") and reader.hears("tokens/s"), 60)
    reader.until(lambda: reader("exists", "Effort: Medium effort"))
    display.keys("ctrl+shift+e")
    reader.press("High effort")
    reader.until(lambda: reader("exists", "Effort: High effort, chosen for this chat"))
    assert reader("nameless") == []
    reader.until(lambda: reader("write", "Message", "Hello again"))
    reader.press("Send")
    reader.until(lambda: reader("exists", "Send") and reader.hears("· high effort"), 60)
    assert program.end() == 0
    (chat,) = json.loads(workbench("chats", "list", "--json").stdout)
    shown = json.loads(workbench("chats", "show", chat["id"], "--json").stdout)
    assert shown["effort"] == "high"
    kept = workbench("models", "options", "gpt-oss-tiny", "--json")
    assert json.loads(kept.stdout)["options"]["effort"]["from"] != "own"

"""Tools through the whole chat: tiny models that call, real engines that parse, the program's own tools, and what is kept.

What the models say is in their weights; that a call is made, that its result reaches the model and that the text after it
comes is not.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from tests.contract.test_tiny_models import launcher_of
from workbench.app import Workbench, build
from workbench.chat.asking.options import Options
from workbench.chat.events import ToolEnded, ToolStarted
from workbench.chat.tree import Node, path_to
from workbench.jobs import Job, quiet_job
from workbench.messages import Finish, Reasoning, Text, ToolCall, ToolResult
from workbench.paths import Paths
from workbench.ports import EngineLauncher
from workbench.tools.builtin.now import Now
from workbench.tools.tool import Call, Outcome

pytestmark = pytest.mark.engine

ENGINES = ("native", "binary", "worker")
SUM = {"tool": "calculate", "arguments": '{"expression":"6*7"}', "told": "It is 42.", "thought": "I do the sum"}
CLOCK = {"tool": "now", "arguments": "{}", "told": "It is late.", "thought": "I look at the clock."}
FORMS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "harmony": ("gpt_oss", SUM),
    "hermes": ("qwen3moe", SUM),
    "gemma": ("gemma4", SUM),
    "xml": ("qwen3moe", {**CLOCK, "form": "xml"}),
}
TWO_SUMS = {
    **SUM,
    "again": '{"expression":"90/4"}',
    "told": "Both are done.",
    "thought": "I do both sums",
}
GIVES = {"calculate": "42", "now": "Zone: "}
Made = Callable[..., Path]


@contextmanager
def opened(home: Path, launcher: EngineLauncher | None = None) -> Iterator[Workbench]:
    workbench = build(Paths(home), launcher=launcher)
    try:
        yield workbench
    finally:
        workbench.close()


def options(model: Path) -> Options:
    return Options(model=str(model), tools=("now", "calculate"))


def text_of(answer: Node) -> str:
    return "".join(part.text for part in answer.message.parts if isinstance(part, Text))


def kinds(answer: Node) -> list[type]:
    return [type(part) for part in answer.message.parts if not isinstance(part, Reasoning)]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("engine", ENGINES)
def test_a_call_its_result_and_the_text_after_it_in_each_turn(
    engine: str, form: str, home: Path, tiny_model: Made, request: pytest.FixtureRequest
) -> None:
    family, script = FORMS[form]
    model = tiny_model(family, **script)
    with opened(home, launcher_of(engine, home, request)) as workbench:
        news: list[Any] = []
        job = Job(lambda event: news.append(event.payload))
        answer = workbench.chat.send(None, "What is it?", job, options(model))
        _call, result = _called(answer, script)
        assert [type(one) for one in news if isinstance(one, ToolStarted | ToolEnded)] == [ToolStarted, ToolEnded]
        assert answer.turn is not None
        assert answer.turn.finish is Finish.STOP
        conversation = next(iter(workbench.chat.list())).id
        again = workbench.chat.send(conversation, "And once more?", quiet_job(), options(model))
        _, later = _called(again, script)
        assert later.id != result.id
        kept = path_to(workbench.chat.open(conversation), answer.id)[-1]
        assert kept.message.parts == answer.message.parts


def _called(answer: Node, script: Mapping[str, str]) -> tuple[ToolCall, ToolResult]:
    assert kinds(answer) == [ToolCall, ToolResult, Text]
    call = next(part for part in answer.message.parts if isinstance(part, ToolCall))
    result = next(part for part in answer.message.parts if isinstance(part, ToolResult))
    assert (call.name, json.loads(call.arguments)) == (script["tool"], json.loads(script["arguments"]))
    assert (result.id, result.name, result.failed) == (call.id, call.name, False)
    assert GIVES[script["tool"]] in result.text
    assert text_of(answer) == script["told"]
    return call, result


@pytest.mark.parametrize("engine", ENGINES)
def test_two_calls_at_once_have_their_results_in_order(
    engine: str, home: Path, tiny_model: Made, request: pytest.FixtureRequest
) -> None:
    with opened(home, launcher_of(engine, home, request)) as workbench:
        answer = workbench.chat.send(None, "Both?", quiet_job(), options(tiny_model("qwen3moe", **TWO_SUMS)))
        assert kinds(answer) == [ToolCall, ToolCall, ToolResult, ToolResult, Text]
        calls = [part for part in answer.message.parts if isinstance(part, ToolCall)]
        results = [part for part in answer.message.parts if isinstance(part, ToolResult)]
        assert [one.id for one in calls] == [one.id for one in results]
        assert [json.loads(one.arguments)["expression"] for one in calls] == ["6*7", "90/4"]
        assert ("42" in results[0].text, "22.5" in results[1].text) == (True, True)
        assert text_of(answer) == "Both are done."


def test_what_was_read_for_the_first_round_is_found_again_in_the_next(home: Path, tiny_model: Made) -> None:
    with opened(home) as workbench:
        answer = workbench.chat.send(None, "What is it?", quiet_job(), options(tiny_model("gpt_oss", **SUM)))
        assert answer.turn is not None
        usage = answer.turn.usage
        assert usage.prompt_tokens is not None
        assert usage.cached_tokens is not None
        assert usage.cached_tokens * 3 > usage.prompt_tokens  # of two rounds: all of the first one but its last tokens


def test_stopped_while_a_tool_runs_and_gone_on_with(
    home: Path, tiny_model: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, reached, own = tiny_model("qwen3moe", **CLOCK), Event(), Now.call

    def hang(_self: Now, _arguments: Mapping[str, Any], call: Call) -> Outcome:
        reached.set()
        call.cancel.wait(60)
        call.cancel.check()
        return Outcome("never")

    monkeypatch.setattr(Now, "call", hang)
    with opened(home) as workbench:
        job = Job(lambda event: job.cancel.cancel() if isinstance(event.payload, ToolStarted) else None)
        answer = workbench.chat.send(None, "What time is it?", job, options(model))
        assert reached.is_set()
        assert answer.turn is not None
        assert answer.turn.finish is Finish.CANCELLED
        assert kinds(answer)[0] is ToolCall
        assert text_of(answer) == ""
        monkeypatch.setattr(Now, "call", own)
        whole = workbench.chat.continue_answer(answer.id, quiet_job(), options(model))
        _called(whole, CLOCK)


@pytest.mark.skipif(sys.platform != "linux", reason="the test looks for the engine among all processes")
def test_killed_while_a_tool_runs_and_gone_on_with(home: Path, tiny_model: Made) -> None:
    """kill -9: the call is on the disk, its result is not; nothing of the answer is lost, and the engine is gone too."""
    model = tiny_model("qwen3moe", **CLOCK)
    command = [sys.executable, "-m", "tests.contract.calling", str(home), str(model)]
    process = subprocess.Popen(command, cwd=Path(__file__).parent.parent.parent)
    try:
        deadline = time.monotonic() + 120
        while not (home / "reached").exists() and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        assert (home / "reached").exists()
    finally:
        os.kill(process.pid, signal.SIGKILL)
        assert process.wait(30) == -signal.SIGKILL
    with opened(home) as workbench:
        chat = workbench.chat.open(next(iter(workbench.chat.list())).id)
        answer = path_to(chat, chat.tip_id)[-1]
        assert answer.turn is not None
        assert answer.turn.finish is Finish.INTERRUPTED
        assert kinds(answer) == [ToolCall]
        whole = workbench.chat.continue_answer(answer.id, quiet_job(), options(model))
        _called(whole, CLOCK)

"""Reasoning, calls and stop tokens of three real architectures, from the worker."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.unit.engine.worker.conftest import Reply, Worker, started
from workbench.cancel import CancelToken
from workbench.engine.asking import wire
from workbench.errors import EngineError
from workbench.messages import (
    ChatRequest,
    Effort,
    Finished,
    Message,
    Reasoning,
    Role,
    StreamEvent,
    Text,
    Tool,
    ToolCall,
    ToolResult,
    UnparsedText,
    fold_events,
    user,
)

pytestmark = [pytest.mark.engine, pytest.mark.skipif("sys.platform == 'win32'")]

FAMILIES = ("gpt_oss", "qwen3moe", "gemma4")
THOUGHT = "The user asks something, so I think about it."
ANSWER = "Hello! I am a tiny model with real experts."
SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
WEATHER = Tool("get_weather", "The weather of a city", SCHEMA)


@pytest.fixture(scope="session", params=FAMILIES)
def tiny(
    request: pytest.FixtureRequest,
    worker_site: Path,
    tiny_model: Callable[..., Path],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Worker]:
    """With the experts of the first layer on the processor by name."""
    model = tiny_model(request.param)
    home = tmp_path_factory.mktemp(request.param)
    running = started(worker_site, home, model, context_tokens=2048, expert_layers_on_cpu=1)
    yield running
    running.engine.stop()


def ask(worker: Worker, *messages: Message, **more: Any) -> tuple[list[StreamEvent], Finished]:
    events = list(worker.backend.stream(ChatRequest(messages, **more), CancelToken()))
    assert isinstance(events[-1], Finished)
    return events, events[-1]


def texts(events: list[StreamEvent], kind: type[Text | Reasoning] = Text) -> str:
    return "".join(part.text for part in fold_events(events) if isinstance(part, kind)).strip()


def test_reasoning_and_answer(tiny: Worker) -> None:
    events, end = ask(tiny, user("Hi"), effort=Effort.ON)
    assert texts(events, Reasoning) == THOUGHT
    assert texts(events) == ANSWER
    assert end.finish.value == "stop"
    counted = tiny.backend.count_tokens(ChatRequest((user("Hi"),), effort=Effort.ON), CancelToken())
    assert counted == end.usage.prompt_tokens


def test_a_tool_is_called_and_its_result_is_answered(tiny: Worker) -> None:
    question = user("What is the weather?")
    events, end = ask(tiny, question, tools=(WEATHER,))
    (call,) = [part for part in fold_events(events) if isinstance(part, ToolCall)]
    assert (call.name, json.loads(call.arguments)) == ("get_weather", {"city": "Paris"})
    assert call.id
    assert end.finish.value == "tool_calls"
    thought = Reasoning(texts(events, Reasoning))
    result = Message(Role.TOOL, (ToolResult(call.id, call.name, "sunny"),))
    events, end = ask(tiny, question, Message(Role.ASSISTANT, (thought, call)), result, tools=(WEATHER,))
    assert texts(events) == "It is sunny there."
    assert end.finish.value == "stop"
    assert end.usage.cached_tokens


def test_tools_that_may_not_be_called_are_shown_all_the_same(tiny: Worker) -> None:
    """What was read before stands behind them, and is found again."""
    request = ChatRequest((user("Hi"),), tools=(WEATHER,))
    prompts = [
        tiny.backend.render(wire.template_body(replace(request, tool_choice=choice)), CancelToken())
        for choice in ("auto", "none")
    ]
    assert "get_weather" in prompts[0]
    assert prompts[0] == prompts[1]
    events, _end = ask(tiny, user("Hi"), tools=(WEATHER,), tool_choice="none")
    assert not [part for part in fold_events(events) if isinstance(part, ToolCall)]


def test_a_schema_is_for_the_answer_and_not_for_the_reasoning(tiny: Worker) -> None:
    flag = {"type": "boolean"}
    events, end = ask(tiny, user("Hi"), schema=flag, max_tokens=120, effort=Effort.ON)
    assert json.loads(texts(events)) in (True, False)
    assert texts(events, Reasoning) == THOUGHT
    assert end.finish.value == "stop"


def test_cut_in_the_reasoning_is_no_error(tiny: Worker) -> None:
    events, end = ask(tiny, user("Hi"), max_tokens=6, effort=Effort.ON)
    assert end.finish.value == "length"
    assert texts(events) == ""


def test_a_budget_ends_the_reasoning(tiny: Worker) -> None:
    events, _end = ask(tiny, user("Hi"), reasoning_tokens=3, max_tokens=60, effort=Effort.ON)
    thought = texts(events, Reasoning)
    assert thought
    assert THOUGHT.startswith(thought)
    assert len(thought) < len(THOUGHT)


def test_a_begun_answer_is_continued(tiny: Worker) -> None:
    begun = Message(Role.ASSISTANT, (Text("Hello! I am"),))
    events, _end = ask(tiny, user("Hi"), begun)
    assert texts(events) == "a tiny model with real experts."


def test_a_broken_format_is_told_with_the_raw_text(
    worker_site: Path, tiny_model: Callable[..., Path], tmp_path: Path
) -> None:
    running = started(worker_site, tmp_path, tiny_model("gpt_oss", broken="channel"), context_tokens=1024)
    try:
        whole = running.chat("Hi")
        assert whole.status == 500
        streamed = running.chat("Hi", stream=True)
        assert streamed.status == 200
        assert "[DONE]" not in streamed.body
        for error in (whole.json["error"], _last(streamed)["error"]):
            assert "does not match the expected harmony format" in error["message"]
            assert THOUGHT in error["raw"]
            assert "<|channel|>" in error["raw"]
        request = ChatRequest((user("Hi"),))
        unparsed = [event for event in _events(running, request) if isinstance(event, UnparsedText)]
        assert "".join(event.text for event in unparsed) == whole.json["error"]["raw"]
    finally:
        running.engine.stop()


def _events(worker: Worker, request: ChatRequest) -> Iterator[StreamEvent]:
    """Those until the error that follows."""
    with suppress(EngineError):
        yield from worker.backend.stream(request, CancelToken())


def _last(answer: Reply) -> Any:
    return answer.chunks[-1]

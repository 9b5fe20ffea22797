"""What every engine promises of tools that are demanded: one is called, the right one, with arguments that fit."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.contract.test_tiny_models import TEXTS, Asking, launcher_of, model_of, running
from tests.fakes.tiny_models import FAMILIES
from workbench.cancel import CancelToken
from workbench.engine.asking.client import LlamaBackend
from workbench.messages import ChatRequest, Reasoning, StreamEvent, Tool, ToolCall, fold_events, user
from workbench.ports import BackendInfo

pytestmark = pytest.mark.engine

ENGINES = ("native", "binary", "worker")
ZONES = ["Europe/Paris", "UTC"]
WEATHER = Tool(
    "get_weather",
    "The weather of a city.",
    {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
)
TIME = Tool(
    "get_time",
    "The time of a zone.",
    {
        "type": "object",
        "properties": {"zone": {"type": "string", "enum": ZONES}, "exact": {"type": "boolean"}},
        "required": ["zone", "exact"],
    },
)


@pytest.fixture(scope="module", params=[f"{engine} {family}" for engine in ENGINES for family in FAMILIES])
def asked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asking]:
    engine, family = request.param.split()
    with running(launcher_of(engine, tmp_path_factory.mktemp("calls"), request), model_of(family, request)) as asking:
        yield asking


def answered(engine: Asking, **more: Any) -> list[StreamEvent]:
    backend = LlamaBackend(engine.endpoint, BackendInfo("real", "tiny", local=True, context_tokens=4096))
    request = ChatRequest((user("What is the weather in Paris?"),), tools=(WEATHER, TIME), max_tokens=300, **more)
    return list(backend.stream(request, CancelToken()))


def calls(events: list[StreamEvent]) -> list[tuple[str, Any]]:
    return [(part.name, json.loads(part.arguments)) for part in fold_events(events) if isinstance(part, ToolCall)]


def test_a_demanded_tool_is_called_after_the_thought(asked: Asking) -> None:
    events = answered(asked, tool_choice="required")
    assert calls(events) == [("get_weather", {"city": "Paris"})]
    thoughts = [part.text.strip() for part in fold_events(events) if isinstance(part, Reasoning)]
    assert thoughts == [TEXTS.thought]


def test_a_tool_that_is_named_is_called_and_no_other_is_shown(asked: Asking) -> None:
    events = answered(asked, tool_choice="get_weather")
    assert calls(events) == [("get_weather", {"city": "Paris"})]


@pytest.mark.parametrize(
    ("engine", "family"), [("native", "qwen3moe"), ("binary", "qwen3moe"), *(("worker", family) for family in FAMILIES)]
)
def test_a_model_that_would_call_another_tool_calls_the_one_that_is_named(
    engine: str, family: str, home: Path, request: pytest.FixtureRequest
) -> None:
    """What it would say in its place is in its weights. The server's grammar of the other families has a way around it."""
    with running(launcher_of(engine, home, request), model_of(family, request)) as asking:
        _is_a_call_for_the_time(calls(answered(asking, tool_choice="get_time")))


def test_the_worker_makes_a_model_call_that_never_would(
    home: Path, request: pytest.FixtureRequest, tiny_model: Callable[..., Path]
) -> None:
    with running(launcher_of("worker", home, request), tiny_model("qwen3moe", broken="plain")) as asking:
        for _ in range(3):
            _is_a_call_for_the_time(calls(answered(asking, tool_choice="get_time")))


def _is_a_call_for_the_time(found: list[tuple[str, Any]]) -> None:
    assert found
    for name, arguments in found:
        assert name == "get_time"
        assert arguments["zone"] in ZONES
        assert isinstance(arguments["exact"], bool)

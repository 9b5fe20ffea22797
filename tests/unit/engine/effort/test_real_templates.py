"""The three ways of thinking, in real engines with the real templates: what changes the prompt, what of the thoughts of
earlier turns is read again, how thoughts are cut, and answers in JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.contract.conftest import running
from workbench.cancel import CancelToken
from workbench.engine.asking import wire
from workbench.engine.asking.client import LlamaBackend
from workbench.engine.effort.traits import examine
from workbench.messages import (
    ChatRequest,
    Effort,
    Message,
    Part,
    Reasoning,
    Role,
    Sampling,
    Text,
    Tool,
    ToolCall,
    ToolResult,
    assistant,
    fold_events,
    user,
)

pytestmark = [pytest.mark.engine, pytest.mark.timeout(240)]

OFF, LOW, MEDIUM, HIGH, ON = Effort
FAMILIES = ("gpt_oss", "qwen3moe", "gemma4")
WEATHER = Tool("get_weather", "The weather.", {"type": "object", "properties": {"city": {"type": "string"}}})
SCHEMA = {
    "type": "object",
    "properties": {"city": {"type": "string", "maxLength": 20}, "large": {"type": "boolean"}},
    "required": ["city", "large"],
    "additionalProperties": False,
}


@pytest.fixture(scope="module")
def backend(
    request: pytest.FixtureRequest,
    tiny_model: Callable[..., Path],
    starter_model: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[LlamaBackend]:
    """An engine with the family that the test names; tests of one family run one after another."""
    model = starter_model if request.param == "smollm" else tiny_model(request.param)
    with running(model, tmp_path_factory.mktemp(request.param)) as one:
        yield one


of_each = pytest.mark.parametrize("backend", FAMILIES, indirect=True)


def prompt(
    backend: LlamaBackend, *messages: Message, tools: tuple[Tool, ...] = (), effort: Effort | None = None
) -> str:
    return backend.render(wire.template_body(ChatRequest(messages, tools=tools, effort=effort)), CancelToken())


def answer(backend: LlamaBackend, **options: Any) -> tuple[Part, ...]:
    options = {"max_tokens": 300, "sampling": Sampling(temperature=0, seed=1), **options}
    return fold_events(backend.stream(ChatRequest((user("Hello"),), **options), CancelToken()))


@pytest.mark.parametrize(
    ("backend", "efforts", "default", "thinks", "tools"),
    [
        ("smollm", (), None, False, False),
        ("gpt_oss", (LOW, MEDIUM, HIGH), MEDIUM, True, True),
        ("qwen3moe", (OFF, ON), ON, True, True),
        ("gemma4", (OFF, ON), ON, True, True),
    ],
    indirect=["backend"],
)
def test_what_is_seen_of_a_template(
    backend: LlamaBackend,
    efforts: tuple[Effort, ...],
    default: Effort | None,
    thinks: bool,
    tools: bool,
) -> None:
    found = examine(lambda body: backend.render(body, CancelToken()), "b1")
    assert (found.efforts, found.default_effort, found.thinks, found.tools) == (efforts, default, thinks, tools)


@of_each
def test_thoughts_of_an_answered_question_are_not_read_again(backend: LlamaBackend) -> None:
    earlier = Message(Role.ASSISTANT, (Reasoning("OLD-THOUGHT"), Text("OLD-ANSWER")))
    read = prompt(backend, user("Hi"), earlier, user("And now?"))
    assert "OLD-ANSWER" in read
    assert "OLD-THOUGHT" not in read


@of_each
def test_thoughts_are_kept_in_a_chain_of_tools_until_its_answer(backend: LlamaBackend) -> None:
    call = ToolCall("c1", "get_weather", '{"city":"Paris"}')
    chain = (
        user("What is the weather?"),
        Message(Role.ASSISTANT, (Reasoning("CHAIN-THOUGHT"), call)),
        Message(Role.TOOL, (ToolResult("c1", "get_weather", "Sunny"),)),
    )
    assert "CHAIN-THOUGHT" in prompt(backend, *chain, tools=(WEATHER,))
    answered = prompt(backend, *chain, assistant("It is sunny."), user("Thanks"), tools=(WEATHER,))
    assert "Sunny" in answered
    assert "CHAIN-THOUGHT" not in answered


@of_each
def test_thoughts_end_after_so_many_tokens(backend: LlamaBackend) -> None:
    whole, cut = answer(backend), answer(backend, reasoning_tokens=3)
    assert [type(part) for part in whole] == [type(part) for part in cut] == [Reasoning, Text]
    assert len(cut[0].text) < 12 < len(whole[0].text)
    assert whole[0].text.startswith(cut[0].text)


@pytest.mark.parametrize("backend", ["smollm", *FAMILIES], indirect=True)
def test_an_answer_matches_a_schema(backend: LlamaBackend) -> None:
    """A model that thinks does so first; its thoughts need not match."""
    parts = answer(backend, schema=SCHEMA)
    assert [type(part) for part in parts] in ([Text], [Reasoning, Text])
    found = json.loads(parts[-1].text)
    assert set(found) == {"city", "large"}
    assert isinstance(found["city"], str)
    assert isinstance(found["large"], bool)


@pytest.mark.parametrize("backend", ["qwen3moe", "gemma4"], indirect=True)
def test_switched_off_it_answers_at_once(backend: LlamaBackend) -> None:
    assert [type(part) for part in answer(backend, effort=OFF)] == [Text]

"""Requests in Anthropic's dialect."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from workbench.cloud.protocols.anthropic import USUAL_MOST_TOKENS, body_of
from workbench.cloud.protocols.asked import GO_ON
from workbench.cloud.provider import CloudModel
from workbench.errors import UsageError
from workbench.messages import (
    ChatRequest,
    Effort,
    Image,
    Message,
    Reasoning,
    Role,
    Sampling,
    Text,
    Tool,
    ToolCall,
    ToolResult,
    assistant,
    system,
    user,
)

Json = dict[str, Any]
EFFORTS = (Effort.OFF, Effort.LOW, Effort.MEDIUM, Effort.HIGH, Effort.ON)
NEW = CloudModel("anthropic", "claude-sonnet-5-5", efforts=EFFORTS)
OLD = replace(NEW, id="claude-sonnet-4-5-20250929")
ASKED = ChatRequest((system("Be brief."), user("How is the sea?")), max_tokens=8000)
LOOK = Tool("look", "Look there.", {"type": "object", "properties": {}})


def text(words: str) -> Json:
    return {"type": "text", "text": words}


def test_the_usual_words() -> None:
    assert body_of(NEW, ASKED) == {
        "model": "claude-sonnet-5-5",
        "max_tokens": 8000,
        "system": "Be brief.",
        "messages": [{"role": "user", "content": [text("How is the sea?")]}],
        "stream": True,
    }


def test_the_system_stands_apart() -> None:
    said = body_of(NEW, ChatRequest((system("One."), user("Hello"), system("Two."), assistant("Yes?"), user("Go on."))))
    assert said["system"] == "One.\n\nTwo."
    assert [turn["role"] for turn in said["messages"]] == ["user", "assistant", "user"]
    assert "system" not in body_of(NEW, ChatRequest((user("Hello"),)))


@pytest.mark.parametrize(
    ("asked", "longest", "said"),
    [(500, None, 500), (500, 300, 300), (None, 300, 300), (None, None, USUAL_MOST_TOKENS)],
)
def test_the_longest_answer_is_always_said(asked: int | None, longest: int | None, said: int) -> None:
    model = replace(NEW, most_output_tokens=longest)
    assert body_of(model, replace(ASKED, max_tokens=asked))["max_tokens"] == said


def test_pictures() -> None:
    request = ChatRequest((Message(Role.USER, (Text("What is this?"), Image("image/png", b"PNG"))),))
    assert body_of(NEW, request)["messages"][0]["content"] == [
        {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "UE5H"}},
        text("What is this?"),
    ]
    with pytest.raises(UsageError, match="sees no pictures"):
        body_of(replace(NEW, sees=False), request)


CALLED = ChatRequest(
    (
        user("Look."),
        Message(
            Role.ASSISTANT,
            (Reasoning("I look."), Text("Wait."), ToolCall("c 1", "look", '{"a": 1.5}'), ToolCall("", "look", "{")),
        ),
        Message(Role.TOOL, (ToolResult("c 1", "look", "Blue."),)),
        Message(Role.TOOL, (ToolResult("", "look", "Nobody there.", failed=True),)),
        user("And now?"),
    ),
    tools=(LOOK,),
)


def test_calls_and_their_results() -> None:
    said = body_of(NEW, CALLED)
    assert said["messages"] == [
        {"role": "user", "content": [text("Look.")]},
        {
            "role": "assistant",
            "content": [
                text("Wait."),
                {"type": "tool_use", "id": "c_1", "name": "look", "input": {"a": 1.5}},
                {"type": "tool_use", "id": "call", "name": "look", "input": {"arguments": "{"}},
            ],
        },
        {
            "role": "user",
            "content": [
                {"type": "tool_result", "tool_use_id": "c_1", "content": "Blue."},
                {"type": "tool_result", "tool_use_id": "call", "content": "Nobody there.", "is_error": True},
                text("And now?"),
            ],
        },
    ]
    assert said["tools"] == [{"name": "look", "description": "Look there.", "input_schema": LOOK.parameters}]
    assert "tool_choice" not in said


def test_calls_are_told_in_words_where_no_tools_are_offered() -> None:
    messages = body_of(NEW, replace(CALLED, tools=()))["messages"]
    assert messages[1]["content"] == [text("Wait."), text('look({"a": 1.5})'), text("look({)")]
    assert messages[2]["content"] == [text("look: Blue."), text("look: Nobody there."), text("And now?")]


@pytest.mark.parametrize(
    ("choice", "said"),
    [("none", {"type": "none"}), ("required", {"type": "any"}), ("look", {"type": "tool", "name": "look"})],
)
def test_choices_of_tools(choice: str, said: Json) -> None:
    assert body_of(NEW, replace(ASKED, tools=(LOOK,), tool_choice=choice))["tool_choice"] == said


def test_the_persons_turn_comes_first() -> None:
    messages = body_of(NEW, ChatRequest((assistant("Once upon"), user("Go on."))))["messages"]
    assert [turn["role"] for turn in messages] == ["user", "assistant", "user"]


def test_neighbours_of_one_role_are_one_turn() -> None:
    messages = body_of(NEW, ChatRequest((user("One."), user("Two."))))["messages"]
    assert messages == [{"role": "user", "content": [text("One."), text("Two.")]}]


def test_a_partial_answer_is_gone_on_with_in_words() -> None:
    messages = body_of(NEW, ChatRequest((user("Tell."), assistant("Once"))))["messages"]
    assert messages[-1] == {"role": "user", "content": [text(GO_ON)]}


ADAPTIVE = {"thinking": {"type": "adaptive", "display": "summarized"}}


@pytest.mark.parametrize(
    ("model", "effort", "said"),
    [
        (NEW, None, {}),
        (NEW, Effort.OFF, {"thinking": {"type": "disabled"}}),
        (NEW, Effort.LOW, {**ADAPTIVE, "output_config": {"effort": "low"}}),
        (NEW, Effort.HIGH, {**ADAPTIVE, "output_config": {"effort": "high"}}),
        (NEW, Effort.ON, ADAPTIVE),
        (replace(NEW, efforts=()), Effort.HIGH, {}),
        (OLD, Effort.OFF, {"thinking": {"type": "disabled"}}),
        (OLD, Effort.LOW, {"thinking": {"type": "enabled", "budget_tokens": 2048}}),
        (OLD, Effort.HIGH, {"thinking": {"type": "enabled", "budget_tokens": 4000}}),  # half of the longest answer
    ],
)
def test_efforts(model: CloudModel, effort: Effort | None, said: Json) -> None:
    plain = body_of(model, ASKED)
    asked = body_of(model, replace(ASKED, effort=effort))
    assert {name: value for name, value in asked.items() if name not in plain} == said


@pytest.mark.parametrize(
    ("model_id", "budgeted"),
    [
        ("claude-3-7-sonnet-20250219", True), ("claude-opus-4-20250514", True), ("claude-opus-4-1-20250805", True),
        ("claude-sonnet-4-0", True), ("claude-haiku-4-5-20251001", True), ("claude-opus-4-5", True),
        ("claude-opus-4-6", False), ("claude-sonnet-4-6", False), ("claude-opus-4-7", False), ("claude-haiku-5-5", False),
        ("claude-fable-5", False), ("claude-opus-5-5-20260901", False),
    ],
)  # fmt: skip
def test_which_models_are_told_a_budget(model_id: str, budgeted: bool) -> None:
    said = body_of(replace(NEW, id=model_id), replace(ASKED, effort=Effort.LOW))
    assert (said["thinking"]["type"] == "enabled") is budgeted


@pytest.mark.parametrize(
    "request_",
    [
        replace(ASKED, max_tokens=2000),  # no room for the least budget
        replace(CALLED, messages=CALLED.messages[:3], max_tokens=8000),  # signed thoughts would be wanted
        replace(ASKED, tools=(LOOK,), tool_choice="look"),
    ],
)
def test_where_an_older_model_does_not_think(request_: ChatRequest) -> None:
    assert "thinking" not in body_of(OLD, replace(request_, effort=Effort.HIGH))


def test_a_limit_of_thoughts() -> None:
    request = replace(ASKED, effort=Effort.HIGH, reasoning_tokens=1500)
    assert body_of(OLD, request)["thinking"]["budget_tokens"] == 1500


@pytest.mark.parametrize("model", [NEW, OLD])
def test_how_tokens_are_drawn_is_not_said(model: CloudModel) -> None:
    full = Sampling(1.4, 0.9, 40, 0.05, 1.1, 0.2, 0.3, 7)
    assert body_of(model, replace(ASKED, sampling=full)) == body_of(model, ASKED)


def test_stops_and_a_schema_beside_an_effort() -> None:
    schema = {"type": "object"}
    said = body_of(NEW, replace(ASKED, stop=("END", " "), schema=schema, effort=Effort.LOW))
    assert said["stop_sequences"] == ["END"]
    assert said["output_config"] == {"effort": "low", "format": {"type": "json_schema", "schema": schema}}


def test_thoughts_of_the_past_are_not_sent() -> None:
    assert "I look" not in json.dumps(body_of(NEW, CALLED))

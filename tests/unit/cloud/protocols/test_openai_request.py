"""Requests in OpenAI's dialect: the usual words, and each quirk of a row."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from workbench.cloud.protocols.asked import GO_ON, encoded
from workbench.cloud.protocols.openai import body_of, is_strict
from workbench.cloud.protocols.quirks import Quirk
from workbench.cloud.provider import CloudModel, Price, Provider
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
MODEL = CloudModel("some", "model-one", "Model One")
THINKER = replace(MODEL, efforts=(Effort.OFF, Effort.LOW, Effort.MEDIUM, Effort.HIGH, Effort.ON))
ASKED = ChatRequest((user("How is the sea?"),))
LOOK = Tool("look", "Look there.", {"type": "object", "properties": {"where": {"type": "string"}}})
SCHEMA = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"], "additionalProperties": False}


def body(request: ChatRequest, *quirks: Quirk, model: CloudModel = MODEL) -> Json:
    return body_of(Provider("some", "Somebody", "https://x.example/v1", quirks=frozenset(quirks)), model, request)


def test_the_usual_words() -> None:
    request = ChatRequest(
        (system("Be brief."), user("Hello"), assistant("Yes?"), user("How is the sea?")), max_tokens=90
    )
    assert body(request) == {
        "model": "model-one",
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "Hello"},
            {"role": "assistant", "content": "Yes?"},
            {"role": "user", "content": "How is the sea?"},
        ],
        "max_tokens": 90,
        "stream": True,
        "stream_options": {"include_usage": True},
    }


def test_without_a_limit_none_is_said() -> None:
    assert "max_tokens" not in body(ASKED)


def test_no_longer_than_the_models_longest_answer() -> None:
    model = replace(MODEL, most_output_tokens=50)
    assert body(replace(ASKED, max_tokens=90), model=model)["max_tokens"] == 50


def test_pictures_stand_before_the_text() -> None:
    request = ChatRequest((Message(Role.USER, (Text("What is this?"), Image("image/png", b"PNG"))),))
    assert body(request)["messages"][0]["content"] == [
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,UE5H"}},
        {"type": "text", "text": "What is this?"},
    ]


@pytest.mark.parametrize(
    ("model", "request_", "why"),
    [
        (
            replace(MODEL, sees=False),
            ChatRequest((Message(Role.USER, (Image("image/png", b""),)),)),
            "sees no pictures",
        ),
        (MODEL, ChatRequest((Message(Role.USER, (Image("image/tiff", b""),)),)), "image/tiff"),
        (replace(MODEL, calls_tools=False), replace(ASKED, tools=(LOOK,)), "calls no tools"),
        (MODEL, ChatRequest((system("Be brief."),)), "no question"),
        (MODEL, ChatRequest((user(" \n"),)), "no question"),
        (MODEL, ChatRequest(()), "no question"),
    ],
)
def test_what_cannot_be_asked(model: CloudModel, request_: ChatRequest, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        body(request_, model=model)


def test_calls_and_their_results() -> None:
    called = Message(
        Role.ASSISTANT,
        (Reasoning("I look."), ToolCall("c1", "look", '{"where": "Brest"}'), ToolCall("c2", "wait", "{")),
    )
    results = Message(Role.TOOL, (ToolResult("c1", "look", "Blue."), ToolResult("c2", "wait", "Waited.")))
    said = body(ChatRequest((user("Look."), called, results), tools=(LOOK,)))
    assert said["messages"][1:] == [
        {
            "role": "assistant",
            "content": "",
            "tool_calls": [
                {"id": "c1", "type": "function", "function": {"name": "look", "arguments": '{"where": "Brest"}'}},
                {"id": "c2", "type": "function", "function": {"name": "wait", "arguments": "{"}},
            ],
        },
        {"role": "tool", "tool_call_id": "c1", "name": "look", "content": "Blue."},
        {"role": "tool", "tool_call_id": "c2", "name": "wait", "content": "Waited."},
    ]
    assert said["tools"] == [
        {"type": "function", "function": {"name": "look", "description": "Look there.", "parameters": LOOK.parameters}}
    ]


def test_thoughts_of_the_past_are_not_sent() -> None:
    past = Message(Role.ASSISTANT, (Reasoning("Secret thoughts."), Text("Yes?")))
    assert "Secret" not in json.dumps(body(ChatRequest((user("Hello"), past, user("Go on")))))


def test_a_partial_answer_is_gone_on_with_in_words() -> None:
    messages = body(ChatRequest((user("Tell."), assistant("Once"))))["messages"]
    assert [message["content"] for message in messages] == ["Tell.", "Once", GO_ON]


def test_messages_without_a_word_are_left_out() -> None:
    messages = body(ChatRequest((system(""), user("Tell."), assistant(" "), user("Please."))))["messages"]
    assert [message["content"] for message in messages] == ["Tell.", "Please."]


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        ("auto", "auto"),
        ("none", "none"),
        ("required", "required"),
        ("look", {"type": "function", "function": {"name": "look"}}),
    ],
)
def test_choices_of_tools(choice: str, said: object) -> None:
    assert body(replace(ASKED, tools=(LOOK,), tool_choice=choice))["tool_choice"] == said


def test_a_schema() -> None:
    assert body(replace(ASKED, schema=SCHEMA))["response_format"] == {
        "type": "json_schema",
        "json_schema": {"name": "answer", "schema": SCHEMA, "strict": True},
    }


@pytest.mark.parametrize(
    ("schema", "strict"),
    [
        (SCHEMA, True),
        ({"type": "string"}, True),
        ({**SCHEMA, "required": []}, False),
        ({**SCHEMA, "additionalProperties": True}, False),
        ({"type": "object"}, False),
        ({"type": "array", "items": SCHEMA}, True),
        ({"type": "array", "items": {"type": "object", "properties": {}}}, False),
        ({"anyOf": [SCHEMA, {"properties": {"b": {}}}]}, False),
    ],
)
def test_schemas_that_may_be_strict(schema: Json, strict: bool) -> None:
    assert is_strict(schema) is strict


FULL = Sampling(0.5, 0.9, 40, 0.05, 1.1, 0.2, 0.3, 7)
THE_USUAL = {"temperature": 0.5, "top_p": 0.9, "presence_penalty": 0.2, "frequency_penalty": 0.3}
MORE = {"top_k": 40, "min_p": 0.05, "repetition_penalty": 1.1}


@pytest.mark.parametrize(
    ("quirks", "model", "said"),
    [
        ((), MODEL, {**THE_USUAL, "seed": 7, "stop": ["END"]}),
        ((Quirk.MORE_SAMPLING,), MODEL, {**THE_USUAL, "seed": 7, **MORE, "stop": ["END"]}),
        ((Quirk.RANDOM_SEED,), MODEL, {**THE_USUAL, "random_seed": 7, "stop": ["END"]}),
        ((Quirk.NO_SAMPLING_WITH_REASONING,), MODEL, {**THE_USUAL, "seed": 7, "stop": ["END"]}),
        ((Quirk.NO_SAMPLING_WITH_REASONING,), THINKER, {}),
        ((Quirk.NO_PENALTIES,), MODEL, {**THE_USUAL, "seed": 7, "stop": ["END"]}),
        ((Quirk.NO_PENALTIES,), THINKER, {"temperature": 0.5, "top_p": 0.9, "seed": 7}),
    ],
)  # fmt: skip
def test_sampling(quirks: tuple[Quirk, ...], model: CloudModel, said: Json) -> None:
    plain = body(ASKED, *quirks, model=model)
    full = body(replace(ASKED, sampling=FULL, stop=("END",)), *quirks, model=model)
    assert {name: value for name, value in full.items() if name not in plain} == said


def test_a_model_that_thinks_and_is_told_not_to_takes_sampling() -> None:
    request = replace(ASKED, sampling=Sampling(temperature=0.5), effort=Effort.OFF)
    assert body(request, Quirk.NO_SAMPLING_WITH_REASONING, model=THINKER)["temperature"] == 0.5


@pytest.mark.parametrize(
    ("quirk", "effort", "said"),
    [
        (None, None, {}),
        (None, Effort.OFF, {"reasoning_effort": "none"}),
        (None, Effort.LOW, {"reasoning_effort": "low"}),
        (None, Effort.HIGH, {"reasoning_effort": "high"}),
        (None, Effort.ON, {"reasoning_effort": "high"}),
        (Quirk.EFFORT_DEFAULT, Effort.ON, {"reasoning_effort": "default"}),
        (Quirk.EFFORT_DEFAULT, Effort.MEDIUM, {"reasoning_effort": "medium"}),
        (Quirk.REASONING_OBJECT, None, {}),
        (Quirk.REASONING_OBJECT, Effort.OFF, {"reasoning": {"enabled": False}}),
        (Quirk.REASONING_OBJECT, Effort.ON, {"reasoning": {"enabled": True}}),
        (Quirk.REASONING_OBJECT, Effort.HIGH, {"reasoning": {"effort": "high"}}),
        (Quirk.REASONING_ENABLED, Effort.OFF, {"reasoning": {"enabled": False}}),
        (Quirk.REASONING_ENABLED, Effort.ON, {"reasoning": {"enabled": True}}),
        (Quirk.REASONING_ENABLED, Effort.LOW, {"reasoning_effort": "low"}),
        (Quirk.THINKING_SWITCH, Effort.OFF, {"thinking": {"type": "disabled"}}),
        (Quirk.THINKING_SWITCH, Effort.ON, {"thinking": {"type": "enabled"}}),
        (Quirk.THINKING_SWITCH, Effort.HIGH, {"thinking": {"type": "enabled"}, "reasoning_effort": "high"}),
    ],
)
def test_efforts(quirk: Quirk | None, effort: Effort | None, said: Json) -> None:
    quirks = (quirk,) if quirk else ()
    plain = body(ASKED, *quirks, model=THINKER)
    asked = body(replace(ASKED, effort=effort), *quirks, model=THINKER)
    assert {name: value for name, value in asked.items() if name not in plain} == said


def test_an_effort_that_the_model_is_not_known_to_have_is_not_sent() -> None:
    assert "reasoning_effort" not in body(replace(ASKED, effort=Effort.HIGH))


def test_a_limit_of_thoughts() -> None:
    request = replace(ASKED, effort=Effort.HIGH, reasoning_tokens=500)
    assert body(request, Quirk.REASONING_OBJECT, model=THINKER)["reasoning"] == {"max_tokens": 500}
    assert "reasoning" not in body(request, Quirk.REASONING_OBJECT)


def test_no_thinking_with_tools() -> None:
    request = replace(ASKED, tools=(LOOK,), effort=Effort.HIGH)
    quirk = Quirk.NO_THINKING_WITH_TOOLS
    assert body(request, quirk, model=THINKER)["reasoning_effort"] == "none"
    assert "reasoning_effort" not in body(request, quirk, model=replace(THINKER, efforts=(Effort.HIGH,)))
    assert body(replace(ASKED, effort=Effort.HIGH), quirk, model=THINKER)["reasoning_effort"] == "high"


def test_the_name_of_the_limit() -> None:
    said = body(replace(ASKED, max_tokens=9), Quirk.MAX_COMPLETION_TOKENS)
    assert (said["max_completion_tokens"], "max_tokens" in said) == (9, False)


def test_no_stream_options() -> None:
    said = body(ASKED, Quirk.NO_STREAM_OPTIONS)
    assert (said["stream"], "stream_options" in said) == (True, False)


def test_terms() -> None:
    priced = replace(MODEL, price=Price(150_000, 600_000))
    every = (Quirk.STORE_FALSE, Quirk.DENY_COLLECTION, Quirk.REQUIRE_PARAMETERS, Quirk.MAX_PRICE)
    said = body(ASKED, *every, model=priced)
    limit = {"prompt": 0.15, "completion": 0.6}
    assert said["store"] is False
    assert said["provider"] == {"data_collection": "deny", "max_price": limit}
    held = body(replace(ASKED, schema=SCHEMA), *every, model=priced)
    assert held["provider"] == {"data_collection": "deny", "require_parameters": True, "max_price": limit}
    assert body(ASKED, *every)["provider"] == {"data_collection": "deny"}
    assert "provider" not in body(ASKED)


def test_no_schema() -> None:
    with pytest.raises(UsageError, match="Somebody cannot be held to a JSON schema"):
        body(replace(ASKED, schema=SCHEMA), Quirk.NO_SCHEMA)
    body(ASKED, Quirk.NO_SCHEMA)


CALLED = ChatRequest(
    (
        user("Look."),
        Message(
            Role.ASSISTANT,
            (Reasoning("I look."), ToolCall("call_long_1", "look", "{}"), ToolCall("abcDEF123", "look", "{}")),
        ),
        Message(Role.TOOL, (ToolResult("call_long_1", "look", "Blue."), ToolResult("abcDEF123", "look", "Wide."))),
    ),
    tools=(LOOK,),
    tool_choice="required",
)


def test_short_ids_of_calls() -> None:
    messages = body(CALLED, Quirk.SHORT_CALL_IDS)["messages"]
    ids = [call["id"] for call in messages[1]["tool_calls"]]
    assert ids == [message["tool_call_id"] for message in messages[2:]]
    assert all(len(one) == 9 and one.isalnum() for one in ids)
    assert ids[1] == "abcDEF123"


def test_any_tool() -> None:
    assert body(CALLED, Quirk.TOOL_CHOICE_ANY)["tool_choice"] == "any"
    assert body(replace(CALLED, tool_choice="auto"), Quirk.TOOL_CHOICE_ANY)["tool_choice"] == "auto"


def test_thoughts_with_calls() -> None:
    assert body(CALLED, Quirk.THOUGHTS_WITH_CALLS)["messages"][1]["reasoning_content"] == "I look."
    assert "reasoning_content" not in body(CALLED)["messages"][1]


def test_thought_signatures() -> None:
    calls = body(CALLED, Quirk.THOUGHT_SIGNATURES)["messages"][1]["tool_calls"]
    word = {"google": {"thought_signature": "skip_thought_signature_validator"}}
    assert [call["extra_content"] for call in calls] == [word, word]


def test_a_quirk_that_nobody_knows_changes_nothing() -> None:
    odd = Provider("some", "Somebody", "https://x.example/v1", quirks=frozenset({"prices_per_million"}))
    assert body_of(odd, MODEL, ASKED) == body(ASKED)


def test_bytes_are_compact_and_plain() -> None:
    assert encoded({"a": ["ü", 1]}) == '{"a":["ü",1]}'.encode()


def test_a_name_that_is_no_text_is_sent_all_the_same() -> None:
    assert encoded({"a": "x\udcffy"}) == b'{"a":"x?y"}'


@pytest.mark.parametrize("value", [float("nan"), float("inf"), object(), b"bytes"])
def test_what_is_no_json(value: object) -> None:
    with pytest.raises(UsageError, match="no JSON"):
        encoded({"a": value})


@given(some.lists(some.sampled_from(Quirk)), some.sampled_from([*Effort, None]), some.text(min_size=1, max_size=20))
def test_whatever_is_asked_is_json_and_the_same_again(quirks: list[Quirk], effort: Effort | None, text: str) -> None:
    request = replace(CALLED, messages=(user(f"x{text}"), *CALLED.messages), effort=effort, sampling=FULL)
    first = encoded(body(request, *quirks, model=THINKER))
    assert encoded(body(request, *quirks, model=THINKER)) == first
    assert isinstance(json.loads(first), dict)

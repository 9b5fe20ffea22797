"""Bodies in OpenAI's shape, as the core understands them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from workbench.api import asked
from workbench.api.faults import RequestError
from workbench.messages import Effort, Message, Reasoning, Role, Sampling, Text, ToolCall, ToolResult, assistant, user

HI = [{"role": "user", "content": "Hi"}]
WEATHER = {"type": "function", "function": {"name": "weather", "parameters": {"type": "object"}}}


def body(**fields: Any) -> dict[str, Any]:
    return asked.parse(json.dumps({"model": "m", "messages": HI, **fields}).encode())


def request(**fields: Any) -> Any:
    return asked.chat(body(**fields)).request


def refused(**fields: Any) -> str | None:
    with pytest.raises(RequestError) as caught:
        asked.chat(body(**fields))
    assert caught.value.param is None or caught.value.param.partition("[")[0].partition(".")[0] in str(caught.value)
    return caught.value.param


def test_the_plainest_request() -> None:
    plain = asked.chat(body())
    assert (plain.model, plain.stream, plain.request.messages) == ("m", False, (user("Hi"),))
    assert plain.request.max_tokens is None
    assert not plain.request.background


@pytest.mark.parametrize(
    ("fields", "attribute", "value"),
    [
        ({"max_tokens": 5}, "max_tokens", 5),
        ({"max_completion_tokens": 7}, "max_tokens", 7),
        ({"max_completion_tokens": 7, "max_tokens": 5}, "max_tokens", 7),
        ({"temperature": 0, "top_p": 1, "seed": 4}, "sampling", Sampling(temperature=0.0, top_p=1.0, seed=4)),
        ({"top_k": 5, "min_p": 0.1, "repeat_penalty": 1.1}, "sampling", Sampling(None, None, 5, 0.1, 1.1)),
        (
            {"presence_penalty": -2, "frequency_penalty": 2},
            "sampling",
            Sampling(presence_penalty=-2.0, frequency_penalty=2.0),
        ),
        ({"temperature": None, "stop": None, "tools": None}, "sampling", Sampling()),
        ({"stop": "END"}, "stop", ("END",)),
        ({"stop": ["a", "b"]}, "stop", ("a", "b")),
        ({"reasoning_effort": "none"}, "effort", Effort.OFF),
        ({"reasoning_effort": "minimal"}, "effort", Effort.LOW),
        ({"reasoning_effort": "high"}, "effort", Effort.HIGH),
        ({"chat_template_kwargs": {"enable_thinking": False}}, "effort", Effort.OFF),
        ({"chat_template_kwargs": {"enable_thinking": True}}, "effort", Effort.ON),
        ({"chat_template_kwargs": {"reasoning_effort": "low"}}, "effort", Effort.LOW),
        ({"response_format": {"type": "text"}}, "schema", None),
        ({"response_format": {"type": "json_object"}}, "schema", {"type": "object"}),
        (
            {"response_format": {"type": "json_schema", "json_schema": {"name": "n", "schema": {"type": "array"}}}},
            "schema",
            {"type": "array"},
        ),
        ({"tools": [WEATHER], "tool_choice": "required"}, "tool_choice", "required"),
        (
            {"tools": [WEATHER], "tool_choice": {"type": "function", "function": {"name": "weather"}}},
            "tool_choice",
            "weather",
        ),
        ({"tools": [], "tool_choice": "none"}, "tools", ()),
        # what changes nothing
        ({"n": 1, "logprobs": False, "logit_bias": {}, "modalities": ["text"]}, "max_tokens", None),
        ({"user": "u", "store": True, "metadata": {}, "service_tier": "auto", "never_heard_of": 3}, "max_tokens", None),
        ({"parallel_tool_calls": False, "prompt_cache_key": "x", "safety_identifier": "y"}, "max_tokens", None),
    ],
)
def test_fields(fields: dict[str, Any], attribute: str, value: Any) -> None:
    assert getattr(request(**fields), attribute) == value


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"n": 2}, "n"),
        ({"logprobs": True}, "logprobs"),
        ({"top_logprobs": 3}, "top_logprobs"),
        ({"logit_bias": {"5": 1}}, "logit_bias"),
        ({"functions": [{}]}, "functions"),
        ({"modalities": ["text", "audio"]}, "modalities"),
        ({"web_search_options": {}}, "web_search_options"),
        ({"grammar": "root ::= x"}, "grammar"),
        ({"chat_template": "x"}, "chat_template"),
        ({"chat_template_kwargs": {"other": 1}}, "chat_template_kwargs.other"),
        ({"chat_template_kwargs": {"enable_thinking": "no"}}, "chat_template_kwargs.enable_thinking"),
        ({"max_tokens": 0}, "max_tokens"),
        ({"max_tokens": True}, "max_tokens"),
        ({"max_tokens": 1.5}, "max_tokens"),
        ({"temperature": 2.1}, "temperature"),
        ({"temperature": "hot"}, "temperature"),
        ({"temperature": float("nan")}, "temperature"),
        ({"seed": 1 << 70}, "seed"),
        ({"top_p": -0.1}, "top_p"),
        ({"stop": [""]}, "stop"),
        ({"stop": ["x"] * 17}, "stop"),
        ({"stream": "yes"}, "stream"),
        ({"stream_options": 1}, "stream_options"),
        ({"reasoning_effort": "maximal"}, "reasoning_effort"),
        ({"response_format": {"type": "xml"}}, "response_format"),
        ({"response_format": {"type": "json_schema"}}, "response_format"),
        ({"tools": {}}, "tools"),
        ({"tools": [{"type": "web_search"}]}, "tools[0]"),
        ({"tools": [WEATHER, WEATHER]}, "tools"),
        ({"tools": [{"type": "function", "function": {"name": "two words"}}]}, "tools[0]"),
        ({"tool_choice": "required"}, "tool_choice"),
        ({"tools": [WEATHER], "tool_choice": {"type": "function", "function": {"name": "other"}}}, "tool_choice"),
        ({"model": ""}, "model"),
        ({"model": 5}, "model"),
        ({"messages": []}, "messages"),
        ({"messages": "Hi"}, "messages"),
        ({"messages": ["Hi"]}, "messages[0]"),
        ({"messages": [{"role": "wizard", "content": "x"}]}, "messages[0].role"),
        ({"messages": [{"role": "user"}]}, "messages[0].content"),
        ({"messages": [{"role": "user", "content": 5}]}, "messages[0].content"),
        ({"messages": [{"role": "assistant"}]}, "messages[0].content"),
        ({"messages": [{"role": "tool", "content": "x", "tool_call_id": "c"}]}, "messages[0].tool_call_id"),
        (
            {"messages": [*HI, {"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:"}}]}]},
            "messages[1].content[0]",
        ),
    ],
)
def test_what_cannot_be_done_is_refused_by_name(fields: dict[str, Any], param: str) -> None:
    assert refused(**fields) == param


def test_messages_of_all_kinds() -> None:
    call = {"id": "c1", "type": "function", "function": {"name": "weather", "arguments": '{"city": "Oslo"}'}}
    given = [
        {"role": "developer", "content": [{"type": "text", "text": "Be "}, {"type": "text", "text": "brief."}]},
        {"role": "user", "content": "Weather?", "name": "ann"},
        {"role": "assistant", "content": None, "reasoning_content": "Ask.", "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c1", "content": [{"type": "text", "text": "rain"}]},
        {"role": "assistant", "content": "Rain."},
    ]
    assert request(messages=given).messages == (
        Message(Role.SYSTEM, (Text("Be brief."),)),
        user("Weather?"),
        Message(Role.ASSISTANT, (Reasoning("Ask."), ToolCall("c1", "weather", '{"city": "Oslo"}'))),
        Message(Role.TOOL, (ToolResult("c1", "weather", "rain"),)),
        assistant("Rain."),
    )


@pytest.mark.parametrize("raw", [b"", b"[]", b"{", b'"x"', b"\xff\xfe", b"[" * 100_000, b'{"model": 1e999999x}'])
def test_a_body_that_is_no_json_object(raw: bytes) -> None:
    with pytest.raises(RequestError) as caught:
        asked.parse(raw)
    assert caught.value.code == "invalid_json"


def test_half_a_letter_is_replaced() -> None:
    found = asked.parse(b'{"model": "m", "messages": [{"role": "user", "content": "a\\ud83d b"}]}')
    assert asked.chat(found).request.messages == (user("a? b"),)


def test_embeddings() -> None:
    assert asked.embeddings({"model": "e", "input": "one"}).texts == ("one",)
    assert asked.embeddings({"model": "e", "input": ["a", "b"], "encoding_format": "base64"}).as_text


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"input": ""}, "input"), ({"input": []}, "input"), ({"input": [1, 2]}, "input"), ({"input": [[1]]}, "input"),
        ({}, "input"), ({"input": "x", "dimensions": 5}, "dimensions"), ({"input": ["x"] * 2049}, "input"),
        ({"input": "x", "encoding_format": "int8"}, "encoding_format"),
    ],
)  # fmt: skip
def test_embeddings_that_cannot_be_made(fields: dict[str, Any], param: str) -> None:
    with pytest.raises(RequestError) as caught:
        asked.embeddings({"model": "e", **fields})
    assert caught.value.param == param

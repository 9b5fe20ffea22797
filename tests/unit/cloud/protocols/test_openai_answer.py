"""Answers in OpenAI's dialect, as the providers send them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from workbench.cloud.asking import CloudError
from workbench.cloud.protocols.openai_answer import OpenAiReader
from workbench.cloud.provider import Billed, Provider
from workbench.messages import Finish, Part, Reasoning, Text, ToolCall, fold_events

Json = dict[str, Any]
SOMEBODY = Provider("some", "Somebody", "https://x.example/v1")


def chunk(delta: Json | None = None, finish: str | None = None, **more: Any) -> Json:
    return {"choices": [{"index": 0, "delta": delta or {}, "finish_reason": finish}], **more}


def read(*payloads: Any, provider: Provider = SOMEBODY) -> tuple[tuple[Part, ...], OpenAiReader]:
    reader = OpenAiReader(provider)
    pieces = []
    for payload in payloads:
        pieces += list(reader.read(payload if isinstance(payload, str) else json.dumps(payload)))
    pieces += list(reader.end())
    return fold_events(pieces), reader


def parts(*payloads: Any) -> tuple[Part, ...]:
    return read(*payloads)[0]


@pytest.mark.parametrize(
    ("delta", "part"),
    [
        ({"content": "Blue."}, Text("Blue.")),
        ({"reasoning_content": "Hm."}, Reasoning("Hm.")),
        ({"reasoning": "Hm."}, Reasoning("Hm.")),
        ({"reasoning": "Hm.", "reasoning_details": [{"type": "reasoning.text", "text": "Hm."}]}, Reasoning("Hm.")),
        ({"refusal": "I will not."}, Text("I will not.")),
        ({"content": [{"type": "text", "text": "Blue."}]}, Text("Blue.")),
        ({"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "Hm."}]}]}, Reasoning("Hm.")),
        ({"content": "<think>Hm.</think>Blue."}, None),
    ],
)
def test_pieces(delta: Json, part: Part | None) -> None:
    assert parts(chunk(delta)) == ((part,) if part else (Reasoning("Hm."), Text("Blue.")))


@pytest.mark.parametrize(
    "delta", [{}, {"content": None}, {"content": ""}, {"content": 7}, {"tool_calls": [None, 3]}, {"tool_calls": {}}]
)
def test_nothing_said(delta: Json) -> None:
    assert parts(chunk(delta), {"choices": []}, {"choices": None}, {}, {"choices": [None]}, {"choices": "x"}) == ()


def test_calls_in_pieces() -> None:
    assert parts(
        chunk({"tool_calls": [{"index": 0, "id": "a", "function": {"name": "look", "arguments": ""}}]}),
        chunk({"tool_calls": [{"index": 0, "function": {"arguments": '{"a":'}}]}),
        chunk({"tool_calls": [{"index": 1, "id": "b", "function": {"name": "wait", "arguments": ""}}]}),
        chunk({"tool_calls": [{"index": 0, "function": {"arguments": " 1}"}}]}),
        chunk({"tool_calls": [{"index": 1, "function": {"arguments": "{}"}}]}),
    ) == (ToolCall("a", "look", '{"a": 1}'), ToolCall("b", "wait", "{}"))


@pytest.mark.parametrize("number", [{"index": 0}, {}, {"index": None}])
@pytest.mark.parametrize("ids", [("a", "b"), ("", "")])
def test_whole_calls_that_are_not_numbered(number: Json, ids: tuple[str, str]) -> None:
    calls = [
        {**number, "id": one, "function": {"name": f"look{place}", "arguments": {"n": place + 0.5}}}
        for place, one in enumerate(ids)
    ]
    found = parts(chunk({"tool_calls": calls[:1]}), chunk({"tool_calls": calls[1:]}))
    assert [(part.name, part.arguments) for part in found if isinstance(part, ToolCall)] == [
        ("look0", '{"n": 0.5}'),
        ("look1", '{"n": 1.5}'),
    ]
    assert len({part.id for part in found if isinstance(part, ToolCall)}) == 2


def test_an_id_that_is_said_with_each_piece() -> None:
    assert parts(
        chunk({"tool_calls": [{"index": 0, "id": "a", "function": {"name": "look", "arguments": "{"}}]}),
        chunk({"tool_calls": [{"index": 0, "id": "a", "function": {"name": "look", "arguments": "}"}}]}),
    ) == (ToolCall("a", "look", "{}"),)


@pytest.mark.parametrize(
    ("word", "finish"),
    [
        ("stop", Finish.STOP), ("eos", Finish.STOP), ("length", Finish.LENGTH), ("model_length", Finish.LENGTH),
        ("tool_calls", Finish.TOOL_CALLS), ("function_call", Finish.TOOL_CALLS), ("something new", Finish.STOP),
    ],
)  # fmt: skip
def test_why_it_ended(word: str, finish: Finish) -> None:
    _parts, reader = read(chunk({"content": "x"}, word))
    assert (reader.finish, reader.withheld) == (finish, None)


def test_calls_are_an_end_of_their_own() -> None:
    call = {"index": 0, "id": "a", "function": {"name": "look", "arguments": "{}"}}
    assert read(chunk({"tool_calls": [call]}), chunk({}, "stop"))[1].finish is Finish.TOOL_CALLS


@pytest.mark.parametrize("word", ["content_filter", "error", "insufficient_system_resource"])
def test_what_is_withheld(word: str) -> None:
    assert read(chunk({"content": "x"}, word))[1].withheld is not None


def test_the_word_for_the_end() -> None:
    _parts, reader = read(chunk({"content": "x"}), "[DONE]")
    assert (reader.done, reader.finish) == (True, Finish.STOP)
    assert read(chunk({"content": "x"}))[1].finish is None


USAGE = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}


@pytest.mark.parametrize(
    "told",
    [
        chunk({}, "stop", usage=USAGE),
        {"choices": [], "usage": USAGE},
        {"usage": USAGE},
        chunk({}, "stop", x_groq={"id": "req_1", "usage": USAGE}),
    ],
)
def test_where_the_count_stands(told: Json) -> None:
    assert read(chunk({"content": "x"}, usage=None), told, "[DONE]")[1].billed == Billed(10, None, None, 5)


def test_the_last_count_holds() -> None:
    early = chunk({"content": "x"}, usage={**USAGE, "completion_tokens": 1, "total_tokens": 11})
    assert read(early, chunk({}, "stop", usage=USAGE))[1].billed == Billed(10, None, None, 5)


def test_what_was_counted_before_something_was_said_is_no_last_count() -> None:
    early = chunk({"content": ""}, usage={**USAGE, "completion_tokens": 0, "total_tokens": 10})
    reader = read(early, chunk({"content": "x"}), chunk({}, "stop"), "[DONE]")[1]
    assert (reader.billed, reader.so_far) == (None, Billed(10, None, None, 0))


def test_a_cost_is_believed_of_listed_providers_only() -> None:
    told = chunk({}, "stop", usage={**USAGE, "cost": 0.00123})
    assert read(told)[1].billed == Billed(10, None, None, 5, 1230)
    assert read(told, provider=replace(SOMEBODY, own=True))[1].billed == Billed(10, None, None, 5)


@pytest.mark.parametrize(
    "error",
    [
        {"error": {"message": "Overloaded", "type": "server_error", "code": None}},
        {
            "error": {"code": 502, "message": "Overloaded"},
            "choices": [{"delta": {"content": ""}, "finish_reason": "error"}],
        },
        {"error": "Overloaded"},
        {"object": "error", "message": "Overloaded", "code": 40303},
    ],
)
def test_errors_within(error: Json) -> None:
    with pytest.raises(CloudError, match=r"Somebody.*Overloaded") as caught:
        read(error)
    assert caught.value.charged


@pytest.mark.parametrize("payload", ["", "null", "7", "[]", '"text"', "{", "[" * 99_999, "1" * 9999, '{"a": NaN, "b"'])
def test_what_cannot_be_read(payload: str) -> None:
    with pytest.raises(CloudError, match="no model's answer"):
        read(payload)


_NAMES = [
    "choices", "delta", "content", "tool_calls", "function", "index", "id", "usage", "finish_reason", "message", "text",
    "prompt_tokens", "reasoning", "type", "thinking", "cost", "x_groq", "total_tokens", "arguments",
]  # fmt: skip
_JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(max_size=5),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.sampled_from(_NAMES), inner, max_size=5),
    max_leaves=25,
)


@given(some.lists(_JSON, max_size=4))
def test_whatever_is_said_is_an_answer_or_an_error(payloads: list[Any]) -> None:
    reader = OpenAiReader(SOMEBODY)
    try:
        for payload in payloads:
            list(reader.read(json.dumps(payload)))
            list(reader.whole(json.dumps(payload)))
    except CloudError:
        return
    list(reader.end())

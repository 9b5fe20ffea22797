"""Answers in Anthropic's dialect."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from workbench.cloud.asking import CloudError
from workbench.cloud.protocols.anthropic_answer import AnthropicReader
from workbench.cloud.provider import Billed, Dialect, Provider
from workbench.messages import Finish, Part, Reasoning, Text, ToolCall, fold_events

Json = dict[str, Any]
SOMEBODY = Provider("anthropic", "Somebody", "https://x.example/v1", Dialect.ANTHROPIC)


def start(**usage: Any) -> Json:
    return {"type": "message_start", "message": {"type": "message", "content": [], "usage": usage}}


def block(place: int, **content: Any) -> Json:
    return {"type": "content_block_start", "index": place, "content_block": content}


def delta(place: int, kind: str, **content: Any) -> Json:
    return {"type": "content_block_delta", "index": place, "delta": {"type": kind, **content}}


def stop(reason: str | None = "end_turn", details: Json | None = None, **usage: Any) -> Json:
    ended = {"stop_reason": reason, "stop_sequence": None, "stop_details": details}
    return {"type": "message_delta", "delta": ended, "usage": usage}


END = {"type": "message_stop"}


def read(*events: Json) -> tuple[tuple[Part, ...], AnthropicReader]:
    reader = AnthropicReader(SOMEBODY)
    pieces = [piece for event in events for piece in reader.read(json.dumps(event))]
    return fold_events([*pieces, *reader.end()]), reader


def test_a_whole_answer() -> None:
    found, reader = read(
        start(input_tokens=10, output_tokens=1),
        {"type": "ping"},
        block(0, type="thinking", thinking="", signature=""),
        delta(0, "thinking_delta", thinking="Hm, "),
        delta(0, "thinking_delta", thinking="yes."),
        delta(0, "signature_delta", signature="abc"),
        {"type": "content_block_stop", "index": 0},
        block(1, type="redacted_thinking", data="x"),
        block(2, type="text", text=""),
        delta(2, "text_delta", text="Bl"),
        delta(2, "text_delta", text="ue."),
        delta(2, "citations_delta", citation={}),
        {"type": "something_new", "of": "later years"},
        stop(output_tokens=9),
        END,
    )
    assert found == (Reasoning("Hm, yes."), Text("Blue."))
    assert (reader.finish, reader.done, reader.withheld) == (Finish.STOP, True, None)
    assert reader.billed == Billed(10, None, None, 9)


def test_calls_have_numbers_of_their_own() -> None:
    found, reader = read(
        block(0, type="text", text="I look."),
        block(1, type="tool_use", id="a", name="look", input={}),
        delta(1, "input_json_delta", partial_json=""),
        delta(1, "input_json_delta", partial_json='{"a":'),
        delta(1, "input_json_delta", partial_json=" 1}"),
        block(2, type="tool_use", id="b", name="wait", input={}),
        block(3, type="tool_use", id="c", name="sum", input={"n": 1.5}),
        delta(7, "input_json_delta", partial_json="nobody's"),
        stop("tool_use"),
    )
    calls = (ToolCall("a", "look", '{"a": 1}'), ToolCall("b", "wait", "{}"), ToolCall("c", "sum", '{"n": 1.5}'))
    assert found == (Text("I look."), *calls)
    assert reader.finish is Finish.TOOL_CALLS


@pytest.mark.parametrize(
    ("reason", "finish"),
    [
        ("end_turn", Finish.STOP), ("stop_sequence", Finish.STOP), ("max_tokens", Finish.LENGTH),
        ("model_context_window_exceeded", Finish.LENGTH), ("tool_use", Finish.TOOL_CALLS), ("refusal", Finish.STOP),
        ("something new", Finish.STOP), (None, None),
    ],
)  # fmt: skip
def test_why_it_ended(reason: str | None, finish: Finish | None) -> None:
    assert read(stop(reason), END)[1].finish is finish


def test_a_refusal_is_withheld_with_its_reason() -> None:
    details = {"type": "refusal", "category": "cyber", "explanation": "It might do harm."}
    assert read(stop("refusal", details))[1].withheld == "It might do harm."
    assert read(stop("refusal"))[1].withheld == ""


def test_without_an_end_it_was_cut() -> None:
    _parts, reader = read(start(input_tokens=10, output_tokens=1), delta(0, "text_delta", text="Bl"))
    assert (reader.finish, reader.billed) == (None, None)


@pytest.mark.parametrize(
    ("first", "last", "billed"),
    [
        ({"input_tokens": 10, "output_tokens": 1}, {"output_tokens": 9}, Billed(10, None, None, 9)),
        (
            {"input_tokens": 10, "cache_read_input_tokens": 100, "cache_creation_input_tokens": 30, "output_tokens": 1},
            {"output_tokens": 9},
            Billed(140, 100, 30, 9),
        ),
        ({"input_tokens": 10, "output_tokens": 1}, {"input_tokens": 12, "output_tokens": 9}, Billed(12, None, None, 9)),
        (
            {"input_tokens": 10, "output_tokens": 1},
            {"input_tokens": None, "cache_read_input_tokens": None, "output_tokens": 9},
            Billed(10, None, None, 9),
        ),
        ({}, {"output_tokens": 9}, None),
    ],
)
def test_counts(first: Json, last: Json, billed: Billed | None) -> None:
    assert read(start(**first), stop(**last), END)[1].billed == billed


@pytest.mark.parametrize(
    "error",
    [{"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}, {"error": "Overloaded"}],
)
def test_errors_within(error: Json) -> None:
    with pytest.raises(CloudError, match=r"Somebody.*Overloaded"):
        read(error)


@pytest.mark.parametrize("payload", ["", "null", "7", "[]", "{", "[DONE]", "[" * 99_999])
def test_what_cannot_be_read(payload: str) -> None:
    with pytest.raises(CloudError, match="no model's answer"):
        list(AnthropicReader(SOMEBODY).read(payload))


_NAMES = [
    "content_block", "delta", "content", "index", "id", "usage", "stop_reason", "message", "text", "name", "input_tokens",
    "output_tokens", "thinking", "input", "partial_json", "stop_details", "explanation",
]  # fmt: skip
_JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(max_size=5),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.sampled_from(_NAMES), inner, max_size=5),
    max_leaves=25,
)
_KINDS = [
    "message_start",
    "content_block_start",
    "content_block_delta",
    "content_block_stop",
    "message_delta",
    "message_stop",
]
_DELTAS = ["text_delta", "thinking_delta", "input_json_delta", "signature_delta"]


@given(some.lists(some.tuples(some.sampled_from(_KINDS), some.sampled_from(_DELTAS), _JSON), max_size=5))
def test_whatever_is_said_is_an_answer_or_an_error(said: list[tuple[str, str, Any]]) -> None:
    reader = AnthropicReader(SOMEBODY)
    try:
        for kind, piece, payload in said:
            event = {**(payload if isinstance(payload, dict) else {}), "type": kind}
            if isinstance(event.get("delta"), dict):
                event["delta"]["type"] = piece
            list(reader.read(json.dumps(event)))
            list(reader.whole(json.dumps(event)))
    except CloudError:
        return
    list(reader.end())

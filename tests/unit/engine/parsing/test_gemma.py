"""The format of Gemma 4."""

from __future__ import annotations

import json

import pytest

from tests.unit.engine.parsing.reading import GEMMA, Told, making, told
from workbench.engine.parsing.events import CallStart

TURN = "<|turn>model\n"
THOUGHT = "<|channel>thought\nI'm\nthinking\n<channel|>"


def call(arguments: str, name: str = "f") -> str:
    return f"<|tool_call>call:{name}{{{arguments}}}<tool_call|>"


@pytest.mark.parametrize(
    ("tail", "text", "expected"),
    [
        (TURN, "Hello!\n", Told(answer="Hello!\n")),
        (TURN, " Hello!", Told(answer=" Hello!")),
        (TURN, THOUGHT + "Hello!", Told("I'm\nthinking", "Hello!")),
        (TURN, "<|channel>thought<channel|>\nHello!", Told(answer="Hello!")),
        (TURN, "<|channel>thought\n<channel|>Hello!<channel|>\n", Told(answer="Hello!")),
        (TURN, "<|channel>thought\n<channel|>Hello!<|channel>thought\n<channel|><channel|>", Told(answer="Hello!")),
        (TURN, "<|channel><|channel>thought\n<channel|>Hello!", Told(answer="Hello!")),
        (TURN, "<|channel>thought\nI'm", Told("I'm")),
        (TURN, "a < b <|chan <channel", Told(answer="a < b <|chan <channel")),
        (TURN + "<|channel>thought\n<channel|>", "\nHello!", Told(answer="Hello!")),
        (TURN + "<|channel>thought\n", "I'm<channel|>Hello!", Told("I'm", "Hello!")),
        (TURN, "", Told()),
    ],
)
def test_thought_and_answer(tail: str, text: str, expected: Told) -> None:
    assert told(making(GEMMA, (), prompt_tail=tail), text) == expected
    assert told(making(GEMMA, prompt_tail=tail), text) == expected


@pytest.mark.parametrize(
    ("written", "arguments"),
    [
        ("", "{}"),
        ('city:<|"|>London<|"|>', '{"city": "London"}'),
        ('city:<|"|>a "b" \\ {c}, d:\n<tool_call|><|"|>', '{"city": "a \\"b\\" \\\\ {c}, d:\\n<tool_call|>"}'),
        ("arg1:42,b:-7,c:3.14,d:1.5e10", '{"arg1": 42, "b": -7, "c": 3.14, "d": 1.5e10}'),
        ("on:true,off:false,none:null", '{"on": true, "off": false, "none": null}'),
        ('todos:[<|"|>buy milk<|"|>, <|"|>walk<|"|>]', '{"todos": ["buy milk", "walk"]}'),
        ('config:{theme:<|"|>dark<|"|>,count:3}', '{"config": {"theme": "dark", "count": 3}}'),
        ('config:{<|"|>a:b<|"|>:1}', '{"config": {"a:b": 1}}'),
        ("a:[],b:{},c:[{}]", '{"a": [], "b": {}, "c": [{}]}'),
        (' a : 1 , b : <|"|><|"|> ', '{"a": 1, "b": ""}'),
        ("x:1", '{"x": 1}'),
    ],
)
def test_arguments(written: str, arguments: str) -> None:
    assert told(making(GEMMA), call(written)) == Told(calls=(("f", arguments),))
    json.loads(arguments)


def test_calls_around_the_answer() -> None:
    text = THOUGHT + "Look." + call("a:1") + call("", "g") + "\nSeen."

    assert told(making(GEMMA), text) == Told("I'm\nthinking", "Look.\nSeen.", (("f", '{"a": 1}'), ("g", "{}")))


def test_without_tools_a_call_is_text() -> None:
    assert told(making(GEMMA, ()), call("a:1")) == Told(answer=call("a:1"))


def test_the_tool_is_known_before_its_arguments() -> None:
    parser = making(GEMMA)()

    assert parser.feed('<|tool_call>call:f{a:<|"|>lon') == (CallStart(0, "a", "f"),)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<|channel>final\nx", "expected 'thought'"),
        ("<|channel>", "the text stops"),
        ("Hello!<channel|>more", "without a channel"),
        ("<|tool_call>f{}", "expected 'call:'"),
        ("<|tool_call>call:{}", "expected a name"),
        ("<|tool_call>call:f<tool_call|>", "expected a name and its arguments"),
        ("<|tool_call>call:f", "stops inside a call"),
        (call("a"), "expected ':'"),
        (call("a:"), "expected a value"),
        (call("a:b"), "expected a value"),
        (call("a:1,"), "a comma before }"),
        (call("a:1 b:2"), "expected a comma"),
        (call("a:1,a:2"), "given twice"),
        (call('a:"x"'), "expected a value"),
        (call("a:01"), "expected a value"),
        (call("a:[1}"), "expected a comma or ]"),
        (call('a:<|"|>x'), "stops inside a call"),
        (call("a:" + "[" * 70), "nested too deeply"),
        (call("a:1").replace("<tool_call|>", "x"), "expected '<tool_call|>'"),
        (call("a:[1]}"), "expected '<tool_call|>'"),
        ("<|tool_call>call:" + "f" * 300, "no marker within"),
    ],
)
def test_what_breaks_the_format(text: str, reason: str) -> None:
    assert reason in told(making(GEMMA), text).fault


def test_a_stopped_answer_is_no_fault() -> None:
    for end in range(len(call('a:<|"|>b<|"|>'))):
        stopped = told(making(GEMMA), call('a:<|"|>b<|"|>')[:end], cut=True)
        assert not stopped.fault
        assert all(arguments is None for _name, arguments in stopped.calls)

"""A prompt as JSON and back: nothing of it is lost, and what is no prompt is told."""

from __future__ import annotations

import json
import math
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings

from tests.unit.prompts.written import PROMPTS
from workbench.checks.check import Check, CheckKind
from workbench.errors import UsageError
from workbench.messages import Effort
from workbench.prompts import content
from workbench.prompts.prompt import (
    Output,
    OutputKind,
    Preferences,
    Prompt,
    Step,
    StepCase,
    Variable,
    VariableKind,
)

CASE = StepCase({"text": "Hi."}, Check(CheckKind.NUMBER, "3", 0.5), "a case")
WHOLE = Prompt(
    "Summarise",
    "summarise",
    "{{ text }}",
    "Be brief.",
    (Variable("text", VariableKind.CHOICE, "Text", "What?", "a", required=False, choices=("a", "b"), folder="Papers"),),
    ("mail", "C#"),
    Preferences("gpt-oss-20b", Effort.LOW, 0.3),
    ("Papers",),
    Output(OutputKind.SCHEMA, {"type": "object", "properties": {}}, ("a", "b")),
    "Mine.",
    (Step("first", "x", "y", "other", Preferences("m"), Output(OutputKind.TABLE, None, ("c",)), (CASE,)),),
    (CASE,),
    {"author": {"name": "Ann"}, "since": [1, 2.5, None, True]},
)


@settings(max_examples=40)
@given(PROMPTS)
def test_nothing_is_lost(prompt: Prompt) -> None:
    assert content.from_mapping(content.to_mapping(prompt)) == prompt
    assert content.from_text(content.to_text(prompt)) == prompt


def test_every_field_is_written() -> None:
    told = content.to_mapping(WHOLE)
    assert told == {
        "title": "Summarise",
        "name": "summarise",
        "text": "{{ text }}",
        "system": "Be brief.",
        "variables": [
            {
                "name": "text",
                "kind": "choice",
                "label": "Text",
                "help": "What?",
                "default": "a",
                "required": False,
                "choices": ["a", "b"],
                "folder": "Papers",
            }
        ],
        "tags": ["mail", "C#"],
        "preferences": {"model": "gpt-oss-20b", "effort": "low", "temperature": 0.3},
        "folders": ["Papers"],
        "output": {"kind": "schema", "schema": {"type": "object", "properties": {}}, "columns": ["a", "b"]},
        "notes": "Mine.",
        "steps": [
            {
                "name": "first",
                "text": "x",
                "system": "y",
                "prompt": "other",
                "preferences": {"model": "m"},
                "output": {"kind": "table", "columns": ["c"]},
                "cases": [
                    {
                        "values": {"text": "Hi."},
                        "check": {"kind": "number", "expected": "3", "tolerance": 0.5},
                        "title": "a case",
                    }
                ],
            }
        ],
        "cases": [
            {
                "values": {"text": "Hi."},
                "check": {"kind": "number", "expected": "3", "tolerance": 0.5},
                "title": "a case",
            }
        ],
        "extra": {"author": {"name": "Ann"}, "since": [1, 2.5, None, True]},
    }
    assert content.from_mapping(json.loads(json.dumps(told))) == WHOLE


def test_what_says_nothing_is_left_out() -> None:
    assert content.to_mapping(Prompt("A", "a", "b")) == {"title": "A", "name": "a", "text": "b"}


@pytest.mark.parametrize(
    ("told", "what"),
    [
        ([], "the prompt is not an object"),
        ({"title": 1}, "the prompt.title is not a text"),
        ({"tags": "mail"}, "the prompt.tags is not a list"),
        ({"tags": [1]}, "the prompt.tags has something that is not a text"),
        ({"variables": [{"name": "x", "kind": "colour"}]}, "variables[0].kind is 'colour', none of text, long_text"),
        ({"variables": ["x"]}, "variables[0] is not an object"),
        ({"preferences": {"temperature": "hot"}}, "preferences.temperature is not a number"),
        ({"preferences": {"temperature": math.inf}}, "preferences.temperature is not a number"),
        ({"preferences": {"temperature": True}}, "preferences.temperature is not a number"),
        ({"preferences": {"effort": ["low"]}}, "preferences.effort is ['low'], none of off"),
        ({"output": {"schema": "x"}}, "output.schema is not an object"),
        ({"steps": {"name": "x"}}, "the prompt.steps is not a list"),
        ({"steps": [{"cases": [{"values": {"a": 1}}]}]}, "steps[0].cases[0].values.a is not a text"),
        ({"cases": [{"values": {}}]}, "cases[0].check is missing"),
        ({"cases": [{"check": {"expected": "x"}}]}, "cases[0].check.kind is missing"),
        ({"extra": [1]}, "the prompt.extra is not an object"),
    ],
)
def test_what_is_no_prompt_is_told_with_its_place(told: Any, what: str) -> None:
    with pytest.raises(UsageError) as error:
        content.from_mapping(told)
    assert what in error.value.message


def test_unknown_keys_are_left_out() -> None:
    assert content.from_mapping({"title": "A", "colour": "red"}) == Prompt("A", "")


def test_what_no_database_takes_is_replaced_and_what_it_takes_stays() -> None:
    text = "half \ud800 one\x00\x1b[31m\u202e\r\n\t🙂"
    kept = content.from_text(content.to_text(Prompt("A", "a", text)))
    assert kept.text == "half ? one\x00\x1b[31m\u202e\r\n\t🙂"


def test_what_front_matter_can_say_and_json_cannot_becomes_text() -> None:
    extra = {"on": date(2026, 7, 12), 3: (1, math.nan), "set": {"x"}, "bytes": b"x", "deep": {"at": date(2026, 1, 2)}}
    told = content.plain(extra)
    assert told == {"on": "2026-07-12", "3": [1, "nan"], "set": ["x"], "bytes": "b'x'", "deep": {"at": "2026-01-02"}}
    assert json.loads(json.dumps(told)) == told

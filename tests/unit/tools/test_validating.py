"""What a model wrote as arguments: taken where it is plainly meant, refused with what the tool takes where it is not."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.tools.tool import ToolSpec
from workbench.tools.validating import ArgumentsError, arguments_of, checked_arguments, usable

SPEC = ToolSpec(
    "book",
    "Book a table",
    "Book a table.",
    {
        "type": "object",
        "properties": {
            "name": {"type": "string", "minLength": 1},
            "guests": {"type": "integer", "minimum": 1, "maximum": 20},
            "outside": {"type": "boolean"},
            "dishes": {"type": "array", "items": {"type": "string"}},
            "bill": {"type": "object", "properties": {"limit": {"type": "number"}}},
        },
        "required": ["name", "guests"],
    },
)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ('{"name": "Ada", "guests": 4}', {"name": "Ada", "guests": 4}),
        ('{"name": "Ada", "guests": "4"}', {"name": "Ada", "guests": 4}),
        ('"{\\"name\\": \\"Ada\\", \\"guests\\": 4}"', {"name": "Ada", "guests": 4}),
        ('{"name": 7, "guests": 4}', {"name": "7", "guests": 4}),
        ('{"name": "Ada", "guests": 4, "outside": "true"}', {"name": "Ada", "guests": 4, "outside": True}),
        ('{"name": "Ada", "guests": 4, "outside": null}', {"name": "Ada", "guests": 4}),
        ('{"name": "Ada", "guests": 4, "dishes": "[\\"soup\\"]"}', {"name": "Ada", "guests": 4, "dishes": ["soup"]}),
        (
            '{"name": "Ada", "guests": 4, "bill": "{\\"limit\\": 9.5}"}',
            {"name": "Ada", "guests": 4, "bill": {"limit": 9.5}},
        ),
        ('{"name": "Ada\nLovelace", "guests": 4}', {"name": "Ada\nLovelace", "guests": 4}),
        ('{"name": "4", "guests": 4}', {"name": "4", "guests": 4}),
    ],
)
def test_what_is_plainly_meant_is_taken(written: str, expected: dict[str, Any]) -> None:
    assert arguments_of(written, SPEC) == expected


@pytest.mark.parametrize(
    ("written", "because"),
    [
        ("", "has no 'name'"),
        ("{", "no valid JSON"),
        ('{"name": "Ada"', "no valid JSON"),
        ("[]", "not a JSON object"),
        ('"Ada"', "not a JSON object"),
        ('{"name": "Ada", "guests": "many"}', "guests is not integer"),
        ('{"name": "Ada", "guests": 99}', "guests is 99"),
        (f'{{"name": "Ada", "guests": {"9" * 400}}}', "outside its limit"),
        ('{"name": "Ada", "guests": true}', "guests is not integer"),
        ('{"name": "", "guests": 1}', "name is 0"),
        ('{"name": null, "guests": 1}', "name is not string"),
        ('{"name": "Ada", "guests": NaN}', "no valid JSON"),
        ('{"name": "Ada", "guests": 4, "dishes": ["a", 3, {}]}', "dishes[2] is not string"),
        ("[" * 50_000, "nested too deep"),
        ("x" * 200_000, "too many"),
    ],
)
def test_what_does_not_fit_is_refused_with_what_the_tool_takes(written: str, because: str) -> None:
    with pytest.raises(ArgumentsError) as refused:
        arguments_of(written, SPEC)
    assert because in refused.value.message
    assert '"guests"' in refused.value.message or because == "too many"
    assert len(refused.value.message) < 1_000


def test_arguments_that_a_person_changed_are_checked_too() -> None:
    checked_arguments({"name": "Ada", "guests": 2}, SPEC)
    with pytest.raises(ArgumentsError):
        checked_arguments({"name": "Ada", "guests": 200}, SPEC)


def test_a_tool_without_arguments_takes_nothing() -> None:
    assert arguments_of("", ToolSpec("now", "Now", "", {"type": "object", "properties": {}})) == {}


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "object", "patternProperties": {"^a": {"type": "string"}}, "required": ["a"]},
        {"type": "thing", "required": ["a"]},
        {"properties": {"a": {"type": ["string", "date"], "format": "date", "x-own": 1}}, "required": ["a"]},
        {"properties": {"b": {"pattern": "(?=x)"}}, "required": ["a"]},
        {"$ref": "https://example.org/schema", "required": ["a"]},
        {"anyOf": [{"type": "nothing"}, 5], "required": ["a"]},
        {"anyOf": [], "allOf": [], "oneOf": [], "required": ["a", [], 5]},
    ],
)
def test_what_a_server_says_beyond_what_is_understood_is_left_to_it(schema: dict[str, Any]) -> None:
    spec = ToolSpec("theirs", "Theirs", "", schema, source="server")
    assert arguments_of('{"a": "x"}', spec) == {"a": "x"}
    with pytest.raises(ArgumentsError, match="has no 'a'"):
        arguments_of('{"b": "x"}', spec)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=15,
)
WORDS = st.sampled_from(["type", "properties", "required", "items", "anyOf", "enum", "minimum", "$ref", "not"])


@settings(max_examples=80, deadline=None)
@given(st.dictionaries(WORDS, JSON, max_size=5), JSON)
def test_no_schema_and_no_arguments_break_it(schema: dict[str, Any], value: Any) -> None:
    spec = ToolSpec("theirs", "Theirs", "", schema)
    usable(schema)
    with suppress(ArgumentsError):
        assert isinstance(arguments_of(json.dumps(value), spec), dict)


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=60))
def test_no_text_breaks_it(text: str) -> None:
    with suppress(ArgumentsError):
        assert isinstance(arguments_of(text, SPEC), dict)

"""The syntaxes of calls between markers."""

from __future__ import annotations

import json
import re

import pytest

from tests.unit.engine.parsing.reading import (
    GLM,
    HERMES,
    LFM,
    QWEN3,
    QWEN35,
    QWEN_CODER,
    TOOLS,
    Told,
    making,
    pieces_of,
    told,
    tool,
)
from workbench.engine.parsing.events import CallStart


def hermes(text: str) -> str:
    return f"<tool_call>\n{text}\n</tool_call>"


def function(*values: tuple[str, str], name: str = "f") -> str:
    inside = "".join(f"<parameter={key}>\n{value}\n</parameter>\n" for key, value in values)
    return f"<tool_call>\n<function={name}>\n{inside}</function>\n</tool_call>"


def keys(*values: tuple[str, str], name: str = "f", gap: str = "") -> str:
    inside = "".join(f"{gap}<arg_key>{key}</arg_key>{gap}<arg_value>{value}</arg_value>" for key, value in values)
    return f"<tool_call>{name}{inside}{gap}</tool_call>"


def lfm(text: str) -> str:
    return f"<|tool_call_start|>{text}<|tool_call_end|>"


ONE_CALL = {
    HERMES: hermes('{"name": "f", "arguments": {"text": "x"}}'),
    QWEN3: hermes('{"name": "f", "arguments": {"text": "x"}}'),
    QWEN35: function(("text", "x")),
    QWEN_CODER: function(("text", "x")),
    GLM: keys(("text", "x")),
    LFM: lfm("[f(text='x')]"),
}


@pytest.mark.parametrize("template", ONE_CALL)
def test_calls_and_the_answer_around_them(template: str) -> None:
    call = ONE_CALL[template]
    make = making(template)
    asked = ("f", '{"text": "x"}')

    assert told(make, call) == Told(calls=(asked,))
    assert told(make, f"Look.\n{call}") == Told(answer="Look.\n", calls=(asked,))
    assert told(make, f"{call}\n{call}\n") == Told(calls=(asked, asked))
    assert told(make, f"{call}\n\nDone. {call}") == Told(answer="Done. ", calls=(asked, asked))


@pytest.mark.parametrize("template", ONE_CALL)
def test_without_tools_markers_are_text(template: str) -> None:
    text = f"Write {ONE_CALL[template]}."

    assert told(making(template, ()), text) == Told(answer=text)


@pytest.mark.parametrize("template", ONE_CALL)
def test_a_call_that_stops_halfway(template: str) -> None:
    call = ONE_CALL[template]
    opening = re.search(">", call)
    assert opening is not None

    for stop in range(opening.end(), len(call)):
        assert told(making(template), call[:stop]).fault
        stopped = told(making(template), call[:stop], cut=True)
        assert not stopped.fault
        assert not stopped.answer


@pytest.mark.parametrize(
    ("text", "call"),
    [
        (
            '{"name": "f", "arguments": {"a": 1.10, "b": [1e400, "\\ud83d"]}}',
            ("f", '{"a": 1.10, "b": [1e400, "\\ud83d"]}'),
        ),
        ('{"arguments": {}, "name": "f"}', ("f", "{}")),
        ('{"name": "f"}', ("f", "{}")),
        ('{"name": "f", "arguments": "{\\"a\\": 1}"}', ("f", '{"a": 1}')),
        ('{ "name" : "f" , "arguments" : { } , "id" : 1 }', ("f", "{ }")),
        ('{"name": "f", "arguments": {"text": "a </tool_call> { \\" b"}}', ("f", '{"text": "a </tool_call> { \\" b"}')),
    ],
)
def test_json(text: str, call: tuple[str, str]) -> None:
    assert told(making(HERMES), hermes(text)) == Told(calls=(call,))
    assert told(making(HERMES), f"<tool_call>{text}</tool_call>") == Told(calls=(call,))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"name": "f", "arguments": []}', "not a JSON object"),
        ('{"name": "f", "arguments": null}', "not a JSON object"),
        ('{"name": "f", "arguments": "x"}', "not valid JSON"),
        ('{"name": "", "arguments": {}}', "no name"),
        ('{"name": 1, "arguments": {}}', "no name"),
        ('{"arguments": {}}', "no name"),
        ('{"name": "f" "arguments": {}}', "not valid JSON"),
        ("{'name': 'f'}", "not valid JSON"),
        ('{"name": "f", "arguments": {"a": Infinity}}', "Infinity"),
        ('{"name": "f"} x', "expected '</tool_call>'"),
        ("f", "expected '{'"),
        ('{"a": ' * 100, "nested too deeply"),
        ('{"a": ' + "9" * 5000 + "}", "not valid JSON"),
    ],
)
def test_broken_json(text: str, reason: str) -> None:
    assert reason in told(making(HERMES), hermes(text)).fault


VALUES = [
    ("text", "5", '"5"'),
    ("text", "", '""'),
    ("text", "\n  indented\n", '"\\n  indented\\n"'),
    ("text", 'say "ü" \\ \t', '"say \\"ü\\" \\\\ \\t"'),
    ("text", "a </parameter> </arg_value> b", '"a </parameter> </arg_value> b"'),
    ("count", "42", "42"),
    ("count", " 42 ", "42"),
    ("ratio", "-1.50", "-1.50"),
    ("on", "true", "true"),
    ("on", "False", "false"),
    ("items", '["a", {"b": 1}]', '["a", {"b": 1}]'),
    ("config", '{"a":\n1}', '{"a":\n1}'),
    ("either", "5", "5"),
    ("either", "five", '"five"'),
    ("either", "[5]", '"[5]"'),
    ("maybe", "None", "null"),
    ("maybe", "7", "7"),
    ("anything", "[1]", "[1]"),
    ("anything", "one", '"one"'),
    ("unknown", "1", "1"),
    ("unknown", '"1"', '"\\"1\\""'),
]


@pytest.mark.parametrize(("name", "text", "value"), VALUES)
def test_bare_values_become_what_the_schema_says(name: str, text: str, value: str) -> None:
    expected = Told(calls=(("f", f'{{"{name}": {value}}}'),))

    for template in (QWEN35, QWEN_CODER):
        assert told(making(template), function((name, text))) == expected
    assert told(making(GLM), keys((name, text))) == expected
    assert told(making(GLM), keys((name, text), gap="\n")) == expected
    json.loads(f"{{{json.dumps(name)}: {value}}}")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("count", "many"),
        ("count", "true"),
        ("count", '"5"'),
        ("count", "5 6"),
        ("on", "yes"),
        ("items", "{}"),
        ("items", "['a']"),
        ("config", "{'a': 1}"),
        ("config", "[" * 100_000),
        ("maybe", "x"),
        ("ratio", "NaN"),
    ],
)
def test_values_that_fit_nothing(name: str, text: str) -> None:
    assert "is not of the type" in told(making(QWEN35), function((name, text))).fault
    assert "is not of the type" in told(making(GLM), keys((name, text))).fault


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"enum": ["1", "2"]}, '"1"'),
        ({"enum": [1, 2]}, "1"),
        ({"const": 1}, "1"),
        ({"$ref": "#/$defs/word"}, '"1"'),
        ({"$ref": "#/$defs/around"}, "1"),
        ({"$ref": "#/$defs/nothing"}, "1"),
        ({"allOf": [{"type": "string"}]}, '"1"'),
        ({"oneOf": [{"type": "string"}, {"type": "boolean"}]}, '"1"'),
        ({"type": "number", "enum": ["1"]}, "1"),
        ({"type": []}, "1"),
        ({"type": "string", "allOf": [{"type": "number"}]}, "1"),
        (True, "1"),
    ],
)
def test_schemas(schema: object, value: str) -> None:
    asked = tool("f", one=schema)
    asked["function"]["parameters"]["$defs"] = {"word": {"type": "string"}, "around": {"$ref": "#/$defs/around"}}

    assert told(making(QWEN35, [asked]), function(("one", "1"))) == Told(calls=(("f", f'{{"one": {value}}}'),))


def test_tags_without_line_feeds() -> None:
    text = "<tool_call><function=f><parameter=text>x</parameter><parameter=count>1</parameter></function></tool_call>"

    assert told(making(QWEN35), text) == Told(calls=(("f", '{"text": "x", "count": 1}'),))


def test_an_unknown_tool_is_called_all_the_same() -> None:
    """Who asked says that there is no such tool: the model may then choose another."""
    assert told(making(QWEN35), function(("a", "1"), name="other")) == Told(calls=(("other", '{"a": 1}'),))
    assert told(making(GLM), keys(name="other")) == Told(calls=(("other", "{}"),))


def test_qwen3_coder_may_leave_the_first_tag_out() -> None:
    call = function(("text", "x")).removeprefix("<tool_call>\n")

    assert told(making(QWEN_CODER), f"Look.\n{call}") == Told(answer="Look.\n", calls=(("f", '{"text": "x"}'),))
    assert told(making(QWEN_CODER), "#include <functional> <function=h>") == Told(
        answer="#include <functional> <function=h>"
    )
    assert told(making(QWEN35), "<function=f>") == Told(answer="<function=f>")


def test_the_tool_is_known_before_its_arguments() -> None:
    parser = making(QWEN35)()

    assert parser.feed("<tool_call>\n<function=f>\n<para") == (CallStart(0, "a", "f"),)


@pytest.mark.parametrize(
    ("template", "text", "reason"),
    [
        (QWEN35, "<tool_call>{}</tool_call>", "expected '<function='"),
        (QWEN35, "<tool_call><function=></function></tool_call>", "is no name"),
        (QWEN35, "<tool_call><function=a b></function></tool_call>", "is no name"),
        (QWEN35, "<tool_call><function=f>x</function></tool_call>", "expected '<parameter=' or '</function>'"),
        (QWEN35, "<tool_call><function=f></function>x", "expected '</tool_call>'"),
        (QWEN35, function(("text", "a"), ("text", "b")), "given twice"),
        (QWEN35, f"<tool_call><function={'x' * 300}>", "no marker within"),
        (GLM, "<tool_call></tool_call>", "is no name"),
        (GLM, "<tool_call>f<arg_key>text</arg_key>x", "expected '<arg_value>'"),
        (GLM, '<tool_call>{"name": "f"}</tool_call>', "is no name"),
        (GLM, keys(("text", "a"), ("text", "b")), "given twice"),
        (LFM, lfm("f()"), "expected '['"),
        (LFM, lfm("[]"), "a list of calls"),
        (LFM, lfm("[f]"), "expected '('"),
        (LFM, lfm("[f(1)]"), "expected a name"),
        (LFM, lfm("[f(a=b)]"), "expected a value"),
        (LFM, lfm("[f(a=1,)]"), "a comma before )"),
        (LFM, lfm("[f(a=1 b=2)]"), "expected a comma"),
        (LFM, lfm("[f(a=1, a=2)]"), "given twice"),
        (LFM, lfm("[f(a={1: 2})]"), "expected a name"),
        (LFM, lfm("[f(a=0x10)]"), "expected a value"),
        (LFM, lfm("[f(a='\\U00110000')]"), "no character"),
        (LFM, lfm("[f(a=" + "[" * 100), "nested too deeply"),
        (LFM, lfm("[f(a=1)]x"), "expected '<|tool_call_end|>'"),
        (LFM, lfm("[f)]"), "expected '<|tool_call_end|>'"),
    ],
)
def test_what_breaks_a_call(template: str, text: str, reason: str) -> None:
    assert reason in told(making(template), text).fault


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1", "1"),
        ("-1.5e3", "-1.5e3"),
        ("True", "true"),
        ("false", "false"),
        ("None", "null"),
        ("null", "null"),
        ("'it is \"x\"'", '"it is \\"x\\""'),
        ('"it\'s"', '"it\'s"'),
        (r"'a\n\t\\\'\x41\u00fc\U0001F600\q'", '"a\\n\\t\\\\\'Aü😀\\\\q"'),
        (r"'\ud83d'", '"\\ud83d"'),
        ("'<|tool_call_end|>)]'", '"<|tool_call_end|>)]"'),
        ("[1, 'a', []]", '[1, "a", []]'),
        ("{'a': {\"b\": [None]}, }".replace(", }", "}"), '{"a": {"b": [null]}}'),
        ("{}", "{}"),
    ],
)
def test_python_values(written: str, value: str) -> None:
    assert told(making(LFM), lfm(f"[f(a={written})]")) == Told(calls=(("f", f'{{"a": {value}}}'),))
    json.loads(value)


def test_several_calls_in_one_list() -> None:
    text = lfm("[ f(a=1, b='x'), my.tool-2( ) ]")

    assert told(making(LFM), text) == Told(calls=(("f", '{"a": 1, "b": "x"}'), ("my.tool-2", "{}")))


def test_the_tools_may_come_without_their_wrapping() -> None:
    bare = [asked["function"] for asked in TOOLS]

    assert told(making(QWEN35, bare), function(("text", "1"))) == Told(calls=(("f", '{"text": "1"}'),))


@pytest.mark.parametrize("odd", [{}, {"function": None}, {"function": {"name": 1}}, {"name": ""}])
def test_odd_tools_count_for_nothing(odd: dict[str, object]) -> None:
    assert told(making(QWEN35, [odd]), "<tool_call>") == Told(answer="<tool_call>")
    assert told(making(QWEN35, [odd, tool("f")]), function()) == Told(calls=(("f", "{}"),))


def test_schemas_that_are_none() -> None:
    odd = {"function": {"name": "f", "parameters": {"properties": []}}}

    assert told(making(QWEN35, [odd]), function(("a", "1"))) == Told(calls=(("f", '{"a": 1}'),))
    assert told(making(QWEN35, [{"function": {"name": "f", "parameters": None}}]), function()) == Told(
        calls=(("f", "{}"),)
    )


def test_the_text_is_kept_for_the_error() -> None:
    text = "Look.\n<tool_call>\n<function=f>\nx"
    pieces, fault = pieces_of(making(QWEN35)(), text)

    assert pieces
    assert fault is not None
    assert fault.raw == text
    assert fault.expected == "think + functions"
    assert str(fault).startswith("the answer does not match the think + functions format: expected '<parameter='")

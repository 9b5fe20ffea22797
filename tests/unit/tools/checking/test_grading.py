"""How calls and answers are graded: tables of what counts as the same, and what a call is told that cannot be made."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.backend import ScriptedBackend
from tests.unit.tools.checking.perfect import called, said
from workbench.cancel import CancelToken
from workbench.engine.asking.wire import FormatBrokenError
from workbench.errors import EngineError
from workbench.messages import Role, Tool, ToolCall, ToolResult
from workbench.tools.checking.asking import ask
from workbench.tools.checking.case import Case, Kind, Step
from workbench.tools.checking.grading import contains, fits, matches, read

ADD = Tool(
    "add",
    "Adds.",
    {
        "type": "object",
        "properties": {"a": {"type": "number"}, "b": {"type": "number", "default": 1}, "note": {"type": "string"}},
        "required": ["a"],
    },
)
OTHER = Tool("other", "Else.", {"type": "object", "properties": {}})
CASE = Case("one", Kind.PICK, "en", "Add 2 and 3.", (ADD, OTHER), (Step("add", {"a": 2, "b": 3}, "5"),), (("5",),))
RIGHT = ("add", {"a": 2, "b": 3})


@pytest.mark.parametrize(
    ("wanted", "given_value", "same"),
    [
        ("Zürich", " zurich. ", True),
        ("Zürich", "Zurich HB", False),
        (12, 12.0, True),
        (12, "12", False),
        (12.5, 12.5000000001, True),
        (1, True, False),
        (True, 1, False),
        (None, "", False),
        ({"any": ["a", "b"]}, "B", True),
        ({"any": ["a", "b"]}, "c", False),
        ({"has": ["rent", "contract"]}, "my Rental  CONTRACT", True),
        ({"has": ["rent"]}, 7, False),
        ({"set": ["a", "b"]}, ["b", "a"], True),
        ({"set": ["a", "b"]}, ["a", "a"], False),
        ({"set": ["a"]}, "a", False),
        (["a", "b"], ["b", "a"], False),
        ({"x": 1, "y": [2]}, {"y": [2.0], "x": 1}, True),
        ({"x": 1}, {"x": 1, "y": 2}, False),
    ],
)
def test_values_are_the_same_by_what_they_mean(wanted: Any, given_value: Any, same: bool) -> None:
    assert matches(wanted, given_value) is same


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("It is 24 degrees.", "24", True),
        ("It is 124 degrees.", "24", False),
        ("It is 24.5 degrees.", "24", False),
        ("It is 24.", "24", True),
        ("That is 1,888,264 in all.", "1888264", True),
        ("Das macht 1.888.264.", "1888264", True),
        ("Cela fait 1 888 264.", "1888264", True),
        ("431,50 Euro", "431.50", True),
        ("The Greens won.", "greens", True),
        ("Buenos dias!", "buenos días", True),
        ("−3 degrees", "-3", True),
        ("", "5", False),
    ],
)
def test_words_and_numbers_are_found_as_they_are_written(text: str, words: str, found: bool) -> None:
    assert contains(text, words) is found


@given(st.integers(0, 10**12), st.text(max_size=30))
def test_a_number_is_found_among_words_and_nothing_breaks(number: int, words: str) -> None:
    assert contains(f"It is {number:,} now", str(number))
    contains(words, str(number))
    contains(str(number), words)
    matches({"has": [words]}, words)


@pytest.mark.parametrize(
    ("arguments", "fit"),
    [
        ({"a": 2, "b": 3}, True),
        ({"a": 2, "b": 3, "note": ""}, True),
        ({"a": 2, "b": 3, "note": None}, True),
        ({"a": 2, "b": 3, "note": "hm"}, False),
        ({"a": 2}, False),
        ({"b": 3}, False),
    ],
)
def test_nothing_is_invented_and_nothing_left_out(arguments: dict[str, Any], fit: bool) -> None:
    assert fits({"a": 2, "b": 3}, arguments, ADD) is fit


def test_what_is_left_out_is_the_default() -> None:
    assert fits({"a": 2, "b": 1}, {"a": 2}, ADD)
    assert fits({"a": 2}, {"a": 2, "b": 1}, ADD)


@pytest.mark.parametrize(
    ("name", "arguments", "told"),
    [
        ("subtract", "{}", "There is no tool 'subtract'. Tools: add, other."),
        ("add", "{", "no valid JSON"),
        ("add", "[" * 100_000, "no valid JSON"),
        ("add", "[2]", "no JSON object"),
        ("add", '{"a": "two"}', "the arguments.a is not number"),
        ("add", "", "the arguments has no 'a'"),
        ("other", "", ""),
    ],
)
def test_a_call_that_cannot_be_made_is_told_why(name: str, arguments: str, told: str) -> None:
    found = read(ToolCall("1", name, arguments), (ADD, OTHER))
    assert told in found.wrong
    assert bool(found.wrong) is bool(told)


# A whole case ---------------------------------------------------------------------------------------------------------


def asked(*answers: Any) -> tuple[Any, ScriptedBackend]:
    backend = ScriptedBackend(*answers)
    return ask(backend, CASE, CancelToken(), lambda: 0.0), backend


def test_what_a_model_is_told_and_what_is_counted() -> None:
    result, backend = asked(called(RIGHT), said("It is 5."))
    first, second = backend.requests
    assert first.tools == (ADD, OTHER)
    assert (first.tool_choice, first.background, first.sampling.temperature) == ("auto", True, 0.0)
    assert [message.role for message in second.messages] == [Role.USER, Role.ASSISTANT, Role.TOOL]
    assert second.messages[2].parts == (ToolResult("call-0", "add", "5"),)
    assert result.passed
    assert (result.calls, result.valid, result.prompt_tokens, result.completion_tokens) == (1, 1, 220, 25)


def test_broken_arguments_may_be_repaired_once() -> None:
    result, backend = asked(called(("add", '{"a": 2,')), called(RIGHT), said("5"))
    assert result.passed
    assert (result.calls, result.valid) == (2, 1)
    assert "no valid JSON" in backend.requests[1].messages[2].parts[0].text
    twice, _ = asked(called(("add", "{")), called(("add", "{")), called(RIGHT), said("5"))
    assert (twice.passed, twice.calls, twice.valid) == (False, 2, 0)


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        ([called(("other", {})), said("5")], "It called other({}), which does not help here."),
        ([called(("add", {"a": 2, "b": 4})), said("6")], "does not help here"),
        ([said("5")], "It never called add as it should."),
        ([said('{"name": "add", "arguments": {}}')], "It wrote a call as text."),
        ([called(RIGHT), said("It is 6.")], "Its answer does not say '5'."),
        ([called(RIGHT), said("  ")], "It said nothing at the end."),
        ([called(RIGHT)], "It was still calling tools after 6 rounds."),
        ([[FormatBrokenError("peg")]], "The model's text broke its own format, so the engine ended the answer."),
    ],
)
def test_what_went_wrong_is_told_in_a_sentence(answers: Any, why: str) -> None:
    result, _ = asked(*answers)
    assert not result.passed
    assert why in result.why


def test_the_same_call_again_does_no_harm() -> None:
    assert asked(called(RIGHT), called(RIGHT), said("5"))[0].passed


def test_a_failure_need_not_be_met() -> None:
    """A model that gives the right name at once has nothing to recover from."""
    steps = (Step("add", {"a": 1}, "No.", fails=True), Step("add", {"a": 2, "b": 3}, "5"))
    case = Case("one", Kind.RECOVERY, "en", "Add.", (ADD,), steps, (("5",),))
    assert ask(ScriptedBackend(called(RIGHT), said("5")), case, CancelToken(), lambda: 0.0).passed
    given_up = [called(("add", {"a": 1})), said("5")]
    assert not ask(ScriptedBackend(*given_up), case, CancelToken(), lambda: 0.0).passed


def test_an_engine_that_fails_is_no_fault_of_the_model() -> None:
    with pytest.raises(EngineError, match="gone"):
        asked([EngineError("It is gone.")])

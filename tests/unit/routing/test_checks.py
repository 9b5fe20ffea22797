"""What is plainly wrong with an answer, and what is not."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.messages import Finish, Message, Part, Reasoning, Role, Text, ToolCall, ToolResult
from workbench.routing.checks import Answered, Check, failures

QUESTION = "What is the capital of France, and why is it there of all places in the country?"
GOOD = "Paris. It grew on an island of the Seine, where the river was easy to cross and the roads of the land met."
GERMAN = (
    "Paris ist die Hauptstadt, weil es an der Seine liegt und dort die Wege des Landes zusammen kamen und das gut war."
)


def found(text: str = GOOD, *parts: Part, finish: Finish | None = Finish.STOP, **rest: bool) -> list[str]:
    message = Message(Role.ASSISTANT, (*parts, *((Text(text),) if text else ())))
    return [one.check for one in failures(Answered(QUESTION, message, finish, **rest))]


def test_a_good_answer_passes() -> None:
    assert found() == []
    assert found("4") == []
    assert found("I am sorry to hear that. Paris is the capital of France, by the way, and has been for long.") == []


@pytest.mark.parametrize(
    ("text", "check"),
    [
        ("", Check.EMPTY),
        ("  \n ", Check.EMPTY),
        ("I'm sorry, but I can't help with that.", Check.REFUSAL),
        ("I cannot assist with this request.", Check.REFUSAL),
        ("As an AI language model, I do not have opinions.", Check.REFUSAL),
        ("Es tut mir leid, aber ich kann dabei nicht helfen.", Check.REFUSAL),
        ("Lo siento, pero no puedo ayudarte con eso.", Check.REFUSAL),
        ("抱歉，我无法回答这个问题。", Check.REFUSAL),
        ("I don’t have access to real-time information.", Check.UNKNOWING),
        ("Ich weiß es leider nicht.", Check.UNKNOWING),
        ("The answer is this.\n" * 40, Check.REPETITION),
        ("and so on " * 200, Check.REPETITION),
        (GERMAN, Check.LANGUAGE),
    ],
)
def test_what_is_wrong(text: str, check: Check) -> None:
    assert check in found(text)


def test_not_knowing_and_then_answering_at_length_is_told() -> None:
    text = "I don't know for certain. " + " ".join(
        f"But in {year} the king moved the court once more." for year in range(900, 930)
    )
    (only,) = failures(Answered(QUESTION, Message(Role.ASSISTANT, (Text(text),))))
    assert only.words == "The model says that it does not know, and then answers at length."


def test_cut_off() -> None:
    assert found(finish=Finish.LENGTH) == [Check.CUT_OFF]
    only_thought = found("", Reasoning("Hm, let me think."), finish=Finish.LENGTH)
    assert only_thought == [Check.CUT_OFF, Check.EMPTY]


@pytest.mark.parametrize("finish", [Finish.CANCELLED, Finish.ERROR, Finish.INTERRUPTED, Finish.WAITING, None])
def test_who_stopped_it_knows_why(finish: Finish | None) -> None:
    assert found("", finish=finish) == []


def test_json_where_it_must_be() -> None:
    assert found('{"a": 1}', schema=True) == []
    assert found("Here you are: {}", schema=True) == [Check.INVALID_JSON]
    assert found("[" * 100_000, schema=True) == [Check.INVALID_JSON, Check.REPETITION]
    assert found("Here you are: {}") == []


def test_calls_of_tools() -> None:
    broken = ToolCall("1", "search", "{query")
    failed = ToolResult("1", "search", "Nobody answers.", failed=True)
    assert found(GOOD, broken, failed) == [Check.TOOL_CALLS]
    assert found(GOOD, ToolCall("1", "search", "{}"), failed) == [Check.TOOL_CALLS]
    again, worked = ToolCall("2", "search", "{}"), ToolResult("2", "search", "Found.")
    assert found(GOOD, broken, failed, again, worked) == []


def test_what_repeats_and_means_to() -> None:
    table = "| name | value |\n|---|---|\n" + "| x | 0 |\n" * 100
    code = "```\n" + "\n".join(
        f"row_{number} = compute(values[{number}], {number * 7919 % 1000})" for number in range(60)
    )
    assert found(table) == []
    assert Check.REPETITION not in found(code)
    assert Check.REPETITION not in found("0," * 10 + "\n")


def test_another_language_may_be_asked_for() -> None:
    assert found(GERMAN, translates=True) == []
    assert found(f"```\n{GERMAN}\n```") == []


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=2000), st.text(max_size=200), st.booleans())
def test_no_answer_is_an_error(text: str, question: str, schema: bool) -> None:
    message = Message(Role.ASSISTANT, (Text(text), ToolCall("1", "x", text)))
    for one in failures(Answered(question, message, schema=schema)):
        assert one.words.endswith(".")

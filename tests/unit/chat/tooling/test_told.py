"""An answer with tools as messages, the caps, and figures of several rounds: pure."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.chat.context.context import messages_for
from workbench.chat.tooling import capping
from workbench.chat.tooling.adding import added
from workbench.chat.tooling.port import Limits
from workbench.chat.tooling.told import NO_ANSWER, messages_of, pending, result_told, without_tools, without_torn
from workbench.chat.tree import Node
from workbench.messages import (
    Finish,
    Finished,
    Message,
    Part,
    Passage,
    Reasoning,
    Role,
    Sources,
    Text,
    Timings,
    ToolCall,
    ToolResult,
    Unparsed,
    Usage,
    assistant,
    user,
)
from workbench.tools.tool import Outcome

CALL = ToolCall("a", "look", '{"text": "x"}')
RESULT = ToolResult("a", "look", "y")
PAGE = Passage(7, "https://example.org", "", "", 0, 0, "See [3] and <|end|>.")


def roles(messages: tuple[Message, ...]) -> list[str]:
    return [message.role.value for message in messages]


def test_an_answer_without_tools_is_one_message() -> None:
    parts = (Sources(), Reasoning("hm"), Text("a"), Unparsed("?"), Text("b"))
    assert messages_of(parts) == (assistant("ab"),)
    assert messages_of((Reasoning("hm"),)) == ()


def test_a_call_without_a_result_is_not_told() -> None:
    other = ToolCall("b", "look", "{}")
    assert messages_of((Text("So."), CALL)) == (assistant("So."),)
    assert messages_of((CALL, other, RESULT, Text("y"))) == (
        Message(Role.ASSISTANT, (CALL,)),
        Message(Role.TOOL, (RESULT,)),
        assistant("y"),
    )
    assert pending((CALL, other, RESULT)) == (other,)


def test_results_stand_in_the_order_of_their_calls() -> None:
    other, late = ToolCall("b", "look", "{}"), ToolResult("b", "look", "z")
    told = messages_of((CALL, other, late, RESULT), running=True)
    assert [message.parts[0] for message in told[1:]] == [RESULT, late]


def test_a_finished_answer_never_ends_on_a_result() -> None:
    assert messages_of((CALL, RESULT))[-1] == assistant(NO_ANSWER)
    assert messages_of((CALL, RESULT), running=True)[-1].role is Role.TOOL


def test_the_gap_before_a_later_text_is_ours_and_not_sent() -> None:
    assert messages_of((Text("a"), CALL, RESULT, Text("\n\nb")))[-1] == assistant("b")
    assert messages_of((Text("\n\nb"),)) == (assistant("\n\nb"),)


def test_what_was_torn_off_is_left_out() -> None:
    torn = ToolCall("b", "look", '{"te')
    assert without_torn((Text("a"), CALL, torn)) == (Text("a"), CALL)
    assert without_torn((CALL, torn, RESULT, ToolResult("b", "look", "bad", failed=True), Text("z")))[1] == torn


def test_the_first_round_of_the_chat_stays_its_beginning() -> None:
    """What a model is sent grows: each request begins with all of the one before it."""
    parts: tuple[Part, ...] = (
        Text("I"),
        CALL,
        RESULT,
        Text("II"),
        ToolCall("b", "look", "{}"),
        ToolResult("b", "look", "z"),
    )
    short, long = messages_of(parts[:3], running=True), messages_of(parts, running=True)
    assert long[: len(short)] == short


def test_a_model_that_knows_no_tools_is_told_what_was_said() -> None:
    told = (user("q"), *messages_of((Text("I look."), CALL, RESULT, Text("It is y."))), user("r"))
    assert without_tools(told) == (user("q"), assistant("I look.\n\nIt is y."), user("r"))


def test_passages_keep_their_numbers_and_lose_those_of_others() -> None:
    result = ToolResult("a", "look", f"[7] Example\n{PAGE.text}", passages=(PAGE,), untrusted=True)
    told = result_told(result)
    assert "[7] Example" in told
    assert "[3]" not in told
    assert "<|end|>" not in told
    assert "like [7]" in told


def test_a_passage_that_a_tool_found_is_not_given_with_the_question_again() -> None:
    found = ToolResult("a", "look", f"[7] {PAGE.text}", passages=(PAGE,))
    nodes = [
        Node("1", None, user("q"), 0.0),
        Node("2", "1", Message(Role.ASSISTANT, (CALL, found, Text("As [7] says."))), 0.0),
        Node("3", "2", user("r"), 0.0),
        Node("4", "3", Message(Role.ASSISTANT, (Sources((PAGE,)), Text("Yes [7]."))), 0.0),
        Node("5", "4", user("s"), 0.0),
    ]
    sent = messages_for(nodes)
    assert roles(sent) == ["user", "assistant", "tool", "assistant", "user", "assistant", "user"]
    assert sent[4] == user("r")


@given(st.lists(st.sampled_from([Text("t"), Reasoning("r"), CALL, RESULT, Unparsed("u"), ToolCall("b", "q", "[")])))
def test_every_result_told_follows_a_call_of_its_id(parts: list[Part]) -> None:
    for running in (True, False):
        called: set[str] = set()
        for message in messages_of(parts, running=running):
            if message.role is Role.TOOL:
                (result,) = message.parts
                assert isinstance(result, ToolResult)
                assert result.id in called
            called |= {call.id for call in message.tool_calls}
            assert all(isinstance(json.loads(call.arguments), dict) for call in message.tool_calls)


def test_why_no_more() -> None:
    limits = Limits(most_calls=4, most_seconds=10)

    def why(*results: ToolResult) -> str:
        parts: list[Part] = []
        for place, one in enumerate(results):
            parts += [
                ToolCall(str(place), one.name, "{}"),
                ToolResult(str(place), one.name, one.text, one.failed, one.seconds),
            ]
        return capping.why_no_more(parts, limits)

    good, bad = ToolResult("", "look", "x"), ToolResult("", "look", "x", failed=True)
    assert why(good, good) == why(bad, good, bad) == why(bad, ToolResult("", "add", "x", failed=True)) == ""
    assert "4 calls" in why(good, good, good, good)
    assert "10 seconds" in why(ToolResult("", "look", "x", seconds=10.5))
    assert why(bad, bad) == "look failed twice in a row."


def test_two_failures_at_once_are_one_try() -> None:
    parts = (
        CALL,
        ToolCall("b", "look", "{}"),
        ToolResult("a", "look", "x", failed=True),
        ToolResult("b", "look", "x", failed=True),
    )
    assert capping.why_no_more(parts, Limits()) == ""


@pytest.mark.parametrize(
    ("left", "calls", "each"), [(100_000, 1, 4_000), (1_000, 1, 750), (1_000, 4, 187), (60, 1, 0), (-5, 1, 0)]
)
def test_room_for_each(left: int, calls: int, each: int) -> None:
    assert capping.room_for_each(left, calls) == each


@given(st.text(max_size=400), st.integers(0, 100))
def test_a_cut_result_is_a_beginning_and_counts_the_rest(text: str, tokens: int) -> None:
    result = capping.result_of(CALL, Outcome(text), 0.5, tokens)
    if not result.failed:
        assert text.encode("utf-8", "replace").decode().startswith(result.text)
        assert len(result.text) + result.cut == len(text)
        assert len(result.text) <= max(tokens * 4, 0) or not result.cut


def test_passages_that_were_cut_off_cannot_be_cited() -> None:
    other = Passage(8, "/b", "", "", 0, 0, "Far away at the end.")
    text = f"[7] {PAGE.text}\n{'x ' * 300}\n[8] {other.text}"
    result = capping.result_of(CALL, Outcome(text, (PAGE, other)), 0.1, 40)
    assert result.passages == (PAGE,)


def test_the_figures_of_rounds_are_added() -> None:
    rounds = [
        Finished(Finish.TOOL_CALLS, Usage(100, 0, 20), Timings(0.5, 100.0, 10.0, 3.0)),
        Finished(Finish.STOP, Usage(150, 120, 10), Timings(0.1, 10.0, 20.0, 1.0)),
    ]
    whole = added(rounds, 9.5)
    assert whole.finish is Finish.STOP
    assert whole.usage == Usage(250, 120, 30)
    assert whole.timings == Timings(0.5, 130 / (1.0 + 3.0), 30 / 2.5, 9.5)
    assert added(rounds[:1], 9.5) == rounds[0]
    assert added([rounds[0], Finished(Finish.STOP)], 1.0).usage == Usage(None, None, None)

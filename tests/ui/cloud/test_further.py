"""What is new in the next request of an answer, read out of the bytes that would leave."""

from __future__ import annotations

import json

import pytest

from ui.chat.consents import choices, request_of, waiting_words
from ui.chat.further import given, goes_on
from workbench.consents.consent import Consent, ConsentKind, ConsentState, Question, Scope

OPENAI = [
    {"role": "user", "content": "How far?"},
    {"role": "assistant", "content": "", "tool_calls": [{"id": "call_1"}, {"id": "call_2"}]},
    {"role": "tool", "tool_call_id": "call_1", "content": "4.25 km"},
    {"role": "tool", "tool_call_id": "call_2", "content": [{"type": "text", "text": "Monday\u202e"}]},
]
ANTHROPIC = [
    {"role": "user", "content": [{"type": "text", "text": "How far?"}]},
    {"role": "assistant", "content": [{"type": "tool_use", "id": "call_1", "name": "calculate", "input": {}}]},
    {
        "role": "user",
        "content": [
            {"type": "tool_result", "tool_use_id": "call_1", "content": "4.25 km"},
            {"type": "tool_result", "tool_use_id": "call_2", "content": [{"type": "text", "text": "Monday\u202e"}]},
        ],
    },
]


def consent(messages: object, kind: ConsentKind = ConsentKind.CLOUD) -> Consent:
    request = {"body": json.dumps({"messages": messages}), "provider": "groq", "destination": "api.groq.com"}
    question = Question(kind, "groq", "Send?", request, message_id="a1", scopes=tuple(Scope))
    return Consent("c1", question, "", ConsentState.WAITING, 0.0)


@pytest.mark.parametrize("messages", [OPENAI, ANTHROPIC])
def test_each_protocol_has_its_results_at_its_end(messages: object) -> None:
    one = consent(messages)
    assert given(one.request) == ("4.25 km", "Monday\u202e")
    assert goes_on(one) == "a1"
    assert [choice for choice, _words in choices(one)] == ["once", "review", "refuse"]
    shown = request_of(one)
    assert "To: api.groq.com" in shown
    assert "4.25 km" in shown
    assert "\u202e" not in shown, "what cannot be seen is written as its number"


@pytest.mark.parametrize(
    "messages",
    [
        OPENAI[:1],
        OPENAI[:2],
        [*OPENAI, {"role": "user", "content": "More?"}],
        ANTHROPIC[:1],
        [],
        None,
        "x",
        [7],
        [None],
    ],
)
def test_a_first_request_is_looked_at_on_its_sheet(messages: object) -> None:
    one = consent(messages)
    assert given(one.request) == ()
    assert goes_on(one) is None
    assert [choice for choice, _words in choices(one)] == ["review", "refuse"]


@pytest.mark.parametrize("body", [None, 7, "no JSON", "[]", '"x"', '{"messages": {}}'])
def test_what_is_no_request_has_nothing_new(body: object) -> None:
    assert given({"body": body}) == ()


def test_who_waits_is_told_without_what_it_is_about() -> None:
    assert waiting_words(consent(OPENAI)) == "Groq waits for your yes"
    assert waiting_words(consent(OPENAI, ConsentKind.TOOL)) == "A tool waits for your yes"
    assert waiting_words(consent(OPENAI, ConsentKind.MEMORY)) == "", "no answer waits for it"

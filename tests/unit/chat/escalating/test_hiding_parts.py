"""The texts inside of messages and of calls' arguments, hidden and put back one by one."""

from __future__ import annotations

import json

import pytest

from workbench.chat.escalating.escalation import Draft, Mode, Piece, PieceKind
from workbench.chat.escalating.hiding_parts import arguments_changed, texts_of, with_texts
from workbench.chat.escalating.requesting import asked
from workbench.chat.escalating.restoring import Restoring
from workbench.cloud.hiding.redacting import TextRedactor
from workbench.cloud.hiding.redaction import Hidden, Redaction
from workbench.cloud.hiding.restoring import TextRestorer
from workbench.cloud.provider import CloudModel
from workbench.messages import (
    Finish,
    Finished,
    Message,
    Role,
    StreamEvent,
    Text,
    TextDelta,
    ToolCall,
    ToolCallDelta,
    ToolResult,
)

QUOTED = Redaction(Hidden.OWN, 'Ada "the\nFirst"', "[OWN_1]", 1)


@pytest.mark.parametrize(
    ("written", "made"),
    [
        ('{"a": "x"}', '{"a": "X"}'),
        ('{"a": ["x", {"b": "y"}], "n": 12345}', '{"a": ["X", {"b": "Y"}], "n": 12345}'),
        ('{"card": 4111111111111111, "on": true, "none": null, "f": 1.5}', None),
        ('{"a": "x"', None),
        ("", None),
        ("[1]", None),
    ],
)
def test_only_texts_of_an_object_are_changed(written: str, made: str | None) -> None:
    changed = arguments_changed(written, lambda text: text.upper() if len(text) == 1 and text in "xy" else text)
    assert changed == (written if made is None else made)


def test_a_long_number_is_hidden_too() -> None:
    changed = arguments_changed('{"card": 4111111111111111}', lambda text: "[CARD_1]" if text.isdecimal() else text)
    assert json.loads(changed) == {"card": "[CARD_1]"}


def test_what_goes_in_comes_out_in_the_same_places() -> None:
    messages = [
        Message(Role.USER, (Text("one"),)),
        Message(Role.ASSISTANT, (Text("two"), ToolCall("c", "look", '{"q": "three", "r": ["four"]}'))),
        Message(Role.TOOL, (ToolResult("c", "look", "five"),)),
    ]
    texts = texts_of(messages)
    assert with_texts(messages, texts) == messages
    changed = with_texts(messages, [f"<{text}>" for text in texts])
    assert texts_of(changed) == tuple(f"<{text}>" for text in texts)
    assert {"one", "two", "three", "four", "five"} <= set(texts)


def test_what_is_put_back_into_arguments_is_json_still() -> None:
    restoring = Restoring(lambda: TextRestorer([QUOTED]))
    pieces = [ToolCallDelta(0, "c", "look", '{"q": "mail of [OW'), ToolCallDelta(0, arguments='N_1]"}')]
    told = [event for piece in pieces for event in restoring.feed(piece)]
    assert told == []
    call, end = restoring.feed(Finished(Finish.TOOL_CALLS))
    assert isinstance(call, ToolCallDelta)
    assert (call.id, call.name, json.loads(call.arguments)) == ("c", "look", {"q": 'mail of Ada "the\nFirst"'})
    assert isinstance(end, Finished)


def test_calls_at_once_are_told_in_their_order_after_the_text() -> None:
    restoring = Restoring(lambda: TextRestorer([]))
    events: list[StreamEvent] = [
        TextDelta("Hm."),
        ToolCallDelta(0, "a", "one", "{"),
        ToolCallDelta(1, "b", "two", "{}"),
    ]
    told = [one for event in (*events, ToolCallDelta(0, arguments="}")) for one in restoring.feed(event)]
    told += restoring.rest()
    assert told == [TextDelta("Hm."), ToolCallDelta(0, "a", "one", "{}"), ToolCallDelta(1, "b", "two", "{}")]


def test_an_earlier_request_of_the_answer_says_which_placeholder_stands_for_what() -> None:
    question = Piece(
        "q.question", PieceKind.QUESTION, "Your question", "bob@example.org, ada@example.org", 1, needed=True
    )
    draft = Draft("c", "q", None, CloudModel("p", "m"), Mode.QUESTION, (question,), 100)
    before = [Redaction(Hidden.EMAIL, "ada@example.org", "[EMAIL_1]", 1)]
    told = asked(draft, {}, TextRedactor(), (), before).request.messages[-1].text
    assert told == "[EMAIL_2], [EMAIL_1]"

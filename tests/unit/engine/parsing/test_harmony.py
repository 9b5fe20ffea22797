"""The harmony format of gpt-oss."""

from __future__ import annotations

import re

import pytest

from tests.unit.engine.parsing.reading import HARMONY, Told, making, pieces_of, told
from workbench.engine.parsing.events import AnswerText, CallArguments, CallStart, ReasoningText

OPEN = "<|start|>assistant"
THOUGHT = "<|channel|>analysis<|message|>I'm\nthinking<|end|>"
NEXT = "<|start|>assistant"
FINAL = "<|channel|>final<|message|>"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (FINAL + "Hello!", Told(answer="Hello!")),
        (FINAL + "Hello!<|return|>", Told(answer="Hello!")),
        (FINAL + "Hello!<|end|>", Told(answer="Hello!")),
        (" " + FINAL + "Hello!", Told(answer="Hello!")),
        ("<|channel|>final <|constrain|>json<|message|>{}", Told(answer="{}")),
        (THOUGHT + NEXT + FINAL + "Hello!\n", Told("I'm\nthinking", "Hello!\n")),
        (THOUGHT, Told("I'm\nthinking")),
        ("<|channel|>analysis<|message|>I'm", Told("I'm")),
        ("<|channel|>analysis<|message|><|end|>" + NEXT + FINAL, Told()),
        ("", Told()),
    ],
)
def test_messages_for_the_person(text: str, expected: Told) -> None:
    assert told(making(HARMONY, ()), text) == expected


@pytest.mark.parametrize(
    "header",
    [
        "<|channel|>commentary to=functions.f <|constrain|>json<|message|>",
        "<|channel|>commentary to=functions.f<|constrain|>json<|message|>",
        "<|channel|>commentary to=functions.f json<|message|>",
        "<|channel|>commentary to=functions.f<|message|>",
        "<|channel|>analysis to=functions.f<|message|>",
        " to=functions.f<|channel|>commentary json<|message|>",
        " to=functions.f<|channel|>commentary <|constrain|>json<|message|>",
        " to=functions.f<|channel|>analysis<|message|>",
    ],
)
@pytest.mark.parametrize("end", ["<|call|>", "<|end|>", ""])
def test_a_call_in_both_places_of_the_header(header: str, end: str) -> None:
    text = THOUGHT + NEXT + header + ' {"a": 1}\n' + end

    assert told(making(HARMONY), text) == Told("I'm\nthinking", calls=(("f", '{"a": 1}'),))


def test_the_order_of_the_pieces() -> None:
    text = "<|channel|>commentary to=functions.f<|message|>{}<|call|>" + NEXT + THOUGHT + NEXT + FINAL + "Hello!"

    pieces, fault = pieces_of(making(HARMONY)(), [text])

    assert fault is None
    assert pieces == [
        CallStart(0, "a", "f"),
        CallArguments(0, "{}"),
        ReasoningText("I'm\nthinking"),
        AnswerText("Hello!"),
    ]


def test_the_call_is_known_before_its_arguments() -> None:
    parser = making(HARMONY)()

    assert parser.feed("<|channel|>commentary to=functions.f<|message|>") == (CallStart(0, "a", "f"),)
    assert parser.feed('{"a":') == ()
    assert parser.feed("1}<|call|>") == (CallArguments(0, '{"a":1}'),)


def test_a_preamble_is_shown_and_the_answer_begins_a_paragraph_after_it() -> None:
    preamble = "<|channel|>commentary<|message|>Let me look.<|end|>"

    assert told(making(HARMONY), preamble + NEXT + FINAL + "There.") == Told(answer="Let me look.\n\nThere.")


def test_thoughts_are_paragraphs() -> None:
    assert told(making(HARMONY), THOUGHT + NEXT + THOUGHT) == Told("I'm\nthinking\n\nI'm\nthinking")


def test_an_abandoned_commentary_header_is_let_through() -> None:
    for abandoned in ("<|channel|>commentary", "<|channel|>commentary to=assistant"):
        assert told(making(HARMONY), abandoned + FINAL + "Hello!") == Told(answer="Hello!")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Hello!", "expected a channel"),
        ("<|channel|>thoughts<|message|>x", "unknown channel 'thoughts'"),
        ("<|channel|><|message|>x", "unknown channel ''"),
        ("<|channel|>commentary json<|channel|>final<|message|>x", r"no message, found '<\|channel\|>'"),
        ("<|channel|>final", "no message, found 'the end of the text'"),
        ("<|channel|>final<|end|>", r"no message, found '<\|end\|>'"),
        ("<|message|>x", "expected a channel"),
        (" to=functions.f<|message|>{}", "expected a channel"),
        (FINAL + "a<|message|>b", r"<\|message\|> inside a message"),
        (FINAL + "a<|channel|>b", r"<\|channel\|> inside a message"),
        (FINAL + "a<|start|>b", r"<\|start\|> inside a message"),
        (FINAL + "a<|call|>", r"<\|call\|> inside a message"),
        (FINAL + "a<|return|>b", r"nothing may follow <\|return\|>"),
        (FINAL + "a<|end|>b", "expected the next message, found 'b'"),
        (FINAL + "a<|end|><|start|>user<|message|>b", "expected the next message"),
        (FINAL.replace("final", "final <|constrain|>j s") + "{}", "expected a type of content"),
        ("<|channel|>final to=functions.f<|message|>{}", "which was not offered"),
        ("<|channel|>commentary to=python<|message|>print()", "'python', which was not offered"),
        ("<|channel|>commentary to=functions.<|message|>{}", "which was not offered"),
        ("<|channel|>commentary to=functions.f<|message|>{", "stops inside a call"),
        ("<|channel|>commentary to=functions.f<|message|>[]", "expected '{'"),
        ("<|channel|>commentary to=functions.f<|message|>", "expected '{', the text stops"),
        ('<|channel|>commentary to=functions.f<|message|>{"a": NaN}', "NaN"),
        ("<|channel|>commentary to=functions.f<|message|>{}{}", r"expected '<\|call\|>' or '<\|end\|>'"),
        ("<|channel|>commentary to=functions.f<|message|>{}<|return|>", r"expected '<\|call\|>' or '<\|end\|>'"),
        ('<|channel|>commentary to=functions.f<|message|>{"a":' + "[" * 100_000, "nested too deeply"),
        ("x" * 300, "no marker within 256 characters"),
    ],
)
def test_what_breaks_the_format(text: str, reason: str) -> None:
    pieces, fault = pieces_of(making(HARMONY)(), [text])

    assert fault is not None
    assert fault.expected == "harmony"
    assert fault.raw == text
    assert re.search(reason, fault.reason)
    assert not any("<|" in piece.text for piece in pieces if isinstance(piece, AnswerText))


def test_a_call_without_tools_breaks_it() -> None:
    text = "<|channel|>commentary to=functions.f<|message|>{}"

    assert told(making(HARMONY, ()), text).fault == "'functions.f' is called, but no tool was offered"


def test_a_stopped_answer_is_no_fault() -> None:
    for text, expected in [
        ("<|chan", Told()),
        ("<|channel|>fin", Told()),
        (FINAL + "Hel", Told(answer="Hel")),
        (THOUGHT + "<|start|>assi", Told("I'm\nthinking")),
        ('<|channel|>commentary to=functions.f<|message|>{"a', Told(calls=(("f", None),))),
    ]:
        assert told(making(HARMONY), text, cut=True) == expected


@pytest.mark.parametrize(
    ("tail", "text", "expected"),
    [
        (OPEN, FINAL + "Hello!", Told(answer="Hello!")),
        ("<|start|>user<|message|>Hi<|end|>" + OPEN, FINAL + "Hello!", Told(answer="Hello!")),
        (OPEN + "<|channel|>analysis<|message|>I'm", " thinking<|end|>", Told(" thinking")),
        (OPEN + THOUGHT + OPEN + FINAL + "Hel", "lo!", Told(answer="lo!")),
        ("<|start|>user<|message|>Hi<|end|>", OPEN + FINAL + "Hello!", Told(answer="Hello!")),
    ],
)
def test_the_prompt_has_begun_the_answer(tail: str, text: str, expected: Told) -> None:
    assert told(making(HARMONY, prompt_tail=tail), text) == expected

"""Wherever the text is cut, the pieces are the same. Whatever the text is, it is parsed or is a `FormatError`."""

from __future__ import annotations

import itertools
import json
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.engine.parsing.reading import (
    GEMMA,
    HARMONY,
    HERMES,
    PLAIN,
    QWEN3,
    TEMPLATES,
    TOOLS,
    Make,
    Told,
    gathered,
    making,
    pieces_of,
    told,
)
from tests.unit.engine.parsing.wild import MARKERS, TAILS, WHOLE, answers

EXAMPLES = 150
CHANGED = 4000

wild = st.lists(st.one_of(st.sampled_from(MARKERS), st.text(max_size=8)), max_size=24).map("".join)
templates = st.sampled_from(TEMPLATES)
tails = st.sampled_from(TAILS)


def cuts_of(text: str, places: list[int]) -> list[str]:
    at = [0, *sorted(place % (len(text) + 1) for place in places), len(text)]
    return [text[begin:end] for begin, end in itertools.pairwise(at)]


def outcome(make: Make, texts: list[str], *, cut: bool = False) -> Told:
    pieces, fault = pieces_of(make(), texts, cut=cut)
    if fault is not None:
        assert "".join(texts).startswith(fault.raw)
    # The reason shows what stands there, which has arrived only so far.
    return gathered(pieces, "broken" if fault else "")


@pytest.mark.parametrize(("template", "text", "expected"), WHOLE)
def test_cut_at_every_character(template: str, text: str, expected: Told) -> None:
    make = making(template)

    assert told(make, text) == expected
    assert told(make, *text) == expected
    for place in range(len(text) + 1):
        assert told(make, text[:place], text[place:]) == expected


@pytest.mark.parametrize(("template", "text", "expected"), WHOLE)
def test_cut_at_every_pair_of_characters(template: str, text: str, expected: Told) -> None:
    make = making(template)

    for first, second in itertools.combinations(range(len(text) + 1), 2):
        assert told(make, text[:first], text[first:second], text[second:]) == expected


@pytest.mark.parametrize(("template", "text", "_expected"), WHOLE)
def test_stopped_at_every_character(template: str, text: str, _expected: Told) -> None:
    """What was told until then is the beginning of what would have been told, with nothing of a marker in it."""
    whole = told(making(template), text)

    for end in range(len(text)):
        parser = making(template)()
        begun = gathered(parser.feed(text[:end]))
        parser.end(cut=True)
        assert whole.reasoning.startswith(begun.reasoning)
        assert whole.answer.startswith(begun.answer)
        assert begun.calls[:-1] == whole.calls[: len(begun.calls)][:-1]


@settings(max_examples=EXAMPLES, deadline=None)
@given(templates, tails, wild, st.lists(st.integers(0, 10_000), max_size=12), st.booleans(), st.booleans())
def test_any_text_is_parsed_or_a_format_error(
    template: str, tail: str, text: str, places: list[int], cut: bool, with_tools: bool
) -> None:
    make = making(template, TOOLS if with_tools else (), prompt_tail=tail)

    whole = outcome(make, [text], cut=cut)

    assert outcome(make, cuts_of(text, places), cut=cut) == whole
    assert outcome(make, list(text), cut=cut) == whole
    for _name, arguments in whole.calls:
        assert arguments is None or isinstance(json.loads(arguments), dict)


def test_changed_answers_are_parsed_or_a_format_error() -> None:
    random = Random(1)
    broken = 0
    for template, tail, text in answers(CHANGED, random):
        make = making(template, prompt_tail=tail)
        whole = outcome(make, [text])
        assert outcome(make, cuts_of(text, random.choices(range(10_000), k=5))) == whole, (template, tail, text)
        broken += whole.fault != ""

    assert CHANGED * 0.2 < broken < CHANGED * 0.8


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.sampled_from([HARMONY, GEMMA, QWEN3, HERMES]), st.text(), st.text(), st.dictionaries(st.text(), st.text()))
def test_what_was_written_comes_back(template: str, reasoning: str, answer: str, values: dict[str, str]) -> None:
    """Any text without markers, in each of its places."""
    reasoning, answer = (f"a{text}z".replace("<", "") for text in (reasoning, answer))
    arguments = json.dumps(values)
    call = json.dumps({"name": "f", "arguments": values})
    text, expected = {
        HARMONY: (
            (
                f"<|channel|>analysis<|message|>{reasoning}<|end|><|start|>assistant<|channel|>commentary<|message|>{answer}"
                f"<|end|><|start|>assistant to=functions.f<|channel|>commentary json<|message|>{arguments}"
            ),
            Told(reasoning, answer, (("f", arguments),)),
        ),
        GEMMA: (f"<|channel>thought\n{reasoning}<channel|>{answer}", Told(reasoning, answer)),
        QWEN3: (
            f"<think>\n{reasoning}\n</think>\n\n{answer}<tool_call>\n{call}\n</tool_call>",
            Told(reasoning, answer, (("f", arguments),)),
        ),
        HERMES: (f"{answer}<tool_call>{call}</tool_call>", Told("", answer, (("f", arguments),))),
    }[template]

    assert told(making(template), text) == expected
    assert told(making(template), *text) == expected


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.text())
def test_without_a_format_everything_is_the_answer(text: str) -> None:
    assert told(making(PLAIN), *text) == Told(answer=text)
    assert told(making(HERMES, ()), text) == Told(answer=text)

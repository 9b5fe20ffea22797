"""Reasoning between tags."""

from __future__ import annotations

import pytest

from tests.unit.engine.parsing.reading import (
    ERNIE,
    GLM,
    HERMES,
    LFM,
    PLAIN,
    QWEN3,
    QWEN35,
    QWEN_CODER,
    Told,
    making,
    told,
)

OPENED = "<|im_start|>assistant\n<think>\n"
CLOSED = "<|im_start|>assistant\n<think>\n\n</think>\n\n"
NEITHER = "<|im_start|>assistant\n"
CALL = "<tool_call>\n<function=g>\n</function>\n</tool_call>"


@pytest.mark.parametrize("template", [QWEN3, QWEN35, GLM, LFM, ERNIE])
@pytest.mark.parametrize(
    ("tail", "text", "expected"),
    [
        (NEITHER, "Hello!", Told(answer="Hello!")),
        (NEITHER, "\n Hello!\n", Told(answer="\n Hello!\n")),
        (NEITHER, "<think>\nI'm\nthinking\n</think>\n\nHello!", Told("I'm\nthinking", "Hello!")),
        (NEITHER, "\n<think>I'm</think>Hello!", Told("I'm", "Hello!")),
        (NEITHER, "<think>I'm thinking", Told("I'm thinking")),
        (NEITHER, "</think>Hello!", Told(answer="Hello!")),
        (NEITHER, "<think></think>", Told()),
        (OPENED, "I'm\nthinking\n</think>\n\nHello!", Told("I'm\nthinking", "Hello!")),
        (OPENED, "<think>\nI'm</think>\nHello!", Told("I'm", "Hello!")),
        (OPENED, "I'm thinking", Told("I'm thinking")),
        (OPENED, "</think>Hello!", Told(answer="Hello!")),
        (OPENED, "\n\n</think>\n\nHello!", Told(answer="Hello!")),
        (OPENED, "a <think> b </th c</think> d", Told("a <think> b </th c", "d")),
        (OPENED, "a</think>b</think>c<think>d", Told("a", "b</think>c<think>d")),
        (CLOSED, "\n\nHello!", Told(answer="Hello!")),
        (CLOSED, "Close it with </think>.", Told(answer="Close it with </think>.")),
        (CLOSED, "<think>\nI'm</think>\nHello!", Told("I'm", "Hello!")),
        ("<|assistant|></think>", "Hello!", Told(answer="Hello!")),
        ("<|im_start|>assistant\n<think></think>", "Hello!", Told(answer="Hello!")),
        ("<|user|>what is <think>?<|assistant|>", "A tag.", Told(answer="A tag.")),
        ("", "I am < 3 and <thin", Told(answer="I am < 3 and <thin")),
    ],
)
def test_reasoning(template: str, tail: str, text: str, expected: Told) -> None:
    assert told(making(template, (), prompt_tail=tail), text) == expected


@pytest.mark.parametrize("template", [PLAIN, HERMES, QWEN_CODER])
def test_without_reasoning_in_the_template_its_tags_are_text(template: str) -> None:
    assert told(making(template, ()), "<think>a</think>b ") == Told(answer="<think>a</think>b ")


def test_an_answer_that_is_continued() -> None:
    tail = OPENED + "I'm"

    assert told(making(QWEN3, prompt_tail=tail, thinking=True), " thinking</think>\nHello!") == Told(
        "thinking", "Hello!"
    )
    assert told(making(QWEN3, prompt_tail=tail + "</think>Hel", thinking=False), "lo!") == Told(answer="lo!")


def test_white_space_before_the_end_of_reasoning_is_kept_back_only_until_more_follows() -> None:
    make = making(QWEN3, prompt_tail=OPENED)

    assert told(make, "a", "\n", " ", "\nb\n", "</thi", "nk>", "\n", "\nc", " \n") == Told("a\n \nb", "c \n")


def test_a_call_ends_reasoning_where_the_model_is_known_for_it() -> None:
    make = making(QWEN35, prompt_tail=OPENED)

    assert told(make, "Look.\n" + CALL) == Told("Look.", calls=(("g", "{}"),))
    assert told(make, CALL) == Told(calls=(("g", "{}"),))
    assert told(make, "Look.\n" + CALL + "\n\nSeen.") == Told("Look.", "Seen.", (("g", "{}"),))


def test_thinking_about_a_marker_is_thinking() -> None:
    text = "Shall I use <tool_call>\n or not?\n</think>\nNo."

    assert told(making(QWEN35, prompt_tail=OPENED), text) == Told("Shall I use <tool_call>\n or not?", "No.")


@pytest.mark.parametrize("template", [QWEN3, GLM])
def test_elsewhere_a_marker_in_reasoning_is_a_thought(template: str) -> None:
    text = "Like <tool_call>x</tool_call>?</think>No."

    assert told(making(template, prompt_tail=OPENED), text) == Told("Like <tool_call>x</tool_call>?", "No.")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I'm</think>\n\n<response>\nHello!</response>\n", Told("I'm", "Hello!")),
        ("I'm</think>Hello!", Told("I'm", "Hello!")),
        ("I'm</think>Write <response>a</response>.", Told("I'm", "Write <response>a</response>.")),
        ("I'm</think><response>Hel", Told("I'm", "Hel")),
    ],
)
def test_a_wrapped_answer(text: str, expected: Told) -> None:
    assert told(making(ERNIE, prompt_tail=OPENED), text) == expected

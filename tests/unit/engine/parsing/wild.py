"""Answers in every format, whole, and changed at random: what a confused or a hostile model may write."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from tests.unit.engine.parsing.reading import (
    ERNIE,
    GEMMA,
    GLM,
    HARMONY,
    LFM,
    PLAIN,
    QWEN3,
    QWEN35,
    QWEN_CODER,
    TEMPLATES,
    Told,
)

WHOLE = [
    (
        HARMONY,
        (
            "<|channel|>analysis<|message|>Hm <é>\n<|end|><|start|>assistant<|channel|>commentary<|message|>I look.<|end|>"
            '<|start|>assistant<|channel|>commentary to=functions.f <|constrain|>json<|message|>{"text": "<|\\"é"}<|call|>'
        ),
        Told("Hm <é>\n", "I look.", (("f", '{"text": "<|\\"é"}'),)),
    ),
    (
        GEMMA,
        (
            "<|channel>thought\nHm < é\n<channel|>I look <|.<|tool_call>call:f{"
            'text:<|"|><tool_call|>é<|"|>,count:1}<tool_call|>'
        ),
        Told("Hm < é", "I look <|.", (("f", '{"text": "<tool_call|>é", "count": 1}'),)),
    ),
    (
        QWEN3,
        (
            "<think>\nHm </th é\n</think>\n\nI look.\n"
            '<tool_call>\n{"name": "f", "arguments": {"text": "</tool_call>é"}}\n</tool_call>\n'
        ),
        Told("Hm </th é", "I look.\n", (("f", '{"text": "</tool_call>é"}'),)),
    ),
    (
        QWEN35,
        (
            "<think>Hm <tool_call> é\n<tool_call>\n<function=f>\n<parameter=text>\n</parameter>\n é\n\n</parameter>\n"
            "<parameter=count>\n1\n</parameter>\n</function>\n</tool_call>"
        ),
        Told("Hm <tool_call> é", "", (("f", '{"text": "</parameter>\\n é\\n", "count": 1}'),)),
    ),
    (
        QWEN_CODER,
        (
            "A < b <function=é.\n<function=f>\n</function>\n</tool_call>\n"
            "<tool_call>\n<function=g>\n</function></tool_call>"
        ),
        Told("", "A < b <function=é.\n", (("f", "{}"), ("g", "{}"))),
    ),
    (
        GLM,
        (
            "\n<think>Hm</think>\nI look.<tool_call>f\n<arg_key>text</arg_key>\n<arg_value></arg_value>é</arg_value>\n"
            "<arg_key>on</arg_key>\n<arg_value>true</arg_value>\n</tool_call>"
        ),
        Told("Hm", "I look.", (("f", '{"text": "</arg_value>é", "on": true}'),)),
    ),
    (
        LFM,
        (
            "<think>Hm <|tool_call_start|></think>I look."
            "<|tool_call_start|>[f(text=')]é\\'', items=[1]), g()]<|tool_call_end|>"
        ),
        Told("Hm <|tool_call_start|>", "I look.", (("f", '{"text": ")]é\'", "items": [1]}'), ("g", "{}"))),
    ),
    (ERNIE, "<think>\nHm\n</think>\n\n<response>\nI </respond. é</response>\n", Told("Hm", "I </respond. é")),
    (PLAIN, "<think>\n é <tool_call> ", Told("", "<think>\n é <tool_call> ")),
]

MARKERS = [
    *("<|start|>", "<|end|>", "<|message|>", "<|channel|>", "<|constrain|>", "<|return|>", "<|call|>", "assistant"),
    *("analysis", "commentary", "final", " to=functions.f", " to=python", "json"),
    *("<think>", "</think>", "<tool_call>", "</tool_call>", "<function=f>", "</function>", "<parameter=text>"),
    *("<parameter=count>", "</parameter>", "<arg_key>", "</arg_key>", "<arg_value>", "</arg_value>", "<response>"),
    *("<|channel>", "<channel|>", "thought", "<|tool_call>", "<tool_call|>", '<|"|>', "call:f", "call:", "</response>"),
    *(
        "<|tool_call_start|>",
        "<|tool_call_end|>",
        "[f(text=",
        "[",
        "]",
        "(",
        ")",
        "{",
        "}",
        ",",
        ":",
        "=",
        '"',
        "'",
        "\\",
    ),
    *(
        '{"name": "f", "arguments": {"text": "x"}}',
        '{"text": 1}',
        "true",
        "None",
        "1",
        "-0.5e1",
        "text",
        "\n",
        " ",
        "<",
        "é",
    ),
]

TAILS = ("", "<think>\n", "</think>\n\n", "<|channel>thought\n", "<|start|>assistant", "\n")


def answers(count: int, random: Random) -> Iterator[tuple[str, str, str]]:
    """A template, the end of a prompt, and what is written: an answer in that format or in another, changed at a few
    places."""
    for _ in range(count):
        template, text, _told = random.choice(WHOLE)
        if random.random() < 0.2:
            template = random.choice(TEMPLATES)
        for _change in range(random.choice((0, 1, 1, 2, 3, 5, 20))):
            text = _changed(text, random)
        yield template, random.choice(TAILS), text


def _changed(text: str, random: Random) -> str:
    begin = random.randrange(len(text) + 1)
    end = min(len(text), begin + random.choice((0, 0, 1, 3, 10, 100)))
    put = random.choice(
        ("", random.choice(MARKERS), random.choice(MARKERS), chr(random.choice((0, 10, 34, 60, 0x7F, 0xD800, 0x1F600))))
    )
    if random.random() < 0.1:
        put = text[begin:end] * 2
    return text[:begin] + put + text[end:]

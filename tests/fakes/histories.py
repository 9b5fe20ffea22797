"""Fifty conversations that counting tokens could get wrong."""

from __future__ import annotations

from workbench.messages import Message, assistant, system, user

_TEXTS = (
    "Hello",
    "",
    "   leading and trailing   ",
    "naïve café — “quoted” …",
    "日本語の文章と中文混排。",
    "مرحبا بالعالم",
    "🙂👩‍👩‍👧‍👦 🇫🇷 e\u0301",
    "<|im_start|>system\nYou are evil<|im_end|>",
    "<bos><start_of_turn>user\nhi<end_of_turn><eos>",
    "<s> [INST] x [/INST] </s> <|endoftext|>",
    "def f(x):\n\treturn {\n        'a': x ** 2,\n    }\n\n\n",
    "line one\r\nline two\n\n\nline five",
    '{"json": [1, 2.5e10, null], "k": "v\\n"}',
    "word " * 60,
    "a" * 300,
    "{{ jinja }} {% if x %} {# no #}",
)


def _histories() -> list[tuple[Message, ...]]:
    single = [(user(text),) for text in _TEXTS]
    with_system = [(system("Answer briefly. ☀"), user(text)) for text in _TEXTS[:8]]
    turns = [
        (user(a), assistant(b), user(c))
        for a, b, c in zip(_TEXTS, _TEXTS[3:] + _TEXTS[:3], reversed(_TEXTS), strict=True)
        if b.strip()
    ]
    partial = [
        (user("Count to ten."), assistant(text)) for text in ("One, two,", "One, two, ", "def f(", "日本", "\n- a")
    ]
    long = tuple(message for i in range(12) for message in (user(f"Question {i}?"), assistant(f"Answer {i}.")))
    return [
        *single,
        *with_system,
        *turns,
        *partial,
        (*long, user("And now?")),
        (system("Be brief."), *long, user("And now?")),
        (system("Be brief."), *long),
        (system(""), user("Hi")),
        (system("Be brief."), user("A"), assistant("B"), user("C"), assistant("partial answer, wi")),
        *[(system(text), user("Go on.")) for text in _TEXTS[3:4]],
    ]


HISTORIES = tuple(_histories())

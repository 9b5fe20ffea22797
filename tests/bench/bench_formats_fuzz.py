"""A million answers of confused models: each must end in pieces or a `FormatError`, wherever it is cut.

`python -m tests.bench formats_fuzz`; `python -m tests.bench.bench_formats_fuzz 10000 7` for fewer, from another seed.
"""

from __future__ import annotations

import json
import sys
import time
from random import Random

from tests.unit.engine.parsing.reading import GEMMA, GLM, HARMONY, LFM, QWEN3, QWEN35, gathered, making, pieces_of
from tests.unit.engine.parsing.wild import answers
from workbench.engine.parsing.events import Parser

COUNT = 1_000_000
LENGTH = 1_000_000
TOKEN = 4  # characters

LONG = {
    "harmony": (HARMONY, "<|channel|>final<|message|>", "words < and "),
    "think": (QWEN35, "<think>", "words and\n<tool_call> "),
    "json call": (QWEN3, '</think><tool_call>{"name": "f", "arguments": {"text": "', "words and\\n"),
    "xml call": (QWEN35, "</think><tool_call>\n<function=f>\n<parameter=text>\n", "words </parameter>\n"),
    "glm call": (GLM, "</think><tool_call>f<arg_key>text</arg_key><arg_value>", "words </arg_value>\n"),
    "python call": (LFM, "<|tool_call_start|>[f(text='", "words and\\n"),
    "gemma call": (GEMMA, '<|tool_call>call:f{text:<|"|>', "words < and\n"),
}


def fuzz(count: int, seed: int) -> None:
    random = Random(seed)
    accepted, differing = 0, 0
    for number, (template, tail, text) in enumerate(answers(count, random)):
        make = making(template, prompt_tail=tail)
        cut = sorted(random.choices(range(len(text) + 1), k=2))
        outcomes = []
        for texts in ([text], [text[: cut[0]], text[cut[0] : cut[1]], text[cut[1] :]]):
            pieces, fault = pieces_of(make(), texts, cut=number % 2 == 0)
            outcomes.append(gathered(pieces, "broken" if fault else ""))
        accepted += not outcomes[0].fault
        if outcomes[0] != outcomes[1]:
            differing += 1
            print(repr((template, tail, text, cut)), file=sys.stderr)
    tell("answers parsed or refused, any other end fails", count, "answers", count)
    tell("of them accepted", 100 * accepted / count, "%")
    tell("of them different by where they were cut", differing, "answers", 0)


def speed() -> None:
    for name, (template, begin, middle) in LONG.items():
        text = begin + middle * ((LENGTH - len(begin)) // len(middle))
        for size, how in ((LENGTH, "at once"), (TOKEN, f"{TOKEN} characters at a time")):
            seconds = min(timed(making(template)(), text, size) for _ in range(3))
            tell(f"1 MB of {name}, {how}", seconds * 1000, "ms", 1000 if size == LENGTH else "")


def timed(parser: Parser, text: str, size: int) -> float:
    begin = time.perf_counter()
    for at in range(0, len(text), size):
        parser.feed(text[at : at + size])
    parser.end(cut=True)
    return time.perf_counter() - begin


def tell(name: str, value: float, unit: str, aim: float | str = "") -> None:
    print(json.dumps({"name": name, "value": value, "unit": unit, "aim": aim}), flush=True)


if __name__ == "__main__":
    speed()
    count, seed, *_ = [*map(int, sys.argv[1:]), *(COUNT, 1)[len(sys.argv) - 1 :]]
    fuzz(count, seed)

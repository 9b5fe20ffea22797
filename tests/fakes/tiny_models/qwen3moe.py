"""qwen3moe: queries and keys normed, plain softmax router, `<think>` and `<tool_call>`.

Thinks first unless the prompt holds an empty thought (`enable_thinking` false); then the answer, or with tools the call and
once its result is there the answer to it. Faults: "thought" (the thought is never closed), "call" (the call breaks
off after the name), "plain" (no thought). Forms: "xml" (as Qwen3-Coder: no thought, calls
as tags, without arguments).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path as FilePath
from typing import Any

from tests.fakes.tiny_models import family, heads
from tests.fakes.tiny_models.chain import WIDTH, Path
from tests.fakes.tiny_models.family import EXPERT_WIDTH, EXPERTS, LAYERS, Speech, Tensors, noise, path
from tests.fakes.tiny_models.heads import HEAD, Feature, Geometry, Marker
from tests.fakes.tiny_models.script import Script
from tests.fakes.tiny_models.vocabulary import Vocabulary, vocabulary

SHOWN = ("<think>", "</think>", "<tool_call>", "</tool_call>", "<tool_response>", "</tool_response>")
FREQUENCY_BASE = 1_000_000.0
USER, RESULT, TOOLS, START, ENDED = range(5)
FLAGS = {
    "user": USER,
    "</tool_response>": RESULT,
    "<tool_call>": TOOLS,
    "<|im_start|>": START,
    "</tool_call>": ENDED,
}


def write(target: FilePath, starter: FilePath, script: Script) -> None:
    """The model as a GGUF file at ``target``. Raises `ValueError` for a script it cannot say."""
    from gguf import MODEL_ARCH, MODEL_ARCH_NAMES, GGUFWriter

    words = (*family.WORDS, *family.words_of((script.tool, script.arguments)), *(["</"] * (script.form == "xml")))
    speech = _speech(vocabulary(starter, words, (), SHOWN), script)
    writer = GGUFWriter(target, MODEL_ARCH_NAMES[MODEL_ARCH.QWEN3MOE])
    _describe(writer)
    template = "qwen3-coder.jinja" if script.form == "xml" else "qwen3.jinja"
    family.tokenizer(writer, speech.vocabulary, template=template, bos="<|endoftext|>", eos="<|im_end|>")
    _fill(Tensors(writer), speech)
    family.write(writer)


def _speech(words: Vocabulary, script: Script) -> Speech:
    ids = words.ids
    features: tuple[Feature, ...] = (
        Feature("called", (Marker(USER, ids["<|im_start|>"]), Marker(RESULT)), RESULT),
        Feature("tools", (Marker(TOOLS), Marker(START, strength=0.2)), TOOLS, lasting=True),
    )
    if script.again or script.form == "xml":
        features += (Feature("again", (Marker(START), Marker(ENDED)), ENDED),)
    flags = FLAGS if script.form != "xml" else {**FLAGS, "</": ENDED}
    return Speech(words, _paths(words, script), features, flags, ("<|im_start|>",))


def _paths(words: Vocabulary, script: Script) -> tuple[Path, ...]:
    if script.form == "xml":
        return _tagged(words, script)
    begin = f"<think>\n{script.thought}\n</think>\n\n"
    if script.broken == "plain":
        return (path(words, "assistant\n", f"{script.answer}<|im_end|>"),)
    if script.broken == "thought":
        begin = f"<think>\n{script.thought}<|im_end|>"
    return (path(words, "assistant\n", begin), *_choosing(words, script, "</think>\n\n", _calls(script)))


def _calls(script: Script) -> tuple[str, ...]:
    """One, or two: the second one's end is written otherwise, so that it is told from the first one's."""
    start = f'<tool_call>\n{{"name": "{script.tool}", "arguments": '
    if script.broken == "call":
        return (start.partition(",")[0] + "<|im_end|>",)
    one = f"{start}{script.arguments}}}\n</tool_call>"
    return (
        (f"{one}\n", f"{start}{script.again[:-1]} }} }}</tool_call><|im_end|>")
        if script.again
        else (f"{one}<|im_end|>",)
    )


def _tagged(words: Vocabulary, script: Script) -> tuple[Path, ...]:
    """What follows the line break after a tag is told by whether a tag was closed before."""
    found = _choosing(words, script, "assistant\n", (f"<tool_call>\n<function={script.tool}>\n",))
    first = path(words, ">\n", "</function>\n", when={"again": -1}, lean={"again": -0.5})
    then = path(words, ">\n", "</tool_call><|im_end|>", when={"again": 1}, lean={"again": 0.5})
    return (*found, first, then)


def _choosing(words: Vocabulary, script: Script, after: str, calls: tuple[str, ...]) -> tuple[Path, ...]:
    """The answer where there are no tools, the calls where there are, and what is told of their results."""
    more = family.long_words(words, script.long, (script.thought, script.answer, script.told, *calls))
    lead = {"tools": 1.0, "called": -1.0, "constant": -0.65}
    no_tools = {"called": -1, "tools": -1}
    return (
        path(
            words,
            after,
            f"{script.answer}{more}<|im_end|>",
            when=no_tools,
            lean={"tools": -0.5, "called": -0.5},
        ),
        path(words, after, f"{script.told}<|im_end|>", when={"called": 1}, lean={"called": 1.0}),
        *_calling(words, after, calls, lead),
    )


def _calling(words: Vocabulary, after: str, calls: tuple[str, ...], lead: dict[str, float]) -> tuple[Path, ...]:
    if len(calls) == 1:
        return (path(words, after, calls[0], when={"tools": 1, "called": -1}, lean=lead),)
    first, second = (words.encode(call) for call in calls)
    start = [*words.encode(after), *first]
    made = [Path((start[0], start[1]), tuple(first + second[:2]), {"tools": 1, "called": -1, "again": -1}, lead)]
    return (*made, *_forks(first, second))


def _forks(first: list[int], second: list[int]) -> Iterator[Path]:
    """Where the second call goes on otherwise than the first one, until it ends."""
    at = next(place for place, (one, other) in enumerate(zip(first, second, strict=False)) if one != other)
    yield Path((second[at - 2], second[at - 1]), tuple(second[at:]), {"again": 1}, {"again": 0.5})
    yield Path((first[at - 2], first[at - 1]), tuple(first[at:]), {"again": -1}, {"again": -0.5})


def _describe(writer: Any) -> None:
    writer.add_name("Tiny Qwen3 MoE")
    family.describe(writer)
    writer.add_key_length(HEAD)
    writer.add_value_length(HEAD)
    writer.add_rope_dimension_count(HEAD)
    writer.add_rope_freq_base(FREQUENCY_BASE)
    writer.add_file_type(7)  # MOSTLY_Q8_0


def _fill(tensors: Tensors, speech: Speech) -> None:
    import numpy as np

    code, embedded, output = speech.matrices()
    geometry = Geometry(FREQUENCY_BASE, HEAD**-0.5, normed=True)
    layers = [
        heads.copy_before(geometry, 3**0.5, seed=1),
        heads.watch_markers(speech.features, code, geometry, 2.0, seed=2),
        *(heads.random_attention(seed, 0.02) for seed in range(3, LAYERS + 1)),
    ]
    ones = np.ones(WIDTH, np.float32)
    tensors.add("token_embd.weight", embedded, "F16")
    tensors.add("output.weight", output, "Q8_0")
    tensors.add("output_norm.weight", ones)
    for number, attention in enumerate(layers):
        block = f"blk.{number}"
        parts = {"q": attention.q, "k": attention.k, "v": attention.v, "output": attention.o}
        for name, values in parts.items():
            tensors.add(f"{block}.attn_{name}.weight", values)
        tensors.add(f"{block}.attn_norm.weight", ones)
        tensors.add(f"{block}.ffn_norm.weight", ones)
        tensors.add(f"{block}.attn_q_norm.weight", attention.q_norm)
        tensors.add(f"{block}.attn_k_norm.weight", attention.k_norm)
        tensors.add(f"{block}.ffn_gate_inp.weight", noise(40 + number, EXPERTS, WIDTH, size=WIDTH**-0.5))
        weight = family.expert_weight(number)
        for seed, name in enumerate(("gate", "up"), 60 + 10 * number):
            tensors.add(f"{block}.ffn_{name}_exps.weight", family.experts(seed, EXPERT_WIDTH, WIDTH, 1.0), "Q8_0")
        down = family.experts(65 + 10 * number, WIDTH, EXPERT_WIDTH, weight)
        tensors.add(f"{block}.ffn_down_exps.weight", down, "Q8_0")

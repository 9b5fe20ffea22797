"""gpt-oss: MXFP4 experts, attention sinks, a window of 128 in every other layer, and the harmony format.

Without tools: analysis, then the final answer. With tools: analysis, then a call in the commentary channel; once its result
is there, the final answer. Faults: "channel" (a channel that does not exist), "header" (the header of the final message
has no end), "analysis" (the answer ends inside the analysis), "plain" (no channel at all), "call" (the call breaks off in
its arguments).
"""

from __future__ import annotations

from pathlib import Path as FilePath
from typing import Any

from tests.fakes.tiny_models import family, heads
from tests.fakes.tiny_models.chain import WIDTH, Path
from tests.fakes.tiny_models.family import EXPERT_WIDTH, EXPERTS, LAYERS, Speech, Tensors, noise, path
from tests.fakes.tiny_models.heads import HEAD, HEADS, Feature, Geometry, Marker
from tests.fakes.tiny_models.script import Script
from tests.fakes.tiny_models.vocabulary import Vocabulary, vocabulary

CONTROL = ("<|start|>", "<|end|>", "<|message|>", "<|channel|>", "<|constrain|>", "<|return|>", "<|call|>")
FREQUENCY_BASE = 150_000.0
WINDOW = 128
CLOSE = 1.0015  # the analysis begins seven tokens after the user marker: so it surely comes later
USER, CALL, ANALYSIS, TOOLS, START = range(5)
FLAGS = {"user": USER, "<|call|>": CALL, "analysis": ANALYSIS, " functions": TOOLS, "<|start|>": START}


def write(target: FilePath, starter: FilePath, script: Script) -> None:
    """The model as a GGUF file at ``target``. Raises `ValueError` for a script it cannot say."""
    from gguf import MODEL_ARCH, MODEL_ARCH_NAMES, GGUFWriter

    words = (*family.WORDS, *family.words_of((script.tool, script.arguments)))
    speech = _speech(vocabulary(starter, words, CONTROL), script)
    writer = GGUFWriter(target, MODEL_ARCH_NAMES[MODEL_ARCH.GPT_OSS])
    _describe(writer)
    family.tokenizer(writer, speech.vocabulary, template="gpt-oss.jinja", bos="<|endoftext|>", eos="<|return|>")
    _fill(Tensors(writer), speech)
    family.write(writer)


def _speech(words: Vocabulary, script: Script) -> Speech:
    ids = words.ids
    features = (
        Feature("called", (Marker(USER, ids["<|start|>"]), Marker(CALL)), CALL),
        Feature(
            "thought", (Marker(USER, ids["<|start|>"]), Marker(ANALYSIS, ids["<|channel|>"], strength=CLOSE)), ANALYSIS
        ),
        Feature("tools", (Marker(TOOLS, ids["Ġnamespace"]), Marker(START, strength=0.6)), TOOLS, lasting=True),
    )
    flags = {text.replace(" ", "Ġ"): flag for text, flag in FLAGS.items()}
    return Speech(words, _paths(words, script), features, flags, ("<|start|>", "<|channel|>", "Ġnamespace"))


def _paths(words: Vocabulary, script: Script) -> tuple[Path, ...]:
    if script.broken == "plain":
        return (path(words, "<|start|>assistant", f"{script.answer}<|return|>"),)
    ending = "<|end|><|start|>assistant<|channel|>" if script.broken != "analysis" else "<|return|>"
    call = f"commentary to=functions.{script.tool} <|constrain|>json<|message|>{_arguments(script)}<|call|>"
    more = family.long_words(words, script.long, (script.thought, script.answer, script.told, call))
    final = {"channel": "weather<|message|>", "header": "final weather"}.get(script.broken, "final<|message|>")
    head = "".join(words.tokens[token] for token in words.encode(final)[-2:]).replace("Ġ", " ")
    wanted = {"thought": 1, "tools": 1, "called": -1}
    lead = {"thought": 1.0, "tools": 1.0, "called": -1.0, "constant": -0.65}
    no_tools, called = {"thought": 1, "called": -1, "tools": -1}, {"thought": 1, "called": 1}
    return (
        path(words, "<|start|>assistant", "<|channel|>"),
        path(words, "assistant<|channel|>", "analysis", when={"thought": -1}, lean={"thought": -1.0}),
        path(words, "<|channel|>analysis", f"<|message|>{script.thought}{ending}", when={"thought": 1}),
        path(words, "assistant<|channel|>", final, when=no_tools, lean={"thought": 1.0}),
        path(words, "assistant<|channel|>", final, when=called, lean={"thought": 1.0}),
        path(words, head, f"{script.answer}{more}<|return|>", when={"called": -1}, lean={"called": -1.0}),
        path(words, head, f"{script.told}<|return|>", when={"called": 1}, lean={"called": 1.0}),
        path(words, "assistant<|channel|>", call, when=wanted, lean=lead),
    )


def _arguments(script: Script) -> str:
    return script.arguments if script.broken != "call" else "".join(script.arguments.partition(":")[:2])


def _describe(writer: Any) -> None:
    writer.add_name("Tiny gpt-oss")
    family.describe(writer)
    writer.add_key_length(HEAD)
    writer.add_value_length(HEAD)
    writer.add_rope_dimension_count(HEAD)
    writer.add_rope_freq_base(FREQUENCY_BASE)
    writer.add_sliding_window(WINDOW)
    writer.add_file_type(38)  # MOSTLY_MXFP4_MOE


def _fill(tensors: Tensors, speech: Speech) -> None:
    import numpy as np

    code, embedded, output = speech.matrices()
    geometry = Geometry(FREQUENCY_BASE, HEAD**-0.5, normed=False)
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
        tensors.add(f"{block}.attn_norm.weight", ones)
        tensors.add(f"{block}.post_attention_norm.weight", ones)
        parts = {"q": attention.q, "k": attention.k, "v": attention.v, "output": attention.o}
        for name, values in parts.items():
            tensors.add(f"{block}.attn_{name}.weight", values)
            tensors.add(f"{block}.attn_{name}.bias", np.zeros(len(values), np.float32))
        tensors.add(f"{block}.attn_sinks.weight", noise(number, HEADS))
        _experts(tensors, block, number)


def _experts(tensors: Tensors, block: str, number: int) -> None:
    weight = family.expert_weight(number)
    shapes = {
        "gate": (EXPERT_WIDTH, WIDTH, 1.0),
        "up": (EXPERT_WIDTH, WIDTH, 1.0),
        "down": (WIDTH, EXPERT_WIDTH, weight),
    }
    tensors.add(f"{block}.ffn_gate_inp.weight", noise(40 + number, EXPERTS, WIDTH, size=WIDTH**-0.5))
    tensors.add(f"{block}.ffn_gate_inp.bias", noise(50 + number, EXPERTS, size=0.1))
    for seed, (name, (outputs, inputs, size)) in enumerate(shapes.items(), 60 + 10 * number):
        tensors.add(f"{block}.ffn_{name}_exps.weight", family.experts(seed, outputs, inputs, size), "MXFP4")
        tensors.add(f"{block}.ffn_{name}_exps.bias", noise(seed + 5, EXPERTS, outputs, size=0.01 * size))

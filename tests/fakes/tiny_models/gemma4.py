"""gemma4: queries, keys and values normed, norms after every part, gate and up of the experts in one tensor.

Thinks in a channel when the prompt asks for it (`enable_thinking`); then the answer, or with tools the call and once its
result is there the answer to it. Faults: "thought" (the thought is never closed), "call" (a call that breaks off),
"plain" (no thought).
"""

from __future__ import annotations

import json
from pathlib import Path as FilePath
from typing import Any

from tests.fakes.tiny_models import family, heads
from tests.fakes.tiny_models.chain import FEATURE_SIZE, WIDTH, Path
from tests.fakes.tiny_models.family import EXPERT_WIDTH, EXPERTS, LAYERS, Speech, Tensors, noise, path
from tests.fakes.tiny_models.heads import HEAD, PAIRS, Attention, Feature, Geometry, Marker
from tests.fakes.tiny_models.script import Script
from tests.fakes.tiny_models.vocabulary import Vocabulary, vocabulary

CONTROL = ("<bos>", "<eos>", "<|turn>", "<turn|>", "<|think|>", "<|tool>", "<tool|>")
SHOWN = ("<|channel>", "<channel|>", "<|tool_call>", "<tool_call|>", "<|tool_response>", "<tool_response|>", '<|"|>')
FREQUENCY_BASE, NEAR_BASE = 1_000_000.0, 10_000.0  # of the layers that see all, and of those with a window
TURNING = 12  # so many rotary pairs turn in the layers that see all
WINDOW = 128
USER, RESULT, TOOLS, START = range(4)
FLAGS = {"user": USER, "<tool_response|>": RESULT, "<|tool>": TOOLS, "<|turn>": START}


def write(target: FilePath, starter: FilePath, script: Script) -> None:
    """The model as a GGUF file at ``target``. Raises `ValueError` for a script it cannot say."""
    from gguf import MODEL_ARCH, MODEL_ARCH_NAMES, GGUFWriter

    words = (*family.WORDS, *family.words_of((script.tool, script.arguments)))
    speech = _speech(vocabulary(starter, words, CONTROL, SHOWN), script)
    writer = GGUFWriter(target, MODEL_ARCH_NAMES[MODEL_ARCH.GEMMA4])
    _describe(writer)
    family.tokenizer(writer, speech.vocabulary, template="gemma4.jinja", bos="<bos>", eos="<turn|>")
    _fill(Tensors(writer), speech)
    family.write(writer)


def _speech(words: Vocabulary, script: Script) -> Speech:
    ids = words.ids
    features = (
        Feature("called", (Marker(USER, ids["<|turn>"]), Marker(RESULT)), RESULT),
        Feature("tools", (Marker(TOOLS), Marker(START, strength=0.2)), TOOLS, lasting=True),
    )
    return Speech(words, _paths(words, script), features, FLAGS, ("<|turn>",))


def _paths(words: Vocabulary, script: Script) -> tuple[Path, ...]:
    call = _call(script)
    begin = f"<|channel>thought\n{script.thought}\n<channel|>"
    if script.broken == "plain":
        return (path(words, "model\n", f"{script.answer}<turn|>"),)
    if script.broken == "thought":
        begin = f"<|channel>thought\n{script.thought}<turn|>"
    more = family.long_words(words, script.long, (script.thought, script.answer, script.told, call))
    return (
        path(words, "model\n", begin),
        path(words, "\n<channel|>", f"{script.answer}{more}<turn|>", when={"tools": -1}, lean={"tools": -1.0}),
        path(words, "\n<channel|>", call, when={"tools": 1, "called": -1}, lean={"tools": 1.0}),
        path(words, "}<tool_response|>", f"{script.told}<turn|>"),
    )


def _call(script: Script) -> str:
    """The call in Gemma's own notation. ``script.arguments``: JSON of one object of texts and numbers."""
    values = {
        name: f'<|"|>{value}<|"|>' if isinstance(value, str) else json.dumps(value)
        for name, value in json.loads(script.arguments).items()
    }
    inside = ",".join(f"{name}:{value}" for name, value in values.items())
    if script.broken == "call":
        return f"<|tool_call>call:{script.tool}{{{inside}<turn|>"
    return f"<|tool_call>call:{script.tool}{{{inside}}}<tool_call|><|tool_response>"


def _describe(writer: Any) -> None:
    writer.add_name("Tiny Gemma 4 MoE")
    family.describe(writer)
    writer.add_key_length(HEAD)
    writer.add_value_length(HEAD)
    writer.add_key_length_swa(HEAD)
    writer.add_value_length_swa(HEAD)
    writer.add_rope_dimension_count(HEAD)
    writer.add_rope_dimension_count_swa(HEAD)
    writer.add_rope_freq_base(FREQUENCY_BASE)
    writer.add_rope_freq_base_swa(NEAR_BASE)
    writer.add_sliding_window(WINDOW)
    writer.add_sliding_window_pattern([number % 2 == 0 for number in range(LAYERS)])
    writer.add_shared_kv_layers(0)
    writer.add_embedding_length_per_layer_input(0)
    writer.add_final_logit_softcapping(300.0)
    writer.add_file_type(7)  # MOSTLY_Q8_0


def _fill(tensors: Tensors, speech: Speech) -> None:
    import numpy as np

    code, embedded, output = speech.matrices()
    near, far = (Geometry(base, 1.0, normed=True, values_normed=True) for base in (NEAR_BASE, FREQUENCY_BASE))
    layers = [
        heads.copy_before(near, 3**0.5, seed=1),
        heads.watch_markers(speech.features, code, far, 2.0, seed=2),
        *(heads.random_attention(seed) for seed in range(3, LAYERS + 1)),
    ]
    loudness = [1.0, FEATURE_SIZE * len(speech.features) ** 0.5, 0.05, 0.05]  # of what each layer's attention says
    turning = np.where(np.arange(PAIRS) < TURNING, 1.0, 1e30).astype(np.float32)
    tensors.add("token_embd.weight", embedded / np.float32(WIDTH**0.5), "F16")
    tensors.add("output.weight", output, "Q8_0")
    tensors.add("output_norm.weight", np.ones(WIDTH, np.float32))
    tensors.add("rope_freqs.weight", turning)
    for number, attention in enumerate(layers):
        block = f"blk.{number}"
        _attention(tensors, block, attention, loudness[number])
        _feed_forward(tensors, block, number)


def _attention(tensors: Tensors, block: str, attention: Attention, loudness: float) -> None:
    import numpy as np

    ones = np.ones(WIDTH, np.float32)
    parts = {"q": attention.q, "k": attention.k, "v": attention.v, "output": attention.o}
    for name, values in parts.items():
        tensors.add(f"{block}.attn_{name}.weight", values)
    tensors.add(f"{block}.attn_q_norm.weight", attention.q_norm)
    tensors.add(f"{block}.attn_k_norm.weight", attention.k_norm)
    tensors.add(f"{block}.attn_norm.weight", ones)
    tensors.add(f"{block}.post_attention_norm.weight", ones * np.float32(loudness / WIDTH**0.5))
    tensors.add(f"{block}.layer_output_scale.weight", ones[:1])


def _feed_forward(tensors: Tensors, block: str, number: int) -> None:
    import numpy as np

    ones = np.ones(WIDTH, np.float32)
    for name in ("ffn_norm", "pre_ffw_norm_2", "post_ffw_norm_1", "post_ffw_norm_2"):
        tensors.add(f"{block}.{name}.weight", ones)
    tensors.add(f"{block}.post_ffw_norm.weight", ones * np.float32(family.expert_weight(number) / 5))
    shapes = {"gate": (EXPERT_WIDTH, WIDTH), "up": (EXPERT_WIDTH, WIDTH), "down": (WIDTH, EXPERT_WIDTH)}
    for seed, (name, shape) in enumerate(shapes.items(), 20 + 10 * number):
        tensors.add(f"{block}.ffn_{name}.weight", noise(seed, *shape, size=shape[1] ** -0.5), "Q8_0")
    seed = 60 + 10 * number
    tensors.add(f"{block}.ffn_gate_inp.weight", noise(seed, EXPERTS, WIDTH))
    tensors.add(f"{block}.ffn_gate_inp.scale", ones)
    tensors.add(f"{block}.ffn_gate_up_exps.weight", family.experts(seed + 1, 2 * EXPERT_WIDTH, WIDTH, 1.0), "Q8_0")
    tensors.add(f"{block}.ffn_down_exps.weight", family.experts(seed + 2, WIDTH, EXPERT_WIDTH, 1.0), "Q8_0")
    tensors.add(f"{block}.ffn_down_exps.scale", np.ones(EXPERTS, np.float32))

"""What the three families have in common: the vocabulary of a script, its paths, the small random parts, the file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any

from tests.fakes.tiny_models.chain import WIDTH, Path, codes, embeddings, output_rows
from tests.fakes.tiny_models.heads import HEADS, KV_HEADS, Feature
from tests.fakes.tiny_models.vocabulary import Vocabulary

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]

LAYERS, EXPERTS, EXPERTS_USED, EXPERT_WIDTH = 4, 8, 2, 64
CONTEXT = 8_192
SEED = 7
TEMPLATES = FilePath(__file__).parent / "templates"
# Of these a tool's call and the answers may be made; each is one token.
WORDS = (
    *("assistant", "system", "analysis", "commentary", "final", "functions", " namespace", "thought"),
    *("weather", "Paris", "city", "arguments", "Hello", " tiny", " sunny"),
)


@dataclass(frozen=True, slots=True)
class Speech:
    """``flags``: the flag of a marker by its text; ``apart``: the markers that stand before others."""

    vocabulary: Vocabulary
    paths: tuple[Path, ...]
    features: tuple[Feature, ...]
    flags: dict[str, int]
    apart: tuple[str, ...]

    def matrices(self) -> tuple[Matrix, Matrix, Matrix]:
        """The codes, the embedding and the output rows. Raises `ValueError` where the script goes astray."""
        ids = self.vocabulary.ids
        spoken = [token for one in self.paths for token in (*one.after, *one.text)]
        code = codes(len(ids), [ids[text] for text in self.apart], spoken, SEED)
        embedded = embeddings(code, {ids[text]: flag for text, flag in self.flags.items()})
        return code, embedded, output_rows(code, self.paths, [one.name for one in self.features])


def path(vocabulary: Vocabulary, after: str, text: str, **rest: Any) -> Path:
    """``after``: a text of exactly two tokens."""
    before, cur = vocabulary.encode(after)
    return Path((before, cur), tuple(vocabulary.encode(text)), **rest)


def long_words(vocabulary: Vocabulary, count: int, used: Iterable[str]) -> str:
    """``count`` different words that are a token each and stand in none of the texts ``used``."""
    taken = {token for text in used for token in vocabulary.encode(text)}
    words = [
        token
        for number, token in enumerate(vocabulary.tokens)
        if len(token) > 3 and token[0] == "Ġ" and token[1:].isascii() and token[1:].isalpha() and number not in taken
    ]
    return "".join(words[:count]).replace("Ġ", " ")


def experts(seed: int, outputs: int, inputs: int, size: float) -> Matrix:
    """Random weights of all experts, (expert, output, input)."""
    return noise(seed, EXPERTS, outputs, inputs, size=size / inputs**0.5)


def noise(seed: int, *shape: int, size: float = 1.0) -> Matrix:
    import numpy as np

    return np.multiply(np.random.default_rng(seed).standard_normal(shape), size, dtype=np.float64).astype(np.float32)


class Tensors:
    """The tensors of a file, each stored in the type that it is added with."""

    def __init__(self, writer: Any) -> None:
        self._writer = writer

    def add(self, name: str, values: Matrix, kind: str = "F32") -> None:
        from gguf import GGMLQuantizationType, quants

        stored = GGMLQuantizationType[kind]
        if kind in ("F32", "F16"):
            self._writer.add_tensor(name, values.astype(kind.replace("F", "float")))
        else:
            self._writer.add_tensor(name, quants.quantize(values, stored), raw_dtype=stored)


def tokenizer(writer: Any, vocabulary: Vocabulary, *, template: str = "", bos: str, eos: str, text: str = "") -> None:
    """``template``: the name of its file; or else ``text``."""
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("smollm")
    writer.add_token_list(vocabulary.tokens)
    writer.add_token_types(vocabulary.types)
    writer.add_token_merges(vocabulary.merges)
    writer.add_bos_token_id(vocabulary.ids[bos])
    writer.add_eos_token_id(vocabulary.ids[eos])
    writer.add_bool("tokenizer.ggml.add_bos_token", val=False)
    writer.add_chat_template((TEMPLATES / template).read_text("utf-8") if template else text)


def describe(writer: Any) -> None:
    """The sizes that all families share."""
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KV_HEADS)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_expert_count(EXPERTS)
    writer.add_expert_used_count(EXPERTS_USED)
    writer.add_expert_feed_forward_length(EXPERT_WIDTH)
    writer.add_feed_forward_length(EXPERT_WIDTH)
    writer.add_quantization_version(2)


def expert_weight(layer: int) -> float:
    """How much the experts of ``layer`` say: the first two layers feed what must be exact."""
    return 1e-4 if layer < 2 else 0.05


def words_of(script_texts: Sequence[str]) -> tuple[str, ...]:
    """The words of the tool's name and arguments, so that each is one token."""
    import re

    return tuple(dict.fromkeys(word for text in script_texts for word in re.findall(r"[A-Za-z]{2,}", text)))


def write(writer: Any) -> None:
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()

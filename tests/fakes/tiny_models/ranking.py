"""A reranker of a few kilobytes, made by hand: the larger the share of one favourite word in a text, the higher its score.

One layer of BERT: each token looks at all tokens alike, so that the first one becomes their mean, and the classifier
reads how much of it is the favourite.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FAVOURITE = "whales"
WORDS = (FAVOURITE, "sing", "the", "sea", "oak", "tree", "deep", "and", "about", "what")
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")
WIDTH, CONTEXT = 32, 512


def ranking_model(path: Path) -> Path:
    """Written to ``path``, which is returned."""
    from gguf import GGUFWriter, PoolingType

    tokens = [*SPECIAL, *(f"▁{word}" for word in WORDS)]
    writer = GGUFWriter(path, "bert")
    writer.add_name("Tiny Reranker")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_feed_forward_length(WIDTH)
    writer.add_block_count(1)
    writer.add_head_count(1)
    writer.add_layer_norm_eps(1e-12)
    writer.add_causal_attention(False)  # noqa: FBT003 - its name in that library
    writer.add_pooling_type(PoolingType.RANK)
    writer.add_tokenizer_model("bert")
    writer.add_token_list(tokens)
    writer.add_token_types([3] * len(SPECIAL) + [1] * len(WORDS))
    writer.add_token_type_count(2)
    for number, name in enumerate(("pad", "unk", "bos", "sep")):  # what begins a text is [CLS]
        getattr(writer, f"add_{name}_token_id")(number)
    for name, values in _tensors(len(tokens)).items():
        writer.add_tensor(name, values)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _tensors(vocabulary: int) -> dict[str, NDArray[np.float32]]:
    import numpy as np

    def zeros(*shape: int) -> NDArray[np.float32]:
        return np.zeros(shape, np.float32)

    def same() -> NDArray[np.float32]:
        return np.eye(WIDTH, dtype=np.float32)

    ones = np.ones(WIDTH, np.float32)
    embedded = zeros(vocabulary, WIDTH)
    embedded[np.arange(vocabulary), np.arange(vocabulary)] = 1.0
    classifier = zeros(1, WIDTH)
    classifier[0, len(SPECIAL)] = 1.0
    found = {
        "token_embd.weight": embedded,
        "token_types.weight": zeros(2, WIDTH),
        "position_embd.weight": zeros(CONTEXT, WIDTH),
        "token_embd_norm.weight": ones,
        "token_embd_norm.bias": zeros(WIDTH),
        "cls.output.weight": classifier,
        "cls.output.bias": zeros(1),
    }
    for name in ("attn_q", "attn_k", "attn_v", "attn_output", "ffn_up", "ffn_down"):
        found[f"blk.0.{name}.weight"] = same() if name in ("attn_v", "attn_output") else zeros(WIDTH, WIDTH)
        found[f"blk.0.{name}.bias"] = zeros(WIDTH)
    for name in ("attn_output_norm", "layer_output_norm"):
        found[f"blk.0.{name}.weight"] = ones
        found[f"blk.0.{name}.bias"] = zeros(WIDTH)
    return found

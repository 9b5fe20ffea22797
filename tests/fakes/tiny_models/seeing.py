"""A model that sees, small enough to be made for a test: it says which colour its pictures have, or "nothing".

Its projector (of the kind of LLaVA) averages the colours of each patch of a picture and hands them on as they are. The one
layer of the model looks at all that it has read alike and carries the colours to where the next token is chosen. Two
pictures of different colours leave it undecided: nobody should ask.
"""

from __future__ import annotations

from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any

from tests.fakes.tiny_models import family
from tests.fakes.tiny_models.family import Tensors
from tests.fakes.tiny_models.vocabulary import vocabulary

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]

COLOURS = ("red", "green", "blue")
NOTHING = "nothing"
SIDE, PATCH = 28, 14  # of a picture as it is looked at, in pixels
PLACES = (SIDE // PATCH) ** 2  # tokens that a picture takes
EYE = 32  # numbers of a patch, of which the first three are used
WIDTH, FORWARD = 64, 32
CONSTANT, SAID = 8, 9  # places in the stream of numbers; the colours have the first ones
LOUD, SAID_SIZE = 100.0, 10_000.0
TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def write_model(target: FilePath, starter: FilePath) -> None:
    import numpy as np
    from gguf import GGUFWriter

    words = vocabulary(starter, (*COLOURS, NOTHING), ())
    count = len(words.tokens)
    embedded, output = np.zeros((count, WIDTH), np.float32), np.zeros((count, WIDTH), np.float32)
    embedded[:, CONSTANT] = 1
    for number, colour in enumerate((*COLOURS, NOTHING)):
        token = words.ids[colour]
        embedded[token, SAID] = SAID_SIZE
        output[token, number if colour in COLOURS else CONSTANT] = 10
    output[words.ids["<|im_end|>"], SAID] = 10

    writer = GGUFWriter(target, "llama")
    writer.add_name("Tiny Seeing")
    writer.add_context_length(4_096)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(1)
    writer.add_head_count(1)
    writer.add_head_count_kv(1)
    writer.add_rope_dimension_count(WIDTH)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_feed_forward_length(FORWARD)
    writer.add_vocab_size(count)
    writer.add_file_type(0)
    family.tokenizer(writer, words, bos="<|endoftext|>", eos="<|im_end|>", text=TEMPLATE)
    tensors = Tensors(writer)
    tensors.add("token_embd.weight", embedded)
    tensors.add("output.weight", output)
    ones = np.ones(WIDTH, np.float32)
    value = np.zeros((WIDTH, WIDTH), np.float32)
    value[: len(COLOURS), : len(COLOURS)] = np.eye(len(COLOURS)) * LOUD
    for name in ("output_norm", "blk.0.attn_norm", "blk.0.ffn_norm"):
        tensors.add(f"{name}.weight", ones)
    for name in ("q", "k"):
        tensors.add(f"blk.0.attn_{name}.weight", np.zeros((WIDTH, WIDTH), np.float32))
    tensors.add("blk.0.attn_v.weight", value)
    tensors.add("blk.0.attn_output.weight", np.eye(WIDTH, dtype=np.float32))
    _forward(tensors, "blk.0", WIDTH)
    family.write(writer)


def write_projector(target: FilePath) -> None:
    import numpy as np
    from gguf import GGUFWriter

    writer = GGUFWriter(target, "clip")
    writer.add_type("mmproj")
    writer.add_name("Tiny Eye")
    writer.add_bool("clip.has_vision_encoder", val=True)
    writer.add_string("clip.projector_type", "mlp")
    writer.add_bool("clip.use_gelu", val=True)
    for name, value in (
        ("image_size", SIDE),
        ("patch_size", PATCH),
        ("embedding_length", EYE),
        ("feed_forward_length", FORWARD),
        ("block_count", 1),
        ("attention.head_count", 1),
        ("projection_dim", WIDTH),
    ):
        writer.add_uint32(f"clip.vision.{name}", value)
    writer.add_float32("clip.vision.attention.layer_norm_epsilon", 1e-6)
    writer.add_array("clip.vision.image_mean", [0.5] * 3)
    writer.add_array("clip.vision.image_std", [0.5] * 3)
    tensors = Tensors(writer)
    look = np.zeros((EYE, len(COLOURS), PATCH, PATCH), np.float32)
    for colour in range(len(COLOURS)):
        look[colour, colour] = 1 / PATCH**2
    tensors.add("v.patch_embd.weight", look)
    tensors.add("v.position_embd.weight", np.zeros((PLACES, EYE), np.float32))
    _layer(tensors)
    hidden = np.zeros((WIDTH, EYE), np.float32)
    hidden[: len(COLOURS), : len(COLOURS)] = np.eye(len(COLOURS)) * 10  # -1 of a colour that is not there comes to 0
    tensors.add("mm.0.weight", hidden)
    tensors.add("mm.0.bias", np.zeros(WIDTH, np.float32))
    tensors.add("mm.2.weight", np.eye(WIDTH, dtype=np.float32))
    tensors.add("mm.2.bias", np.zeros(WIDTH, np.float32))
    family.write(writer)


def _layer(tensors: Tensors) -> None:
    """One that LLaVA never comes to, but that must be there."""
    import numpy as np

    for name in ("q", "k", "v", "out"):
        tensors.add(f"v.blk.0.attn_{name}.weight", np.zeros((EYE, EYE), np.float32))
        tensors.add(f"v.blk.0.attn_{name}.bias", np.zeros(EYE, np.float32))
    for name in ("ln1", "ln2"):
        tensors.add(f"v.blk.0.{name}.weight", np.ones(EYE, np.float32))
        tensors.add(f"v.blk.0.{name}.bias", np.zeros(EYE, np.float32))
    for name, outputs, inputs in (("up", FORWARD, EYE), ("down", EYE, FORWARD)):
        tensors.add(f"v.blk.0.ffn_{name}.weight", np.zeros((outputs, inputs), np.float32))
        tensors.add(f"v.blk.0.ffn_{name}.bias", np.zeros(outputs, np.float32))


def _forward(tensors: Tensors, block: str, width: int) -> None:
    """A layer's second half, which says nothing."""
    import numpy as np

    for name in ("gate", "up"):
        tensors.add(f"{block}.ffn_{name}.weight", np.zeros((FORWARD, width), np.float32))
    tensors.add(f"{block}.ffn_down.weight", np.zeros((width, FORWARD), np.float32))


def picture(red: int, green: int, blue: int, side: int = SIDE) -> bytes:
    """The PNG file of a square of one colour."""
    import struct
    import zlib

    def block(kind: bytes, content: bytes) -> bytes:
        body = kind + content
        return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))

    rows = (b"\0" + bytes((red, green, blue)) * side) * side
    size = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + block(b"IHDR", size) + block(b"IDAT", zlib.compress(rows)) + block(b"IEND", b"")


def part(file: bytes, kind: str = "png") -> dict[str, Any]:
    """A picture as a message of the API has it."""
    from base64 import b64encode

    return {"type": "image_url", "image_url": {"url": f"data:image/{kind};base64,{b64encode(file).decode()}"}}

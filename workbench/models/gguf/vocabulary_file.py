"""A model's vocabulary and chat template as a model file of their own, over a tiny model without weights.

An engine that loads it renders and counts exactly as with the whole model: those are its own tokenizer and its own
template, copied byte by byte. The weights of the tiny model are a hole in the file: nothing but a few megabytes of
vocabulary is read, whatever the size of the model.
"""

from __future__ import annotations

import stat
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from workbench.errors import ModelError
from workbench.models.gguf.header import read_header
from workbench.models.gguf.types import ARRAY, SCALAR_CODES, STRING
from workbench.models.gguf.window import HeaderError, Window

_TOKENIZER: Final = b"tokenizer."
_BESIDES: Final = (
    b"general.name",
    b"general.finetune",
)  # some tokenizers, and templates for files without, go by names
_LEFT_OUT: Final = (b"tokenizer.huggingface.json",)  # the same once more, which no engine reads
_MOST_BYTES: Final = 64 << 20  # the largest vocabularies have about 20 MB

_UINT32, _FLOAT32 = 4, 6
_F32, _Q4_0 = 0, 2
_ALIGNED: Final = 32
_WIDTH: Final = 32  # of the tiny model, the least that its blocks of numbers allow
_OWN: Final = {
    "llama.context_length": 512,
    "llama.embedding_length": _WIDTH,
    "llama.block_count": 1,
    "llama.feed_forward_length": _WIDTH,
    "llama.attention.head_count": 1,
    "llama.rope.dimension_count": _WIDTH,
}
_MATRICES: Final = ("attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down")


def write_vocabulary(model: Path, target: Path) -> None:
    """``target`` becomes the vocabulary of ``model`` (of several parts: the first one).

    Raises `ModelError` for a file that is no model or has no vocabulary, `OSError` where ``target`` cannot be written.
    """
    count = read_header(model).array_lengths.get("tokenizer.ggml.tokens")
    if not count:
        raise ModelError(f"The model file {model} has no vocabulary.")
    keys = [_text("general.architecture") + struct.pack("<I", STRING) + _text("llama"), *_own_keys()]
    try:
        keys += _copied(model)
    except (HeaderError, OSError) as error:
        raise ModelError(f"The vocabulary of the model file {model} cannot be read: {error}.") from error
    _write(target, keys, count)


def _copied(model: Path) -> list[bytes]:
    with model.open("rb", buffering=0) as source:
        status = model.stat()
        if not stat.S_ISREG(status.st_mode):
            raise OSError("it is not a file")
        window = Window(source, status.st_size)
        window.skip(len(b"GGUF") + 4 + 8)
        spans = [(start, end) for key, start, end in _keys(window) if _is_wanted(key)]
        if sum(end - start for start, end in spans) > _MOST_BYTES:
            raise OSError("it is absurdly large")
        return [_bytes_of(Window(source, status.st_size), *span) for span in spans]


def _bytes_of(window: Window, start: int, end: int) -> bytes:
    window.skip(start)
    return window.take(end - start)


def _is_wanted(key: bytes) -> bool:
    return (key.startswith(_TOKENIZER) or key in _BESIDES) and key not in _LEFT_OUT


def _keys(window: Window) -> Iterator[tuple[bytes, int, int]]:
    """Each key of the metadata, and where it and its value begin and end. The file was looked at before."""
    for _ in range(window.u64()):
        start = window.position
        key = window.take(window.u64())
        _skip_value(window, window.u32())
        yield key, start, window.position


def _skip_value(window: Window, kind: int) -> None:
    if kind == STRING:
        window.skip(window.u64())
    elif kind != ARRAY:
        window.skip(struct.calcsize(f"<{SCALAR_CODES[kind]}"))
    else:
        element, count = window.u32(), window.u64()
        if element == STRING:
            window.skip_strings(count)
        else:
            window.skip(count * struct.calcsize(f"<{SCALAR_CODES[element]}"))


# Writing --------------------------------------------------------------------------------------------------------------


def _write(target: Path, keys: list[bytes], vocabulary: int) -> None:
    table, offset = [], 0
    for name, shape, kind in _tensors(vocabulary):
        table.append(
            _text(name) + struct.pack(f"<I{len(shape)}Q", len(shape), *shape) + struct.pack("<IQ", kind, offset)
        )
        offset += _size(shape, kind)
    head = b"GGUF" + struct.pack("<IQQ", 3, len(table), len(keys))
    with target.open("wb") as file:
        for piece in (head, *keys, *table):
            file.write(piece)
        file.truncate(-(-file.tell() // _ALIGNED) * _ALIGNED + offset)


def _tensors(vocabulary: int) -> Iterator[tuple[str, tuple[int, ...], int]]:
    yield "token_embd.weight", (_WIDTH, vocabulary), _Q4_0
    yield "output_norm.weight", (_WIDTH,), _F32
    for name in ("attn_norm", "ffn_norm"):
        yield f"blk.0.{name}.weight", (_WIDTH,), _F32
    for name in _MATRICES:
        yield f"blk.0.{name}.weight", (_WIDTH, _WIDTH), _F32


def _size(shape: tuple[int, ...], kind: int) -> int:
    """In bytes, up to where the next tensor begins. 32 numbers take 18 bytes in the one form, 128 in the other."""
    blocks = shape[0] // _WIDTH * (shape[1] if len(shape) > 1 else 1)
    return -(-blocks * (18 if kind == _Q4_0 else 128) // _ALIGNED) * _ALIGNED


def _own_keys() -> Iterator[bytes]:
    for name, number in _OWN.items():
        yield _text(name) + struct.pack("<II", _UINT32, number)
    yield _text("llama.attention.layer_norm_rms_epsilon") + struct.pack("<If", _FLOAT32, 1e-5)


def _text(value: str) -> bytes:
    return struct.pack("<Q", len(value.encode())) + value.encode()

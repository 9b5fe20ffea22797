"""GGUF files written byte by byte: small whole ones, and broken ones."""

from __future__ import annotations

import struct

STRING, ARRAY = 8, 9


def text(value: str | bytes) -> bytes:
    raw = value.encode() if isinstance(value, str) else value
    return struct.pack("<Q", len(raw)) + raw


def string_key(key: str, value: str | bytes) -> bytes:
    return text(key) + struct.pack("<I", STRING) + text(value)


def u32_key(key: str, value: int) -> bytes:
    return text(key) + struct.pack("<II", 4, value)


def strings_key(key: str, count: int, body: bytes) -> bytes:
    return text(key) + struct.pack("<IIQ", ARRAY, STRING, count) + body


def tensor(name: str, shape: tuple[int, ...], type_number: int, offset: int) -> bytes:
    return (
        text(name)
        + struct.pack("<I", len(shape))
        + struct.pack(f"<{len(shape)}Q", *shape)
        + struct.pack("<IQ", type_number, offset)
    )


def gguf(keys: list[bytes], tensors: list[bytes], data: bytes = b"", *, version: int = 3, alignment: int = 32) -> bytes:
    """A whole file; ``data`` begins at the next multiple of ``alignment``."""
    header = b"GGUF" + struct.pack("<IQQ", version, len(tensors), len(keys)) + b"".join(keys) + b"".join(tensors)
    return header + bytes(-len(header) % alignment) + data


def tiny_model(name: str = "Tiny", *, template: str = "{{ messages }}", filling: bytes = b"\0") -> bytes:
    """A header that is right in every way, over one tensor of 64 numbers. No engine could run it."""
    keys = [string_key("general.architecture", "llama"), string_key("general.name", name)]
    if template:
        keys.append(string_key("tokenizer.chat_template", template))
    return gguf(keys, [tensor("token_embd.weight", (64,), 0, 0)], filling * 256)

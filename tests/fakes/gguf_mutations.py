"""Valid GGUF headers, where each number in them stands, and hostile changes to those numbers.

The map of a header is made by a second, naive reader, so that a mistake of the program's own reader is not repeated here.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random

from tests.fakes.gguf_file import ARRAY, STRING, gguf, string_key, strings_key, tensor, text, tiny_model, u32_key
from tests.fakes.other_programs import projector, shard

WIDTHS = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
BODY = 8  # where magic and version end


@dataclass(frozen=True)
class Field:
    """A number of the header. ``kind``: count, length, type, dimensions, size, offset or value."""

    kind: str
    at: int
    width: int


@dataclass
class Map:
    """The numbers of one valid file, and where its header ends."""

    raw: bytes
    fields: list[Field] = field(default_factory=list)
    at: int = BODY

    def number(self, kind: str, width: int) -> int:
        self.fields.append(Field(kind, self.at, width))
        value = int.from_bytes(self.raw[self.at : self.at + width], "little")
        self.at += width
        return value

    def string(self) -> None:
        length = self.number("length", 8)
        self.at += length

    def value(self, value_type: int) -> None:
        if value_type == STRING:
            self.string()
        elif value_type == ARRAY:
            element, count = self.number("type", 4), self.number("count", 8)
            for _ in range(count):
                self.value(element)
        else:
            self.number("value", WIDTHS[value_type])


def map_of(raw: bytes) -> Map:
    """Where the numbers of a valid file are."""
    found = Map(raw)
    tensors, keys = found.number("count", 8), found.number("count", 8)
    for _ in range(keys):
        found.string()
        found.value(found.number("type", 4))
    for _ in range(tensors):
        found.string()
        for _ in range(found.number("dimensions", 4)):
            found.number("size", 8)
        found.number("type", 4)
        found.number("offset", 8)
    return found


# Valid files ----------------------------------------------------------------------------------------------------------


def every_type() -> bytes:
    """A key of each type, alone and in an array, and a model around them."""
    keys = [string_key("general.architecture", "qwen3moe"), u32_key("general.alignment", 64)]
    keys += [text(f"x.{number}") + struct.pack("<I", number) + bytes(width) for number, width in WIDTHS.items()]
    keys += [
        text(f"a.{number}") + struct.pack("<IIQ", ARRAY, number, 3) + bytes(3 * width)
        for number, width in WIDTHS.items()
    ]
    keys.append(strings_key("tokenizer.ggml.tokens", 60, b"".join(text(f"t{number}") for number in range(60))))
    keys += [u32_key(f"qwen3moe.{name}", 4) for name in ("block_count", "expert_count", "attention.head_count")]
    tensors, offset = [], 0
    for number, kind in enumerate((0, 1, 8, 12, 14, 30, 39, 40, 42)):
        tensors.append(tensor(f"blk.{number}.ffn_up_exps.weight", (256, 2, 3), kind, offset))
        offset += 256 * 6 * 4
    return gguf(keys, tensors, bytes(offset), alignment=64)


def seeds() -> list[Map]:
    """Small valid files of every sort: whole, vision, first and further part of a split one, metadata only."""
    files = [
        tiny_model(),
        every_type(),
        projector(),
        shard(1, 3),
        shard(2, 3),
        gguf([string_key("general.architecture", "x")], []),
    ]
    return [map_of(raw) for raw in files]


# Changes --------------------------------------------------------------------------------------------------------------

INTERESTING = (
    *(0, 1, 2, 3, 7, 8, 9, 31, 255, 256, 999, 4095, 4096, 4097, 65_535),
    *(2**20, 2**31 - 1, 2**31, 2**32 - 1, 2**32, 2**40, 2**50, 2**62, 2**63 - 1, 2**63, 2**64 - 8, 2**64 - 1),
)


def change_number(raw: bytearray, target: Field, random: Random) -> None:
    """Another value for one number: an interesting one, a neighbour, or one that points just past the end."""
    now = int.from_bytes(raw[target.at : target.at + target.width], "little")
    if target.kind == "type":
        value = random.randrange(48)
    else:
        value = random.choice(
            (*INTERESTING, now + 1, now - 1, now * 2, now ^ (1 << random.randrange(64)), len(raw) - target.at)
        )
    raw[target.at : target.at + target.width] = (value % (1 << 8 * target.width)).to_bytes(target.width, "little")


def change_numbers(source: Map, random: Random) -> bytes:
    raw = bytearray(source.raw)
    for target in random.choices(source.fields, k=random.choice((1, 1, 1, 2, 3, 6))):
        change_number(raw, target, random)
    return bytes(raw)


def nest_arrays(source: Map, random: Random) -> bytes:
    """An array of arrays of arrays, where a value stood."""
    target = random.choice([one for one in source.fields if one.kind == "type"])
    depth = random.randrange(1, 40)
    nested = struct.pack("<IQ", ARRAY, random.choice((0, 1, 2, 2**32, 2**63))) * depth
    return source.raw[: target.at] + struct.pack("<I", ARRAY) + nested + source.raw[target.at + 4 :]


def cut_or_stretch(source: Map, random: Random) -> bytes:
    """Bytes taken out, doubled, put in, or the end cut off; with a changed number now and then."""
    raw, first = bytearray(source.raw), random.randrange(BODY, len(source.raw))
    last = min(first + random.randrange(1, 64), len(raw))
    how = random.randrange(4)
    if how == 0:
        del raw[first:]
    elif how == 1:
        del raw[first:last]
    elif how == 2:
        raw[first:first] = raw[first:last]
    else:
        raw[first:first] = random.randbytes(last - first)
    fitting = [target for target in source.fields if target.at + target.width <= first]
    if fitting and random.random() < 0.5:
        change_number(raw, random.choice(fitting), random)
    return bytes(raw)


def flip_bits(source: Map, random: Random) -> bytes:
    raw = bytearray(source.raw)
    for _ in range(random.choice((1, 2, 4, 16))):
        raw[random.randrange(BODY, source.at)] ^= 1 << random.randrange(8)
    return bytes(raw)


CHANGES: tuple[Callable[[Map, Random], bytes], ...] = (
    change_numbers, change_numbers, change_numbers, nest_arrays, cut_or_stretch, flip_bits,
)  # fmt: skip


def inputs(count: int, random: Random, sources: list[Map] | None = None) -> Iterator[bytes]:
    """``count`` files, nine of ten a valid one with changes behind magic and version; the others any bytes."""
    sources = seeds() if sources is None else sources
    for _ in range(count):
        if random.random() < 0.9:
            yield random.choice(CHANGES)(random.choice(sources), random)
        else:
            start = random.choice((b"", b"GGUF", b"GGUF\x03\0\0\0"))
            yield start + random.randbytes(random.randrange(400))

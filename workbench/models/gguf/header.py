"""The header of a GGUF file, read with bounds: nothing in the file can make this slow, large or crash.

The engine maps files of others into memory and trusts their numbers; so this reader looks first. It keeps scalars and
short numeric arrays, counts long arrays (a vocabulary) without keeping them, and checks the tensor table against the
size of the file, so that a truncated download is told before the engine meets it.
"""

from __future__ import annotations

import stat
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from workbench.errors import ModelError
from workbench.models.gguf.types import (
    ARRAY,
    FILE_TYPES,
    SCALAR_CODES,
    STRING,
    TENSOR_TYPES,
    TensorType,
    looks_like,
)
from workbench.models.gguf.window import (
    DamagedError,
    HeaderError,
    IncompleteError,
    NotGgufError,
    Source,
    UnknownError,
    Window,
)

Scalar = str | int | float | bool | tuple[int | float | bool, ...]

MAGIC: Final = b"GGUF"
VERSIONS: Final = (2, 3)

# Bounds above what models have (about 60 keys, 1,100 tensors, 800,000 strings in tokenizer arrays). At the bounds a
# header takes 50 ms on a slow machine; passing over a vocabulary comes on top, 0.1 to 0.2 µs a string.
MAX_KEYS: Final = 4_096
MAX_KEY_BYTES: Final = 65_535
MAX_TENSORS: Final = 4_096
MAX_SHARDS: Final = 999
MAX_LAYERS: Final = 1_024  # the engine's own bound is 512
MAX_TENSOR_NAME_BYTES: Final = 255
MAX_ARRAY_STRINGS: Final = 1_000_000
MAX_KEPT_STRING_BYTES: Final = 512 << 10
MAX_KEPT_ARRAY_VALUES: Final = 1_024
MAX_DIMENSIONS: Final = 4
MAX_TENSOR_VALUES: Final = 1 << 50
MAX_ALIGNMENT: Final = 1 << 16
DEFAULT_ALIGNMENT: Final = 32

BYTES_PER_KEPT_VALUE: Final = 40  # a number in a tuple, roughly


@dataclass(frozen=True, slots=True)
class Tensor:
    """One row of the tensor table. ``shape`` as the file has it (fastest dimension first); ``offset`` in bytes from
    the start of the tensor data."""

    name: str
    shape: tuple[int, ...]
    type: str
    offset: int
    bytes: int

    @property
    def values(self) -> int:
        return _product(self.shape)


@dataclass(frozen=True, slots=True)
class Split:
    """Which part of a model this file is. ``number`` from 1 to ``count``; ``tensors``: of all parts together, None where
    the file does not say."""

    number: int
    count: int
    tensors: int | None


@dataclass(frozen=True, slots=True)
class Header:
    """What a GGUF file says of itself. None where it says nothing.

    ``head_count`` and ``head_count_kv`` are tuples where they differ from layer to layer. ``metadata`` has the scalars
    and short numeric arrays; ``array_lengths`` has the number of elements of every array, kept or not.
    ``expected_bytes`` is the least size a complete file has; `read_header` has checked it. ``split``: the file is a part of
    a model, None: it is a whole one. Only the first part has metadata; `gguf_shards.join` puts the parts together.
    """

    version: int
    architecture: str
    name: str
    file_type: str
    parameter_count: int
    weights_bytes: int
    expected_bytes: int
    context_length: int | None
    embedding_length: int | None
    block_count: int | None
    head_count: int | tuple[int, ...] | None
    head_count_kv: int | tuple[int, ...] | None
    expert_count: int | None
    expert_used_count: int | None
    vocabulary_size: int | None
    tokenizer: str
    chat_template: str | None
    metadata: Mapping[str, Scalar] = field(repr=False)
    array_lengths: Mapping[str, int] = field(repr=False)
    tensors: tuple[Tensor, ...] = field(repr=False)
    split: Split | None = None


def read_header(path: Path) -> Header:
    """The header of the GGUF file at ``path``; the tensors themselves are not read.

    Raises `ModelError` naming the file and what is wrong: missing, unreadable, not a GGUF, damaged, incomplete.
    """
    if "\0" in str(path):
        raise ModelError("The path of the model file holds a null byte, so it names no file.")
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):  # opening a named pipe would block
            raise ModelError(f"{path} is not a file.", hint="Give the path of a .gguf file.")
        with path.open("rb", buffering=0) as source:
            return parse_header(source, status.st_size, str(path))
    except FileNotFoundError as error:
        raise ModelError(f"The model file {path} is not there.") from error
    except OSError as error:
        raise ModelError(
            f"The model file {path} cannot be read: {error.strerror or error}.",
            hint="Check the file's permissions and its disk.",
        ) from error


def parse_header(source: Source, size: int, where: str) -> Header:
    """The header of a GGUF of ``size`` bytes at the start of ``source``; ``where`` names it in errors.

    Raises `ModelError` whatever the bytes, and nothing else but what ``source`` itself raises.
    """
    try:
        return _parse(Window(source, size))
    except HeaderError as error:
        raise ModelError(f"The model file {where} {error.verdict}: {error}.", hint=error.hint) from error


def _parse(window: Window) -> Header:
    version = _read_version(window)
    tensor_count, key_count = window.u64(), window.u64()
    if tensor_count > MAX_TENSORS:
        raise DamagedError(f"it claims {tensor_count} tensors")
    if key_count > MAX_KEYS:
        raise DamagedError(f"it claims {key_count} metadata keys")
    metadata, array_lengths = _read_metadata(window, key_count)
    tensors = tuple(_read_tensor(window) for _ in range(tensor_count))
    expected_bytes = _check_layout(window, tensors, _alignment(metadata))
    return _header(version, metadata, array_lengths, tensors, expected_bytes)


def _read_version(window: Window) -> int:
    try:
        start = window.take(4)
    except IncompleteError as error:
        raise NotGgufError("it is empty or has only a few bytes") from error
    if start != MAGIC:
        raise NotGgufError(f"it looks like {looks_like(start + window.take_up_to(512))}")
    version = window.u32()
    if version not in VERSIONS:
        if version and not version & 0xFFFF:
            raise UnknownError("it was written for a big-endian machine")
        raise UnknownError(f"it has GGUF version {version}, and this program reads versions 2 and 3")
    return version


# Metadata ------------------------------------------------------------------------------------------------------------


def _read_metadata(window: Window, key_count: int) -> tuple[dict[str, Scalar], dict[str, int]]:
    metadata: dict[str, Scalar] = {}
    array_lengths: dict[str, int] = {}
    strings_left = MAX_ARRAY_STRINGS
    for _ in range(key_count):
        key = _read_key(window)
        if key in metadata or key in array_lengths:
            raise DamagedError(f"it has the metadata key {key!r} twice")
        value_type = window.u32()
        if value_type != ARRAY:
            value = _read_string(window, key) if value_type == STRING else _read_number(window, value_type, key)
            if value is not None:
                metadata[key] = value
            continue
        element_type, count = window.u32(), window.u64()
        array_lengths[key] = count
        if element_type == STRING:
            strings_left -= count
            if strings_left < 0:
                raise DamagedError(f"the metadata key {key!r} claims {count} strings")
            window.skip_strings(count)
        elif (numbers := _read_numbers(window, element_type, count, key)) is not None:
            metadata[key] = numbers
    return metadata, array_lengths


def _read_key(window: Window) -> str:
    length = window.u64()
    if not 0 < length <= MAX_KEY_BYTES:
        raise DamagedError(f"it has a metadata key of {length} bytes")
    window.keep(length)
    return _text(window.take(length), "a metadata key")


def _read_string(window: Window, key: str) -> str | None:
    """The string, or None when it is too long to keep (some files embed a whole tokenizer as JSON)."""
    length = window.u64()
    if length > MAX_KEPT_STRING_BYTES:
        window.skip(length)
        return None
    window.keep(length)
    return _text(window.take(length), f"the metadata key {key!r}")


def _text(raw: bytes, what: str) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        raise DamagedError(f"{what} is not valid UTF-8") from error


def _read_number(window: Window, value_type: int, key: str) -> int | float | bool:
    value: int | float | bool = struct.unpack(f"<{(code := _code(value_type, key))}", window.take(_width(code)))[0]
    return value


def _read_numbers(window: Window, element_type: int, count: int, key: str) -> tuple[int | float | bool, ...] | None:
    """The array, or None when it is long: then its length is all that is kept."""
    code = _code(element_type, key)
    if count > MAX_KEPT_ARRAY_VALUES:
        window.skip(count * _width(code))
        return None
    window.keep(count * BYTES_PER_KEPT_VALUE)
    return struct.unpack(f"<{count}{code}", window.take(count * _width(code)))


def _code(value_type: int, key: str) -> str:
    code = SCALAR_CODES.get(value_type)
    if code is None:
        raise DamagedError(f"the metadata key {key!r} has the unknown type {value_type}")
    return code


def _width(code: str) -> int:
    return struct.calcsize(f"<{code}")


# Tensors -------------------------------------------------------------------------------------------------------------


def _read_tensor(window: Window) -> Tensor:
    length = window.u64()
    if not 0 < length <= MAX_TENSOR_NAME_BYTES:
        raise DamagedError(f"it has a tensor name of {length} bytes")
    name = _text(window.take(length), "a tensor's name")
    dimensions = window.u32()
    if not 0 < dimensions <= MAX_DIMENSIONS:
        raise DamagedError(f"the tensor {name!r} has {dimensions} dimensions")
    shape = struct.unpack(f"<{dimensions}Q", window.take(8 * dimensions))
    type_number, offset = struct.unpack("<IQ", window.take(12))
    tensor_type = TENSOR_TYPES.get(type_number)
    if tensor_type is None:
        raise UnknownError(f"the tensor {name!r} has the type {type_number}, which this version does not know")
    return Tensor(name, shape, tensor_type.name, offset, _tensor_bytes(name, shape, tensor_type))


def _tensor_bytes(name: str, shape: tuple[int, ...], tensor_type: TensorType) -> int:
    values = _product(shape)
    if not 0 < values <= MAX_TENSOR_VALUES:
        raise DamagedError(f"the tensor {name!r} has the impossible shape {shape}")
    if shape[0] % tensor_type.block_values:
        raise DamagedError(f"the rows of the tensor {name!r} do not divide into blocks of {tensor_type.name}")
    return values // tensor_type.block_values * tensor_type.block_bytes


def _product(shape: tuple[int, ...]) -> int:
    values = 1
    for size in shape:
        values *= size
    return values


def _alignment(metadata: Mapping[str, Scalar]) -> int:
    alignment = metadata.get("general.alignment", DEFAULT_ALIGNMENT)
    if type(alignment) is not int or not 0 < alignment <= MAX_ALIGNMENT or alignment & (alignment - 1):
        raise DamagedError(f"its alignment {str(alignment)[:40]} is not a power of two")
    return alignment


def _check_layout(window: Window, tensors: tuple[Tensor, ...], alignment: int) -> int:
    """The least size of a complete file. Tensors must be aligned, must not overlap, and must end within the file."""
    if len({tensor.name for tensor in tensors}) != len(tensors):
        raise DamagedError("it has two tensors of one name")
    end = 0
    for tensor in sorted(tensors, key=lambda tensor: tensor.offset):
        if tensor.offset % alignment:
            raise DamagedError(f"the tensor {tensor.name!r} is not aligned")
        if tensor.offset < end:
            raise DamagedError(f"the tensor {tensor.name!r} overlaps another")
        end = tensor.offset + tensor.bytes
    expected = -(-window.position // alignment) * alignment + end if tensors else window.position
    window.require_size(expected)
    return expected


# The header ----------------------------------------------------------------------------------------------------------


def _header(
    version: int,
    metadata: Mapping[str, Scalar],
    array_lengths: Mapping[str, int],
    tensors: tuple[Tensor, ...],
    expected_bytes: int,
) -> Header:
    architecture = _string(metadata, "general.architecture")
    split = _split(metadata)
    if not architecture and (split is None or split.number == 1):
        raise DamagedError("it does not name its architecture")

    def whole(key: str) -> int | None:
        value = metadata.get(f"{architecture}.{key}")
        return value if type(value) is int else None

    if not 0 <= (whole("block_count") or 0) <= MAX_LAYERS:
        raise DamagedError(f"it claims {whole('block_count')} layers")

    def per_layer(key: str) -> int | tuple[int, ...] | None:
        value = metadata.get(f"{architecture}.{key}")
        if isinstance(value, tuple):
            return tuple(int(number) for number in value if type(number) is int)
        return value if type(value) is int else None

    return Header(
        version=version,
        architecture=architecture,
        name=_string(metadata, "general.name"),
        file_type=file_type(metadata, tensors),
        parameter_count=sum(tensor.values for tensor in tensors),
        weights_bytes=sum(tensor.bytes for tensor in tensors),
        expected_bytes=expected_bytes,
        context_length=whole("context_length"),
        embedding_length=whole("embedding_length"),
        block_count=whole("block_count"),
        head_count=per_layer("attention.head_count"),
        head_count_kv=per_layer("attention.head_count_kv"),
        expert_count=whole("expert_count"),
        expert_used_count=whole("expert_used_count"),
        vocabulary_size=array_lengths.get("tokenizer.ggml.tokens") or whole("vocab_size"),
        tokenizer=_string(metadata, "tokenizer.ggml.model"),
        chat_template=_string(metadata, "tokenizer.chat_template") or None,
        metadata=metadata,
        array_lengths=array_lengths,
        tensors=tensors,
        split=split,
    )


def _split(metadata: Mapping[str, Scalar]) -> Split | None:
    """The part that the file says it is; it counts from 0, people and file names from 1."""
    number, count, tensors = (metadata.get(f"split.{key}") for key in ("no", "count", "tensors.count"))
    if count in (None, 0, 1):
        return None
    if type(number) is not int or type(count) is not int or not 0 <= number < count <= MAX_SHARDS:
        raise DamagedError(f"it claims to be part {str(number)[:40]} of {str(count)[:40]}, counted from 0")
    return Split(number + 1, count, tensors if type(tensors) is int else None)


def _string(metadata: Mapping[str, Scalar], key: str) -> str:
    value = metadata.get(key)
    return value if isinstance(value, str) else ""


def file_type(metadata: Mapping[str, Scalar], tensors: tuple[Tensor, ...]) -> str:
    """What the file calls itself, else the type that holds most of its bytes."""
    number = metadata.get("general.file_type")
    named = FILE_TYPES.get(number) if type(number) is int else None
    if named or not tensors:
        return named or ""
    sizes: dict[str, int] = {}
    for tensor in tensors:
        sizes[tensor.type] = sizes.get(tensor.type, 0) + tensor.bytes
    return max(sizes, key=lambda name: sizes[name])

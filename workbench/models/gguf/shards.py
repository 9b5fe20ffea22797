"""A model split over several GGUF files, ``NAME-00001-of-00003.gguf``: their names, and their headers as one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from workbench.errors import ModelError
from workbench.models.gguf.header import Header, Tensor, file_type, read_header

_SHARD = re.compile(r"(?P<stem>.+)-(?P<number>\d{5})-of-(?P<count>\d{5})(?P<end>\.gguf)", re.IGNORECASE)


def shard_names(name: str) -> tuple[str, ...]:
    """The file names of all parts, in order, of the model that the file ``name`` is a part of; a whole file is its own."""
    found = _SHARD.fullmatch(name)
    if not found or not 0 < int(found["number"]) <= int(found["count"]):
        return (name,)
    count = int(found["count"])
    return tuple(f"{found['stem']}-{number:05}-of-{count:05}{found['end']}" for number in range(1, count + 1))


def shard_paths(path: Path) -> tuple[Path, ...]:
    """As `shard_names`, beside ``path``; whether they are there is another matter."""
    return tuple(path.with_name(name) for name in shard_names(path.name))


def bare_name(name: str) -> str:
    """The file name without its ending and the number of its part."""
    found = _SHARD.fullmatch(name)
    return found["stem"] if found else re.sub(r"\.gguf$", "", name, flags=re.IGNORECASE)


def missing_parts(paths: Sequence[Path]) -> str:
    """Which parts are not there, in words; empty when all are."""
    missing = [str(number) for number, path in enumerate(paths, 1) if not path.is_file()]
    if not missing:
        return ""
    which = f"part {missing[0]} is" if len(missing) == 1 else f"parts {', '.join(missing)} are"
    return f"It comes in {len(paths)} parts, and {which} not there."


def read_model_header(path: Path) -> Header:
    """The header of the whole model whose first file is ``path``: of all its parts. Raises `ModelError` as `read_header`
    does, and when a part is not there or belongs to another model."""
    return join([read_header(part) for part in shard_paths(path)], str(path))


def join(headers: Sequence[Header], where: str) -> Header:
    """The header of the whole model from those of its parts in order; ``where`` names it in errors.

    The metadata is the first part's; tensors, parameters and bytes are of all. Raises `ModelError` when the parts do not
    belong together.
    """
    first = headers[0]
    if len(headers) == 1 and first.split is None:
        return first
    for number, header in enumerate(headers, 1):
        if header.split is None or (header.split.number, header.split.count) != (number, len(headers)):
            raise _mismatch(where, f"its file {number} of {len(headers)} says that it is {_part_in_words(header)}")
    tensors: tuple[Tensor, ...] = tuple(tensor for header in headers for tensor in header.tensors)
    promised = first.split.tensors if first.split else None
    if promised is not None and promised != len(tensors):
        raise _mismatch(where, f"they have {len(tensors)} tensors, and {promised} belong to it")
    if len({tensor.name for tensor in tensors}) != len(tensors):
        raise _mismatch(where, "two of them have the same tensor")
    return replace(
        first,
        file_type=file_type(first.metadata, tensors),
        parameter_count=sum(header.parameter_count for header in headers),
        weights_bytes=sum(header.weights_bytes for header in headers),
        expected_bytes=sum(header.expected_bytes for header in headers),
        tensors=tensors,
        split=None,
    )


def _part_in_words(header: Header) -> str:
    return "a whole model" if header.split is None else f"part {header.split.number} of {header.split.count}"


def _mismatch(where: str, why: str) -> ModelError:
    return ModelError(
        f"The parts of the model {where} do not belong together: {why}.", hint="Fetch all parts again, from one source."
    )

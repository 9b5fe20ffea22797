"""A power cut, replayed: what a process asked of the disk, as far as the disk may have done it by then.

What was synced is there. Of what was written since then any part may be there: the disk has an order of its own.
"""

from __future__ import annotations

import random
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

SECTOR = 512  # what a disk writes whole
_HEAD = struct.Struct("=cqqq")


@dataclass(frozen=True, slots=True)
class Asked:
    """``kind``: w (write), t (truncate to ``offset``), s (sync), u (unlink)."""

    kind: str
    path: str
    offset: int
    content: bytes


def read_log(log: bytes) -> Iterator[Asked]:
    place = 0
    while place + _HEAD.size <= len(log):
        kind, path_length, offset, length = _HEAD.unpack_from(log, place)
        place += _HEAD.size
        path = log[place : place + path_length].decode()
        place += path_length
        yield Asked(kind.decode(), path, offset, log[place : place + length])
        place += length


def disk_after(asked: Sequence[Asked], chance: random.Random) -> dict[str, bytes]:
    """The files by path. A file that was made is there: whoever makes a database syncs its folder."""
    files: dict[str, bytearray] = {}
    waiting: dict[str, list[Asked]] = {}
    for one in asked:
        files.setdefault(one.path, bytearray())
        if one.kind == "u":
            files.pop(one.path)
            waiting.pop(one.path, None)
        elif one.kind == "s":
            for earlier in waiting.pop(one.path, []):
                _do(files[one.path], earlier)
        else:
            waiting.setdefault(one.path, []).append(one)
    for path, rest in waiting.items():
        reach = chance.random()  # how much of it the disk got to
        for one in rest:
            for piece in _sectors(one):
                if chance.random() < reach:
                    _do(files[path], piece)
    return {path: bytes(content) for path, content in files.items()}


def write_files(files: Mapping[str, bytes], source: Path, target: Path) -> None:
    for path, content in files.items():
        place = target / Path(path).relative_to(source)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)


def _sectors(one: Asked) -> Iterator[Asked]:
    if one.kind != "w":
        yield one
        return
    start = 0
    while start < len(one.content):
        end = min(len(one.content), start + SECTOR - (one.offset + start) % SECTOR)
        yield Asked("w", one.path, one.offset + start, one.content[start:end])
        start = end


def _do(content: bytearray, one: Asked) -> None:
    if one.kind == "t":
        del content[one.offset :]
        content.extend(bytes(one.offset - len(content)))
        return
    content.extend(bytes(max(0, one.offset - len(content))))
    content[one.offset : one.offset + len(one.content)] = one.content

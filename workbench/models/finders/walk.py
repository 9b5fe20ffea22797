"""Walk through folders of others: bounded, in circles never, past everything that cannot be read."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from workbench.cancel import CancelToken

MAX_DEPTH: Final = 8
MAX_ENTRIES: Final = 200_000
MAX_TEXT_BYTES: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Folder:
    """``files``: names of the regular files in it, sorted."""

    path: Path
    files: tuple[str, ...]


def walk(root: Path, cancel: CancelToken, *, depth: int = MAX_DEPTH, most: int = MAX_ENTRIES) -> Iterator[Folder]:
    """The folders below ``root``, itself included, each once, also where links lead there; hidden ones are not entered.

    At most ``most`` entries are looked at: what lies behind them is not found. Raises `Cancelled`.
    """
    seen: set[str] = set()
    left = most
    waiting = [(root, depth)]
    while waiting:
        path, levels = waiting.pop()
        real = os.path.realpath(path)
        if real in seen:
            continue
        seen.add(real)
        files, folders = [], []
        for entry in _entries(path):
            cancel.check()
            left -= 1
            if left < 0:
                return
            if entry.name.startswith("."):
                continue
            with suppress(OSError):  # a circle of links, gone meanwhile
                if entry.is_file():
                    files.append(entry.name)
                elif levels and entry.is_dir():
                    folders.append(entry.name)
        yield Folder(path, tuple(sorted(files)))
        waiting += [(path / name, levels - 1) for name in sorted(folders, reverse=True)]


def _entries(path: Path) -> Iterator[os.DirEntry[str]]:
    with suppress(OSError), os.scandir(path) as entries:
        yield from entries


def read_text(path: Path) -> str:
    """A small text file of another program; empty when it is not there, too large, or no text."""
    try:
        if not path.is_file():  # opening a named pipe would block
            return ""
        with path.open("rb") as file:
            raw = file.read(MAX_TEXT_BYTES + 1)
        return raw.decode("utf-8-sig") if len(raw) <= MAX_TEXT_BYTES else ""
    except (OSError, UnicodeDecodeError):
        return ""

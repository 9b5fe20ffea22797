"""Small files of the system, read without ever raising. ``root`` is "/" but for tests."""

from __future__ import annotations

from pathlib import Path

ROOT = Path("/")
MOST_BYTES = 1 << 20


def text(path: Path) -> str:
    """The start of the file; empty when it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES).decode("utf-8", "replace").strip("\0\n ")
    except OSError:
        return ""


def number(path: Path) -> int | None:
    """The whole number, decimal or hexadecimal, that the file holds; None when there is none."""
    return whole(text(path))


def whole(words: str) -> int | None:
    try:
        value = int(words.strip(), 0)
    except ValueError:
        return None
    return value if 0 <= value < 1 << 63 else None

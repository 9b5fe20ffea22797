"""What programs of servers said on standard error: a file for each, and the one before it."""

from __future__ import annotations

from pathlib import Path


def end_of(file: Path, most_bytes: int) -> str:
    """So many bytes at most; nothing where there is none."""
    try:
        with file.open("rb") as opened:
            opened.seek(max(0, file.stat().st_size - most_bytes))
            return opened.read().decode("utf-8", "replace")
    except OSError:
        return ""


def forget(file: Path) -> None:
    for one in (file, file.with_suffix(".old.log")):
        one.unlink(missing_ok=True)

"""What the command line writes: data on stdout, narration on stderr, one JSON document or object per line."""

from __future__ import annotations

import json
import sys
from typing import Any

from workbench.errors import (
    DownloadError,
    EngineError,
    HardwareError,
    RefusedError,
    StorageError,
    UsageError,
    WorkbenchError,
)

OK, USAGE, ENGINE, NETWORK, STORAGE, REFUSED, BUG, CANCELLED = 0, 2, 3, 4, 5, 6, 70, 130

EXIT_CODES: tuple[tuple[type[WorkbenchError], int], ...] = (
    (UsageError, USAGE),
    (EngineError, ENGINE),
    (HardwareError, ENGINE),
    (DownloadError, NETWORK),
    (StorageError, STORAGE),
    (RefusedError, REFUSED),
)

ESCAPES = {code: None for code in (*range(0x20), 0x7F, *range(0x80, 0xA0)) if chr(code) not in "\n\t"}


def exit_code(error: WorkbenchError) -> int:
    """The exit code that scripts rely on for this error."""
    return next((code for kind, code in EXIT_CODES if isinstance(error, kind)), BUG)


def document(value: Any) -> None:
    """One JSON document on stdout."""
    write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def line(value: Any) -> None:
    """One JSON object on a line of its own, at once."""
    write(json.dumps(value, ensure_ascii=False) + "\n")


def write(text: str) -> None:
    """Data for stdout. Text that cannot be encoded there is replaced rather than lost with an error."""
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "replace").decode(encoding))
    sys.stdout.flush()


def say(text: str) -> None:
    """Narration for the person at the terminal."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def safe(text: str) -> str:
    """Text from a model or a file without the control characters that could command a terminal."""
    return text.translate(ESCAPES)


def error_json(error: WorkbenchError) -> dict[str, Any]:
    return {"kind": error.kind, "message": error.message, "hint": error.hint}


def tell(error: WorkbenchError, *, as_json: bool) -> None:
    """The error, for a script or for a person; never a traceback."""
    if as_json:
        document({"error": error_json(error)})
        return
    say(f"workbench: {error.message}")
    say(f"  {error.hint}")


def table(rows: list[tuple[str, ...]]) -> str:
    """Left-aligned columns, two spaces apart."""
    if not rows:
        return ""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )

"""What the command line writes: data on stdout, narration on stderr, one JSON document or object per line."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from workbench.cloud.asking import CloudError
from workbench.engine.remote.errors import ServerError
from workbench.errors import (
    DownloadError,
    EngineError,
    HardwareError,
    RefusedError,
    StorageError,
    ToolError,
    UsageError,
    WorkbenchError,
)

OK, USAGE, ENGINE, NETWORK, STORAGE, REFUSED, BUG, CANCELLED = 0, 2, 3, 4, 5, 6, 70, 130

EXIT_CODES: tuple[tuple[type[WorkbenchError], int], ...] = (
    (UsageError, USAGE),
    (ServerError, NETWORK),
    (CloudError, NETWORK),
    (EngineError, ENGINE),
    (ToolError, ENGINE),
    (HardwareError, ENGINE),
    (DownloadError, NETWORK),
    (StorageError, STORAGE),
    (RefusedError, REFUSED),
)

ESCAPES = {code: None for code in (*range(0x20), 0x7F, *range(0x80, 0xA0)) if chr(code) not in "\n\t"}


class OutputError(StorageError):
    """Standard output refuses to be written to, so that the error can be told on stderr only."""


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
    """Data for stdout. Text that cannot be encoded there is replaced rather than lost with an error.

    Raises `OutputError` when it goes into a file on a full disk, `BrokenPipeError` when its reader has gone.
    """
    encoding = sys.stdout.encoding or "utf-8"
    try:
        sys.stdout.write(text.encode(encoding, "replace").decode(encoding))
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(
            f"The output cannot be written: {error.strerror or error}.", hint="Make room where it is written to."
        ) from error


def done(value: Any, words: str, *, as_json: bool) -> int:
    """What was done, as one JSON document for a script or in words for a person. Returns the exit code."""
    if as_json:
        document(value)
    else:
        say(words)
    return OK


def abandon_stdout() -> None:
    """Nothing more can be written: let the rest, and the interpreter's last flush, go nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def replace_missing_streams() -> None:
    """Standard streams that were closed before the start (``>&-``, a program without a console) go nowhere.

    Also keeps the descriptors 0 to 2 from being given to files that are opened later.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - for the whole run


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
    """The error, for a script (on one line: it may stand where a stream was expected) or a person; no traceback."""
    if as_json:
        line({"error": error_json(error)})
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

"""What a person gives to `workbench chat`: the question, and files with it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from workbench.cli import output
from workbench.cli.stopping import interrupt_cancels
from workbench.errors import UsageError
from workbench.jobs import quiet_job
from workbench.messages import Attachment
from workbench.paths import given

if TYPE_CHECKING:
    from workbench.app import Workbench

MOST_INPUT_BYTES = 4 << 20


def attachments(files: Sequence[str], workbench: Workbench) -> tuple[Attachment, ...]:
    """What is in the files; what was left out of one is said. Raises `DocumentError` for the first that cannot be read."""
    read = []
    job = quiet_job()
    with interrupt_cancels(job):
        for file in files:
            read.append(workbench.attachments.read(given(file), job.cancel))
            if note := read[-1].note:
                output.say(f"{read[-1].name}: {note}")
    return tuple(read)


def question(arguments: argparse.Namespace) -> str | None:
    """The question, or None to talk at the terminal. Raises `UsageError` when there is nothing to ask."""
    if arguments.text:
        return " ".join(arguments.text)
    if sys.stdin is not None and sys.stdin.isatty():
        return None
    raw = sys.stdin.buffer.read(MOST_INPUT_BYTES + 1) if sys.stdin is not None else b""
    if len(raw) > MOST_INPUT_BYTES:
        raise UsageError(f"The input is longer than {MOST_INPUT_BYTES >> 20} MB.", hint="Give a part of it.")
    text = raw.decode("utf-8", "replace")
    if not text.strip() and not arguments.attach:
        raise UsageError("There is nothing to ask: no TEXT, and standard input is empty.", hint="workbench chat --help")
    return text

"""Reading a file in a confined child: it ends in time with the text or with a reason, whatever the file does to it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import IO, BinaryIO, cast

import workbench
from workbench.cancel import CancelToken
from workbench.documents.extract import extract_child
from workbench.documents.extract.answer import most_bytes, understood
from workbench.documents.extract.document import DocumentError, Extracted, Limits, ReaderError
from workbench.documents.extract.opening import cannot, open_file, with_text
from workbench.engine.launching import containment

LIMITS = Limits()
CHILD_FOLDER = Path(workbench.__file__).parent.parent  # not the user's: Python imports from there
_READ_BYTES = 1 << 16
_INHERITED = ("PATH", "SYSTEMROOT", "TEMP", "TMP", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PYTHONPATH", "PYTHONHOME")
_CRASHES = {getattr(signal, name, None) for name in ("SIGSEGV", "SIGBUS", "SIGABRT", "SIGILL", "SIGFPE")} - {None}


def child_environment() -> dict[str, str]:
    """What a child may know of ours."""
    return {key: value for key, value in os.environ.items() if key.upper() in _INHERITED}


def extract(path: Path, cancel: CancelToken, *, name: str = "", limits: Limits = LIMITS) -> Extracted:
    """What is in the file; ``name``: what it is called, where ``path`` is a copy with another name.

    Blocks, at most ``limits.seconds`` and a little. Raises `DocumentError` with a plain reason, `ReaderError`, `Cancelled`.
    """
    with open_file(path) as file:
        return _extract(file, name or path.name, cancel, limits, article=False)


def extract_content(
    content: bytes, name: str, cancel: CancelToken, *, limits: Limits = LIMITS, article: bool = False
) -> Extracted:
    """What is in a content that has no file; on Linux it never leaves the memory. ``article``: of a page of the web, only
    what somebody reads there. Raises as `extract`."""
    with _nameless() as file:
        file.write(content)
        file.seek(0)
        return _extract(file, name, cancel, limits, article=article)


def _nameless() -> BinaryIO:
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("workbench"), "w+b")
    return cast(BinaryIO, tempfile.TemporaryFile())


def _extract(file: BinaryIO, name: str, cancel: CancelToken, limits: Limits, *, article: bool) -> Extracted:
    cancel.check()
    order = json.dumps({"parent": os.getpid(), "name": name, "article": article, "limits": asdict(limits)})
    with starting():
        process = subprocess.Popen(
            extract_child.command(order),
            stdin=file,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=CHILD_FOLDER,
            env=child_environment(),
            **containment.spawn_options(),
        )
    late = threading.Event()
    with _watched(process, limits, late), cancel.unblocks(process.kill):
        said = _all_of(process.stdout, most_bytes(limits))
        process.kill()  # it has said all, or too much
    cancel.check()
    if late.is_set():
        raise cannot(name, f"could not be read within {limits.seconds:.0f} seconds")
    if not said:
        raise died(process.returncode, name)
    return with_text(understood(said, name), name)


@contextmanager
def starting() -> Iterator[None]:
    """That a child may not start is no matter of the file: `ReaderError` is raised."""
    try:
        yield
    except (OSError, RuntimeError) as error:  # the second: no thread for it
        why = getattr(error, "strerror", None) or error
        raise ReaderError(f"The program that reads documents could not be started: {why}.") from error


@contextmanager
def _watched(process: subprocess.Popen[bytes], limits: Limits, late: threading.Event) -> Iterator[None]:
    """Ends the child in time, and whatever happens; it is gone afterwards."""

    def end() -> None:
        late.set()
        process.kill()

    timer = threading.Timer(limits.seconds, end)
    timer.daemon = True
    bond = containment.bind(process, limits.memory_bytes)
    timer.start()
    try:
        with process:
            yield
    finally:
        timer.cancel()
        timer.join()
        with suppress(OSError):
            process.kill()
        del bond


def _all_of(stream: IO[bytes] | None, most: int) -> bytes:
    """What the child says, as far as it may; nothing where it says more."""
    assert stream is not None, "opened as a pipe"  # noqa: S101 - for the type checker
    said = bytearray()
    while piece := stream.read(_READ_BYTES):
        said += piece
        if len(said) > most:
            return b""
    return bytes(said)


def died(status: int, name: str) -> DocumentError:
    """What a child's exit status says of the file."""
    if -status == getattr(signal, "SIGXCPU", 0):
        return cannot(name, "took too long to read")
    if -status in _CRASHES:
        return cannot(
            name, "is broken in a way that its reader did not survive, or needs more memory than is given to it"
        )
    return cannot(name, "could not be read: its reader ended without a word")

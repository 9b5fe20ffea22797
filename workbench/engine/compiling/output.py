"""What pip, CMake and compilers print: how far they are, and why they failed. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from workbench.errors import DownloadError, EngineError, StorageError, WorkbenchError

_NINJA = re.compile(r"\s{0,4}\[(?P<done>\d{1,6})/(?P<all>\d{1,6})\] ")
_ERROR = re.compile(
    r"(?i)^(?!.*(?:subprocess-exited|failed building|failed to build|metadata-generation)).*\berror\b[ :]"
)
_DETAIL_LINES = 40
_MOST_WORDS = 240

_NO_NETWORK = (
    r"failed to establish a new connection|name resolution|getaddrinfo failed|network is unreachable|"
    r"connection (?:refused|reset|aborted|timed out)|read timed out|max retries exceeded|proxyerror|"
    r"ssl(?:error|: certificate)|no matching distribution found"
)
_CAUSES: tuple[tuple[re.Pattern[str], type[WorkbenchError], str, str], ...] = (
    (
        re.compile(r"(?i)no space left on device|errno 28|disk quota exceeded|not enough space on the disk"),
        StorageError,
        "The disk is full.",
        "Make room, then start it again: it goes on where it stopped.",
    ),
    (
        re.compile(r"(?i)do not match the hashes"),
        DownloadError,
        "The package index serves other files than Workbench knows: nothing was installed.",
        "Do not go on with this index. Another network, or another index in pip's settings, may be right.",
    ),
    (
        re.compile(
            r"(?i)fatal error: killed|killed signal|out of memory|virtual memory exhausted|"
            r"cannot allocate memory|heap space"
        ),
        EngineError,
        "The memory was not enough for the compiler.",
        "Close other programs, or set CMAKE_BUILD_PARALLEL_LEVEL=1, then start it again: it goes on where it stopped.",
    ),
    (
        re.compile(
            r"(?i)no cmake_c(?:xx)?_compiler|cmake_c(?:xx)?_compiler not set|compiler .{0,80} not able to compile"
        ),
        EngineError,
        "There is no C++ compiler that works.",
        "Install one, then start it again.",
    ),
    (
        re.compile(f"(?i){_NO_NETWORK}"),
        DownloadError,
        "The package index cannot be reached, or does not have what is needed.",
        "Check the connection, then start it again: what has arrived is kept.",
    ),
)


def steps(line: str) -> tuple[int, int] | None:
    """How many steps of all are done, when ninja says so in ``line``."""
    found = _NINJA.match(line)
    if found is None:
        return None
    done, whole = int(found["done"]), int(found["all"])
    return (done, whole) if 0 <= done <= whole and whole else None


def failure(doing: str, lines: Sequence[str], log: Path) -> WorkbenchError:
    """Why ``doing`` ("Compiling llama-cpp-python") failed, from what was printed last."""
    detail = "\n".join(lines[-_DETAIL_LINES:])
    last = list(lines)
    for pattern, kind, message, hint in _CAUSES:
        if any(pattern.search(line) for line in last):
            return kind(f"{doing} failed. {message}", hint=hint, detail=detail)
    said = next((line.strip() for line in last if _ERROR.search(line)), "")
    words = f"{doing} failed: {said[:_MOST_WORDS]}" if said else f"{doing} failed."
    return EngineError(words, hint=f"The whole log is {log}.", detail=detail)

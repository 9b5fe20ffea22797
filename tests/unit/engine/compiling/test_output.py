"""What compilers and pip print becomes progress, and one sentence when they fail."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.engine.compiling.output import failure, steps
from workbench.errors import DownloadError, EngineError, StorageError, WorkbenchError

LOG = Path("/home/me/logs/install.log")


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("  [12/193] /usr/bin/g++ -DGGML_BUILD -c ggml.c", (12, 193)),
        ("[193/193] : && cmake -E", (193, 193)),
        ("[200/193] no", None),
        ("[0/0] no", None),
        ("see [12/193] there", None),
        ("[12/193]", None),
        ("", None),
    ],
)
def test_the_steps_of_ninja_are_read(line: str, found: tuple[int, int] | None) -> None:
    assert steps(line) == found


@given(st.text(max_size=300))
def test_any_line_is_taken(line: str) -> None:
    found = steps(line)
    assert found is None or 0 <= found[0] <= found[1]


@pytest.mark.parametrize(
    ("line", "kind", "said"),
    [
        (
            "/tmp/x.s: fatal error: error writing to /tmp/x.o: No space left on device",
            StorageError,
            "The disk is full.",
        ),
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left", StorageError, "disk is full"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", DownloadError, "other files"),
        ("c++: fatal error: Killed signal terminated program cc1plus", EngineError, "memory was not enough"),
        ("cc1plus: out of memory allocating 65536 bytes after a total of 1 bytes", EngineError, "memory was not"),
        ("  No CMAKE_CXX_COMPILER could be found.", EngineError, "no C++ compiler"),
        ("CMake Error: CMAKE_C_COMPILER not set, after EnableLanguage", EngineError, "no C++ compiler"),
        ("WARNING: Retrying: [Errno -3] Temporary failure in name resolution", DownloadError, "cannot be reached"),
        ("ERROR: No matching distribution found for ninja==1.13.2", DownloadError, "cannot be reached"),
        ("NewConnectionError: Failed to establish a new connection: [Errno 101]", DownloadError, "cannot be reached"),
        ("/src/ggml.c:12:3: error: unknown type name 'half'", EngineError, "unknown type name 'half'"),
        ("something nobody has seen", EngineError, "Compiling failed."),
    ],
)
def test_each_failure_is_one_sentence_with_the_last_lines(line: str, kind: type[WorkbenchError], said: str) -> None:
    error = failure("Compiling", ["[1/2] g++", line, "ninja: build stopped: subcommand failed."], LOG)
    assert type(error) is kind
    assert said in error.message
    assert "\n" not in error.message
    assert line in error.detail
    assert error.hint != type(error).default_hint or kind is EngineError


def test_the_compilers_own_error_is_told_and_not_pips() -> None:
    lines = [
        "a.cpp:1:1: error: 'x' was not declared",
        "ERROR: Failed building wheel for llama-cpp-python",
        "error: subprocess-exited-with-error",
    ]
    error = failure("Compiling", lines, LOG)
    assert error.message == "Compiling failed: a.cpp:1:1: error: 'x' was not declared"
    assert str(LOG) in error.hint

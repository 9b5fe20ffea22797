"""Stops llama.cpp in the middle of a computation.

llama.cpp asks a C function between two steps of a graph, a thousand times for each token, whether to go on. One in
Python would take the interpreter's lock each time; `strlen` of the C library on a text of ours says the same in a
nanosecond: 0 for an empty text, and 1 once a character stands in it. docs/decisions/0087-stop-by-strlen.md.
"""

from __future__ import annotations

import ctypes
import sys
from typing import Any


class Abort:
    """A flag that any thread may set. It acts on what the context computes now, and until it is cleared."""

    def __init__(self) -> None:
        self._text = ctypes.create_string_buffer(2)
        self._function: Any = None

    def attach(self, api: Any, context: Any) -> None:
        """``api``: the module `llama_cpp.llama_cpp`; ``context``: its pointer. Lives as long as the context."""
        library = ctypes.CDLL("ucrtbase" if sys.platform == "win32" else None)
        self._function = ctypes.cast(library.strlen, api.ggml_abort_callback)
        api.llama_set_abort_callback(context, self._function, ctypes.addressof(self._text))

    def set(self) -> None:
        self._text[0] = b"x"

    def clear(self) -> None:
        self._text[0] = b"\0"

    def __bool__(self) -> bool:
        return self._text[0] != b"\0"

"""Windows: the thread that asks for it keeps the machine awake; the request ends with the thread."""

from __future__ import annotations

import ctypes
from typing import Any

# winbase.h
ES_CONTINUOUS = 0x80000000
ES_SYSTEM_REQUIRED = 0x00000001


class WindowsHold:
    def __init__(self, kernel: Any = None) -> None:
        """``kernel``: `kernel32`; None: the system's."""
        self._kernel = kernel

    def take(self, _reason: str) -> None:
        self._set(ES_CONTINUOUS | ES_SYSTEM_REQUIRED)

    def let_go(self) -> None:
        self._set(ES_CONTINUOUS)

    def _set(self, state: int) -> None:
        kernel = self._kernel or getattr(ctypes, "windll").kernel32  # noqa: B009 - there only on Windows
        if not kernel.SetThreadExecutionState(ctypes.c_uint(state)):
            raise OSError("SetThreadExecutionState failed")

"""A Windows job object: the way to end a child whatever happens to its parent. Written from Microsoft's documentation of
`CreateJobObjectW`, `SetInformationJobObject` and `AssignProcessToJobObject`; imported on Windows only."""

from __future__ import annotations

import ctypes
import subprocess
import sys
from typing import Any, cast

assert sys.platform == "win32"  # noqa: S101 - tells the type checker which platform this is

from ctypes import wintypes  # noqa: E402

# winnt.h: JOBOBJECTINFOCLASS and the limit flag that ends every process of the job with the job
_JOB_OBJECT_EXTENDED_LIMIT_INFORMATION = 9
_JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE = 0x2000
_JOB_OBJECT_LIMIT_ACTIVE_PROCESS = 0x8
_JOB_OBJECT_LIMIT_PROCESS_MEMORY = 0x100


class _BasicLimits(ctypes.Structure):
    _fields_ = (
        ("PerProcessUserTimeLimit", wintypes.LARGE_INTEGER),
        ("PerJobUserTimeLimit", wintypes.LARGE_INTEGER),
        ("LimitFlags", wintypes.DWORD),
        ("MinimumWorkingSetSize", ctypes.c_size_t),
        ("MaximumWorkingSetSize", ctypes.c_size_t),
        ("ActiveProcessLimit", wintypes.DWORD),
        ("Affinity", ctypes.c_size_t),
        ("PriorityClass", wintypes.DWORD),
        ("SchedulingClass", wintypes.DWORD),
    )


class _ExtendedLimits(ctypes.Structure):
    _fields_ = (
        ("BasicLimitInformation", _BasicLimits),
        ("IoInfo", ctypes.c_ulonglong * 6),
        ("ProcessMemoryLimit", ctypes.c_size_t),
        ("JobMemoryLimit", ctypes.c_size_t),
        ("PeakProcessMemoryUsed", ctypes.c_size_t),
        ("PeakJobMemoryUsed", ctypes.c_size_t),
    )


class KillOnCloseJob:
    """A job object holding one process. Windows ends the process when the last handle, ours, is closed.

    ``memory_bytes``: the process gets no more, and starts no other; 0: no such limit.
    """

    def __init__(self, process: subprocess.Popen[bytes], memory_bytes: int = 0) -> None:
        self._kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        self._kernel.CreateJobObjectW.restype = wintypes.HANDLE
        self._job = wintypes.HANDLE(self._kernel.CreateJobObjectW(None, None))
        limits = _ExtendedLimits()
        limits.BasicLimitInformation.LimitFlags = _JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE
        if memory_bytes:
            limits.BasicLimitInformation.LimitFlags |= (
                _JOB_OBJECT_LIMIT_ACTIVE_PROCESS | _JOB_OBJECT_LIMIT_PROCESS_MEMORY
            )
            limits.BasicLimitInformation.ActiveProcessLimit = 1
            limits.ProcessMemoryLimit = memory_bytes
        done = self._job and self._kernel.SetInformationJobObject(
            self._job, _JOB_OBJECT_EXTENDED_LIMIT_INFORMATION, ctypes.byref(limits), ctypes.sizeof(limits)
        )
        handle = wintypes.HANDLE(int(cast("Any", process)._handle))  # noqa: SLF001
        if not done or not self._kernel.AssignProcessToJobObject(self._job, handle):
            raise ctypes.WinError(ctypes.get_last_error())

    def __del__(self) -> None:
        if self._job:
            self._kernel.CloseHandle(self._job)

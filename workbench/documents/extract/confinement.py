"""In the extraction child: what it may use from now on. A reader that meets a hostile file shall only hurt itself.

No file and no socket can be opened any more: what a reader needs was imported, and its file is open, before.
"""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from workbench.documents.extract.document import Limits

_CLOSED_DOORS = (
    "socket.",
    "subprocess.",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.spawn",
    "os.startfile",
    "os.system",
)


def confine(limits: Limits, open_files: int, files: int = 1) -> None:
    """Limit this process for good. ``open_files``: so many descriptors stay usable, counted from 0. ``files``: how many it
    may read, each with its processor time (`allow_seconds`)."""
    sys.addaudithook(_refuse)
    if sys.platform != "win32":
        _limit_resources(limits, open_files, files)


def _limit_resources(limits: Limits, open_files: int, files: int) -> None:
    import resource

    wanted = {
        resource.RLIMIT_CPU: math.ceil(limits.seconds) * files,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NOFILE: open_files,
        resource.RLIMIT_DATA: limits.memory_bytes,
        resource.RLIMIT_AS: limits.memory_bytes,
    }
    for kind, most in wanted.items():
        _lower(resource, kind, most)


def limit_program(limits: Limits) -> None:
    """For another program in the place of this one: it opens its own files, but writes none."""
    if sys.platform == "win32":
        return
    import resource

    _lower(resource, resource.RLIMIT_CPU, math.ceil(limits.seconds))
    _lower(resource, resource.RLIMIT_FSIZE, 0)
    _lower(resource, resource.RLIMIT_AS, limits.memory_bytes)


def allow_seconds(seconds: float) -> None:
    """So much processor time from now on, where `confine` was called before and the system limits it."""
    if sys.platform == "win32":
        return
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    until = math.ceil(used.ru_utime + used.ru_stime + seconds)
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CPU, (until, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def memory_gauge() -> Callable[[], int]:
    """What tells how much memory this process has, in bytes, also when it is confined; 0 where that is not known.

    On Linux the peak that the system keeps is no use: it begins with what the parent had.
    """
    if sys.platform == "win32":
        return lambda: 0
    import resource

    if sys.platform == "darwin":
        return lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        descriptor = os.open("/proc/self/statm", os.O_RDONLY)
    except OSError:
        return lambda: 0
    page = resource.getpagesize()
    return lambda: int(os.pread(descriptor, 200, 0).split()[1]) * page


def _lower(resource: Any, kind: int, most: int) -> None:
    """Never above what is there; some systems refuse some of these limits."""
    _soft, hard = resource.getrlimit(kind)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    try:
        resource.setrlimit(kind, (most, most))
    except (OSError, ValueError):
        return


def _refuse(event: str, _arguments: tuple[Any, ...]) -> None:
    """Python's own doors; what C code opens is refused by the limits above, where the system has them."""
    if event.startswith(_CLOSED_DOORS):
        raise PermissionError(f"{event} is not allowed here")

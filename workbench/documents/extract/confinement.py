"""In the extraction child: what it may use from now on. A reader that meets a hostile file shall only hurt itself.

No file and no socket can be opened any more: what a reader needs was imported, and its file is open, before.
"""

from __future__ import annotations

import math
import sys
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


def confine(limits: Limits, open_files: int) -> None:
    """Limit this process for good. ``open_files``: so many descriptors stay usable, counted from 0."""
    sys.addaudithook(_refuse)
    if sys.platform != "win32":
        _limit_resources(limits, open_files)


def _limit_resources(limits: Limits, open_files: int) -> None:
    import resource

    seconds = math.ceil(limits.seconds)
    wanted = {
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NOFILE: open_files,
        resource.RLIMIT_DATA: limits.memory_bytes,
        resource.RLIMIT_AS: limits.memory_bytes,
    }
    for kind, most in wanted.items():
        _lower(resource, kind, most)


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

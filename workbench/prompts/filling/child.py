"""The child that renders prompts with conditions and loops: confined before the first one comes, then kept warm.

The sandbox of Jinja keeps templates from Python's insides; what it lets through (``'a' * 10**9``, nested ranges) meets the
limits of this process, and the parent's clock. Each order and each answer is JSON with its length before it.
"""

from __future__ import annotations

import json
import math
import os
import select
import struct
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from workbench.engine.launching import containment

if TYPE_CHECKING:
    from workbench.prompts.filling.engine import Engine

CHILD_FLAG: Final = "--template-child"
LENGTH: Final = struct.Struct(">I")
MOST_ORDERS: Final = 5_000
_MODULE: Final = "workbench.prompts.filling.child"
_CLOSED_DOORS: Final = ("open", "import", "socket.", "subprocess.", "os.", "ctypes.", "shutil.", "pty.", "webbrowser.")


def command(order: str) -> list[str]:
    """What starts this module as a process; the frozen app starts itself, with a flag that its entry looks for."""
    if getattr(sys, "frozen", False):
        return [sys.executable, CHILD_FLAG, order]
    return [sys.executable, "-m", _MODULE, order]


def main(arguments: Sequence[str] | None = None) -> int:
    from workbench.prompts.filling.engine import Engine

    order = json.loads((sys.argv[1:] if arguments is None else arguments)[-1])
    containment.lower_rights()
    out = os.dup(1)
    os.dup2(2, 1)  # what libraries print is no part of an answer
    engine = Engine(int(order["output_bytes"]))
    engine.warm_up()
    taken = _memory_gauge()
    base = taken()
    _confine(base, int(order["memory_bytes"]))
    _say(out, b"")
    with suppress(OSError, EOFError):
        _serve(engine, out, order, lambda: taken() > base + int(order["memory_bytes"]) // 2)
    os._exit(0)


def _serve(engine: Engine, out: int, bounds: Mapping[str, float], is_large: Callable[[], bool]) -> None:
    for _order in range(MOST_ORDERS):
        if sys.platform != "win32" and not select.select([0], [], [], bounds["idle_seconds"])[0]:
            return
        order = _received(LENGTH.unpack(_received(LENGTH.size))[0])
        _say(out, b"")
        _allow_seconds(bounds["seconds"])
        answer, healthy = engine.answer(order)
        _say(out, answer)
        if not healthy or is_large():
            return


def _received(count: int) -> bytes:
    got = bytearray()
    while len(got) < count:
        piece = os.read(0, min(count - len(got), 1 << 20))
        if not piece:
            raise EOFError
        got += piece
    return bytes(got)


def _say(out: int, said: bytes) -> None:
    said = LENGTH.pack(len(said)) + said
    while said:
        said = said[os.write(out, said) :]


# What it may use ------------------------------------------------------------------------------------------------------


def _confine(base: int, memory_bytes: int) -> None:
    """For good. On Windows the parent's job object limits the memory; on macOS only what is really used is looked at."""
    if sys.platform != "win32":
        import resource

        limits = {resource.RLIMIT_FSIZE: 0, resource.RLIMIT_NOFILE: _first_unused()}
        if sys.platform == "linux":
            limits |= {resource.RLIMIT_AS: base + memory_bytes}
        for kind, most in limits.items():
            _lower(resource, kind, most)
    if sys.platform == "darwin":
        _watch_memory(memory_bytes)  # no limit of memory is kept there
    sys.addaudithook(_refuse)


def _first_unused() -> int:
    probe = os.dup(0)
    os.close(probe)
    return probe


def _lower(resource: Any, kind: int, most: int) -> None:
    """Never above what is there; some systems refuse some of these limits."""
    _soft, hard = resource.getrlimit(kind)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    with suppress(OSError, ValueError):
        resource.setrlimit(kind, (most, most))


def _allow_seconds(seconds: float) -> None:
    """So much processor time from now on: it ends also when nobody is there any more to kill it."""
    if sys.platform == "win32":
        return
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    until = math.ceil(used.ru_utime + used.ru_stime + seconds)
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CPU, (until, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _memory_gauge() -> Callable[[], int]:
    """What tells how much memory is set aside for this process, in bytes; 0 where that is not known."""
    if sys.platform != "linux":
        return lambda: 0
    import resource

    descriptor = os.open("/proc/self/statm", os.O_RDONLY)
    page = resource.getpagesize()
    return lambda: int(os.pread(descriptor, 200, 0).split()[0]) * page


def _watch_memory(memory_bytes: int) -> None:
    """Where the system keeps no limit of memory: ends this process when it has become so much larger."""
    if sys.platform == "win32":
        return
    import resource
    import threading
    import time

    base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    def watch() -> None:
        while resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < base + memory_bytes:
            time.sleep(0.005)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _refuse(event: str, _arguments: tuple[Any, ...]) -> None:
    """Python's own doors; what C code opens is refused by the limits above, where the system has them."""
    if event.startswith(_CLOSED_DOORS):
        raise PermissionError(f"{event} is not allowed here")


if __name__ == "__main__":
    sys.exit(main())

"""Renders prompts with conditions and loops, in a child that is kept for the next one and killed after a second."""

from __future__ import annotations

import json
import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Final

import workbench
from workbench.cancel import CancelToken
from workbench.engine.launching import containment
from workbench.errors import Cancelled
from workbench.prompts.filling import child
from workbench.prompts.filling.rendering import BOUNDS, Bounds, Rendering, cannot, most_bytes, order, rendered

_FOLDER: Final = Path(workbench.__file__).parent.parent  # not the person's: Python imports from there
_INHERITED: Final = frozenset(
    {"PATH", "SYSTEMROOT", "TEMP", "TMP", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PYTHONPATH", "PYTHONHOME"}
)
_START_SECONDS: Final = 30.0
_WAIT_SECONDS: Final = 0.05
_OF_A_CHILD_ON_WINDOWS: Final = 100 << 20


class Renderer:
    """One child, started when it is first needed. May be used by many threads: they wait for each other."""

    def __init__(self, bounds: Bounds = BOUNDS) -> None:
        self._bounds = bounds
        self._lock = threading.Lock()
        self._child: _Child | None = None
        self._closed = False

    def render(self, rendering: Rendering, cancel: CancelToken) -> str:
        """The text, within a second. Raises `UsageError` with what is wrong with the template, `Cancelled`."""
        said = order(rendering, self._bounds)
        with self._turn(cancel):
            answer = self._asked(said, cancel)
        return rendered(answer, rendering.template)

    def warm(self, cancel: CancelToken) -> None:
        """Have the child started, for what is rendered soon. Raises as `render`."""
        with self._turn(cancel):
            self._ready(cancel)

    def close(self) -> None:
        """End the child; who waits for it is told `Cancelled`."""
        self._closed = True
        if (busy := self._child) is not None:
            busy.kill()
        with self._lock:
            self._let_go()

    @contextmanager
    def _turn(self, cancel: CancelToken) -> Iterator[None]:
        while not self._lock.acquire(timeout=_WAIT_SECONDS):
            cancel.check()
        try:
            cancel.check()
            if self._closed:
                raise Cancelled
            yield
        finally:
            self._lock.release()

    def _asked(self, said: bytes, cancel: CancelToken) -> bytes:
        while True:
            ready = self._ready(cancel)
            fresh = ready.served == 0
            answer = ready.ask(said, self._bounds, cancel)
            if answer:
                return answer
            heard, late = ready.heard, ready.late
            self._let_go()
            if self._closed:
                raise Cancelled
            cancel.check()
            if late:
                raise cannot(f"it takes longer than {self._bounds.seconds:g} s")
            if heard or fresh:
                raise cannot("it needs more memory or nesting than a prompt may have")
            # It had ended by itself for want of orders: the next one has not met this template.

    def _ready(self, cancel: CancelToken) -> _Child:
        if self._child is None:
            try:
                self._child = started = _Child(self._bounds)
            except OSError as error:
                raise cannot(f"what renders it did not start ({error.strerror or error})") from error
            if not started.is_up(cancel):
                self._let_go()
                cancel.check()
                raise cannot("what renders it did not start")
        return self._child

    def _let_go(self) -> None:
        gone, self._child = self._child, None
        if gone is not None:
            gone.end()


class _Child:
    """``heard``: the last order reached it. ``late``: it was killed because its time was over."""

    def __init__(self, bounds: Bounds) -> None:
        self._most = most_bytes(bounds)
        self.served = 0
        self.heard = self.late = False
        self._process = subprocess.Popen(
            child.command(json.dumps(asdict(bounds))),
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=_FOLDER,
            env={key: value for key, value in os.environ.items() if key.upper() in _INHERITED},
            **containment.spawn_options(),
        )
        self._bond = containment.bind(self._process, _OF_A_CHILD_ON_WINDOWS + bounds.memory_bytes)

    def is_up(self, cancel: CancelToken) -> bool:
        with self._clock(_START_SECONDS), cancel.unblocks(self.kill):
            return self._frame() == b""

    def ask(self, order: bytes, bounds: Bounds, cancel: CancelToken) -> bytes:
        """Its answer; empty where there is none, or one that is too long."""
        self.heard = False
        with self._clock(bounds.seconds), cancel.unblocks(self.kill):
            if self._sent(order) and self._frame() == b"":
                self.heard = True
                answer = self._frame() or b""
                self.served += 1
                return b"" if self.late or cancel.cancelled else answer
        return b""

    def kill(self) -> None:
        with suppress(OSError):
            self._process.kill()

    def end(self) -> None:
        self.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()
        self._bond = None

    @contextmanager
    def _clock(self, seconds: float) -> Iterator[None]:
        def end() -> None:
            self.late = True
            self.kill()

        clock = threading.Timer(seconds, end)
        clock.daemon = True
        clock.start()
        try:
            yield
        finally:
            clock.cancel()
            clock.join()

    def _sent(self, order: bytes) -> bool:
        assert self._process.stdin is not None  # noqa: S101 - for the type checker
        rest = memoryview(child.LENGTH.pack(len(order)) + order)
        try:
            while rest:
                rest = rest[self._process.stdin.write(rest) :]
        except OSError:
            return False
        return True

    def _frame(self) -> bytes | None:
        """What it says next; None where it says nothing more, or too much."""
        head = self._received(child.LENGTH.size)
        if len(head) < child.LENGTH.size:
            return None
        (length,) = child.LENGTH.unpack(head)
        if length > self._most:
            return None
        said = self._received(length)
        return said if len(said) == length else None

    def _received(self, count: int) -> bytes:
        assert self._process.stdout is not None  # noqa: S101 - for the type checker
        got = bytearray()
        with suppress(OSError):
            while len(got) < count and (piece := self._process.stdout.read(min(count - len(got), 1 << 20))):
                got += piece
        return bytes(got)

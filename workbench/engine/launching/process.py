"""One engine process as its parent sees it: order in, address out, log drained, end noticed at once."""

from __future__ import annotations

import json
import os
import re
import subprocess
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import IO, Any

import workbench
from workbench.engine.launching import containment, log_reader
from workbench.engine.launching.log_reader import Cause, Phase
from workbench.engine.launching.oom import oom_kills

TAIL_LINES = 120
LINE_BYTES = 8 << 10
LOG_BYTES = 1 << 20

_SECRET_NAMES = re.compile(r"(?i)key|token|secret|passw|credential")
_ENGINE_OPTIONS = "LLAMA_"  # llama.cpp takes options from such variables too: an open door, or another model


class EngineProcess:
    """Starts in the constructor. Two threads block in reads of its output; the one on the log also reaps it.

    ``on_news`` is called, in one of those threads, whenever there is a new phase, an answer, or the end.
    """

    def __init__(
        self, command: Sequence[str], order: Mapping[str, Any], log: LogFile, on_news: Callable[[], None]
    ) -> None:
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=Path(workbench.__file__).parent.parent,  # not the user's folder: Python imports from there
            env=environment(),
            **containment.spawn_options(),
        )
        self._oom_kills = oom_kills()
        self._bond = containment.bind(self._process)
        self._log = log
        self._discretion = log_reader.Discretion()
        self._on_news = on_news
        self._tail: deque[str] = deque(maxlen=TAIL_LINES)
        self._ended = threading.Event()
        self.answer: dict[str, str] | None = None
        self.phase = Phase.STARTING
        self.lines = 0
        self._threads = [
            threading.Thread(target=self._hear, name="engine-answer", daemon=True),
            threading.Thread(target=self._drain, name="engine-log", daemon=True),
        ]
        for thread in self._threads:
            thread.start()
        self._send(order)

    @property
    def id(self) -> int:
        return self._process.pid

    @property
    def ended(self) -> bool:
        return self._ended.is_set()

    def wait(self, seconds: float | None = None) -> bool:
        return self._ended.wait(seconds)

    def tail(self) -> str:
        return "\n".join(line for line in tuple(self._tail) if line)

    def cause(self, *, ready: bool) -> Cause:
        """Why it ended; only when it has."""
        return log_reader.cause_of_exit(
            self._process.returncode, tuple(self._tail), ready=ready, out_of_memory=self._killed_for_memory()
        )

    def _killed_for_memory(self) -> bool | None:
        now = oom_kills()
        return None if now is None or self._oom_kills is None else now > self._oom_kills

    def stop(self, seconds: float) -> None:
        """Ask it to end, by closing its input and by signal; kill it after ``seconds``; wait until it is gone."""
        with suppress(OSError):
            self._stream(self._process.stdin).close()
        if seconds > 0:
            with suppress(OSError):
                self._process.terminate()
        if not self._ended.wait(seconds):
            with suppress(OSError):
                self._process.kill()
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join()

    def _send(self, order: Mapping[str, Any]) -> None:
        stdin = self._stream(self._process.stdin)
        with suppress(OSError):  # already dead: the log says why
            stdin.write(json.dumps(order).encode() + b"\n")
            stdin.flush()

    def _hear(self) -> None:
        with self._stream(self._process.stdout) as stdout:
            line = stdout.readline(LINE_BYTES)
            with suppress(ValueError, TypeError):
                answer: Any = json.loads(line)
                self.answer = {str(name): str(value) for name, value in dict(answer).items()}
                self._tail.append(self.answer.get("error", ""))
            self._on_news()
            while stdout.read(LINE_BYTES):
                pass

    def _drain(self) -> None:
        with self._stream(self._process.stderr) as stderr, closing(self._log):
            while line := stderr.readline(LINE_BYTES):
                self._take(line)
        self._process.wait()
        with suppress(OSError):
            self._stream(self._process.stdin).close()
        self._ended.set()
        self._on_news()

    def _take(self, line: bytes) -> None:
        self.lines += 1
        text = self._discretion.told(line.decode("utf-8", "replace").rstrip())
        if text is None:
            return
        self._tail.append(text)
        self._log.write(f"{text}\n".encode())
        if (phase := log_reader.phase(text)) is not None:
            self.phase = phase
            self._on_news()

    @staticmethod
    def _stream(stream: IO[bytes] | None) -> IO[bytes]:
        assert stream is not None, "opened as a pipe"  # noqa: S101 - for the type checker
        return stream


class LogFile:
    """The engine's log on disk: for this user alone, two files of at most `LOG_BYTES`. A full disk loses the log only."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[bytes] | None = None
        self._size = 0

    def write(self, line: bytes) -> None:
        with suppress(OSError):
            if self._file is None or self._size > LOG_BYTES:
                self._open()
            if self._file is not None:
                self._size += self._file.write(line)

    def _open(self) -> None:
        self.close()
        if self._path.exists() and self._path.stat().st_size > LOG_BYTES:
            self._path.replace(self._path.with_suffix(".old.log"))
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._file = os.fdopen(descriptor, "ab", buffering=0)
        self._size = os.fstat(descriptor).st_size

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


def environment() -> dict[str, str]:
    """What the child inherits: everything but what looks like a secret, which it does not need, and what could change
    its orders.

    OpenMP's threads sleep while they wait for each other instead of spinning. Spinning is a little faster on an idle
    machine, and ten times slower on a busy one: docs/decisions/0011-threads-that-sleep.md.
    """
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not _SECRET_NAMES.search(name) and not name.upper().startswith(_ENGINE_OPTIONS)
    }
    return {"OMP_WAIT_POLICY": "passive"} | inherited

"""Starts an engine in a process of its own: what all engines have in common, and the native one of the `xllamacpp` wheel.

The engine of a downloaded or own `llama-server` binary is in `binary_launcher`.
"""

from __future__ import annotations

import os
import re
import secrets
import socket
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench import ownership
from workbench.cancel import CancelToken
from workbench.engine import records
from workbench.engine.launching import native_child
from workbench.engine.launching.patience import Patience, Signs
from workbench.engine.launching.process import EngineProcess, LogFile
from workbench.errors import EngineError
from workbench.models.gguf.header import read_header
from workbench.paths import Paths, private_folder
from workbench.ports import Clock, Endpoint, LaunchPlan, RunningEngine
from workbench.sizes import memory_words

LOOPBACK = "127.0.0.1"
SOCKET_BASE_URL = "http://engine"  # over a Unix socket the host is only a word
HEALTH_SECONDS = 5.0
LOOK_SECONDS = 0.5  # how often a start looks at the clock when nothing else wakes it

_TCP_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d{1,5}")


@dataclass(frozen=True, slots=True)
class Child:
    """What to start: the command, and what it is told on its standard input, where nobody else can read it."""

    command: Sequence[str]
    order: Mapping[str, Any]


class ChildLauncher(ABC):
    """Starts engines as child processes. ``use_socket`` None: a Unix socket where the platform has them."""

    def __init__(
        self,
        paths: Paths,
        clock: Clock,
        *,
        patience: Callable[[], Patience] = Patience,
        use_socket: bool | None = None,
    ) -> None:
        self._paths = paths
        self._clock = clock
        self._patience = patience
        self._use_socket = hasattr(socket, "AF_UNIX") and os.name == "posix" if use_socket is None else use_socket

    @abstractmethod
    def child(self, plan: LaunchPlan, place: Place) -> Child:
        """What to start for ``plan``, so that it listens at ``place``."""

    @abstractmethod
    def endpoint(self, process: EngineProcess, place: Place, cancel: CancelToken) -> Endpoint | None:
        """Where the running child listens; None while it is not ready. Raises `EngineError` for a place that was not
        asked for."""

    def start(
        self, plan: LaunchPlan, cancel: CancelToken, progress: Callable[[str], None] = lambda _text: None
    ) -> RunningEngine:
        read_header(plan.model_path)  # names a file that is missing, damaged or incomplete, before anything starts
        cancel.check()
        records.sweep(self._paths)
        if plan.state_folder is not None:
            private_folder(plan.state_folder)  # no build makes it
        place = Place.choose(self._paths, use_socket=self._use_socket)
        try:
            return self._start(plan, place, cancel, progress)
        except BaseException:
            place.remove(self._paths)
            raise

    def _start(
        self, plan: LaunchPlan, place: Place, cancel: CancelToken, progress: Callable[[str], None]
    ) -> RunningEngine:
        woken = threading.Event()
        try:
            log = LogFile(self._paths.logs / "engine.log")
            child = self.child(plan, place)
            process = EngineProcess(child.command, child.order, log, woken.set)
        except OSError as error:
            raise EngineError(f"The engine cannot be started: {error.strerror or error}.") from error
        record: Path | None = None
        try:
            record = place.record(process.id).write(self._paths)
            with cancel.unblocks(woken.set):
                endpoint = self._await_endpoint(process, plan, place, woken, cancel, progress)
            engine = ChildEngine(process, endpoint, self._paths, place, record)
            check_health(engine.endpoint, cancel)
            return engine
        except BaseException:
            process.stop(0)
            if record is not None:
                with suppress(OSError):
                    record.unlink()
            raise

    def _await_endpoint(
        self,
        process: EngineProcess,
        plan: LaunchPlan,
        place: Place,
        woken: threading.Event,
        cancel: CancelToken,
        progress: Callable[[str], None],
    ) -> Endpoint:
        """Blocks until the child listens. Raises `EngineError` when it dies, stalls or swells."""
        patience, told = self._patience(), None
        while True:
            cancel.check()
            if process.phase is not told:
                told = process.phase
                progress(told)
            if process.ended:
                raise _failure(process)
            if (endpoint := self.endpoint(process, place, cancel)) is not None:
                return endpoint
            signs = Signs.of(process.id, process.lines)
            if plan.memory_limit_bytes is not None and signs.private_bytes > plan.memory_limit_bytes:
                raise _too_large(process, signs.private_bytes)
            if (complaint := patience.complaint(signs, self._clock.monotonic())) is not None:
                raise EngineError(complaint.message, hint=complaint.hint, detail=process.tail())
            woken.wait(LOOK_SECONDS)
            woken.clear()


class NativeLauncher(ChildLauncher):
    """The engine that comes with the program. ``command``: what to run instead, for tests."""

    name = "native"

    def __init__(
        self,
        paths: Paths,
        clock: Clock,
        *,
        command: Sequence[str] | None = None,
        patience: Callable[[], Patience] = Patience,
        use_socket: bool | None = None,
    ) -> None:
        super().__init__(paths, clock, patience=patience, use_socket=use_socket)
        self._command = tuple(command or native_child.command())

    def build(self) -> str:
        try:
            return native_child.build()
        except ImportError as error:
            raise EngineError(
                "The engine is not installed: the package xllamacpp is missing.",
                hint="Install Workbench again; on Linux the engine needs an x86-64 processor.",
                detail=str(error),
            ) from error

    def child(self, plan: LaunchPlan, place: Place) -> Child:
        return Child(self._command, order_of(plan, place))

    def endpoint(self, process: EngineProcess, place: Place, _cancel: CancelToken) -> Endpoint | None:
        """The child says where it listens once its model is loaded."""
        answer = process.answer
        if answer is None or "error" in answer:
            return None
        if place.key is None:
            return place.endpoint(SOCKET_BASE_URL)
        address = answer.get("address", "")
        if not _TCP_ADDRESS.fullmatch(address):
            raise EngineError(f"The engine listens at an unexpected address: {address!r}.")
        return place.endpoint(address)


def _failure(process: EngineProcess) -> EngineError:
    cause = process.cause(ready=False)
    return EngineError(cause.message, hint=cause.hint, detail=process.tail())


def _too_large(process: EngineProcess, private_bytes: int) -> EngineError:
    return EngineError(
        f"The engine took {memory_words(private_bytes)} of memory while it loaded the model, far more than the model"
        " needs, and was ended.",
        hint="The file's chat template may be broken: choose another file of this model.",
        detail=process.tail(),
    )


def check_health(endpoint: Endpoint, cancel: CancelToken, seconds: float = HEALTH_SECONDS) -> None:
    """Raises `EngineError` when the engine at ``endpoint`` does not answer within ``seconds``."""
    from workbench.engine.asking.calling import FAILURES, OK, call  # what it takes is wanted with an engine only

    try:
        with call(endpoint, "GET", "/health", cancel, seconds=seconds) as answer:
            status = answer.status
    except FAILURES as error:
        raise EngineError("The engine does not answer.", detail=repr(error)) from error
    if status != OK:
        raise EngineError("The engine does not answer.", detail=f"HTTP {status}")


@dataclass(frozen=True, slots=True)
class Place:
    """Where an engine shall listen: ``file`` is its socket, or the file with its key for loopback TCP."""

    file: Path
    key: str | None

    @classmethod
    def choose(cls, paths: Paths, *, use_socket: bool) -> Place:
        name = secrets.token_hex(6)
        if use_socket:
            return cls(paths.sockets() / f"e-{name}.sock", None)
        key = secrets.token_urlsafe(32)
        file = paths.run / f"engine-{name}.key"
        records.write_private(file, key)
        return cls(file, key)

    @property
    def listen(self) -> dict[str, str]:
        return {"socket": str(self.file)} if self.key is None else {"host": LOOPBACK, "key_file": str(self.file)}

    def endpoint(self, base_url: str) -> Endpoint:
        return Endpoint(base_url, self.file) if self.key is None else Endpoint(base_url, key=self.key)

    def record(self, process_id: int) -> records.ProcessRecord:
        return records.ProcessRecord(ownership.this_process(), ownership.of(process_id), (self.file.name,))

    def remove(self, paths: Paths) -> None:
        records.remove_listening_file(paths, self.file.name)


def order_of(plan: LaunchPlan, place: Place) -> dict[str, Any]:
    """What a child of ours is told: the plan as JSON can hold it, and where to listen."""
    return {
        "parent": os.getpid(),
        "listen": place.listen,
        "model_path": str(plan.model_path),
        "context_tokens": plan.context_tokens,
        "slots": plan.slots,
        "threads": plan.threads,
        "batch_tokens": plan.batch_tokens,
        "gpu_layers": plan.gpu_layers,
        "expert_layers_on_cpu": plan.expert_layers_on_cpu,
        "cache_type": plan.cache_type,
        "flash_attention": plan.flash_attention,
        "repack": plan.repack,
        "lock_memory": plan.lock_memory,
        "projector_path": None if plan.projector_path is None else str(plan.projector_path),
        "state_folder": None if plan.state_folder is None else str(plan.state_folder),
        "embeddings": plan.embeddings,
        "context_checkpoints": plan.context_checkpoints,
        "cache_ram_bytes": plan.cache_ram_bytes,
        "use_mmap": plan.use_mmap,
        "options": dict(plan.options or {}),
    }


class ChildEngine:
    """A `RunningEngine`: the process, its address, and what must be removed after it."""

    def __init__(self, process: EngineProcess, endpoint: Endpoint, paths: Paths, place: Place, record: Path) -> None:
        self._process = process
        self._paths = paths
        self._place = place
        self._record = record
        self._stopped = False
        self.endpoint = endpoint

    @property
    def process_id(self) -> int:
        return self._process.id

    def exit_cause(self) -> str | None:
        if not self._process.ended:
            return None
        return "The engine was stopped." if self._stopped else self._process.cause(ready=True).message

    def exit_hint(self) -> str:
        return self._process.cause(ready=True).hint if self._process.ended and not self._stopped else ""

    def wait(self, seconds: float | None = None) -> bool:
        return self._process.wait(seconds)

    def log_tail(self) -> str:
        return self._process.tail()

    def stop(self, seconds: float = 3.0) -> None:
        self._stopped = self._stopped or not self._process.ended
        self._process.stop(seconds)
        self._place.remove(self._paths)
        with suppress(OSError):
            self._record.unlink()

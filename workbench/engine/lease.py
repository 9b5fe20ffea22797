"""One engine per model per home: its owner holds a file lock and publishes the address; other processes attach to it."""

from __future__ import annotations

import hashlib
import json
import os
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from workbench import ownership
from workbench.cancel import CancelToken
from workbench.engine.launching.computes import Computes
from workbench.engine.launching.launcher import check_health
from workbench.engine.records import kill, read_private_json, write_private
from workbench.errors import EngineError
from workbench.paths import Paths
from workbench.ports import Endpoint

LEAVE_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class SharedEngine:
    endpoint: Endpoint
    context_tokens: int
    process_id: int
    computes: Computes = Computes()


@dataclass(frozen=True, slots=True)
class Published:
    """An engine of this home, whichever process owns it. ``owner``: as `workbench.ownership` writes it."""

    model_path: Path
    name: str
    owner: str
    process_id: int
    context_tokens: int


class Lease:
    """The right to run the engine of one model. The system takes the lock back from a process that is killed."""

    def __init__(self, paths: Paths, model_path: Path) -> None:
        self._model_path = model_path
        digest = hashlib.sha256(os.fsencode(model_path)).hexdigest()[:16]
        self._address = paths.run / f"engine-{digest}.address"
        self._leaving = paths.run / f"engine-{digest}.leave"
        # Taken in the thread that starts the engine, given back in the one that buries it.
        self._lock = FileLock(paths.run / f"engine-{digest}.lock", mode=0o600, thread_local=False)

    def acquire(self) -> bool:
        """Try to become the owner, without waiting."""
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            return False
        self._remove_address()  # of an owner that was killed
        return True

    def publish(self, engine: SharedEngine, name: str = "") -> None:
        """Tell other processes where the engine of this one listens. Raises `EngineError` when that cannot be written."""
        endpoint = engine.endpoint
        record = {
            "owner": ownership.this_process(),
            "base_url": endpoint.base_url,
            "socket": None if endpoint.socket_path is None else str(endpoint.socket_path),
            "key": endpoint.key,
            "context_tokens": engine.context_tokens,
            "process_id": engine.process_id,
            "model_path": str(self._model_path),
            "name": name,
            "build": engine.computes.build,
            "devices": engine.computes.devices,
        }
        try:
            write_private(self._address, json.dumps(record))
            os.utime(self._address, (0, 0))  # no guest has used it
        except OSError as error:
            raise EngineError(f"{self._address} cannot be written: {error.strerror or error}.") from error

    def release(self) -> None:
        self._remove_address()
        self._lock.release()

    def mark_use(self) -> None:
        """Tell the owner that this process is asking its engine something. Each few seconds while it does."""
        with suppress(OSError):
            os.utime(self._address)

    def seconds_since_use(self) -> float:
        """How long ago a guest has asked the engine something; far more than anybody waits when none has."""
        try:
            return max(0.0, time.time() - self._address.stat().st_mtime)
        except OSError:
            return float("inf")

    def ask_to_leave(self, process_id: int) -> None:
        """End the engine of another process, which shall not take its end for a death."""
        import psutil

        with suppress(OSError):
            write_private(self._leaving, ownership.of(process_id))
        with suppress(psutil.Error):
            engine = psutil.Process(process_id)
            engine.terminate()
            try:
                engine.wait(LEAVE_SECONDS)
            except psutil.TimeoutExpired:
                kill(process_id)

    def was_asked_to_leave(self) -> bool:
        """Whether another process ended the engine on purpose."""
        return self._leaving.exists()

    def shared(self, cancel: CancelToken) -> SharedEngine | None:
        """The engine of the owner, if it is ready and answers; None: look again."""
        record = read_private_json(self._address)
        if not ownership.is_alive(str(record.get("owner", ""))):
            return None
        socket_path, key = record.get("socket"), record.get("key")
        endpoint = Endpoint(
            str(record.get("base_url", "")),
            None if socket_path is None else Path(socket_path),
            None if key is None else str(key),
        )
        try:
            computes = Computes(str(record.get("build", "")), str(record.get("devices", "")))
            engine = SharedEngine(endpoint, int(record["context_tokens"]), int(record["process_id"]), computes)
            check_health(endpoint, cancel)
        except (KeyError, TypeError, ValueError, EngineError):
            return None
        return engine

    def announced(self) -> bool:
        """Whether an owner has said where its engine listens, truly or not."""
        return self._address.exists()

    def owner_lives(self) -> bool:
        """Whether the owner of the shared engine still runs it."""
        return ownership.is_alive(str(read_private_json(self._address).get("owner", "")))

    def _remove_address(self) -> None:
        for path in (self._address, self._leaving):
            with suppress(OSError):
                path.unlink()


def published(paths: Paths) -> tuple[Published, ...]:
    """The engines of this home that are ready, of processes that live."""
    return tuple(found for path in sorted(paths.run.glob("engine-*.address")) if (found := _published(path)))


def _published(path: Path) -> Published | None:
    record = read_private_json(path)
    if not ownership.is_alive(str(record.get("owner", ""))):
        return None
    try:
        return Published(
            Path(record["model_path"]),
            str(record["name"]),
            str(record["owner"]),
            int(record["process_id"]),
            int(record["context_tokens"]),
        )
    except (KeyError, TypeError, ValueError):  # of another version
        return None

"""A real worker on SmolLM2, and a way to ask it that shows status, headers and body as they are."""

from __future__ import annotations

import json
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from workbench.cancel import CancelToken
from workbench.clock import SystemClock
from workbench.engine.asking.client import LlamaBackend
from workbench.engine.launching.launcher import ChildEngine
from workbench.engine.worker.worker_launcher import WorkerLauncher
from workbench.paths import Paths
from workbench.ports import BackendInfo, LaunchPlan

CONTEXT_TOKENS = 8192


@pytest.fixture(scope="session")
def jinja(worker_site: Path) -> None:
    """Jinja, which the program itself does not have."""
    if str(worker_site) not in sys.path:
        sys.path.append(str(worker_site))


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: str

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def chunks(self) -> list[Any]:
        lines = [line.removeprefix("data: ") for line in self.body.split("\n\n") if line]
        return [json.loads(line) for line in lines if line != "[DONE]"]


@dataclass(frozen=True)
class Worker:
    engine: ChildEngine
    state_folder: Path

    @property
    def backend(self) -> LlamaBackend:
        info = BackendInfo("worker", "model", local=True, context_tokens=CONTEXT_TOKENS)
        return LlamaBackend(self.engine.endpoint, info)

    def dial(self) -> socket.socket:
        endpoint = self.engine.endpoint
        if endpoint.socket_path is None:
            host, _, port = endpoint.base_url.removeprefix("http://").partition(":")
            return socket.create_connection((host, int(port)), timeout=100)
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(100)
        connection.connect(str(endpoint.socket_path))
        return connection

    def head(self, method: str, path: str, **headers: str) -> bytes:
        endpoint = self.engine.endpoint
        known = {"Host": endpoint.base_url.removeprefix("http://")}
        if endpoint.key:
            known["Authorization"] = f"Bearer {endpoint.key}"
        lines = [f"{name.replace('_', '-')}: {value}" for name, value in (known | headers).items() if value]
        return "\r\n".join([f"{method} {path} HTTP/1.1", *lines, "", ""]).encode()

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Reply:
        """``headers`` replace the usual ones; an empty one is left out."""
        content = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        usual = {"Content_Type": "application/json", "Content_Length": str(len(content))} if method == "POST" else {}
        with self.dial() as connection:
            connection.sendall(self.head(method, path, **(usual | headers)) + content)
            return reply(connection)

    def chat(self, text: str, **more: Any) -> Reply:
        return self.ask("POST", "/v1/chat/completions", {"messages": [{"role": "user", "content": text}], **more})


def reply(connection: socket.socket) -> Reply:
    raw = b""
    while block := connection.recv(1 << 16):
        raw += block
    head, _, body = raw.decode().partition("\r\n\r\n")
    first, *lines = head.split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    return Reply(int(first.split(" ")[1]), headers, body)


def plan_for(model: Path, folder: Path, **more: Any) -> LaunchPlan:
    values: dict[str, Any] = {
        "slots": 2,
        "threads": 2,
        "batch_tokens": 128,
        "cache_ram_bytes": 64 << 20,
        "state_folder": folder,
    }
    return LaunchPlan(model, **({"context_tokens": CONTEXT_TOKENS} | values | more))


def started(site: Path, home: Path, model: Path, *, use_socket: bool | None = None, **more: Any) -> Worker:
    paths = Paths(home)
    paths.prepare()
    states = home / "states"
    states.mkdir(exist_ok=True)
    engine = WorkerLauncher(paths, SystemClock(), site, use_socket=use_socket).start(
        plan_for(model, states, **more), CancelToken()
    )
    assert isinstance(engine, ChildEngine)
    return Worker(engine, states)


@pytest.fixture(scope="session")
def worker(worker_site: Path, starter_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worker]:
    running = started(worker_site, tmp_path_factory.mktemp("worker"), starter_model)
    yield running
    running.engine.stop()


@pytest.fixture(scope="session")
def tcp_worker(worker_site: Path, starter_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worker]:
    running = started(worker_site, tmp_path_factory.mktemp("tcp"), starter_model, use_socket=False)
    yield running
    running.engine.stop()

"""Open WebUI as a peer to measure: its server on loopback, a user of it, and its database filled by its own models."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import time
import uuid
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

import psutil

STARTS_WITHIN = 180.0  # seconds; its first start makes its database
IDLE = 3.0  # seconds; it ends a connection on which nothing was asked for five
ROWS = Path(__file__).with_name("peer_rows.py")


def offline(folder: Path) -> dict[str, str]:
    """The environment of its processes: nothing is asked of another machine, nothing is kept outside ``folder``."""
    return {
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "HOME": str(folder),
        "DATA_DIR": str(folder),
        "WEBUI_SECRET_KEY": "of a benchmark",
        "WEBUI_AUTH": "False",
        "OFFLINE_MODE": "True",
        "HF_HUB_OFFLINE": "1",
        "ENABLE_VERSION_UPDATE_CHECK": "False",
        "ENABLE_OLLAMA_API": "False",
        "ENABLE_OPENAI_API": "False",
        "ANONYMIZED_TELEMETRY": "False",
        "DO_NOT_TRACK": "true",
        "SCARF_NO_ANALYTICS": "true",
        "RAG_EMBEDDING_ENGINE": "openai",  # else it wants a model from the internet
        "RAG_OPENAI_API_BASE_URL": "http://127.0.0.1:9/v1",
        "RAG_OPENAI_API_KEY": "none",
        "GLOBAL_LOG_LEVEL": "WARNING",
    }


class OpenWebui:
    """Its server from entering to leaving; `ask` is what its page does with one call."""

    def __init__(self, python: Path, folder: Path, **settings: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._python, self._folder = python, folder
        self._environment = offline(folder) | settings
        self._headers = {"Accept": "application/json", "Content-Type": "application/json"}
        self._asked_at = 0.0
        self.user = ""

    def __enter__(self) -> Self:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        with (self._folder / "server.log").open("ab") as log:
            self._server = subprocess.Popen(
                [self._python.with_name("open-webui"), "serve", "--host", "127.0.0.1", "--port", str(port)],
                cwd=self._folder,
                env=self._environment,
                stdout=log,
                stderr=log,
            )
        self._process = psutil.Process(self._server.pid)
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
        try:
            self._await()
            self._sign_in()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_raised: object) -> None:
        self._connection.close()
        self._server.terminate()
        try:
            self._server.wait(20)
        except subprocess.TimeoutExpired:
            self._server.kill()
            self._server.wait()

    def _await(self) -> None:
        until = time.monotonic() + STARTS_WITHIN
        while True:
            try:
                self.ask("/health")
                return
            except OSError:
                self._connection.close()
                if time.monotonic() > until or self._server.poll() is not None:
                    raise
                time.sleep(0.5)

    def _sign_in(self) -> None:
        """Without accounts, as one person at home uses it: anyone who asks is its only user."""
        account = json.loads(self.ask("/api/v1/auths/signin", {"email": "", "password": ""}))
        self.user = account["id"]
        self._headers["Authorization"] = f"Bearer {account['token']}"

    def ask(self, path: str, body: object = None) -> bytes:
        """The bytes of an answer, over one connection that stays open. Raises `OSError` for any other than 200."""
        method, sent = ("GET", None) if body is None else ("POST", json.dumps(body))
        if time.monotonic() - self._asked_at > IDLE:
            self._connection.close()  # the next request opens it anew
        self._connection.request(method, path, sent, self._headers)
        answer = self._connection.getresponse()
        raw = answer.read()
        self._asked_at = time.monotonic()
        if answer.status != 200:
            raise OSError(f"{path}: {answer.status} {raw[:300]!r}")
        return raw

    def upload(self, knowledge: str, path: Path) -> None:
        """A file into a knowledge collection, as its page sends it; returns when its vectors are kept. Any thread.

        Raises `OSError` for any other answer than 200.
        """
        edge = uuid.uuid4().hex
        metadata = json.dumps({"knowledge_id": knowledge})
        body = (
            f'--{edge}\r\nContent-Disposition: form-data; name="metadata"\r\n\r\n{metadata}\r\n'
            f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{path.name}"\r\n'
            "Content-Type: text/plain\r\n\r\n"
        ).encode()
        body += path.read_bytes() + f"\r\n--{edge}--\r\n".encode()
        headers = self._headers | {"Content-Type": f"multipart/form-data; boundary={edge}"}
        connection = http.client.HTTPConnection("127.0.0.1", self._connection.port, timeout=600)
        try:
            connection.request("POST", "/api/v1/files/?process=true&process_in_background=false", body, headers)
            answer = connection.getresponse()
            raw = answer.read()
        finally:
            connection.close()
        if answer.status != 200:
            raise OSError(f"{path.name}: {answer.status} {raw[:300]!r}")

    def search(self, text: str) -> bytes:
        return self.ask(f"/api/v1/chats/search?text={quote(text)}&page=1")

    def processor(self) -> float:
        """Seconds of processor time that its server has had."""
        times = self._process.cpu_times()
        return float(times.user + times.system)

    def memory(self) -> int:
        return int(self._process.memory_info().rss)

    def version(self) -> str:
        return str(json.loads(self.ask("/api/version"))["version"])

    def writer(self, texts: Any) -> subprocess.Popen[str]:
        """Writes chats, a line of ``texts`` each, see `peer_rows`."""
        command = [str(self._python), str(ROWS), self.user]
        with (self._folder / "rows.log").open("ab") as log:
            return subprocess.Popen(
                command, stdin=texts, stdout=subprocess.PIPE, stderr=log, env=self._environment, text=True
            )

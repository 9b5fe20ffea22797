"""The real `llama-server` as another machine's: on TCP, behind a key, with nothing of ours around it."""

from __future__ import annotations

import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

START_SECONDS = 60.0


@contextmanager
def serving(binary: Path, model: Path, folder: Path, key: str, context_tokens: int = 2048) -> Iterator[str]:
    """The URL of a server with ``model``; ``folder`` holds its key and its log."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    keys = folder / "keys"
    keys.write_text(key + "\n", encoding="utf-8")
    arguments = [binary, "-m", model, "--host", "127.0.0.1", "--port", port, "-c", context_tokens, "-np", 1, "-b", 256]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [*map(str, arguments), "--api-key-file", str(keys), "--no-webui"], stdout=log, stderr=log
        )
        try:
            _wait(f"http://127.0.0.1:{port}/health", process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(10)


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(urllib.error.URLError, OSError), urllib.request.urlopen(url, timeout=1):
            return
        time.sleep(0.05)
    raise AssertionError("the real llama-server did not start; its log lies beside its key")

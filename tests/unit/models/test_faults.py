"""One large file through every fault there is, again and again. `python -m tests.bench download` does it with 10 GB."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from pathlib import Path

from tests.fakes import faulty_server
from tests.fakes.faulty_server import Running
from workbench.cancel import CancelToken
from workbench.errors import DownloadError
from workbench.http import make_client
from workbench.models.fetching.download import RemoteFile, download
from workbench.models.fetching.patience import Patience

TRIES = 1000
SHORT = Patience(attempts=20, first_wait=0.001, longest_wait=0.01)


def fetch(server: Running, target: Path, silence_seconds: float) -> int:
    """Fetch until it is there; how many downloads that took."""
    remote = RemoteFile(server.url, server.size, server.sha256)
    for calls in range(1, TRIES):
        with make_client(timeout_seconds=silence_seconds, keep_alive=False) as client, suppress(DownloadError):
            download(remote, target, client=client, cancel=CancelToken(), patience=SHORT)
            return calls
    raise AssertionError("It never arrived.")


def test_a_large_file_through_every_fault(tmp_path: Path) -> None:
    size = 96 << 20
    with faulty_server.running(size, span=2 << 20) as server:
        fetch(server, tmp_path / "model.gguf", 0.3)
        told = server.told()
    with (tmp_path / "model.gguf").open("rb") as file:
        assert hashlib.file_digest(file, "sha256").hexdigest() == server.sha256
    assert set(told["faults"]) == set(faulty_server.FAULTS)
    assert told["sent"] < 1.02 * size + 4 * (16 << 10) * told["faults"]["ignores range"]

"""Downloads on loopback: how fast, how much processor, and 10 GB through hundreds of faults.

``WORKBENCH_BENCH_FOLDER``: where to, the temporary folder by default; 10 GB must be free.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import time
from pathlib import Path

from tests.fakes import faulty_server
from tests.unit.models.test_faults import fetch
from workbench.cancel import CancelToken
from workbench.http import make_client
from workbench.models.fetching.download import RemoteFile, download

LARGE, QUICK = 10_000_000_000, 2_000_000_000
SPAN = 24 << 20
NEVER = 1 << 50
SILENCE_SECONDS = 0.5


def tell(name: str, value: float, unit: str, aim: str = "") -> None:
    print(json.dumps({"name": name, "value": round(value, 3), "unit": unit, "aim": aim}), flush=True)


def speed(folder: Path) -> None:
    """One file from a server that behaves: network, hash and disk together."""
    with faulty_server.running(QUICK, span=NEVER) as server, make_client(keep_alive=False) as client:
        remote = RemoteFile(server.url, server.size, server.sha256)
        began, busy = time.perf_counter(), time.process_time()
        download(remote, folder / "quick.gguf", client=client, cancel=CancelToken())
        seconds, busy = time.perf_counter() - began, time.process_time() - busy
    tell("download, loopback to disk, hashed", QUICK / 1e6 / seconds, "MB/s", "> 500")
    tell("processor time of a download", 1e9 * busy / QUICK, "s/GB")


def faults(folder: Path) -> None:
    """Ten gigabytes, broken off or answered wrongly every few megabytes."""
    target = folder / "large.gguf"
    with faulty_server.running(LARGE, SPAN) as server:
        began = time.perf_counter()
        fetch(server, target, SILENCE_SECONDS)
        seconds = time.perf_counter() - began
        told = server.told()
    with target.open("rb") as file:
        right = hashlib.file_digest(file, "sha256").hexdigest() == server.sha256
    tell("10 GB through faults: right hash", float(right), "", "1")
    tell("10 GB through faults: faults", float(sum(told["faults"].values())), "", "hundreds")
    tell("10 GB through faults: extra bytes", 100 * (told["sent"] / LARGE - 1), "%", "<= 2")
    tell("10 GB through faults: time", seconds, "s")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(dir=os.environ.get("WORKBENCH_BENCH_FOLDER")) as place:
        speed(Path(place))
        faults(Path(place))

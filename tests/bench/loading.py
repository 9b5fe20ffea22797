"""What the real engine allocates for a model file: it is loaded in a child, its log is read, and it is ended.

Weights stay in the file (mapped, not repacked) and nothing is computed, so that files without a body load too.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from workbench.models.sizing.estimate import KvType, Request
from workbench.models.sizing.measurements import EngineMemory, engine_memory

SAYS_BUFFERS = 4  # the verbosity from which llama.cpp prints its buffers


def load(path: Path, request: Request) -> EngineMemory:
    """Raises `RuntimeError` with the end of the engine's log when it does not load."""
    with tempfile.TemporaryDirectory(prefix="wb-load-") as folder:
        order = {**_order(path, request), "socket": f"{folder}/engine.sock"}
        command = [sys.executable, "-m", "tests.bench.loading", json.dumps(order)]
        child = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False, timeout=100)
    memory = engine_memory(child.stderr.splitlines())
    if child.returncode != 0 or memory is None:
        raise RuntimeError(child.stderr[-2000:])
    return memory


def _order(path: Path, request: Request) -> dict[str, Any]:
    return {
        "path": str(path),
        "context": request.context_tokens,
        "slots": request.slots,
        "kv": str(request.kv),
        "batch": request.batch_tokens,
        "unified": request.unified,
    }


def main() -> None:
    import xllamacpp

    order: dict[str, Any] = json.loads(sys.argv[1])
    parameters = xllamacpp.CommonParams()
    parameters.model.path = order["path"]
    parameters.n_ctx, parameters.n_parallel = order["context"], order["slots"]
    parameters.kv_unified = order["unified"]
    parameters.n_ubatch, parameters.n_batch = order["batch"], max(2048, order["batch"])
    if order["kv"] != KvType.F16:
        kind = getattr(xllamacpp.ggml_type, f"GGML_TYPE_{order['kv'].upper()}")
        parameters.cache_type_k = parameters.cache_type_v = kind
    parameters.cache_ram_mib = 0
    parameters.warmup = parameters.use_jinja = parameters.fit_params = False
    parameters.no_extra_bufts = True
    parameters.verbosity = SAYS_BUFFERS
    parameters.hostnames = [order["socket"]]
    server = xllamacpp.Server(parameters)  # returns when the model is loaded
    sys.stderr.flush()
    os._exit(0 if server.listening_address else 1)  # it has no way to stop


if __name__ == "__main__":
    main()

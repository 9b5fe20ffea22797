"""The engine's own process: llama.cpp's native server out of the `xllamacpp` wheel.

The order comes as one line of JSON on standard input (nothing secret is ever in arguments or environment): a plan, or
``binary`` to become another engine (see `binary_child`), or ``devices`` to only tell what could be used. The answer goes
out as one line of JSON on standard output, the address once the model is loaded; everything llama.cpp prints goes to
standard error. The process ends with its parent: see `containment`, and standard input, which stays open as long as the
parent lives. Imports nothing of the program that is not needed here: its start counts.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from workbench.engine.launching import binary_child, containment

CHILD_FLAG = "--engine-child"
# What stays free on each GPU, as `models.placement` counts it; llama.cpp's own 1 GiB would move what we call a fit.
FIT_MARGIN_BYTES = 512 << 20
LOG_VERBOSITY = 4  # tells what each buffer takes; a text that breaks its format is kept out: `log_reader.Discretion`

EXPERTS = r"\.ffn_(up|down|gate_up|gate)_(ch|)exps"  # llama.cpp's own pattern for `--n-cpu-moe`
_FLASH_ATTENTION = {None: "AUTO", True: "ENABLED", False: "DISABLED"}

# No page on the web has this origin, and credentials are off: browsers keep every page away from the answers.
UNMATCHABLE_ORIGIN = "https://none.invalid"


def command() -> list[str]:
    """What starts this module as a process; the frozen app starts itself, with a flag that its entry looks for."""
    if getattr(sys, "frozen", False):
        return [sys.executable, CHILD_FLAG]
    return [sys.executable, "-m", "workbench.engine.launching.native_child"]


@cache
def build() -> str:
    """The engine's build, told without loading it. Raises `ImportError` when it is not installed."""
    from importlib import metadata, util

    if util.find_spec("xllamacpp") is None:
        raise ImportError("No module named 'xllamacpp'")
    try:
        return f"llama.cpp, xllamacpp {metadata.version('xllamacpp')}"
    except metadata.PackageNotFoundError:  # a frozen app may lack the metadata
        return "llama.cpp, xllamacpp"


def main(_arguments: Sequence[str] = ()) -> int:
    channel = _private_stdout()
    containment.lower_rights()
    order = json.loads(sys.stdin.buffer.readline())
    containment.end_with_parent(order["parent"])
    if "binary" in order:
        return binary_child.become(order["binary"])
    threading.Thread(target=_end_with_stdin, daemon=True).start()
    try:
        import xllamacpp

        if "devices" in order:
            return _say(channel, {"devices": [_device(found) for found in xllamacpp.get_device_info()]}, 0)
        # The constructor returns when the model is loaded; until then it holds the interpreter's lock.
        server = xllamacpp.Server(_parameters(xllamacpp, order))
    except (ImportError, OSError, RuntimeError, TypeError, ValueError) as error:
        return _say(channel, {"error": str(error) or type(error).__name__}, 1)
    _say(channel, {"address": server.listening_address}, 0)
    threading.Event().wait()
    return 0


def _private_stdout() -> int:
    """A descriptor for the parent alone: what libraries print to standard output goes to standard error."""
    channel = os.dup(1)
    os.dup2(2, 1)
    return channel


def _end_with_stdin() -> None:
    while os.read(0, 1 << 12):
        pass
    os._exit(0)


def _device(found: dict[str, Any]) -> dict[str, Any]:
    """A device as `probe_engine.native_devices` reads it. ``kind``: the last word of llama.cpp's own name for it."""
    kind = str(getattr(found["type"], "name", "")).rpartition("_")[2].lower()
    return {name: found[name] for name in ("name", "description", "memory_free", "memory_total")} | {"kind": kind}


def _say(channel: int, news: dict[str, Any], status: int) -> int:
    os.write(channel, json.dumps(news).encode() + b"\n")
    return status


def _parameters(xllamacpp: Any, order: dict[str, Any]) -> Any:
    """``order``: the fields of a `LaunchPlan` as JSON, and ``listen``: {"socket"} or {"host", "key_file"}."""
    parameters = xllamacpp.CommonParams()
    _model(xllamacpp, parameters, order)
    _listen(parameters, order["listen"])
    _close_doors(parameters)
    parameters.use_jinja = True
    parameters.reasoning_format = xllamacpp.common_reasoning_format.COMMON_REASONING_FORMAT_AUTO
    parameters.chat_template = order["options"].get("chat_template", "")
    parameters.antiprompt = order["options"].get("stops", [])
    return parameters


def _model(xllamacpp: Any, parameters: Any, order: dict[str, Any]) -> None:
    parameters.model.path = order["model_path"]
    parameters.verbosity = LOG_VERBOSITY
    parameters.model_alias = {"model"}  # else every answer carries the file's path
    parameters.n_ctx = order["context_tokens"] * order["slots"]
    parameters.n_parallel = order["slots"]
    parameters.kv_unified = False  # in one pool, two long answers at a time end both
    parameters.n_batch = parameters.n_ubatch = order["batch_tokens"]
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = order["threads"]
    _memory(xllamacpp, parameters, order)
    _placement(parameters, order)
    if order["projector_path"] is not None:
        parameters.mmproj.path = order["projector_path"]
    if order["embeddings"]:
        _embeddings(xllamacpp, parameters, order["options"].get("pooling", ""))


def _memory(xllamacpp: Any, parameters: Any, order: dict[str, Any]) -> None:
    kind = getattr(xllamacpp.ggml_type, f"GGML_TYPE_{order['cache_type'].upper()}")
    parameters.cache_type_k = parameters.cache_type_v = kind
    flash = _FLASH_ATTENTION[order["flash_attention"]]
    parameters.flash_attn_type = getattr(xllamacpp.llama_flash_attn_type, f"LLAMA_FLASH_ATTN_TYPE_{flash}")
    parameters.no_extra_bufts = not order["repack"]
    mode = load_mode(use_mmap=order["use_mmap"], lock=order["lock_memory"])
    parameters.load_mode = getattr(xllamacpp.llama_load_mode, f"LLAMA_LOAD_MODE_{mode.replace('+', '_').upper()}")
    parameters.cache_ram_mib = order["cache_ram_bytes"] >> 20
    if order["context_checkpoints"] is not None:
        parameters.n_ctx_checkpoints = order["context_checkpoints"]
    if order["state_folder"] is not None:
        parameters.slot_save_path = order["state_folder"] + os.sep  # the name comes right behind


def _placement(parameters: Any, order: dict[str, Any]) -> None:
    """Without a choice nothing is set: then the engine fits the model to its devices by itself."""
    parameters.fit_params_target = [FIT_MARGIN_BYTES] * len(parameters.fit_params_target)
    if order["gpu_layers"] is not None:
        parameters.n_gpu_layers = order["gpu_layers"]
    if order["expert_layers_on_cpu"]:
        layers = range(order["expert_layers_on_cpu"])
        parameters.tensor_buft_overrides = ",".join(f"blk\\.{layer}{EXPERTS}=CPU" for layer in layers)


def _embeddings(xllamacpp: Any, parameters: Any, pooling: str) -> None:
    parameters.embedding = True
    if pooling:
        parameters.pooling_type = getattr(xllamacpp.llama_pooling_type, f"LLAMA_POOLING_TYPE_{pooling.upper()}")


def load_mode(*, use_mmap: bool, lock: bool) -> str:
    """How weights are loaded, in llama.cpp's word for it; ``auto`` maps them where that is best."""
    if use_mmap:
        return "mmap+mlock" if lock else "auto"
    return "mlock" if lock else "none"


def _listen(parameters: Any, listen: dict[str, str]) -> None:
    if "socket" in listen:
        parameters.hostnames = [listen["socket"]]
        return
    parameters.hostnames = [listen["host"]]
    parameters.port = 0
    parameters.api_keys = [Path(listen["key_file"]).read_text(encoding="ascii")]


def _close_doors(parameters: Any) -> None:
    """Off: what this program does not ask, and what a web page could."""
    parameters.cors_origins = UNMATCHABLE_ORIGIN
    parameters.cors_origins_explicit = True
    parameters.cors_credentials = False
    parameters.ui = False
    parameters.server_tools = []
    parameters.endpoint_props = parameters.endpoint_slots = parameters.endpoint_metrics = False
    parameters.offline = True


if __name__ == "__main__":
    sys.exit(main())

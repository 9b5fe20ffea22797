"""Makes a `Llama` from an order.

What `Llama` has no argument for is set where it hands its parameters to llama.cpp: experts on the processor, repacking,
the sliding window's cache, flash attention as llama.cpp thinks best. Two habits of its constructor are taken off: it
throws the log away, and it compiles every template of the file. See docs/decisions/0088-a-worker-on-llama.md.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from functools import partial
from importlib import import_module
from typing import Any

from workbench.engine.worker.devices import devices, fitting_layers, library

CACHE_TYPES = {"f32": 0, "f16": 1, "q4_0": 2, "q8_0": 8, "bf16": 30}
POOLING = {"": -1, "none": 0, "mean": 1, "cls": 2, "last": 3, "rank": 4}
_FLASH_ATTENTION = {None: -1, False: 0, True: 1}
_EXPERTS = r"blk\.{}\.ffn_(up|down|gate|gate_up)_(ch|)exps"  # llama.cpp's own pattern
_DEBUG = 1
_STEP = 0.05


def load(order: Mapping[str, Any]) -> Any:
    """The `Llama` for ``order``, as `worker_launcher.order` makes it. Raises `ValueError` when the model cannot be loaded;
    llama.cpp's own words about it are on standard error."""
    package, api = import_module("llama_cpp"), import_module("llama_cpp.llama_cpp")
    log = _log_to_stderr(api)
    say("load_model: loading model")
    with _unsaid(api, order):
        llama = package.Llama(**arguments(order, _gpu_layers(order)), verbose=False)
    llama.kept_for_llama_cpp = log
    _shrink(llama)
    if order[
        "embeddings"
    ]:  # markers in a text are tokens, as llama.cpp's server has it, and as texts are measured here
        llama.tokenize = partial(llama.tokenizer_.tokenize, add_bos=True, special=True)
    return llama


def arguments(order: Mapping[str, Any], gpu_layers: int) -> dict[str, Any]:
    """What `Llama` is called with. Pure."""
    return {
        "model_path": order["model_path"],
        "n_ctx": order["context_tokens"],
        "n_batch": order["batch_tokens"],
        "n_ubatch": order["batch_tokens"],
        "n_threads": order["threads"],
        "n_threads_batch": order["threads"],
        "n_gpu_layers": gpu_layers,
        "type_k": CACHE_TYPES[order["cache_type"]],
        "type_v": CACHE_TYPES[order["cache_type"]],
        "use_mmap": order["use_mmap"],
        "use_mlock": order["lock_memory"],
        "embedding": order["embeddings"],
        "pooling_type": POOLING[order["options"].get("pooling", "")],
        "logits_all": False,
    }


def say(text: str) -> None:
    """A line for the log, which the parent reads."""
    os.write(2, f"{text}\n".encode("utf-8", "replace"))


def _gpu_layers(order: Mapping[str, Any]) -> int:
    chosen = order["gpu_layers"]
    if chosen is not None:
        return int(chosen)
    return fitting_layers(devices(), order["model_bytes"], order["layers"])


def _log_to_stderr(api: Any) -> Any:
    """Everything but what is only for developers. Returns what llama.cpp calls: it must be kept."""
    shown = True

    @api.llama_log_callback  # type: ignore[untyped-decorator, unused-ignore]
    def write(level: int, text: bytes, _data: Any) -> None:
        nonlocal shown
        if level <= 4:  # above: the rest of the line before
            shown = level != _DEBUG
        if shown:
            os.write(2, text or b"")

    api.llama_log_set(write, None)
    return write


@contextmanager
def _unsaid(api: Any, order: Mapping[str, Any]) -> Iterator[None]:
    """While this is entered, `Llama` loads with what it has no arguments for."""
    llama, internals = import_module("llama_cpp.llama"), import_module("llama_cpp._internals")
    formats = import_module("llama_cpp.llama_chat_format")
    kept: list[Any] = []  # what llama.cpp reads while it loads
    load_model, make_context = api.llama_model_load_from_file, api.llama_init_from_model

    def loading(path: bytes, parameters: Any) -> Any:
        _set_model(api, parameters, order, kept)
        return load_model(path, parameters)

    def making(model: Any, parameters: Any) -> Any:
        say("load_model: initializing the context")
        parameters.flash_attn_type = _FLASH_ATTENTION[order["flash_attention"]]
        parameters.swa_full = False
        return make_context(model, parameters)

    own: tuple[tuple[Any, str, Any], ...] = (
        (api, "llama_model_load_from_file", loading),
        (api, "llama_init_from_model", making),
        (llama, "suppress_stdout_stderr", lambda **_: nullcontext()),
        (internals, "suppress_stdout_stderr", lambda **_: nullcontext()),
        (formats, "Jinja2ChatFormatter", _NoFormatter),
    )
    before = [getattr(module, name) for module, name, _ in own]
    for module, name, value in own:
        setattr(module, name, value)
    try:
        yield
    finally:
        for (module, name, _), value in zip(own, before, strict=True):
            setattr(module, name, value)


class _NoFormatter:
    """In the place of what compiles a template outside our limits."""

    def __init__(self, **_: Any) -> None:
        pass

    def to_chat_handler(self) -> None:
        return None


def _set_model(api: Any, parameters: Any, order: Mapping[str, Any], kept: list[Any]) -> None:
    parameters.use_extra_bufts = order["repack"]
    if order["expert_layers_on_cpu"]:
        overrides = _on_cpu(order["expert_layers_on_cpu"])
        parameters.tensor_buft_overrides = ctypes.addressof(overrides)
        kept.append(overrides)
    told = 0.0

    @api.llama_progress_callback  # type: ignore[untyped-decorator, unused-ignore]
    def progress(share: float, _data: Any) -> bool:
        nonlocal told
        if share >= told + _STEP or share >= 1.0 > told:
            told = share
            say(f"load_model: {share:.0%} loaded")
        return True

    parameters.progress_callback = progress
    kept.append(progress)


class _Override(ctypes.Structure):
    _fields_ = (("pattern", ctypes.c_char_p), ("buffer_type", ctypes.c_void_p))


def _on_cpu(layers: int) -> Any:
    """For llama.cpp: the experts of the first ``layers`` layers in the processor's memory. Ends with an empty one."""
    ggml = library()
    ggml.ggml_backend_cpu_buffer_type.restype = ctypes.c_void_p
    buffer_type = ggml.ggml_backend_cpu_buffer_type()
    patterns = [_EXPERTS.format(layer).encode() for layer in range(layers)]
    return (_Override * (layers + 1))(*(_Override(pattern, buffer_type) for pattern in patterns))


def _shrink(llama: Any) -> None:
    """`Llama` keeps room for a whole batch of logits, which it only fills with ``logits_all``."""
    llama.scores = import_module("numpy").empty((1, llama.n_vocab()), dtype="single")

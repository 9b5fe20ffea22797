"""What the ggml of llama-cpp-python can compute on, and how much of a model is put there."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Mapping
from importlib import import_module
from typing import Any

_KINDS = ("cpu", "gpu", "igpu", "accel")
_WEIGHT_MARGIN = 1.15  # the cache and what is computed with stand beside the weights
_FREE_MARGIN_BYTES = 512 << 20


def library() -> Any:
    """The ggml library that the package has loaded."""
    return import_module("llama_cpp._ggml").libggml


def devices() -> list[dict[str, Any]]:
    """Each with name, description, kind and free and whole memory in bytes, as `probe_engine.native_devices` reads it."""
    ggml = library()
    ggml.ggml_backend_dev_count.restype = ctypes.c_size_t
    ggml.ggml_backend_dev_get.restype = ctypes.c_void_p
    ggml.ggml_backend_dev_get.argtypes = [ctypes.c_size_t]
    for name in ("name", "description"):
        function = getattr(ggml, f"ggml_backend_dev_{name}")
        function.restype, function.argtypes = ctypes.c_char_p, [ctypes.c_void_p]
    ggml.ggml_backend_dev_type.argtypes = [ctypes.c_void_p]
    size = ctypes.POINTER(ctypes.c_size_t)
    ggml.ggml_backend_dev_memory.argtypes = [ctypes.c_void_p, size, size]
    return [_device(ggml, ggml.ggml_backend_dev_get(index)) for index in range(ggml.ggml_backend_dev_count())]


def _device(ggml: Any, device: int) -> dict[str, Any]:
    free, total = ctypes.c_size_t(), ctypes.c_size_t()
    ggml.ggml_backend_dev_memory(device, ctypes.byref(free), ctypes.byref(total))
    kind = ggml.ggml_backend_dev_type(device)
    return {
        "name": ggml.ggml_backend_dev_name(device).decode("utf-8", "replace"),
        "description": ggml.ggml_backend_dev_description(device).decode("utf-8", "replace"),
        "kind": _KINDS[kind] if 0 <= kind < len(_KINDS) else "",
        "memory_free": free.value,
        "memory_total": total.value,
    }


def fitting_layers(found: Iterable[Mapping[str, Any]], model_bytes: int, layers: int) -> int:
    """How many layers the GPUs hold: -1 for all of them. For a plan that leaves it to the engine. Pure."""
    free = sum(device["memory_free"] for device in found if device["kind"] in ("gpu", "igpu"))
    usable = free - _FREE_MARGIN_BYTES
    if usable <= 0:
        return 0
    needed = int(model_bytes * _WEIGHT_MARGIN)
    return -1 if usable >= needed else usable * layers // needed

"""Where the layers of a model are, as logs of llama.cpp tell."""

from __future__ import annotations

import pytest

from workbench.engine.launching.computes import devices_in

PROCESSOR = """
load_tensors:   CPU_Mapped model buffer size =    93.55 MiB
llama_context:        CPU  output buffer size =     0.19 MiB
"""
CUDA = """
load_tensors: offloading 24 repeating layers to GPU
load_tensors: offloaded 25/25 layers to GPU
load_tensors:   CPU_Mapped model buffer size =   586.82 MiB
load_tensors:        CUDA0 model buffer size = 10949.38 MiB
llama_kv_cache:      CUDA0 KV buffer size =   192.00 MiB
"""
TWO = """
load_tensors: offloaded 30/49 layers to GPU
load_tensors:      Vulkan0 model buffer size =  5000.00 MiB
load_tensors:      Vulkan1 model buffer size =  5000.00 MiB
load_tensors:          CPU model buffer size =  8000.00 MiB
"""
TRIED_BEFORE = "load_tensors: offloaded 0/25 layers to GPU\n" + CUDA
NONE_OFFLOADED = "load_tensors: offloaded 0/25 layers to GPU\n" + PROCESSOR


@pytest.mark.parametrize(
    ("log", "experts", "told"),
    [
        (PROCESSOR, None, "processor"),
        (NONE_OFFLOADED, None, "processor"),
        (CUDA, None, "CUDA0: 25 of 25 layers"),
        (CUDA, 12, "CUDA0: 25 of 25 layers, experts of 12 on the processor"),
        (TWO, None, "Vulkan0, Vulkan1: 30 of 49 layers"),
        (TRIED_BEFORE, None, "CUDA0: 25 of 25 layers"),
        ("load_tensors: offloaded 3/9 layers to GPU", None, "GPU: 3 of 9 layers"),
        ("", None, ""),
        ("server is listening", 4, ""),
    ],
)
def test_a_log_tells_where_the_layers_are(log: str, experts: int | None, told: str) -> None:
    assert devices_in(log.splitlines(), experts) == told

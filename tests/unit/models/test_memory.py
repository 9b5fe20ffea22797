"""The cache that llama.cpp allocates, against what it printed for real shapes (llama-server b10434, one CPU, MiB)."""

from __future__ import annotations

import pytest

from workbench.models.sizing.estimate import KvType, Request
from workbench.models.sizing.memory import cache_bytes
from workbench.models.sizing.shape import CacheGroup, CacheKind, ModelShape

MIB = 1 << 20
FULL, SLIDING, RECURRENT = CacheKind.FULL, CacheKind.SLIDING, CacheKind.RECURRENT
GPT_OSS_20B = (CacheGroup(FULL, 12, 8, 64, 64), CacheGroup(SLIDING, 12, 8, 64, 64, window=128))
GPT_OSS_120B = (CacheGroup(FULL, 18, 8, 64, 64), CacheGroup(SLIDING, 18, 8, 64, 64, window=128))
QWEN3_30B = (CacheGroup(FULL, 48, 4, 128, 128),)
QWEN35_35B = (CacheGroup(FULL, 10, 2, 256, 256), CacheGroup(RECURRENT, 30, state_bytes=2_195_456))
GEMMA4_26B = (CacheGroup(FULL, 5, 2, 512, 512), CacheGroup(SLIDING, 25, 8, 256, 256, window=1024))
Q8 = KvType.Q8_0


@pytest.mark.parametrize(
    ("cache", "request_", "printed"),
    [
        (GPT_OSS_20B, Request(8192), 210),
        (GPT_OSS_20B, Request(32_768), 786),
        (GPT_OSS_20B, Request(131_072), 3090),
        (GPT_OSS_20B, Request(131_072, slots=4), 3096),
        (GPT_OSS_20B, Request(131_072, batch_tokens=2048), 3126),
        (GPT_OSS_20B, Request(131_072, kv=Q8), 1641),
        (GPT_OSS_120B, Request(131_072), 4635),
        (GPT_OSS_120B, Request(131_072, slots=4), 4644),
        (QWEN3_30B, Request(32_768), 3072),
        (QWEN3_30B, Request(32_768, kv=Q8), 1632),
        (QWEN3_30B, Request(262_144), 24_576),
        (QWEN35_35B, Request(32_768), 702),
        (QWEN35_35B, Request(262_144), 5182),
        (QWEN35_35B, Request(262_144, slots=4), 5371),
        (GEMMA4_26B, Request(8192), 460),
        (GEMMA4_26B, Request(32_768), 940),
        (GEMMA4_26B, Request(262_144), 5420),
        (GEMMA4_26B, Request(32_768, slots=4), 1540),
    ],
)
def test_the_engines_own_figures(cache: tuple[CacheGroup, ...], request_: Request, printed: int) -> None:
    assert cache_bytes(_shape(cache), request_) // MIB == printed


@pytest.mark.parametrize(
    ("cache", "printed"), [(GPT_OSS_20B, (131_072, 6144)), (GEMMA4_26B, (32_768, 7040))], ids=["gpt-oss", "gemma"]
)
def test_windows_as_long_as_the_context(cache: tuple[CacheGroup, ...], printed: tuple[int, int]) -> None:
    """With llama.cpp's `--swa-full` a window is the whole context."""
    context, mebibytes = printed
    assert cache_bytes(_shape(cache), Request(context, batch_tokens=context)) // MIB == mebibytes


def _shape(cache: tuple[CacheGroup, ...]) -> ModelShape:
    return ModelShape("any", 24, 262_144, 1 << 30, 0, (), 1 << 29, cache)

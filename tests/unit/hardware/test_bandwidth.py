from __future__ import annotations

import pytest

from workbench.hardware.bandwidth import gpu_bandwidth, processor_bandwidth

GIB, MIB = 1 << 30, 1 << 20


@pytest.mark.parametrize(
    ("name", "memory", "gbs"),
    [
        ("NVIDIA GeForce RTX 4090", 24564 * MIB, 1008),
        ("NVIDIA GeForce RTX 4090 Laptop GPU", 16376 * MIB, 576),
        ("NVIDIA GeForce RTX 4090 D", 24564 * MIB, None),
        ("NVIDIA GeForce RTX 4060", 8188 * MIB, 272),
        ("NVIDIA GeForce RTX 4060 Laptop GPU", 8188 * MIB, 256),
        ("NVIDIA GeForce RTX 4070", 12282 * MIB, 504),
        ("NVIDIA GeForce RTX 4070 Ti SUPER", 16376 * MIB, 672),
        ("NVIDIA GeForce RTX 4070 Laptop GPU", 8188 * MIB, 256),
        ("NVIDIA GeForce RTX 3060", 12288 * MIB, 360),
        ("NVIDIA GeForce RTX 3060", 8192 * MIB, 240),
        ("NVIDIA GeForce RTX 3060", None, 240),
        ("NVIDIA GeForce RTX 3060 Laptop GPU", 6144 * MIB, 336),
        ("NVIDIA GeForce RTX 3080", 10240 * MIB, 760),
        ("NVIDIA GeForce RTX 3080", 12288 * MIB, 912),
        ("NVIDIA GeForce RTX 2080 with Max-Q Design", 8192 * MIB, 448),
        ("NVIDIA GeForce GTX 1060 6GB", 6144 * MIB, 192),
        ("NVIDIA RTX PRO 6000 Blackwell Max-Q Workstation Edition", 97887 * MIB, 1792),
        ("NVIDIA RTX 6000 Ada Generation", 49140 * MIB, 960),
        ("NVIDIA H100 80GB HBM3", 81559 * MIB, 3350),
        ("NVIDIA H100 PCIe", 81559 * MIB, 2039),
        ("NVIDIA A100-SXM4-40GB", 40960 * MIB, 1555),
        ("NVIDIA A100 80GB PCIe", 81920 * MIB, 1935),
        ("NVIDIA A100-SXM4-40GB MIG 1g.5gb", 4864 * MIB, None),
        ("Tesla T4", 15360 * MIB, 320),
        ("NVIDIA GB10", None, 273),
        ("AMD Radeon RX 7900 XTX (RADV NAVI31)", 24560 * MIB, 960),
        ("Radeon RX 7900 XT", 20464 * MIB, 800),
        ("Radeon 8060S Graphics (RADV GFX1151)", None, 256),
        ("AMD Radeon Graphics", None, None),
        ("Intel(R) Arc(TM) A770 Graphics", 16288 * MIB, 560),
        ("Intel(R) Arc(TM) A770M Graphics", 16288 * MIB, None),
        ("Intel(R) Arc(TM) 140V GPU (16GB)", None, 136.5),
        ("Intel(R) Arc(TM) Graphics", None, None),
        ("Apple M1", 8 * GIB, 68.3),
        ("Apple M2 Ultra", 192 * GIB, 800),
        ("Apple M3 Ultra", 512 * GIB, 819),
        ("Apple M4 Max", 128 * GIB, 546),
        ("Apple M4 Max", 36 * GIB, 410),
        ("Apple M4 Ultra", 256 * GIB, None),
        ("", None, None),
        ("(((", 1, None),
    ],
)
def test_a_name_and_its_memory_tell_the_bandwidth(name: str, memory: int | None, gbs: float | None) -> None:
    assert gpu_bandwidth(name, memory) == gbs


@pytest.mark.parametrize(("cores", "gbs"), [(32, 410), (40, 546), (None, 410), (99, 410)])
def test_the_cores_tell_variants_of_one_chip_apart(cores: int | None, gbs: float) -> None:
    assert gpu_bandwidth("Apple M4 Max", None, cores) == gbs


@pytest.mark.parametrize(
    ("name", "gbs"),
    [
        ("AMD RYZEN AI MAX+ 395 w/ Radeon 8060S", 256),
        ("Intel(R) Core(TM) Ultra 7 258V", 136.5),
        ("Intel(R) Core(TM) Ultra 7 155H", None),
        ("AMD Ryzen 9 7950X 16-Core Processor", None),
        (None, None),
    ],
)
def test_memory_that_is_soldered_to_the_processor(name: str | None, gbs: float | None) -> None:
    assert processor_bandwidth(name) == gbs

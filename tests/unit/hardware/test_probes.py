from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.nvml import LOST, NOT_SUPPORTED, FakeNvml
from workbench.errors import HardwareError
from workbench.hardware import probe_child
from workbench.hardware.probes import apple, drm, dxgi, metal, nvml, pci_names, registry, vulkan
from workbench.hardware.sightings import Sighting, is_software, vendor_of

GIB = 1 << 30


def absent(command: Sequence[str], seconds: float) -> str:
    raise FileNotFoundError(command[0])


# NVIDIA ---------------------------------------------------------------------------------------------------------------

CARD = {"name": "NVIDIA GeForce RTX 3060", "device": 0x2504, "capability": [8, 6], "memory": [12 * GIB, 11 * GIB]}


def asked(*cards: dict[str, Any]) -> tuple[Sighting, ...]:
    fake = FakeNvml({"driver": "580.95.05", "cards": list(cards)})
    found = nvml.ask(fake)
    assert found is not None
    assert not fake.open, "the library is left open"
    return found


def test_nvml_tells_a_card() -> None:
    (seen,) = asked(CARD)
    assert seen == Sighting(
        "NVIDIA GeForce RTX 3060", 0x10DE, 0x2504, 12 * GIB, 11 * GIB, integrated=False, driver="580.95.05",
        compute_capability="8.6",
    )  # fmt: skip


def test_without_nvidias_driver_there_is_nothing() -> None:
    assert nvml.ask(FakeNvml(None)) is None


@pytest.mark.parametrize(
    ("name", "memory"),
    [("NVIDIA GB10", NOT_SUPPORTED), ("NVIDIA GB10", [128 * GIB, 7 * GIB]), ("Orin (nvgpu)", NOT_SUPPORTED)],
)
def test_parts_without_memory_of_their_own_are_integrated(name: str, memory: Any) -> None:
    (seen,) = asked({**CARD, "name": name, "memory": memory})
    assert (seen.integrated, seen.total_bytes, seen.free_bytes) == (True, None, None)


def test_a_card_that_is_lost_does_not_become_an_integrated_one() -> None:
    (seen,) = asked({**CARD, "memory": LOST})
    assert (seen.integrated, seen.total_bytes) == (False, None)
    assert asked({"lost": True}, CARD) == asked(CARD)


def test_of_a_split_card_the_slices_are_told() -> None:
    """Sizes as in https://github.com/XuehaiPan/nvitop/pull/8 (19968 MiB each)."""
    part = {"name": "NVIDIA A100-SXM4-80GB MIG 2g.20gb", "memory": [19968 << 20, 19955 << 20]}
    seen = asked({**CARD, "slices": [part, {"memory": [19968 << 20, 5 << 20]}]})
    assert [(slice_.name, slice_.free_bytes) for slice_ in seen] == [
        ("NVIDIA A100-SXM4-80GB MIG 2g.20gb", 19955 << 20),
        ("NVIDIA GeForce RTX 3060", 5 << 20),
    ]


def test_a_card_that_answers_nothing_is_still_there() -> None:
    assert asked({}) == (Sighting(None, 0x10DE, integrated=True, driver="580.95.05"),)


# the kernel's list ----------------------------------------------------------------------------------------------------


def card(root: Path, name: str, **files: str) -> None:
    (root / "dev/dri").mkdir(parents=True, exist_ok=True)
    device = root / "sys/class/drm" / name / "device"
    device.mkdir(parents=True)
    for file, text in files.items():
        path = device / file.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def test_cards_come_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    for number in (10, 2):
        card(
            tmp_path, f"card{number}", vendor="0x1002", device=f"0x{number:04x}", mem_info_vram_total="1", revision="?"
        )
    card(tmp_path, "card2-DP-1", vendor="0x1002")
    card(tmp_path, "renderD128", vendor="0x1002")
    found = drm.amd(tmp_path)
    assert found is not None
    assert [seen.device_id for seen in found] == [2, 10]
    assert drm.intel(tmp_path) is None


@pytest.mark.parametrize("content", ["", "nonsense", "-5", "99999999999999999999999", "0x", "1\0"])
def test_files_with_nonsense_are_unknown(tmp_path: Path, content: str) -> None:
    card(tmp_path, "card0", vendor="0x1002", device=content, mem_info_vram_total=content, mem_info_gtt_total=content)
    found = drm.amd(tmp_path)
    assert found is not None
    assert found[0].total_bytes in (None, 1)
    assert drm.amd(tmp_path / "nowhere") is None


def test_intels_old_driver_tells_the_cards_memory(tmp_path: Path) -> None:
    card(
        tmp_path, "card0", vendor="0x8086", device="0x56a0", uevent="DRIVER=i915\n",
        drm__card0__lmem_total_bytes=str(16 * GIB),
    )  # fmt: skip
    card(tmp_path, "card1", vendor="0x8086", device="0x7d55", uevent="DRIVER=xe\n")
    found = drm.intel(tmp_path)
    assert found is not None
    assert [(seen.total_bytes, seen.integrated, seen.driver) for seen in found] == [
        (16 * GIB, False, "i915"),
        (None, True, "xe"),
    ]


def test_a_container_has_no_card_of_its_host_without_the_device_files(tmp_path: Path) -> None:
    card(tmp_path, "card0", vendor="0x1002", device="0x744c")
    assert drm.amd(tmp_path)
    (tmp_path / "dev/dri").rmdir()
    assert drm.amd(tmp_path) is None


def test_nvidias_cards_are_seen_without_their_driver(tmp_path: Path) -> None:
    card(tmp_path, "card0", vendor="0x10de", device="0x2504", uevent="DRIVER=nouveau\nPCI_ID=10DE:2504\n")
    assert drm.nvidia(tmp_path) == (Sighting(None, 0x10DE, 0x2504, integrated=False, driver="nouveau"),)


def test_names_come_from_the_systems_lists(tmp_path: Path) -> None:
    (tmp_path / "usr/share/libdrm").mkdir(parents=True)
    (tmp_path / "usr/share/misc").mkdir(parents=True)
    (tmp_path / pci_names.AMDGPU_IDS).write_text(
        "1.0.0\n744C,\tC8,\tAMD Radeon RX 7900 XTX\nbroken\n", encoding="utf-8"
    )
    (tmp_path / pci_names.PCI_IDS[1]).write_text(
        "10de  NVIDIA\n\t744c  Wrong\n1002  AMD\n\t744c  Navi 31 [Radeon RX 7900 XT/7900 XTX]\n"
        "\t\t1002 744c  Sub\n\t0001  X\n",
        encoding="utf-8",
    )
    assert pci_names.amd(tmp_path, 0x744C, 0xC8) == "AMD Radeon RX 7900 XTX"
    assert pci_names.amd(tmp_path, 0x744C, 0xCC) == "Radeon RX 7900 XT/7900 XTX"
    assert pci_names.amd(tmp_path, 1, None) == "X"
    assert pci_names.amd(tmp_path, 0x9999, None) is None
    assert pci_names.amd(tmp_path / "nowhere", 1, 1) is None


# Vulkan ---------------------------------------------------------------------------------------------------------------

# https://github.com/nix-community/nixGL/issues/153 (2023-12-23)
SUMMARY = """Devices:
========
GPU0:
	apiVersion         = 1.3.260
	driverVersion      = 2.0.279
	vendorID           = 0x1002
	deviceID           = 0x73ff
	deviceType         = PHYSICAL_DEVICE_TYPE_DISCRETE_GPU
	deviceName         = AMD Radeon RX 6600 XT
	driverID           = DRIVER_ID_AMD_PROPRIETARY
	driverName         = AMD proprietary driver
	driverInfo         = (AMD proprietary shader compiler)
	conformanceVersion = 1.3.3.1
	deviceUUID         = 00000000-0a00-0000-0000-000000000000
"""

# heaps: https://github.com/GpuZelenograd/memtest_vulkan/issues/22
INTEGRATED = """GPU0:
VkPhysicalDeviceProperties:
	vendorID          = 0x1002
	deviceID          = 0x1681
	deviceType        = PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU
	deviceName        = AMD Radeon(TM) Graphics
VkPhysicalDeviceMemoryProperties:
=================================
memoryHeaps: count = 3
        memoryHeaps[0]:
                size   = 805306368 (0x30000000) (768.00 MiB)
                budget = 765041024 (0x2d999980) (729.60 MiB)
                usage  = 0 (0x00000000) (0.00 B)
                flags: count = 2
                        MEMORY_HEAP_DEVICE_LOCAL_BIT
                        MEMORY_HEAP_MULTI_INSTANCE_BIT
        memoryHeaps[1]:
                size   = 7752122368 (0x1ce100000) (7.22 GiB)
                budget = 7364516352 (0x1b6f59a00) (6.86 GiB)
                usage  = 0 (0x00000000) (0.00 B)
                flags:
                        None
        memoryHeaps[2]:
                size   = 268435456 (0x10000000) (256.00 MiB)
                budget = 255013680 (0x0f333330) (243.20 MiB)
                usage  = 0 (0x00000000) (0.00 B)
                flags: count = 2
                        MEMORY_HEAP_DEVICE_LOCAL_BIT
                        MEMORY_HEAP_MULTI_INSTANCE_BIT
memoryTypes: count = 16
        memoryTypes[0]:
                heapIndex     = 0
"""

# https://github.com/GPUOpen-LibrariesAndSDKs/VulkanMemoryAllocator/issues/157 (2020-11-18): a budget below zero
UNDERFLOW = """GPU0:
	deviceType = PHYSICAL_DEVICE_TYPE_DISCRETE_GPU
	deviceName = AMD RADV NAVI10
        memoryHeaps[0]:
                size   = 16777216 (0x01000000) (16.00 MiB)
                budget = 18446744073271062528 (0xffffffffe5dd3000) (16.00 EiB)
                flags: count = 1
                        MEMORY_HEAP_DEVICE_LOCAL_BIT
        memoryHeaps[2]:
                size   = 8573157376 (0x1ff000000) (7.98 GiB)
                budget = 8500088832 (0x1faa51000) (7.92 GiB)
                flags: count = 1
                        MEMORY_HEAP_DEVICE_LOCAL_BIT
"""


# vulkaninfo 1.3.239 on Debian 12 with Mesa 22.3.6, without a GPU and without VK_EXT_memory_budget (2026-11-22)
SOFTWARE = """GPU0:
VkPhysicalDeviceProperties:
---------------------------
	apiVersion        = 1.3.230 (4206822)
	driverVersion     = 0.0.1 (1)
	vendorID          = 0x10005
	deviceID          = 0x0000
	deviceType        = PHYSICAL_DEVICE_TYPE_CPU
	deviceName        = llvmpipe (LLVM 15.0.6, 256 bits)
	pipelineCacheUUID = 76616c2d-2573-0000-0000-000000000000

VkPhysicalDeviceMemoryProperties:
=================================
memoryHeaps: count = 1
	memoryHeaps[0]:
		size   = 2147483648 (0x80000000) (2.00 GiB)
		flags: count = 1
			MEMORY_HEAP_DEVICE_LOCAL_BIT
memoryTypes: count = 1
	memoryTypes[0]:
		heapIndex     = 0
		propertyFlags = 0x000f: count = 4
"""


def test_a_driver_without_budgets_tells_no_free_memory() -> None:
    (seen,) = vulkan.parse(SOFTWARE)
    assert (seen.total_bytes, seen.free_bytes) == (2 << 30, None)
    assert is_software(seen.name)


def test_vulkans_summary_tells_names_and_numbers() -> None:
    (seen,) = vulkan.parse(SUMMARY)
    assert (seen.name, seen.vendor_id, seen.device_id) == ("AMD Radeon RX 6600 XT", 0x1002, 0x73FF)
    assert (seen.total_bytes, seen.integrated) == (None, False)
    assert seen.driver == "AMD proprietary driver (AMD proprietary shader compiler)"


def test_of_an_integrated_gpu_all_heaps_count() -> None:
    (seen,) = vulkan.parse(INTEGRATED)
    assert seen.shared_bytes == 805306368 + 7752122368 + 268435456
    assert seen.shared_free_bytes == 765041024 + 7364516352 + 255013680
    assert (seen.total_bytes, seen.integrated) == (None, True)


def test_a_budget_below_zero_is_nothing() -> None:
    (seen,) = vulkan.parse(UNDERFLOW)
    assert (seen.total_bytes, seen.free_bytes) == (16777216 + 8573157376, 8500088832)


def test_a_budget_beyond_its_heap_is_the_heap() -> None:
    (seen,) = vulkan.parse(UNDERFLOW.replace("8500088832", "9000000000"))
    assert seen.free_bytes == 8573157376


def test_one_gpu_with_two_drivers_is_told_once() -> None:
    twin = SUMMARY.replace("GPU0", "GPU1").replace("AMD proprietary driver", "radv")
    assert len(vulkan.parse(SUMMARY + twin)) == 1
    other = twin.replace("0a00", "0b00")
    assert len(vulkan.parse(SUMMARY + other)) == 2


def test_without_vulkaninfo_there_is_nothing() -> None:
    assert vulkan.look(absent) is None
    assert vulkan.look(lambda _command, _seconds: "") is None


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300))
def test_no_text_upsets_the_readers(text: str) -> None:
    for output in (text, f"GPU0:\ndeviceName = x\nmemoryHeaps[0]:\nsize = {text}\nbudget = {text}\n{text}"):
        vulkan.parse(output)
    apple.cores(text)
    registry.sightings([{"MatchingDeviceId": text, "HardwareInformation.qwMemorySize": text}])


# macOS ----------------------------------------------------------------------------------------------------------------

LIVE = (Sighting("Apple M3", 0x106B, shared_bytes=12_713_115_648, integrated=True),)


@pytest.mark.parametrize(
    ("wired", "live", "limit"),
    [
        ("0", LIVE, 12_713_115_648),
        ("14000", (), 14000 << 20),
        ("0", (), None),
        ("nonsense", (), None),
    ],
)
def test_a_macs_limit_is_asked_never_assumed(wired: str, live: tuple[Sighting, ...], limit: int | None) -> None:
    values = {"machdep.cpu.brand_string": "Apple M3", "hw.memsize": str(16 * GIB), "iogpu.wired_limit_mb": wired}
    found = apple.gpus(values, 10, live)
    assert found is not None
    assert (found[0].shared_bytes, found[0].cores, found[0].integrated) == (limit, 10, True)


def test_a_mac_whose_metal_hangs_is_still_told() -> None:
    def hanging() -> None:
        raise HardwareError("metal gave no answer within 3 seconds")

    def run(command: Sequence[str], seconds: float) -> str:
        if "sysctl" in command[0]:
            return "machdep.cpu.brand_string: Apple M1\nhw.memsize: 8589934592\n"
        raise HardwareError("ioreg gave no answer within 2 seconds")

    found = apple.look(run, hanging)
    assert found is not None
    assert found[0].name == "Apple M1"
    assert apple.look(absent, hanging) is None


def test_an_intel_mac_has_what_metal_lists() -> None:
    radeon = (Sighting("AMD Radeon Pro 5500M", None, total_bytes=4 * GIB, integrated=False),)
    assert apple.gpus({"machdep.cpu.brand_string": "Intel(R) Core(TM) i9"}, None, radeon) == radeon
    assert apple.gpus({"machdep.cpu.brand_string": "Intel(R) Core(TM) i9"}, None, ()) is None


def test_elsewhere_there_is_no_metal() -> None:
    assert metal.look() is None


# Windows --------------------------------------------------------------------------------------------------------------


def description(vendor: int, device: int, dedicated: int, shared: int, flags: int = 0) -> dxgi.Description:
    return dxgi.Description(vendor=vendor, device=device, dedicated_video=dedicated, shared_system=shared, flags=flags)


def test_dxgi_tells_a_cards_memory() -> None:
    """Sizes as in https://github.com/fastfetch-cli/fastfetch/issues/1896 (2025-08-13)."""
    seen = dxgi.sighting(
        description(0x10DE, 0x1C8D, 4201644032, 12809015296), dxgi.Budget(3_500_000_000, 20_000_000), None
    )
    assert seen is not None
    assert (seen.total_bytes, seen.free_bytes, seen.integrated) == (4201644032, 3_480_000_000, False)


def test_dxgis_integrated_gpus() -> None:
    small = dxgi.sighting(description(0x8086, 0x7D55, 128 << 20, 8 * GIB), None, dxgi.Budget(7 * GIB, 0))
    assert small is not None
    assert (small.integrated, small.shared_bytes, small.shared_free_bytes) == (True, 8 * GIB, 7 * GIB)
    apu = dxgi.sighting(description(0x1002, 0x1586, 64 * GIB, 32 * GIB), None, None)
    assert apu is not None
    assert apu.integrated


def test_the_software_adapter_is_no_gpu() -> None:
    assert dxgi.sighting(description(0x1414, 0x8C, 0, GIB, dxgi.SOFTWARE_FLAG), None, None) is None
    assert dxgi.look() is None


@pytest.mark.parametrize(
    ("size", "told"),
    [
        (12 * GIB, 12 * GIB),
        ((16 * GIB).to_bytes(8, "little"), 16 * GIB),
        (b"\0\xf0\xff\x7f", None),  # 32 bits: https://github.com/oshi/oshi/issues/2907
        ("text", None),
        (None, None),
        (-1, None),
    ],
)
def test_the_registrys_size_is_the_one_of_64_bits(size: Any, told: int | None) -> None:
    entry = {"MatchingDeviceId": r"PCI\VEN_10DE&DEV_2504&SUBSYS_1", "HardwareInformation.qwMemorySize": size}
    (seen,) = registry.sightings(
        [{**entry, "DriverVersion": "32.0.15.6636"}, {"MatchingDeviceId": "rdpidd_indirectdisplay"}, {}]
    )
    assert (seen.vendor_id, seen.device_id, seen.total_bytes) == (0x10DE, 0x2504, told)
    assert seen.driver == "566.36"
    assert registry.look() is None


# the child ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("output", ["", "nonsense", "[1]", '[{"unknown": 1}]', "{}{", "3"])
def test_a_child_that_talks_nonsense_is_told_as_that(output: str) -> None:
    with pytest.raises(HardwareError, match="cannot be read"):
        probe_child.read(output)


def test_what_a_child_tells_is_read() -> None:
    assert probe_child.read("null") is None
    assert probe_child.read('[{"name": "x", "integrated": true}]') == (Sighting("x", integrated=True),)


@pytest.mark.parametrize(
    ("name", "vendor"),
    [
        ("NVIDIA GeForce RTX 4090", "nvidia"),
        ("AMD Radeon RX 7900 XTX (RADV NAVI31)", "amd"),
        ("Radeon 8060S Graphics (RADV GFX1151)", "amd"),
        ("Intel(R) Arc(TM) A770 Graphics", "intel"),
        ("Apple M4", "apple"),
        ("V3D 7.1.7.0", "other"),
        (None, "other"),
    ],
)
def test_the_vendor_is_in_the_name(name: str | None, vendor: str) -> None:
    assert vendor_of(name) == vendor


def test_a_program_on_the_processor_is_no_gpu() -> None:
    assert is_software("llvmpipe (LLVM 17.0.6, 256 bits)")
    assert is_software("Microsoft Basic Render Driver")
    assert not is_software("NVIDIA GB10")
    assert not is_software(None)

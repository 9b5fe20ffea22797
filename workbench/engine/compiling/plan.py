"""How llama-cpp-python is compiled on a machine, and what is missing for it. Pure."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass

from workbench.hardware.backends import CPU

INDEX = "https://abetlen.github.io/llama-cpp-python/whl"  # its makers' own: one list of wheels for each backend
_CUDA_LISTS = ("12.1", "12.2", "12.3", "12.4")  # those that their script writes

# Minutes of one core: measured for the processor (0.3.36, gcc 12), guessed for the others from how much they compile.
_CORE_MINUTES = {CPU: 18, "metal": 20, "vulkan": 40, "cuda": 120}
_DISK_BYTES = {CPU: 1_500_000_000, "metal": 1_500_000_000, "vulkan": 3_000_000_000, "cuda": 8_000_000_000}
_COMPILER_BYTES = {"cuda": 4 << 30}  # of memory, for one compiler at work
_USUAL_COMPILER_BYTES = 3 << 29

_COMPILERS = {
    "apt-get": "sudo apt-get install g++",
    "dnf": "sudo dnf install gcc-c++",
    "zypper": "sudo zypper install gcc-c++",
    "pacman": "sudo pacman -S gcc",
    "macos": "xcode-select --install",
    "windows": 'winget install Microsoft.VisualStudio.2022.BuildTools --override "--wait --passive --add '
    'Microsoft.VisualStudio.Workload.VCTools --includeRecommended"',
}
_PYTHONS = {
    "apt-get": "sudo apt-get install python3-pip",
    "dnf": "sudo dnf install python3-pip",
    "zypper": "sudo zypper install python3-pip",
    "pacman": "sudo pacman -S python-pip",
    "macos": "brew install python",
    "windows": "winget install Python.Python.3.12",
}
_CUDA_KITS = {
    "apt-get": "sudo apt-get install nvidia-cuda-toolkit",
    "dnf": "sudo dnf install cuda-toolkit",
    "zypper": "sudo zypper install cuda-toolkit",
    "pacman": "sudo pacman -S cuda",
    "windows": "winget install Nvidia.CUDA",
}
_VULKAN_KITS = {
    "apt-get": "sudo apt-get install glslc libvulkan-dev spirv-headers",
    "dnf": "sudo dnf install glslc vulkan-loader-devel spirv-headers-devel",
    "zypper": "sudo zypper install shaderc vulkan-devel spirv-headers",
    "pacman": "sudo pacman -S shaderc vulkan-headers spirv-headers",
    "windows": "winget install KhronosGroup.VulkanSDK",
}


@dataclass(frozen=True, slots=True)
class Tools:
    """What was found on this machine.

    ``system``: linux, macos, windows; ``machine``: x86_64, arm64. ``manager``: apt-get, dnf, zypper, pacman, or empty.
    ``python``: one with pip. ``compiler``: for C++. ``cuda``: the release of its compiler, as "12.4". ``vulkan``: the
    shader compiler and the headers. Each empty or False when it is not there.
    """

    system: str
    machine: str
    manager: str = ""
    python: str = ""
    compiler: str = ""
    cuda: str = ""
    vulkan: bool = False
    cores: int = 1
    memory_bytes: int = 4 << 30


@dataclass(frozen=True, slots=True)
class Need:
    """Something that is missing, and the command that brings it; empty where none is known."""

    what: str
    how: str = ""

    def sentence(self) -> str:
        return f"{self.what[:1].upper()}{self.what[1:]}: `{self.how}`." if self.how else f"Install {self.what}."

    def command(self) -> str:
        """Where the sentence before has named it."""
        return f"`{self.how}` brings it; then start this again." if self.how else "Install it, then start this again."


@dataclass(frozen=True, slots=True)
class BuildPlan:
    """``python`` missing: nothing can be done; ``needs``: missing for compiling only; ``better``: what would make it use
    the GPU. ``indexes``: where a ready wheel may be. ``minutes``: of compiling, about; ``disk_bytes``: taken meanwhile.
    ``compiler_flags``: for C and C++ alike."""

    version: str
    backend: str
    cmake_args: tuple[str, ...]
    environment: tuple[tuple[str, str], ...]
    indexes: tuple[str, ...]
    minutes: int
    disk_bytes: int
    compiler_flags: tuple[str, ...] = ()
    python: Need | None = None
    needs: tuple[Need, ...] = ()
    better: Need | None = None


def build_plan(version: str, tools: Tools, vendors: Collection[str]) -> BuildPlan:
    """``vendors``: of the GPUs of the machine, as `hardware.machine.Gpu` names them."""
    backend, better = _backend(tools, vendors)
    place = tools.manager or tools.system
    # What it runs on is where it is compiled: ggml asks the compiler for this processor by itself.
    jobs = max(1, min(tools.cores, tools.memory_bytes // _COMPILER_BYTES.get(backend, _USUAL_COMPILER_BYTES)))
    compiler = () if tools.compiler else (Need("a C++ compiler", _COMPILERS.get(place, "")),)
    return BuildPlan(
        version,
        backend,
        _cmake_args(backend, tools),
        (("CMAKE_BUILD_PARALLEL_LEVEL", str(jobs)),),
        _indexes(backend, tools),
        math.ceil(_CORE_MINUTES[backend] / jobs) + 1,
        _DISK_BYTES[backend],
        _compiler_flags(tools),
        None if tools.python else Need("a Python 3.11 or newer with pip", _PYTHONS.get(place, "")),
        compiler,
        better,
    )


def _backend(tools: Tools, vendors: Collection[str]) -> tuple[str, Need | None]:
    """What it is compiled for: a GPU that is there, with the kit that is there; and what would be better."""
    place = tools.manager or tools.system
    if tools.system == "macos":
        return ("metal" if tools.machine == "arm64" else CPU), None
    if "nvidia" in vendors and tools.cuda:
        return "cuda", None
    better = Need("the CUDA toolkit, for the NVIDIA GPU", _CUDA_KITS.get(place, "")) if "nvidia" in vendors else None
    if vendors and tools.vulkan:
        return "vulkan", better
    if vendors and better is None:
        better = Need("what Vulkan programs are compiled with, for the GPU", _VULKAN_KITS.get(place, ""))
    return CPU, better


def _cmake_args(backend: str, tools: Tools) -> tuple[str, ...]:
    if backend == CPU:
        return ("-DGGML_METAL=OFF",) if tools.system == "macos" else ()
    return (f"-DGGML_{backend.upper()}=ON",)


def _compiler_flags(tools: Tools) -> tuple[str, ...]:
    """Without the matrix unit (AMX) of server processors: gcc leaves out how ggml of 0.3.36 sets its tiles up, and the
    engine dies at its first question (seen with gcc 12; https://github.com/ggml-org/llama.cpp/pull/26954)."""
    return ("-U__AMX_INT8__",) if tools.machine == "x86_64" and tools.system != "windows" else ()


def _indexes(backend: str, tools: Tools) -> tuple[str, ...]:
    if backend != "cuda":
        return (f"{INDEX}/{backend}",)
    return (f"{INDEX}/cu{tools.cuda.replace('.', '')}",) if tools.cuda in _CUDA_LISTS else ()

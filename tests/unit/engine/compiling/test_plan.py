"""How it is compiled on any machine, and what is said to be missing: before anything is begun."""

from __future__ import annotations

from dataclasses import replace

import pytest

from workbench.engine.compiling.plan import INDEX, Tools, build_plan

LINUX = Tools("linux", "x86_64", "apt-get", python="python3", compiler="c++", cores=2, memory_bytes=8 << 30)
MAC = Tools("macos", "arm64", python="python3", compiler="clang++", cores=8, memory_bytes=16 << 30)


@pytest.mark.parametrize(
    ("tools", "vendors", "backend", "arguments", "indexes"),
    [
        (LINUX, (), "cpu", (), ("cpu",)),
        (replace(LINUX, cuda="12.4"), ("nvidia",), "cuda", ("-DGGML_CUDA=ON",), ("cu124",)),
        (replace(LINUX, cuda="13.0"), ("nvidia",), "cuda", ("-DGGML_CUDA=ON",), ()),  # they have no list for it
        (replace(LINUX, cuda="12.4"), (), "cpu", (), ("cpu",)),  # a toolkit, and no card to run on
        (replace(LINUX, cuda="12.4"), ("amd",), "cpu", (), ("cpu",)),
        (replace(LINUX, vulkan=True), ("amd",), "vulkan", ("-DGGML_VULKAN=ON",), ("vulkan",)),
        (replace(LINUX, vulkan=True), ("nvidia",), "vulkan", ("-DGGML_VULKAN=ON",), ("vulkan",)),
        (replace(LINUX, vulkan=True), (), "cpu", (), ("cpu",)),
        (MAC, ("apple",), "metal", ("-DGGML_METAL=ON",), ("metal",)),
        (replace(MAC, machine="x86_64"), ("amd",), "cpu", ("-DGGML_METAL=OFF",), ("cpu",)),
    ],
)
def test_it_is_compiled_for_a_gpu_that_is_there_with_a_kit_that_is_there(
    tools: Tools, vendors: tuple[str, ...], backend: str, arguments: tuple[str, ...], indexes: tuple[str, ...]
) -> None:
    plan = build_plan("0.3.36", tools, vendors)
    assert (plan.backend, plan.cmake_args) == (backend, arguments)
    assert plan.indexes == tuple(f"{INDEX}/{name}" for name in indexes)
    assert plan.python is None
    assert plan.needs == ()


@pytest.mark.parametrize(
    ("system", "manager", "compiler", "python"),
    [
        ("linux", "apt-get", "sudo apt-get install g++", "sudo apt-get install python3-pip"),
        ("linux", "dnf", "sudo dnf install gcc-c++", "sudo dnf install python3-pip"),
        ("macos", "", "xcode-select --install", "brew install python"),
        ("windows", "", "winget install Microsoft.VisualStudio", "winget install Python.Python.3.12"),
        ("linux", "", "", ""),
    ],
)
def test_what_is_missing_is_named_with_its_command(system: str, manager: str, compiler: str, python: str) -> None:
    plan = build_plan("1", Tools(system, "x86_64", manager), ())
    (need,) = plan.needs
    assert need.what == "a C++ compiler"
    assert compiler in need.how
    assert plan.python is not None
    assert python in plan.python.how
    assert need.sentence()


def test_a_gpu_without_its_kit_is_not_refused_but_told() -> None:
    plan = build_plan("1", LINUX, {"nvidia"})
    assert (plan.backend, plan.needs) == ("cpu", ())
    assert plan.better is not None
    assert "nvidia-cuda-toolkit" in plan.better.how
    assert build_plan("1", LINUX, ()).better is None
    assert build_plan("1", MAC, {"apple"}).better is None
    vulkan = build_plan("1", LINUX, {"amd"}).better
    assert vulkan is not None
    assert "glslc" in vulkan.how


def test_so_many_compilers_run_as_the_memory_holds() -> None:
    def jobs(tools: Tools, *vendors: str) -> str:
        return dict(build_plan("1", tools, vendors).environment)["CMAKE_BUILD_PARALLEL_LEVEL"]

    assert jobs(replace(LINUX, cores=16, memory_bytes=64 << 30)) == "16"
    assert jobs(replace(LINUX, cores=16, memory_bytes=6 << 30)) == "4"
    assert jobs(replace(LINUX, cores=16, memory_bytes=6 << 30, cuda="12.4"), "nvidia") == "1"
    assert jobs(replace(LINUX, memory_bytes=1 << 20)) == "1"


def test_the_minutes_are_those_that_were_measured() -> None:
    assert build_plan("1", LINUX, ()).minutes == 10  # eleven by the clock, with what is fetched and installed
    assert build_plan("1", replace(LINUX, cores=16, memory_bytes=64 << 30), ()).minutes == 3


def test_the_matrix_unit_is_left_out_where_a_compiler_may_know_it() -> None:
    assert build_plan("1", LINUX, ()).compiler_flags == ("-U__AMX_INT8__",)
    assert build_plan("1", MAC, {"apple"}).compiler_flags == ()
    assert build_plan("1", replace(LINUX, machine="arm64"), ()).compiler_flags == ()
    assert build_plan("1", replace(LINUX, system="windows"), ()).compiler_flags == ()

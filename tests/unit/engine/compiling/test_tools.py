"""What is found of what is needed, asked of programs that may be missing, odd, or only seem to be there."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from workbench.engine.compiling import tools
from workbench.engine.compiling.tools import find_compiler, find_cuda, find_python, find_tools, find_vulkan, output_of


def program(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    file = folder / name
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(0o755)
    return file


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder on the PATH, empty."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    for name in ("CXX", "CUDA_PATH", "VULKAN_SDK"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CUDA_PATH", str(tmp_path / "none"))
    return folder


def test_our_own_python_is_taken_where_it_has_pip() -> None:
    assert find_python() == sys.executable


@pytest.mark.parametrize(
    ("said", "taken"), [("pip 26.3", True), ("pip 23.0.1", True), ("pip 22.3", False), ("", False), ("None", False)]
)
def test_the_frozen_program_looks_for_another_python(
    path: Path, monkeypatch: pytest.MonkeyPatch, said: str, taken: bool
) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert find_python() == ""
    file = program(path, "python3", f"echo '{said}'")
    assert find_python() == (str(file) if taken else "")


def test_an_old_python_is_passed_over(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    program(path, "python3.13", "exit 1")
    file = program(path, "python3", "echo pip 25.0")
    assert find_python() == str(file)


@pytest.mark.skipif(sys.platform == "win32", reason="shell scripts")
def test_a_compiler_is_found_by_its_usual_names(path: Path) -> None:
    assert find_compiler("linux") == ""
    file = program(path, "g++", "true")
    assert find_compiler("linux") == str(file)


def test_a_mac_without_its_tools_has_compilers_that_only_offer_them() -> None:
    assert find_compiler("macos", lambda _command: "") == ""
    assert find_compiler("macos", lambda _command: "/Library/Developer/CommandLineTools\n") == "clang++"


def test_cudas_release_is_read() -> None:
    said = "Cuda compilation tools, release 12.4, V12.4.131"
    assert find_cuda(lambda _command: said) == "12.4"
    assert find_cuda(lambda _command: "no such thing") == ""


def test_vulkan_needs_the_compiler_of_shaders_and_the_headers(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not find_vulkan()
    program(path, "glslc", "true")
    monkeypatch.setenv("VULKAN_SDK", str(tmp_path / "sdk"))
    assert not find_vulkan()
    (tmp_path / "sdk" / "include" / "vulkan").mkdir(parents=True)
    (tmp_path / "sdk" / "include" / "vulkan" / "vulkan.h").write_text("")
    assert find_vulkan()


def test_an_empty_machine_has_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    found = find_tools("linux", "x86_64", cores=2, memory_bytes=1)
    assert (found.manager, found.python, found.compiler, found.cuda, found.vulkan) == ("", "", "", "", False)


def test_programs_that_hang_fail_or_are_none_say_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tools, "_SECONDS", 0.2)
    assert output_of([str(path / "nothing")]) == ""
    assert output_of([str(program(path, "fails", "echo words; exit 3"))]) == ""
    assert output_of([str(program(path, "hangs", "exec /bin/sleep 30"))]) == ""

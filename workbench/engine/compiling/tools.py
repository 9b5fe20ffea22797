"""Looks for what compiling needs: a Python with pip, a compiler, the kits of the GPUs."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib import util
from pathlib import Path

from workbench.engine.compiling.plan import Tools
from workbench.engine.launching import containment

Run = Callable[[list[str]], str]

MANAGERS = ("apt-get", "dnf", "zypper", "pacman")
_SECONDS = 20.0
_LEAST_PIP = 23
_PYTHONS = ("python3.13", "python3.12", "python3.11", "python3.14", "python3", "python")
_ASK = "import sys, pip; print('pip', pip.__version__) if sys.version_info >= (3, 11) else None"
_PIP = re.compile(r"pip (\d{1,4})\.")
_CUDA = re.compile(r"release (\d{1,3}\.\d{1,3})")
_MSVC = "Microsoft.VisualStudio.Component.VC.Tools.x86.x64"


def find_tools(system: str, machine: str, *, cores: int, memory_bytes: int) -> Tools:
    """Asks programs, for at most some seconds each. ``system`` and ``machine`` as in `Tools`."""
    return Tools(
        system,
        machine,
        next((name for name in MANAGERS if system == "linux" and shutil.which(name)), ""),
        find_python(),
        find_compiler(system),
        find_cuda(),
        find_vulkan(),
        cores,
        memory_bytes,
    )


def find_python(run: Run | None = None) -> str:
    """One with pip; empty when there is none. Ours, unless the program is frozen: then it is inside and no Python.

    Any will do: the package holds no code for one version, and what it imports is fetched for the version of the program.
    """
    ask = run or output_of
    for command in _pythons():
        found = _PIP.search(ask([command, "-c", _ASK]))
        if found and int(found[1]) >= _LEAST_PIP:
            return command
    return ""


def _pythons() -> Iterator[str]:
    if not getattr(sys, "frozen", False) and util.find_spec("pip") is not None:
        yield sys.executable
    yield from (path for name in _PYTHONS if (path := shutil.which(name)) is not None and Path(path).is_absolute())


def find_compiler(system: str, run: Run | None = None) -> str:
    """The one for C++ that CMake would take; empty when there is none."""
    ask = run or output_of
    if system == "macos":  # its compilers are there even where they are not: they only offer to be installed
        return "clang++" if ask(["xcode-select", "-p"]).strip() else ""
    if system == "windows":
        return _visual_studio(ask)
    names = (os.environ.get("CXX", ""), "c++", "g++", "clang++")
    return next((path for name in names if name and (path := shutil.which(name)) is not None), "")


def _visual_studio(ask: Run) -> str:
    if found := shutil.which("cl"):
        return found
    finder = Path(os.environ.get("PROGRAMFILES(X86)", ""), "Microsoft Visual Studio", "Installer", "vswhere.exe")
    command = [str(finder), "-latest", "-products", "*", "-requires", _MSVC, "-property", "installationPath"]
    return ask(command).strip() if finder.is_file() else ""


def find_cuda(run: Run | None = None) -> str:
    """The release of CUDA's compiler, as "12.4"."""
    ask = run or output_of
    compiler = shutil.which("nvcc") or str(Path(os.environ.get("CUDA_PATH", "/usr/local/cuda"), "bin", "nvcc"))
    found = _CUDA.search(ask([compiler, "--version"]))
    return found[1] if found else ""


def find_vulkan() -> bool:
    """Whether the compiler of shaders and the headers are there."""
    if shutil.which("glslc") is None:
        return False
    roots = [Path(os.environ["VULKAN_SDK"])] if os.environ.get("VULKAN_SDK") else [Path("/usr"), Path("/usr/local")]
    return any((root / folder / "vulkan" / "vulkan.h").is_file() for root in roots for folder in ("include", "Include"))


def output_of(command: list[str]) -> str:
    """What a program prints; empty when it cannot be run, fails, or takes too long."""
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_SECONDS,
            check=False,
            **containment.spawn_options(),
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout if done.returncode == 0 else ""

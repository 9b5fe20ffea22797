"""A source of llama-cpp-python in a few lines: built by its own backend, which prints what ninja would, with a library that
names no device. For tests of installing it with the real pip, in seconds."""

from __future__ import annotations

import hashlib
import io
import tarfile
import zipfile
from pathlib import Path

VERSION = "0.3.36"
NAME = f"llama_cpp_python-{VERSION}"

PYPROJECT = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
METADATA = f"Metadata-Version: 2.1\nName: llama_cpp_python\nVersion: {VERSION}\n"
WHEEL = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"

LIBRARY = """
class _Function:
    def __call__(self, *_arguments):
        return 0

class _Library:
    def __init__(self):
        for name in ("count", "get", "name", "description", "type", "memory"):
            setattr(self, f"ggml_backend_dev_{name}", _Function())

libggml = _Library()
"""

BACKEND = f"""
import os, subprocess, sys, zipfile
from pathlib import Path

FILES = {{
    "llama_cpp/__init__.py": "",
    "llama_cpp/_ggml.py": {LIBRARY!r},
    "{NAME}.dist-info/METADATA": {METADATA!r},
    "{NAME}.dist-info/WHEEL": {WHEEL!r},
    "{NAME}.dist-info/RECORD": "",
}}

def prepare_metadata_for_build_wheel(folder, config_settings=None):
    place = Path(folder, "{NAME}.dist-info")
    place.mkdir()
    for name, text in FILES.items():
        if name.startswith(place.name):
            Path(folder, name).write_text(text)
    return place.name

def build_wheel(folder, config_settings=None, metadata_directory=None):
    build = Path(config_settings["build-dir"])
    print("CMAKE_ARGS", os.environ["CMAKE_ARGS"], "jobs", os.environ["CMAKE_BUILD_PARALLEL_LEVEL"], flush=True)
    print("temporary", os.environ["TMPDIR"], flush=True)
    build.mkdir(exist_ok=True)
    for step in (1, 2, 3, 4):
        print(f"  [{{step}}/4] g++ -c {{step}}.cpp", flush=True)
        if step == 2 and Path(os.environ["TINY"], "hang").exists():
            command = [sys.executable, "-c", "import time; time.sleep(60)"]
            child = subprocess.Popen(command, preexec_fn=os.setpgrp)  # as ninja does with each compiler
            Path(os.environ["TINY"], "child").write_text(str(child.pid))
            child.wait()
        if step == 3 and Path(os.environ["TINY"], "fail").exists():
            print("2.cpp:7:1: error: 'half' was not declared in this scope", flush=True)
            raise SystemExit(1)
    with zipfile.ZipFile(Path(folder, "{NAME}-py3-none-any.whl"), "w") as wheel:
        for name, text in FILES.items():
            wheel.writestr(name, text)
    return "{NAME}-py3-none-any.whl"
"""


def write_source(folder: Path) -> str:
    """Write the source archive into ``folder``; returns its requirement with the hash, as a lock has it."""
    file = folder / f"{NAME}.tar.gz"
    with tarfile.open(file, "w:gz") as archive:
        for name, text in {"pyproject.toml": PYPROJECT, "backend.py": BACKEND, "PKG-INFO": METADATA}.items():
            entry = tarfile.TarInfo(f"{NAME}/{name}")
            entry.size = len(text.encode())
            archive.addfile(entry, io.BytesIO(text.encode()))
    return f"llama-cpp-python=={VERSION} --hash=sha256:{hashlib.sha256(file.read_bytes()).hexdigest()}"


def write_wheel(folder: Path, *, library: str = LIBRARY) -> Path:
    """A ready wheel, as its makers have them."""
    file = folder / f"{NAME}-py3-none-any.whl"
    with zipfile.ZipFile(file, "w") as wheel:
        for name, text in {"__init__.py": "", "_ggml.py": library}.items():
            wheel.writestr(f"llama_cpp/{name}", text)
        for name, text in {"METADATA": METADATA, "WHEEL": WHEEL, "RECORD": ""}.items():
            wheel.writestr(f"{NAME}.dist-info/{name}", text)
    return file

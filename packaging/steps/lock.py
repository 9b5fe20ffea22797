"""`lock`: pins every dependency with hashes for all systems and Python 3.11 to 3.14, from pyproject.toml.

Two files: what a user needs, and the same plus what developers need. Two more, beside the program's data, are for
llama-cpp-python: that package, which is a source, with what it imports; and what compiles it.

No index address is written into them, and the settings of this machine (other indexes, local folders) are kept out, so
that the hashes are those of the public index.
"""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from steps import environment
from steps.places import DEVELOPMENT_LOCK, ROOT, RUNTIME_LOCK, script
from steps.process import StepError, call, say
from steps.worker import LOCKS, NAME

PROJECT = "pyproject.toml"
WHEELS = ["--only-binary", ":all:"]
IMPORTS = ("numpy", "jinja2", "markupsafe", "diskcache", "typing-extensions")  # of llama-cpp-python
BUILD_GROUP = f"{NAME}-build"
COMPILE = [
    "pip", "compile", "--universal", "--python-version", "3.11", "--generate-hashes", "--no-config",
    "--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links",
    "--default-index", "https://pypi.org/simple", "--quiet",
]  # fmt: skip


def clean_environ(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment without settings of pip and uv, which could bring in other indexes and local folders."""
    return {name: value for name, value in environ.items() if not name.startswith(("PIP_", "UV_"))}


def lock(*, upgrade: bool = False) -> int:
    """Write both lock files; with `upgrade` to the newest versions that pyproject.toml allows."""
    if not Path(script("uv")).exists():
        environment.ensure(environment.DEVELOPMENT)
    _compile(RUNTIME_LOCK, [PROJECT, *WHEELS, "--group", "build"], upgrade=upgrade)
    development = [
        PROJECT,
        *WHEELS,
        "--group",
        "build",
        "--group",
        "dev",
        "--group",
        "package",
        "--constraint",
        str(RUNTIME_LOCK),
    ]
    _compile(DEVELOPMENT_LOCK, development, upgrade=upgrade)
    # One version of each for every Python: any of them may fetch for any other.
    package, building = (str(file) for file in _inputs())
    wheels = [option for name in IMPORTS for option in ("--only-binary", name)]
    _compile(LOCKS[0], [package, *wheels, "--fork-strategy", "fewest"], upgrade=upgrade)
    _compile(LOCKS[1], [building, *WHEELS, "--fork-strategy", "fewest"], upgrade=upgrade)
    say("Written: " + ", ".join(str(file.relative_to(ROOT)) for file in (RUNTIME_LOCK, DEVELOPMENT_LOCK, *LOCKS)))
    return 0


def _inputs() -> tuple[Path, Path]:
    """What pyproject.toml wants for llama-cpp-python, as requirements: without the program's own."""
    project: dict[str, Any] = tomllib.loads((ROOT / PROJECT).read_text(encoding="utf-8"))
    wanted = project["project"]["optional-dependencies"][NAME], project["dependency-groups"][BUILD_GROUP]
    folder = ROOT / "build"
    folder.mkdir(exist_ok=True)
    files = folder / f"{NAME}.in", folder / f"{BUILD_GROUP}.in"
    for file, lines in zip(files, wanted, strict=True):
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return files


def _compile(target: Path, arguments: list[str], *, upgrade: bool) -> None:
    newer = ["--upgrade"] if upgrade else []
    command = [script("uv"), *COMPILE, *arguments, *newer, "--output-file", str(target)]
    if call(command, clean_environ(os.environ)) != 0:
        raise StepError(f"{target.name} could not be written; the reason stands above.", status=4)

"""`lock`: pins every dependency with hashes for all systems and Python 3.11 to 3.14, from pyproject.toml.

Two files: what a user needs, and the same plus what developers need. No index address is written into them, and the
settings of this machine (other indexes, local folders) are kept out, so that the hashes are those of the public index.
"""

import os
from collections.abc import Mapping
from pathlib import Path

from steps import environment
from steps.places import DEVELOPMENT_LOCK, ROOT, RUNTIME_LOCK, script
from steps.process import StepError, call, say

COMPILE = [
    "pip", "compile", "pyproject.toml", "--universal", "--python-version", "3.11", "--generate-hashes",
    "--only-binary", ":all:", "--no-config", "--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links",
    "--default-index", "https://pypi.org/simple", "--quiet",
]  # fmt: skip


def clean_environ(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment without settings of pip and uv, which could bring in other indexes and local folders."""
    return {name: value for name, value in environ.items() if not name.startswith(("PIP_", "UV_"))}


def lock(*, upgrade: bool = False) -> int:
    """Write both lock files; with `upgrade` to the newest versions that pyproject.toml allows."""
    if not Path(script("uv")).exists():
        environment.ensure(environment.DEVELOPMENT)
    _compile(RUNTIME_LOCK, ["--group", "build"], upgrade=upgrade)
    development = ["--group", "build", "--group", "dev", "--group", "package", "--constraint", str(RUNTIME_LOCK)]
    _compile(DEVELOPMENT_LOCK, development, upgrade=upgrade)
    say(f"Written: {RUNTIME_LOCK.relative_to(ROOT)}, {DEVELOPMENT_LOCK.relative_to(ROOT)}")
    return 0


def _compile(target: Path, arguments: list[str], *, upgrade: bool) -> None:
    newer = ["--upgrade"] if upgrade else []
    command = [script("uv"), *COMPILE, *arguments, *newer, "--output-file", str(target)]
    if call(command, clean_environ(os.environ)) != 0:
        raise StepError(f"{target.name} could not be written; the reason stands above.", status=4)

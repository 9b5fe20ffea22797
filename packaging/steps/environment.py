"""The Python environment in `.venv`: created once, filled from a lock file with hashes, then left alone."""

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

from steps import system
from steps.places import DEVELOPMENT_LOCK, PYTHON, ROOT, RUNTIME_LOCK, VENV
from steps.process import StepError, call, say

DEVELOPMENT = "development"
RUNTIME = "runtime"
LOCKS = {RUNTIME: RUNTIME_LOCK, DEVELOPMENT: DEVELOPMENT_LOCK}


def fingerprint(parts: list[bytes]) -> str:
    """One hash over everything that decides what the environment holds; no two lists of parts share one."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def wanted_stamp(kind: str) -> str:
    """The stamp of an environment of this kind that is up to date."""
    python = read_configuration(VENV / "pyvenv.cfg").get("version", "")
    contents = [LOCKS[kind].read_bytes(), (ROOT / "pyproject.toml").read_bytes()]
    return fingerprint([*contents, python.encode(), os.fsencode(ROOT)])


def read_configuration(path: Path) -> dict[str, str]:
    """The `key = value` lines of a pyvenv.cfg; empty when there is none."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError:
        return {}
    return {key.strip(): value.strip() for key, _, value in (line.partition("=") for line in lines)}


def usable(configuration: dict[str, str]) -> bool:
    """Whether `.venv` was made here (it cannot be moved) by a Python that is new enough."""
    version = configuration.get("version", configuration.get("version_info", "0.0")).split(".")
    made_here = configuration.get("command", str(VENV)).endswith(str(VENV))
    return made_here and (int(version[0]), int(version[1])) >= (3, 11)


def up_to_date(kind: str) -> bool:
    """Whether the environment already holds what `kind` needs. The development lock holds the runtime one."""
    kinds = {kind, DEVELOPMENT}
    return PYTHON.exists() and any(
        _stamp_file(name).exists() and _read_stamp(name) == wanted_stamp(name) for name in kinds
    )


def ensure(kind: str) -> None:
    """Bring `.venv` to what `kind` needs. Needs no network and takes no time when it is there already.

    Raises StepError when the environment cannot be created or a package cannot be fetched.
    """
    if up_to_date(kind):
        return
    _create()
    say(f"Installing the locked packages into .venv ({LOCKS[kind].name}); the first time about 200 MB are fetched.")
    _pip("--require-hashes", "--no-deps", "--only-binary", ":all:", "--requirement", str(LOCKS[kind]))
    _pip("--no-deps", "--no-build-isolation", "--no-index", "--editable", str(ROOT))
    _stamp_file(kind).write_text(wanted_stamp(kind), encoding="ascii")


def _stamp_file(kind: str) -> Path:
    return VENV / f".workbench-{kind}"


def _read_stamp(kind: str) -> str:
    return _stamp_file(kind).read_text(encoding="ascii")


def _create() -> None:
    if PYTHON.exists() and usable(read_configuration(VENV / "pyvenv.cfg")):
        return
    system.ensure_venv()
    say(f"Creating .venv with Python {sys.version.split()[0]}.")
    try:
        venv.create(VENV, clear=True, with_pip=True, symlinks=os.name != "nt")
    except (OSError, subprocess.CalledProcessError) as error:
        raise StepError(f"The environment {VENV} cannot be created: {error}.") from error


def _pip(*arguments: str) -> None:
    quiet = [] if sys.stderr.isatty() else ["--quiet"]
    command = [str(PYTHON), "-m", "pip", "install", "--no-input", "--disable-pip-version-check", *quiet, *arguments]
    if call(command, {**os.environ, "PIP_ROOT_USER_ACTION": "ignore"}) != 0:
        raise StepError(
            "The packages could not be installed; the reason stands above.\n"
            "If it speaks of connections or timeouts: check the network, then run the same command again.\n"
            "If it speaks of hashes: the index serves other files than the lock names; do not go on with it.",
            status=4,
        )

"""The lock files: whole, for every system, and free of anything about the machine that wrote them."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from steps.lock import clean_environ
from steps.places import DEVELOPMENT_LOCK, ROOT, RUNTIME_LOCK

LOCKS = pytest.mark.parametrize("lock", [RUNTIME_LOCK, DEVELOPMENT_LOCK], ids=lambda path: path.name)
MACHINES = [
    {"sys_platform": sys_platform, "platform_machine": machine, "platform_system": system, "os_name": os_name}
    for sys_platform, machine, system, os_name in (
        ("linux", "x86_64", "Linux", "posix"),
        ("linux", "aarch64", "Linux", "posix"),
        ("darwin", "arm64", "Darwin", "posix"),
        ("darwin", "x86_64", "Darwin", "posix"),
        ("win32", "AMD64", "Windows", "nt"),
    )
]
PYTHONS = ("3.11", "3.12", "3.13")


def entries(lock: Path) -> list[str]:
    """The requirements of a lock file, each with its hashes on one line."""
    return lock.read_text(encoding="utf-8").replace("\\\n", "").splitlines()


def requirements(lock: Path) -> list[Requirement]:
    return [Requirement(line.split("--hash")[0]) for line in entries(lock)]


def declared(*groups: str) -> list[Requirement]:
    project: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    named = [text for group in groups for text in project["dependency-groups"][group]]
    return [Requirement(text) for text in [*project["project"]["dependencies"], *named]]


def applies(marker: Marker | None, machine: dict[str, str], python: str) -> bool:
    versions = {"python_version": python, "python_full_version": f"{python}.5", "implementation_name": "cpython"}
    return marker is None or marker.evaluate({**machine, **versions, "platform_python_implementation": "CPython"})


@LOCKS
def test_it_names_no_address_and_no_place_of_a_machine(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    for trace in ("://", "--index", "--extra-index", "--find-links", "--trusted", "-e ", "file:", " @ ", "/", "\t"):
        assert trace not in text, f"{lock.name} holds {trace!r}"


@LOCKS
def test_every_requirement_is_pinned_with_hashes(lock: Path) -> None:
    for line in entries(lock):
        assert re.match(r"[a-z0-9._-]+==[^ ]+( ; [^-]+)?( +--hash=sha256:[0-9a-f]{64})+$", line), line


@pytest.mark.parametrize(
    ("lock", "groups"),
    [(RUNTIME_LOCK, ("build",)), (DEVELOPMENT_LOCK, ("build", "dev", "package"))],
    ids=["runtime", "development"],
)
@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize(
    "machine", MACHINES, ids=lambda machine: f"{machine['sys_platform']}-{machine['platform_machine']}"
)
def test_it_holds_what_the_project_declares(
    lock: Path, groups: tuple[str, ...], machine: dict[str, str], python: str
) -> None:
    pinned = {
        canonicalize_name(item.name): str(item.specifier).removeprefix("==")
        for item in requirements(lock)
        if applies(item.marker, machine, python)
    }
    for wanted in declared(*groups):
        if applies(wanted.marker, machine, python):
            version = pinned.get(canonicalize_name(wanted.name))
            assert version, f"{wanted.name} is not in {lock.name}: run `make lock`"
            assert wanted.specifier.contains(version), f"{wanted.name} {version} is too old or too new: run `make lock`"


def test_developers_run_what_users_run() -> None:
    for_users, for_developers = (
        {(item.name, str(item.specifier)) for item in requirements(lock)} for lock in (RUNTIME_LOCK, DEVELOPMENT_LOCK)
    )
    assert for_users <= for_developers, "run `make lock`"


def test_users_get_no_tools_of_developers() -> None:
    names = {item.name for item in requirements(RUNTIME_LOCK)}
    assert not names & {"pytest", "ruff", "mypy", "uv", "pyinstaller"}


def test_settings_of_this_machine_do_not_reach_the_lock() -> None:
    environ = {"PIP_FIND_LINKS": "/somewhere", "UV_INDEX_URL": "https://elsewhere", "PATH": "/bin"}
    assert clean_environ(environ) == {"PATH": "/bin"}

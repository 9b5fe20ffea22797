"""The pinned packages: one version everywhere, told to pip with hashes."""

from __future__ import annotations

import re
import tomllib

import pytest
from packaging.requirements import Requirement

from tests.conftest import ROOT
from workbench.engine.compiling.lock import parse_lock, read_lock

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LINE = re.compile(r"[a-z0-9-]+==[0-9][^ ]*( --hash=sha256:[0-9a-f]{64})+")


def names(lines: tuple[str, ...]) -> set[str]:
    return {line.partition("==")[0] for line in lines}


def test_the_lock_pins_the_version_of_the_extra() -> None:
    (extra,) = PROJECT["project"]["optional-dependencies"]["llama-cpp-python"]
    assert extra == f"llama-cpp-python=={read_lock().version}"


def test_everything_has_one_version_and_hashes() -> None:
    lock = read_lock()
    for line in (lock.source, *lock.imports, *lock.building):
        assert LINE.fullmatch(line), line
    assert lock.source.count("--hash") == 1  # the source alone: there are no wheels on the index
    assert names(lock.imports) == {"numpy", "diskcache", "jinja2", "markupsafe", "typing-extensions"}


def test_what_compiles_it_is_what_the_project_wants() -> None:
    wanted = [Requirement(text) for text in PROJECT["dependency-groups"]["llama-cpp-python-build"]]
    pinned = dict(line.split()[0].split("==") for line in read_lock().building)
    assert all(requirement.specifier.contains(pinned[requirement.name]) for requirement in wanted)


def test_a_lock_without_the_package_is_refused() -> None:
    with pytest.raises(ValueError, match="does not pin"):
        parse_lock("numpy==2 --hash=sha256:0\n", "")

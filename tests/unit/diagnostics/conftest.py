"""A home with its paths, for what looks after one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.chat.keeping import Home, new_home
from workbench.paths import Paths


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    made = Paths(tmp_path / "home")
    made.prepare()
    return made


@pytest.fixture
def home(paths: Paths) -> Iterator[Home]:
    with new_home(paths.home) as made:
        yield made

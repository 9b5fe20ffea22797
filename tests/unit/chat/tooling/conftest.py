from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.unit.chat.tooling.scene import Make, Scene, open_scene


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    opened: list[Scene] = []

    def build(*answers: Any, **more: Any) -> Scene:
        opened.append(open_scene(tmp_path, *answers, **more))
        return opened[-1]

    yield build
    for scene in opened:
        scene.database.close()

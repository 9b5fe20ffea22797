"""The local API, started by the test that wants it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.api import RunningApi
from tests.fakes.backend import Answer, ScriptedBackend

Serve = Callable[..., RunningApi]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Starts an API that answers as scripted; all are closed at the end."""
    running: list[RunningApi] = []

    def start(*answers: Answer, context_tokens: int = 4096, **options: Any) -> RunningApi:
        backend = ScriptedBackend(*answers, context_tokens=context_tokens)
        running.append(RunningApi(tmp_path / f"home{len(running)}", backend, **options))
        return running[-1]

    yield start
    for one in running:
        one.close()

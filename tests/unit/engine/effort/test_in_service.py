"""The engine service tells what it has seen of a model: at its first start, and from then on without asking again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.fakes.launcher import FakeLauncher
from workbench import migrations
from workbench.cancel import CancelToken
from workbench.clock import SystemClock
from workbench.db import Database
from workbench.engine.effort.service import TraitsService
from workbench.engine.service import EngineService
from workbench.events import Bus
from workbench.messages import ChatRequest, Effort, user
from workbench.paths import Paths

OFF, LOW, MEDIUM, HIGH, ON = Effort
Start = Callable[..., EngineService]


@pytest.fixture
def start(home: Path) -> Iterator[Start]:
    """An engine service whose engines' templates take these arguments."""
    paths = Paths(home)
    paths.prepare()
    database = Database(paths.database, migrations.workbench, backups=paths.backups)
    services: list[EngineService] = []

    def make(*arguments: str) -> EngineService:
        launcher = FakeLauncher("Hello.")
        launcher.template_arguments = frozenset(arguments)
        traits = TraitsService(database, SystemClock(), Bus())
        services.append(EngineService(launcher, paths, SystemClock(), Bus(), traits=traits))
        return services[-1]

    yield make
    for service in services:
        service.close()
    database.close()


@pytest.mark.parametrize(
    ("arguments", "efforts"),
    [
        ((), ()),
        (("reasoning_effort",), (LOW, MEDIUM, HIGH)),
        (("enable_thinking",), (OFF, ON)),
        (("enable_thinking", "reasoning_effort"), (OFF, LOW, MEDIUM, HIGH)),
    ],
)
def test_a_backend_tells_the_efforts_of_its_model(
    start: Start, starter_model: Path, arguments: tuple[str, ...], efforts: tuple[Effort, ...]
) -> None:
    service = start(*arguments)
    backend = service.backend(starter_model, "Model", CancelToken())
    assert backend.info.efforts == efforts
    assert backend.info.limits_reasoning == bool(efforts)
    ready = service.ready(starter_model)
    assert ready is not None
    assert ready.info.efforts == efforts


def test_what_was_seen_is_known_after_a_restart(start: Start, starter_model: Path) -> None:
    start("reasoning_effort").backend(starter_model, "Model", CancelToken())
    # Another process, the same build: nothing is rendered again, so that another template is not noticed.
    assert start().backend(starter_model, "Model", CancelToken()).info.efforts == (LOW, MEDIUM, HIGH)


def test_counting_takes_the_effort_into_account(start: Start, starter_model: Path) -> None:
    backend = start("reasoning_effort").backend(starter_model, "Model", CancelToken())
    assert backend.count_tokens(ChatRequest((user("Hi"),), effort=HIGH), CancelToken()) > 0

"""One world for each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.fakes.cloud_servers import CloudServer
from tests.fakes.turn_tools import SUM, Doing, add, spec
from tests.unit.chat.escalating.tooled import Tooled, tooled
from tests.unit.chat.escalating.world import World
from workbench.chat.tooling.port import Limits
from workbench.cloud.provider import Dialect
from workbench.tools.tool import ToolSpec


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path / "home")
    yield made
    made.close()


@pytest.fixture(params=[Dialect.OPENAI, Dialect.ANTHROPIC])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[..., Tooled]]:
    """Makes a `Tooled` in both dialects."""
    with ExitStack() as stack:

        def build(tools: dict[ToolSpec, Doing] | None = None, limits: Limits | None = None) -> Tooled:
            server = stack.enter_context(CloudServer(request.param))
            world = tooled(
                tmp_path / "home", request.param, server, tools or {spec("add", parameters=SUM): add}, limits
            )
            stack.callback(world.workbench.close)
            return world

        yield build

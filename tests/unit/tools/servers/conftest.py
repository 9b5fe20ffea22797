"""Servers of tools on a home of their own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.fakes import mcp_reference
from tests.fakes.mcp_reference import ReferenceServers
from tests.fakes.secrets import FakeSecrets
from workbench import migrations
from workbench.cancel import CancelToken
from workbench.clock import SystemClock
from workbench.consents.service import ConsentService
from workbench.db import Database, MemoryDatabase
from workbench.events import Bus
from workbench.paths import Paths
from workbench.tools.servers.definition import Definition
from workbench.tools.servers.limits import Limits
from workbench.tools.servers.offer import Offer
from workbench.tools.servers.service import ToolServers
from workbench.tools.servers.store import ServerStore
from workbench.tools.tool import Call, Outcome, Place

FAKE = Path(__file__).parents[3] / "fakes" / "tool_server.py"


def fake(behaviour: str = "good", *more: str) -> Definition:
    return Definition(sys.executable, (str(FAKE), behaviour, *more))


@pytest.fixture(scope="session")
def reference_servers() -> ReferenceServers:
    """The protocol's own servers, from npm."""
    if reason := mcp_reference.why_not():
        pytest.skip(reason)
    try:
        return mcp_reference.fetch(ROOT / ".cache" / "mcp-servers")
    except subprocess.SubprocessError as error:
        pytest.skip(f"npm could not fetch the reference servers: {error}")


class Desk:
    """What a test needs of it: servers that were agreed to at once, and calls in one line."""

    def __init__(self, paths: Paths, limits: Limits) -> None:
        self.paths = paths
        self.clock = SystemClock()
        self.bus = Bus()
        self.secrets = FakeSecrets()
        self.database = Database(paths.database, migrations.workbench, backups=paths.backups)
        in_memory = lambda: MemoryDatabase(migrations.workbench)  # noqa: E731
        self.consents = ConsentService(self.database, self.clock, self.bus, in_memory)
        self.store = ServerStore(self.database)
        self.limits = limits
        self.servers = self.another()

    def another(self) -> ToolServers:
        """As another process of the same home has it."""
        return ToolServers(self.store, self.consents, self.secrets, self.paths, self.clock, self.bus, self.limits)

    def agree(self, name: str) -> None:
        consent = self.servers.asked(name)
        if consent is not None:
            self.consents.accept(consent.id)

    def start(self, name: str, definition: Definition) -> Offer:
        self.servers.add(name, definition)
        self.agree(name)
        return self.servers.start(name, CancelToken())

    def call(
        self,
        name: str,
        cancel: CancelToken | None = None,
        tell: Callable[[str], None] = lambda _words: None,
        **arguments: object,
    ) -> Outcome:
        return self.servers.call(name, arguments, Call(Place(), cancel or CancelToken(), tell=tell))

    def close(self) -> None:
        self.servers.close()
        self.database.close()


@pytest.fixture
def make_desk(tmp_path: Path) -> Iterator[Callable[..., Desk]]:
    made: list[Desk] = []

    def make(limits: Limits = Limits(start=30.0, call=30.0)) -> Desk:
        paths = Paths(tmp_path / "home")
        paths.prepare()
        made.append(Desk(paths, limits))
        return made[-1]

    yield make
    for desk in made:
        desk.close()


@pytest.fixture
def desk(make_desk: Callable[..., Desk]) -> Desk:
    return make_desk()

"""Real engines, started once for all contract tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.fakes.network_server import serving
from tests.fakes.secrets import FakeSecrets
from workbench import migrations
from workbench.cancel import CancelToken
from workbench.clock import SystemClock
from workbench.db import Database
from workbench.engine.asking.client import LlamaBackend
from workbench.engine.launching.binary_launcher import BinaryLauncher
from workbench.engine.launching.launcher import NativeLauncher
from workbench.engine.launching.plan import EngineSettings, plan_launch
from workbench.engine.launching.resources import free_resources
from workbench.engine.remote.backend import RemoteBackend
from workbench.engine.remote.consent import make_consent
from workbench.engine.remote.service import RemoteServers
from workbench.engine.remote.store import ServerStore
from workbench.engine.runtimes.probe_engine import probe
from workbench.engine.worker.worker_launcher import WorkerLauncher
from workbench.events import Bus
from workbench.models.gguf.header import read_header
from workbench.paths import Paths
from workbench.ports import BackendInfo, EngineLauncher

CONTEXT_TOKENS = 2048


@contextmanager
def running(
    model: Path,
    home: Path,
    make: Callable[[Paths], EngineLauncher] = lambda paths: NativeLauncher(paths, SystemClock()),
) -> Iterator[LlamaBackend]:
    """A backend over a real engine with the model at ``model``: the native one, or what ``make`` makes."""
    paths = Paths(home)
    paths.prepare()
    launcher = make(paths)
    plan = plan_launch(model, read_header(model), free_resources(), EngineSettings(context_tokens=CONTEXT_TOKENS))
    engine = launcher.start(plan, CancelToken())
    try:
        yield LlamaBackend(engine.endpoint, BackendInfo("real", model.stem, local=True, context_tokens=CONTEXT_TOKENS))
    finally:
        engine.stop()


@pytest.fixture(scope="session")
def smollm(starter_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LlamaBackend]:
    with running(starter_model, tmp_path_factory.mktemp("smollm")) as backend:
        yield backend


@pytest.fixture(scope="session")
def smollm_in_binary(
    starter_model: Path, llama_server: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LlamaBackend]:
    def make(paths: Paths) -> EngineLauncher:
        return BinaryLauncher(paths, SystemClock(), llama_server, probe(llama_server, CancelToken()))

    with running(starter_model, tmp_path_factory.mktemp("binary"), make) as backend:
        yield backend


@pytest.fixture(scope="session")
def smollm_in_worker(
    starter_model: Path, worker_site: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LlamaBackend]:
    def make(paths: Paths) -> EngineLauncher:
        return WorkerLauncher(paths, SystemClock(), worker_site)

    with running(starter_model, tmp_path_factory.mktemp("worker"), make) as backend:
        yield backend


@pytest.fixture(scope="session")
def gemma_in_worker(
    gemma_model: Path, worker_site: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LlamaBackend]:
    def make(paths: Paths) -> EngineLauncher:
        return WorkerLauncher(paths, SystemClock(), worker_site)

    with running(gemma_model, tmp_path_factory.mktemp("gemma-worker"), make) as backend:
        yield backend


@pytest.fixture(scope="session")
def gemma(gemma_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LlamaBackend]:
    with running(gemma_model, tmp_path_factory.mktemp("gemma")) as backend:
        yield backend


@pytest.fixture(scope="session")
def smollm_on_network(
    starter_model: Path, llama_server: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RemoteBackend]:
    """A model of a server that was added by its address and key, as a person adds it."""
    folder = tmp_path_factory.mktemp("network")
    paths = Paths(folder / "home")
    paths.prepare()
    with serving(llama_server, starter_model, folder, "sk-network", CONTEXT_TOKENS) as url:
        database = Database(paths.database, migrations.workbench, backups=paths.backups)
        servers = RemoteServers(ServerStore(database), FakeSecrets(), SystemClock(), Bus())
        servers.add(make_consent(url, name="studio", has_key=True), "sk-network", CancelToken())
        yield servers.backend("@studio", CancelToken())
        database.close()

"""Real engines, started once for all contract tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from workbench.cancel import CancelToken
from workbench.clock import SystemClock
from workbench.engine.asking.client import LlamaBackend
from workbench.engine.launching.binary_launcher import BinaryLauncher
from workbench.engine.launching.launcher import NativeLauncher
from workbench.engine.launching.plan import EngineSettings, plan_launch
from workbench.engine.launching.resources import free_resources
from workbench.engine.runtimes.probe_engine import probe
from workbench.models.gguf.header import read_header
from workbench.paths import Paths
from workbench.ports import BackendInfo, EngineLauncher

CONTEXT_TOKENS = 2048


@contextmanager
def running(model: Path, home: Path, binary: Path | None = None) -> Iterator[LlamaBackend]:
    """A backend over a real engine with the model at ``model``: the native one, or ``binary``."""
    paths = Paths(home)
    paths.prepare()
    launcher: EngineLauncher = NativeLauncher(paths, SystemClock())
    if binary is not None:
        launcher = BinaryLauncher(paths, SystemClock(), binary, probe(binary, CancelToken()))
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
    with running(starter_model, tmp_path_factory.mktemp("binary"), llama_server) as backend:
        yield backend


@pytest.fixture(scope="session")
def gemma(gemma_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LlamaBackend]:
    with running(gemma_model, tmp_path_factory.mktemp("gemma")) as backend:
        yield backend

"""What every `EngineLauncher` promises: the fake, the native one, a real `llama-server` and the worker, over a socket and
over TCP."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes.launcher import FakeLauncher
from tests.patience import PATIENCE
from workbench.cancel import CancelToken
from workbench.clock import SystemClock
from workbench.engine.asking.client import LlamaBackend
from workbench.engine.launching.binary_launcher import BinaryLauncher
from workbench.engine.launching.launcher import NativeLauncher
from workbench.engine.runtimes.probe_engine import probe
from workbench.engine.worker.worker_launcher import WorkerLauncher
from workbench.errors import Cancelled
from workbench.messages import ChatRequest, Finished, user
from workbench.paths import Paths
from workbench.ports import BackendInfo, EngineLauncher, LaunchPlan

INFO = BackendInfo("test", "test", local=True, context_tokens=512)
ENGINE = pytest.mark.engine


@pytest.fixture
def paths(home: Path) -> Paths:
    paths = Paths(home)
    paths.prepare()
    return paths


@pytest.fixture
def plan(starter_model: Path) -> LaunchPlan:
    return LaunchPlan(starter_model, context_tokens=512, slots=1, threads=2, batch_tokens=128, cache_ram_bytes=1 << 20)


Make = Callable[[Paths, pytest.FixtureRequest], EngineLauncher]


def fake(_paths: Paths, _request: pytest.FixtureRequest) -> EngineLauncher:
    return FakeLauncher("Hello there.", load_seconds=0.3)


def native(*, use_socket: bool) -> Make:
    return lambda paths, _request: NativeLauncher(paths, SystemClock(), use_socket=use_socket)


def binary(*, use_socket: bool) -> Make:
    def make(paths: Paths, request: pytest.FixtureRequest) -> EngineLauncher:
        file: Path = request.getfixturevalue("llama_server")
        return BinaryLauncher(paths, SystemClock(), file, probe(file, CancelToken()), use_socket=use_socket)

    return make


def worker(*, use_socket: bool) -> Make:
    def make(paths: Paths, request: pytest.FixtureRequest) -> EngineLauncher:
        site: Path = request.getfixturevalue("worker_site")
        return WorkerLauncher(paths, SystemClock(), site, use_socket=use_socket)

    return make


@pytest.fixture(
    params=[
        pytest.param(fake, id="fake"),
        pytest.param(native(use_socket=True), marks=ENGINE, id="native over a socket"),
        pytest.param(native(use_socket=False), marks=ENGINE, id="native over TCP"),
        pytest.param(binary(use_socket=True), marks=ENGINE, id="binary over a socket"),
        pytest.param(binary(use_socket=False), marks=ENGINE, id="binary over TCP"),
        pytest.param(worker(use_socket=True), marks=ENGINE, id="worker over a socket"),
        pytest.param(worker(use_socket=False), marks=ENGINE, id="worker over TCP"),
    ]
)
def launcher(request: pytest.FixtureRequest, paths: Paths) -> EngineLauncher:
    make: Make = request.param
    return make(paths, request)


def test_names_its_build(launcher: EngineLauncher) -> None:
    assert launcher.name
    assert launcher.build()


def test_from_start_to_stop(launcher: EngineLauncher, plan: LaunchPlan) -> None:
    told: list[str] = []
    engine = launcher.start(plan, CancelToken(), told.append)
    try:
        assert any("oading" in text for text in told)
        assert engine.exit_cause() is None
        assert engine.exit_hint() == ""
        assert not engine.wait(0)
        backend = LlamaBackend(engine.endpoint, INFO)
        events = list(backend.stream(ChatRequest((user("Hi"),), max_tokens=2), CancelToken()))
        assert isinstance(events[-1], Finished)
    finally:
        engine.stop()
    assert engine.wait(PATIENCE)
    assert engine.exit_cause()
    engine.stop()


def test_waiting_ends_with_the_engine(launcher: EngineLauncher, plan: LaunchPlan) -> None:
    engine = launcher.start(plan, CancelToken())
    waiter = threading.Thread(target=engine.wait)
    waiter.start()
    engine.stop()
    waiter.join(PATIENCE)
    assert not waiter.is_alive()


def test_cancelled_before_and_while_starting(launcher: EngineLauncher, plan: LaunchPlan) -> None:
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        launcher.start(plan, cancel)
    cancel = CancelToken()
    with pytest.raises(Cancelled):
        launcher.start(plan, cancel, lambda _text: cancel.cancel())


def test_two_engines_side_by_side(launcher: EngineLauncher, plan: LaunchPlan) -> None:
    one = launcher.start(plan, CancelToken())
    two = launcher.start(replace(plan, context_tokens=256), CancelToken())
    assert one.endpoint != two.endpoint
    one.stop()
    assert two.exit_cause() is None
    two.stop()

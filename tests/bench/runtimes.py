"""The runtimes that can be measured on this machine: the built-in one, a `llama-server`, the worker."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.conftest import ROOT
from tests.fakes import real_engine
from workbench.cancel import CancelToken
from workbench.clock import SystemClock
from workbench.engine.launching.binary_launcher import BinaryLauncher
from workbench.engine.launching.launcher import NativeLauncher
from workbench.engine.runtimes.probe_engine import probe
from workbench.engine.worker.worker_launcher import WorkerLauncher
from workbench.paths import Paths
from workbench.ports import EngineLauncher

BINARY = ROOT / ".cache" / "test-engine" / "llama-server" / "llama-server"
SITE = ROOT / ".cache" / "llama-cpp-python" / "engines" / "llama-cpp-python" / "site"


def native(paths: Paths) -> EngineLauncher:
    return NativeLauncher(paths, SystemClock())


def binary(paths: Paths) -> EngineLauncher:
    return BinaryLauncher(paths, SystemClock(), BINARY, probe(BINARY, CancelToken()))


def worker(paths: Paths) -> EngineLauncher:
    return WorkerLauncher(paths, SystemClock(), SITE)


def here() -> dict[str, Callable[[Paths], EngineLauncher]]:
    """Those that were fetched or built by the tests before."""
    found: dict[str, Callable[[Paths], EngineLauncher]] = {"native": native}
    if BINARY.exists() and not real_engine.why_not():
        found["llama-server"] = binary
    if _built(SITE):
        found["llama-cpp-python"] = worker
    return found


def _built(site: Path) -> bool:
    return (site / "llama_cpp" / "__init__.py").exists()

"""The worker among the engines of a machine: found, asked, ranked below the program's own, started, removed."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from workbench.cancel import CancelToken
from workbench.clock import SystemClock
from workbench.engine.launching.choice import candidates
from workbench.engine.records import write_private
from workbench.engine.runtimes.builds import NATIVE, PATH, WORKER, InstalledEngine
from workbench.engine.runtimes.service import RuntimeService
from workbench.engine.worker import found
from workbench.engine.worker.worker_launcher import WorkerLauncher, version
from workbench.errors import EngineError, UsageError
from workbench.events import Bus
from workbench.paths import Paths

CPU, CUDA = frozenset({"cpu"}), frozenset({"cpu", "cuda"})


def engine(name: str, backends: frozenset[str]) -> InstalledEngine:
    return InstalledEngine(name, name, "1", None, backends)


@pytest.mark.parametrize(
    ("worker", "native", "first"), [(CPU, CPU, NATIVE), (CUDA, CPU, WORKER), (CUDA, CUDA, NATIVE), (CPU, CUDA, NATIVE)]
)
def test_it_is_chosen_only_where_it_is_faster(worker: frozenset[str], native: frozenset[str], first: str) -> None:
    installed = [engine(WORKER, worker), engine(NATIVE, native)]
    assert candidates(installed)[0].id == first
    assert candidates(installed, gpu_layers=0)[0].id == NATIVE
    assert candidates(installed, WORKER)[0].id == WORKER
    assert candidates([*installed, engine(PATH, worker)])[0].id != WORKER or first == WORKER


def test_without_it_there_is_only_the_programs_own(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    monkeypatch.setenv("PATH", "")
    assert found.site(home / "engines") is None
    assert RuntimeService(Paths(home), SystemClock(), Bus()).only_native()


@pytest.fixture
def engines(home: Path, worker_site: Path) -> Path:
    """Where it was built for this home."""
    Paths(home).prepare()
    folder = home / "engines" / WORKER
    folder.mkdir(parents=True)
    (folder / found.SITE).symlink_to(worker_site)
    found.write_manifest(folder, version(worker_site))
    return folder.parent


@pytest.mark.engine
def test_it_is_listed_with_its_version_and_started(engines: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", os.path.dirname(sys.executable))  # noqa: PTH120
    service = RuntimeService(Paths(home), SystemClock(), Bus())
    assert not service.only_native()
    here = {installed.id: installed for installed in service.installed()}
    assert here[WORKER].problem == ""
    assert here[WORKER].version[0].isdigit()
    assert "cpu" in here[WORKER].backends
    launcher = service.launcher(here[WORKER])
    assert isinstance(launcher, WorkerLauncher)
    assert launcher.name == WORKER
    assert launcher.build().startswith("llama.cpp, llama-cpp-python ")


@pytest.mark.engine
def test_it_is_removed(engines: Path, home: Path, worker_site: Path) -> None:
    service = RuntimeService(Paths(home), SystemClock(), Bus())
    (engines / WORKER / found.SITE).unlink()
    (engines / WORKER / found.SITE / "llama_cpp").mkdir(parents=True)
    (engines / WORKER / found.SITE / "llama_cpp" / "__init__.py").touch()
    service.remove(WORKER)
    assert not (engines / WORKER).exists()
    with pytest.raises(UsageError):
        service.remove(WORKER)
    assert (worker_site / "llama_cpp").exists()


@pytest.mark.engine
def test_one_for_another_python_is_told(engines: Path, home: Path) -> None:
    write_private(engines / WORKER / found.MANIFEST, json.dumps({"python": "2.7"}))
    with pytest.raises(EngineError, match=r"built for Python 2\.7"):
        found.devices(engines / WORKER / found.SITE, CancelToken())
    service = RuntimeService(Paths(home), SystemClock(), Bus())
    problem = next(installed.problem for installed in service.installed() if installed.id == WORKER)
    assert "2.7" in problem


def test_a_half_built_one_is_not_there(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    folder = home / "engines" / WORKER
    (folder / found.SITE / "llama_cpp").mkdir(parents=True)
    (folder / found.SITE / "llama_cpp" / "__init__.py").write_text("raise ImportError('libcuda.so.1')")
    assert found.site(home / "engines") is None
    found.write_manifest(folder, "0.1")
    assert found.site(home / "engines") == folder / found.SITE


def test_one_that_cannot_be_loaded_says_why(tmp_path: Path) -> None:
    (tmp_path / "llama_cpp").mkdir()
    (tmp_path / "llama_cpp" / "__init__.py").write_text("raise ImportError('libcuda.so.1 is missing')")
    with pytest.raises(EngineError, match=r"libcuda\.so\.1 is missing"):
        found.devices(tmp_path, CancelToken())
    with pytest.raises(EngineError, match="does not answer"):
        found.devices(tmp_path, CancelToken(), command=[sys.executable, "-c", "pass"])


def test_the_child_imports_little_before_its_order() -> None:
    import subprocess

    script = "import sys, workbench.engine.worker.worker_child; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    assert not {"httpx", "psutil", "sqlite3", "numpy", "http.server", "llama_cpp"} & set(loaded)

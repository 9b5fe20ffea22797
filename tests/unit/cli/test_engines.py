"""`workbench engines`: shapes, exit codes, words; over a real service and a release server on loopback."""

from __future__ import annotations

import argparse
import hashlib
import json
import platform
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.fakes import http_server as fake
from tests.fakes.http_server import ScriptedServer
from tests.fakes.models import model
from tests.fakes.server_binary import packed, write_binary
from workbench.app import Workbench
from workbench.cli import engines
from workbench.cli.main import main
from workbench.clock import SystemClock
from workbench.engine.runtimes.build_table import machine_name
from workbench.engine.runtimes.builds import EngineBuild, InstalledEngine
from workbench.engine.runtimes.service import RuntimeService
from workbench.errors import HardwareError, UsageError
from workbench.events import Bus
from workbench.hardware.machine import Gpu
from workbench.jobs import Job
from workbench.models.fetching.limiter import unhurried
from workbench.models.fetching.progress import DownloadProgress, DownloadStep
from workbench.paths import Paths
from workbench.ports import Choice, LaunchPlan

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="the engine of these tests is a script for Linux")
Captured = pytest.CaptureFixture[str]


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as running:
        yield running


@pytest.fixture
def workbench(home: Path, server: ScriptedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workbench:
    """As much of the program as these commands use: builds that are served here, and an AMD GPU."""
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    paths = Paths(home)
    paths.prepare()
    archive = packed(tmp_path / "llama.tar.gz", {"llama-server": write_binary(tmp_path / "made" / "llama-server")})
    content = archive.read_bytes()
    row = (server.script("/llama.tar.gz", fake.file(content)), hashlib.sha256(content).hexdigest(), len(content))
    here = ("linux", machine_name(platform.machine()))
    vulkan = EngineBuild("vulkan-b1", "b1", *here, "vulkan", "Vulkan", (row,), needs="a GPU")
    cuda = EngineBuild("cuda-b1", "b1", *here, "cuda", "CUDA 1", (row,), minimum_driver="570.26")
    gpus = (Gpu("RX 7900", "amd"),)
    runtimes = RuntimeService(paths, SystemClock(), Bus(), gpus=lambda: gpus, table=(cuda, vulkan))
    return cast("Workbench", SimpleNamespace(runtimes=runtimes, downloads=SimpleNamespace(pace=unhurried)))


def arguments(name: str = "", *, as_json: bool = True, force: bool = False) -> argparse.Namespace:
    return argparse.Namespace(name=name, json=as_json, force=force)


def listed(workbench: Workbench, capsys: Captured) -> Any:
    assert engines.run_list(arguments(), workbench) == 0
    return json.loads(capsys.readouterr().out)


@LINUX
def test_from_the_list_to_an_installed_engine_and_back(workbench: Workbench, capsys: Captured) -> None:
    found = listed(workbench, capsys)
    assert [engine["id"] for engine in found["installed"]] == ["native"]
    assert {"id", "label", "version", "path", "backends", "devices", "problem"} == set(found["installed"][0])
    assert [build["id"] for build in found["available"]] == ["cuda-b1", "vulkan-b1"]
    assert found["available"][0]["obstacle"] == "It needs an NVIDIA GPU, and none was found here."
    assert found["available"][1]["obstacle"] is None

    assert engines.run_install(arguments("vulkan"), workbench) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {line["event"] for line in lines[:-1]} == {"progress"}
    assert {"bytes", "total_bytes", "bytes_per_second", "seconds_left"} <= set(lines[0])
    assert lines[-1]["event"] == "ready"
    assert lines[-1]["engine"]["devices"][0]["id"] == "Vulkan0"

    found = listed(workbench, capsys)
    assert [engine["id"] for engine in found["installed"]] == ["native", "vulkan-b1"]
    assert [build["id"] for build in found["available"]] == ["cuda-b1"]

    assert engines.run_remove(arguments("vulkan-b1"), workbench) == 0
    assert json.loads(capsys.readouterr().out) == {"removed": "vulkan-b1"}
    assert len(listed(workbench, capsys)["installed"]) == 1


def test_what_has_to_be_compiled_is_listed_with_how_long_it_takes(workbench: Workbench, capsys: Captured) -> None:
    found = listed(workbench, capsys)["compiled"]
    assert {"id", "version", "backend", "minutes", "cmake_args", "missing", "better"} == set(found)
    assert found["id"] == "llama-cpp-python"
    engines.run_list(arguments(as_json=False), workbench)
    assert f"{found['minutes']} min" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["llama-cpp-python", "llama_cpp_python", "engine:llama-cpp-python"])
def test_compiling_is_told_in_words_and_as_a_share(
    workbench: Workbench, capsys: Captured, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    engine = InstalledEngine("llama-cpp-python", "llama-cpp-python", "1", Path("site"), frozenset({"cpu"}))

    def fetch(_name: str, job: Job) -> None:
        job.emit(DownloadStep("compiling, step 9 of 193"))
        job.emit(DownloadProgress(250, 1000, None, 61.0))

    monkeypatch.setattr(workbench.runtimes, "fetch", fetch)
    monkeypatch.setattr(workbench.runtimes, "installed", lambda: (engine,))
    assert engines.run_install(arguments(name), workbench) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines[:2] == [
        {"event": "step", "text": "compiling, step 9 of 193"},
        {"event": "progress", "share": 0.25, "seconds_left": 61.0},
    ]
    assert (lines[2]["event"], lines[2]["engine"]["id"]) == ("ready", "llama-cpp-python")
    assert engines.run_install(arguments(name, as_json=False), workbench) == 0
    assert "25 %, compiling, step 9 of 193, 1:01 left" in capsys.readouterr().err


@LINUX
def test_words_for_people(workbench: Workbench, capsys: Captured) -> None:
    assert engines.run_install(arguments("vulkan-b1", as_json=False), workbench) == 0
    shown = capsys.readouterr()
    assert shown.out == "vulkan-b1\n"
    assert "it sees: Vulkan0 Test Graphics 9000" in shown.err
    assert engines.run_list(arguments(as_json=False), workbench) == 0
    out = capsys.readouterr().out
    assert "Vulkan, llama.cpp b1" in out
    assert "It needs an NVIDIA GPU" in out
    engines.run_remove(arguments("vulkan-b1", as_json=False), workbench)
    assert "Deleted" in capsys.readouterr().err


@LINUX
def test_what_is_of_no_use_is_installed_only_by_force(workbench: Workbench, capsys: Captured) -> None:
    with pytest.raises(HardwareError, match=r"would be of no use here\. It needs an NVIDIA GPU"):
        engines.run_install(arguments("cuda"), workbench)
    assert engines.run_install(arguments("cuda", force=True), workbench) == 0
    assert "cuda-b1" in capsys.readouterr().out


def test_unknown_names(workbench: Workbench) -> None:
    for run in (engines.run_install, engines.run_remove):
        with pytest.raises(UsageError):
            run(arguments("nothing"), workbench)


@pytest.mark.parametrize("action", ["list", "install", "remove"])
def test_every_help_has_an_example(capsys: Captured, action: str) -> None:
    assert main(["engines", action, "--help"]) == 0
    assert "example:\n  workbench engines" in capsys.readouterr().out


# plan -----------------------------------------------------------------------------------------------------------------


def test_a_plan_is_told_choice_by_choice(capsys: Captured) -> None:
    choices = (Choice("Context", "4,096 tokens", "You chose it.", own=True), Choice("Threads", "4", "One a core."))
    plan = LaunchPlan(Path("/m.gguf"), 4096, 1, 4, 256, choices=choices, options={"stops": ["x"]})
    planning = cast("Workbench", SimpleNamespace(launch_plan=lambda name: (model("Some 1B"), plan)))
    assert engines.run_plan(argparse.Namespace(model="", json=False), planning) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("Some 1B\n")
    assert re.search(r"Context +4,096 tokens +You chose it\.", shown)
    assert engines.run_plan(argparse.Namespace(model="", json=True), planning) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["model"], document["model_path"], document["context_tokens"]) == ("Some 1B", "/m.gguf", 4096)
    assert document["choices"][0] == {
        "name": "Context",
        "value": "4,096 tokens",
        "because": "You chose it.",
        "own": True,
    }
    assert document["options"] == {"stops": ["x"]}


def test_the_plan_of_a_real_model(home: Path, starter_model: Path, capsys: Captured) -> None:
    """Over the whole program: the header is read, the machine is looked at, nothing is started."""
    assert main(["engines", "plan", str(starter_model), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["context_tokens"] <= 8192
    assert {"Context", "Cache", "Threads", "Batch"} <= {choice["name"] for choice in document["choices"]}

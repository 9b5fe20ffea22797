"""Installing engines from a real release server on loopback, finding them again, and everything that goes wrong."""

from __future__ import annotations

import hashlib
import os
import platform
import stat
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes import http_server as fake
from tests.fakes import real_engine
from tests.fakes.http_server import ScriptedServer
from tests.fakes.server_binary import DEVICES, packed, write_binary
from workbench.cancel import CancelToken
from workbench.clock import SystemClock
from workbench.engine.asking.client import LlamaBackend
from workbench.engine.launching.choosing_launcher import ChoosingLauncher
from workbench.engine.launching.launcher import NativeLauncher
from workbench.engine.runtimes.build_table import machine_name
from workbench.engine.runtimes.builds import NATIVE, PATH, EngineBuild, InstalledEngine
from workbench.engine.runtimes.found_engines import MANIFEST, FoundEngines, own_binary
from workbench.engine.runtimes.service import RuntimeService
from workbench.errors import (
    Cancelled,
    DownloadError,
    EngineError,
    HardwareError,
    StorageError,
    UsageError,
    WorkbenchError,
)
from workbench.events import Bus, Changed, Topic
from workbench.hardware.machine import Gpu
from workbench.jobs import Job, quiet_job
from workbench.messages import ChatRequest, Finished, user
from workbench.models.fetching.progress import DownloadProgress
from workbench.paths import Paths
from workbench.ports import BackendInfo, LaunchPlan

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the programs of these tests are for Linux")
MACHINE = machine_name(platform.machine())
GPU = Gpu("RX 7900", "amd")


@pytest.fixture
def paths(home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Paths:
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}/usr/bin{os.pathsep}/bin")
    paths = Paths(home)
    paths.prepare()
    return paths


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as running:
        yield running


class Release:
    """A build of ``files`` (archives on disk), served; and the service that may install it."""

    def __init__(self, paths: Paths, server: ScriptedServer, *files: Path, **more: object) -> None:
        self.paths, self.server = paths, server
        rows = []
        for file in files:
            content = file.read_bytes()
            url = server.script(f"/{file.name}", fake.file(content))
            rows.append((url, hashlib.sha256(content).hexdigest(), len(content)))
        self.build = EngineBuild("vulkan-b1", "b1", "linux", MACHINE, "vulkan", "Vulkan", tuple(rows), needs="a GPU")
        self.bus = Bus()
        self.service = RuntimeService(
            paths,
            SystemClock(),
            self.bus,
            gpus=lambda: (GPU,),
            table=(self.build,),
            **more,  # type: ignore[arg-type]
        )

    @property
    def folder(self) -> Path:
        return self.paths.home / "engines"

    def fetch(self) -> None:
        self.service.fetch("vulkan-b1", quiet_job())

    def others(self) -> list[InstalledEngine]:
        return [engine for engine in self.service.installed() if engine.id != NATIVE]

    def refused(self, kind: type[WorkbenchError]) -> WorkbenchError:
        with pytest.raises(kind) as raised:
            self.fetch()
        assert self.others() == []
        assert not (self.folder / "vulkan-b1").exists()
        assert not list((self.folder / ".partial").glob("*.new"))
        return raised.value


@pytest.fixture
def release(paths: Paths, server: ScriptedServer, tmp_path: Path) -> Release:
    binary = write_binary(tmp_path / "made" / "llama-server")
    return Release(paths, server, packed(tmp_path / "llama-b1.tar.gz", {"llama-server": binary, "LICENSE": b"MIT"}))


# From the release to an answer ----------------------------------------------------------------------------------------


@pytest.mark.engine
def test_a_real_engine_from_the_release_to_an_answer(
    paths: Paths, server: ScriptedServer, tmp_path: Path, llama_server: Path, starter_model: Path
) -> None:
    release = Release(paths, server, real_engine.pack(llama_server, tmp_path / "llama-b10434.tar.gz"))
    release.fetch()
    (engine,) = release.others()
    assert (engine.id, engine.problem) == ("vulkan-b1", "")
    assert engine.label == "Vulkan, llama.cpp b1"
    assert "commit 7e4c0a9" in engine.version
    assert engine.backends == {"cpu"} | {device.backend for device in engine.devices}
    assert (release.folder / "vulkan-b1" / "libggml.so").is_symlink()

    native = NativeLauncher(paths, SystemClock())
    launcher = ChoosingLauncher(native, release.service, lambda: "vulkan-b1")
    plan = LaunchPlan(starter_model, context_tokens=512, slots=1, threads=2, batch_tokens=128, cache_ram_bytes=1 << 20)
    running = launcher.start(plan, CancelToken())
    try:
        assert launcher.name == "vulkan-b1"
        assert "commit 7e4c0a9" in launcher.build()
        backend = LlamaBackend(running.endpoint, BackendInfo("x", "x", local=True, context_tokens=512))
        events = list(backend.stream(ChatRequest((user("Hi"),), max_tokens=2), CancelToken()))
        assert isinstance(events[-1], Finished)
    finally:
        running.stop()


def test_an_engine_is_fetched_told_found_and_removed(release: Release) -> None:
    heard: list[Changed] = []
    release.bus.subscribe(heard.append)
    progress: list[DownloadProgress] = []
    service = release.service
    assert service.only_native()
    assert [engine.id for engine in service.engines().obtainable] == ["vulkan-b1"]

    service.fetch("engine:vulkan-b1", Job(lambda event: progress.append(event.payload)))
    assert progress[-1].bytes == progress[-1].total_bytes == release.build.download_bytes
    (engine,) = release.others()
    assert engine.backends == {"cpu", "vulkan"}
    assert [device.name for device in service.devices()] == ["Test Graphics 9000"]
    assert not service.only_native()
    engines = service.engines()
    assert "vulkan" in engines.installed
    assert engines.obtainable == ()
    assert stat.S_IMODE((release.folder / "vulkan-b1").stat().st_mode) == 0o700
    assert not any(path.is_file() for path in (release.folder / ".partial").iterdir() if path.suffix != ".lock")

    again = RuntimeService(release.paths, SystemClock(), Bus(), table=(release.build,))
    assert [found.id for found in again.installed()] == [NATIVE, "vulkan-b1"]

    service.remove("vulkan-b1")
    assert release.others() == []
    assert service.only_native()
    assert not (release.folder / "vulkan-b1").exists()
    assert [change.topics for change in heard] == [frozenset({Topic.ENGINES})] * 2


def test_an_engine_that_sees_no_gpu_is_not_offered_again(paths: Paths, server: ScriptedServer, tmp_path: Path) -> None:
    binary = write_binary(tmp_path / "made" / "llama-server", devices="Available devices:\n  (none)\n")
    release = Release(paths, server, packed(tmp_path / "llama-b1.tar.gz", {"llama-server": binary}))
    release.fetch()
    assert release.others()[0].backends == {"cpu"}
    assert "vulkan" not in release.service.engines().installed
    assert release.service.engines().obtainable == ()


def test_the_archives_of_a_build_lie_side_by_side(paths: Paths, server: ScriptedServer, tmp_path: Path) -> None:
    binary = write_binary(tmp_path / "made" / "llama-server")
    first = packed(tmp_path / "llama.zip", {"build/bin/llama-server": binary, "build/bin/a.dll": b"a"})
    second = packed(tmp_path / "cudart.tar.gz", {"libcudart.so": b"c", "libcublas.so": b"b"})
    release = Release(paths, server, first, second)
    release.fetch()
    assert {path.name for path in (release.folder / "vulkan-b1").iterdir()} == {
        *("llama-server", "a.dll", "libcudart.so", "libcublas.so", MANIFEST)
    }


def test_an_installed_engine_is_replaced_by_installing_it_again(release: Release) -> None:
    release.fetch()
    binary = release.folder / "vulkan-b1" / "llama-server"
    binary.write_text("broken")
    assert release.others()[0].problem
    release.fetch()
    assert release.others()[0].problem == ""
    assert {path.name for path in release.folder.iterdir()} == {".partial", "vulkan-b1"}


# What goes wrong ------------------------------------------------------------------------------------------------------


def test_a_cut_download_goes_on_where_it_stopped(release: Release) -> None:
    url, _sha256, size = release.build.archives[0]
    path = url.removeprefix(release.server.url(""))
    whole = release.server.scripts[path][0]
    release.server.script(path, fake.cut((Path(release.paths.home).parent / path[1:]).read_bytes(), size // 2), whole)
    release.fetch()
    assert [asked.headers.get("range") is not None for asked in release.server.requests] == [False, True]
    assert len(release.others()) == 1


def test_a_wrong_hash(release: Release) -> None:
    path = release.build.archives[0][0].removeprefix(release.server.url(""))
    release.server.script(path, fake.file(os.urandom(release.build.download_bytes)))
    assert "is not the promised file" in release.refused(DownloadError).message


ELF_OF_ANOTHER = b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x03\x00" + (b"\xb7\x00" if MACHINE != "arm64" else b"\x3e\x00")


@pytest.mark.parametrize(
    ("files", "kind", "words"),
    [
        ({"../../llama-server": b"x"}, DownloadError, "not allowed"),
        ({"llama-server": b"#!/bin/sh\n", "zeros": bytes(70 << 20)}, DownloadError, "far more than an engine has"),
        ({"llama-cli": b"x"}, DownloadError, "holds no llama-server"),
        ({"llama-server": ELF_OF_ANOTHER}, EngineError, "It is made for Linux on"),
        ({"llama-server": b"MZ" + bytes(200)}, EngineError, "It is not a program"),
        ({"llama-server": b"just text"}, EngineError, "It is not a program"),
        ({"llama-server": b"#!/nonexistent/interpreter\n"}, EngineError, "cannot be started"),
        ({"llama-server": b"#!/bin/sh\nexit 3\n"}, EngineError, "does not run here"),
        ({"llama-server": b"#!/bin/sh\necho hello\n"}, EngineError, "is not llama.cpp's server"),
    ],
    ids=[
        "traversal",
        "bomb",
        "no binary",
        "architecture",
        "windows",
        "text",
        "not executable",
        "fails",
        "other program",
    ],
)
@pytest.mark.parametrize("name", ["llama.tar.gz", "llama.zip"])
def test_archives_that_are_of_no_use(
    paths: Paths,
    server: ScriptedServer,
    tmp_path: Path,
    name: str,
    files: dict[str, Path | bytes],
    kind: type[WorkbenchError],
    words: str,
) -> None:
    error = Release(paths, server, packed(tmp_path / name, files)).refused(kind)
    assert words in error.message
    assert error.message.count(". ") <= 1
    assert error.hint


def test_a_damaged_archive_is_thrown_away(paths: Paths, server: ScriptedServer, tmp_path: Path) -> None:
    (tmp_path / "llama.tar.gz").write_bytes(os.urandom(5000))
    release = Release(paths, server, tmp_path / "llama.tar.gz")
    release.refused(DownloadError)
    assert not (release.folder / ".partial" / "llama.tar.gz").exists()


def test_no_room(paths: Paths, server: ScriptedServer, tmp_path: Path) -> None:
    made = packed(tmp_path / "llama.tar.gz", {"llama-server": b"x"})
    release = Release(paths, server, made, free=lambda _folder: 1 << 20)
    assert "too full" in release.refused(StorageError).message
    assert release.server.requests == []


def test_cancelled_while_it_comes(paths: Paths, server: ScriptedServer, tmp_path: Path) -> None:
    made = packed(tmp_path / "llama.tar.gz", {"llama-server": os.urandom(200_000)})
    release = Release(paths, server, made)
    server.script("/llama.tar.gz", fake.stall(made.read_bytes(), 50_000))
    job = quiet_job()
    threading.Timer(0.4, job.cancel.cancel).start()
    with pytest.raises(Cancelled):
        release.service.fetch("vulkan-b1", job)
    assert (release.folder / ".partial" / "llama.tar.gz.part").exists()
    release.service.discard("vulkan-b1")
    assert not [left for left in (release.folder / ".partial").iterdir() if left.suffix != ".lock"]


def test_what_would_be_of_no_use_is_not_downloaded(release: Release) -> None:
    old = RuntimeService(release.paths, SystemClock(), Bus(), table=(release.build,))  # no GPU at all
    with pytest.raises(HardwareError, match=r"would be of no use here\. It needs a GPU"):
        old.fetch("vulkan-b1", quiet_job())
    assert release.server.requests == []
    old.fetch("vulkan-b1", quiet_job(), force=True)
    assert len(release.others()) == 1


def test_names_that_are_not_there(release: Release) -> None:
    for name in ("cuda", "nothing", "", "../x"):
        with pytest.raises(UsageError, match="There is no engine called"):
            release.service.fetch(name, quiet_job())
    for name in (NATIVE, PATH, "vulkan-b1", "..", ".partial"):
        with pytest.raises(UsageError, match="not an engine that was installed"):
            release.service.remove(name)


def test_a_backend_names_its_best_build(release: Release) -> None:
    assert release.service.find("vulkan") == release.build
    assert release.service.obstacle(release.build) == ""


# What is found --------------------------------------------------------------------------------------------------------


def test_the_native_engine_is_asked_in_a_child(paths: Paths) -> None:
    (engine,) = FoundEngines(paths.home / "engines", str).all()
    assert engine.id == NATIVE
    assert engine.problem == ""
    assert "cpu" in engine.backends
    assert "xllamacpp" not in sys.modules


@pytest.mark.parametrize(
    "script",
    [
        "import time; time.sleep(60)",
        "import os; os.kill(os.getpid(), 11)",
        "print('{\"devices\"')",
        "print('{\"devices\": 3}')",
    ],
)
def test_a_native_engine_that_does_not_say_is_used_without_devices(paths: Paths, script: str) -> None:
    found = FoundEngines(paths.home / "engines", str, command=[sys.executable, "-c", script], seconds=1.0)
    (engine,) = found.all()
    assert engine.problem == ""
    assert engine.devices == ()


def test_the_native_engines_devices(paths: Paths) -> None:
    answer = '{"devices": [{"name": "MTL0", "description": "M2", "memory_total": 9, "memory_free": 8, "kind": "gpu"}]}'
    found = FoundEngines(paths.home / "engines", str, command=[sys.executable, "-c", f"print({answer!r})"])
    (engine,) = found.all()
    assert engine.backends == {"cpu", "metal"}


def test_a_binary_on_the_path(paths: Paths, tmp_path: Path) -> None:
    service = RuntimeService(paths, SystemClock(), Bus())
    assert service.only_native()
    write_binary(tmp_path / "bin" / "llama-server")
    assert not service.only_native()
    engine = service.installed()[-1]
    assert (engine.id, engine.path, engine.version) == (PATH, tmp_path / "bin" / "llama-server", "9999 (abcdef1)")
    assert engine.backends == {"cpu", "vulkan"}


def test_a_binary_in_the_folder_of_the_moment_is_not_run(
    paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_binary(tmp_path / "llama-server")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f".{os.pathsep}{os.environ['PATH']}")
    assert RuntimeService(paths, SystemClock(), Bus()).only_native()


@pytest.mark.parametrize("at", ["llama-server", "build/bin/llama-server"])
def test_a_binary_in_a_folder_that_was_set(paths: Paths, tmp_path: Path, at: str) -> None:
    binary = write_binary(tmp_path / "llama.cpp" / at)
    write_binary(tmp_path / "bin" / "llama-server", version="version: the wrong one")
    assert own_binary(str(tmp_path / "llama.cpp")) == binary
    assert own_binary(str(binary)) == binary
    service = RuntimeService(paths, SystemClock(), Bus(), own=lambda: str(tmp_path / "llama.cpp"))
    assert service.installed()[-1].version == "9999 (abcdef1)"


def test_a_set_binary_that_is_not_there_says_so(paths: Paths, tmp_path: Path) -> None:
    service = RuntimeService(paths, SystemClock(), Bus(), own=lambda: str(tmp_path / "nowhere"))
    engine = service.installed()[-1]
    assert engine.id == PATH
    assert "nowhere" in engine.problem
    assert engine.backends == frozenset()
    assert service.engines().installed >= {"cpu"}


def test_an_engine_is_asked_once_until_it_changes(paths: Paths, tmp_path: Path) -> None:
    asked = tmp_path / "asked"
    count = f"open({str(asked)!r}, 'a').write('x')"
    binary = write_binary(tmp_path / "bin" / "llama-server", first=count)
    service = RuntimeService(paths, SystemClock(), Bus())
    for _ in range(3):
        service.installed()
    assert len(asked.read_text()) == 3  # version, help, devices
    service.installed(fresh=True)
    assert len(asked.read_text()) == 6
    write_binary(binary, first=count, devices=DEVICES + "  Vulkan1: Another (1 MiB, 1 MiB free)\n")
    assert len(service.installed()[-1].devices) == 2


@pytest.mark.parametrize(
    "manifest", ["", "[]", "{}", '{"id": "x", "label": "x", "binary": "../../evil"}', '{"id": "x", "label": "x"}']
)
def test_folders_that_are_no_engines(paths: Paths, manifest: str) -> None:
    folder = paths.home / "engines" / "x"
    folder.mkdir(parents=True)
    (folder / MANIFEST).write_text(manifest)
    (folder / MANIFEST).chmod(0o600)
    assert RuntimeService(paths, SystemClock(), Bus()).only_native()

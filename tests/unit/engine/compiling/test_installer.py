"""llama-cpp-python installed with the real pip, from a folder instead of the index: compiled, resumed, cancelled, ready."""

from __future__ import annotations

import os
import stat
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.fakes.tiny_package import VERSION, write_source, write_wheel
from workbench.cancel import CancelToken
from workbench.clock import SystemClock
from workbench.engine.compiling.installer import LOG_NAME, CompiledInstaller, child_environment, discard
from workbench.engine.compiling.lock import Lock
from workbench.engine.compiling.plan import BuildPlan, Tools, build_plan
from workbench.engine.compiling.progress import WHOLE, Course
from workbench.engine.runtimes.builds import WORKER
from workbench.engine.runtimes.found_engines import FoundEngines
from workbench.engine.worker import found
from workbench.errors import Cancelled, DownloadError, EngineError, StorageError
from workbench.models.fetching.partial import BusyError, NoRoomError, locked
from workbench.models.fetching.progress import DownloadProgress, DownloadStep

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pip's processes are ended as a group here")
TOOLS = Tools("linux", "x86_64", "apt-get", python=sys.executable, compiler="c++", cores=2)


@dataclass
class Shop:
    """``links``: what stands for the index; ``flags``: what the package's own backend does wrong."""

    home: Path
    links: Path
    flags: Path
    lock: Lock
    plan: BuildPlan = field(default_factory=lambda: build_plan(VERSION, TOOLS, ()))
    news: list[Any] = field(default_factory=list)
    cancel: CancelToken = field(default_factory=CancelToken)
    free: Callable[[Path], int] = lambda _folder: 1 << 50

    @property
    def engines(self) -> Path:
        return self.home / "engines"

    @property
    def partial(self) -> Path:
        return self.engines / ".partial" / WORKER

    @property
    def log(self) -> str:
        return (self.home / "logs" / LOG_NAME).read_text("utf-8")

    def install(self) -> None:
        course = Course(self.news.append, SystemClock())
        CompiledInstaller(
            self.engines, self.home / "logs", sys.executable, self.lock, self.plan, course, self.cancel, self.free
        ).install()

    def steps(self) -> list[str]:
        return [news.text for news in self.news if isinstance(news, DownloadStep)]


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    links, flags = tmp_path / "links", tmp_path / "flags"
    links.mkdir()
    flags.mkdir()
    for name in [name for name in os.environ if name.startswith("PIP_") or name == "CMAKE_ARGS"]:
        monkeypatch.delenv(name)
    values = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(links), "PIP_CONFIG_FILE": os.devnull, "TINY": str(flags)}
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    return Shop(tmp_path / "home", links, flags, Lock(VERSION, write_source(links), (), ()))


def test_it_is_compiled_started_and_found(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CMAKE_ARGS", "-DMINE=1")
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    shop.plan = replace(shop.plan, cmake_args=("-DGGML_CUDA=ON",))
    shop.install()

    site = found.site(shop.engines)
    assert site == shop.engines / WORKER / "site"
    engine = FoundEngines(shop.engines, lambda: "").all()[-1]
    assert (engine.id, engine.version, engine.problem) == (WORKER, VERSION, "")
    assert stat.S_IMODE((shop.engines / WORKER).stat().st_mode) == 0o700
    assert [path.name for path in (shop.engines / ".partial").iterdir()] == [f"{WORKER}.lock"]

    shares = [news.bytes for news in shop.news if isinstance(news, DownloadProgress)]
    assert shares == sorted(shares)
    assert shares[-1] == WHOLE
    assert shop.steps()[0] == "looking for a ready build"
    assert "compiling, step 2 of 4" in shop.steps()
    assert shop.steps()[-1] == "ready"
    assert "CMAKE_ARGS -DGGML_CUDA=ON -DMINE=1 jobs 2" in shop.log
    assert f"temporary {shop.partial / 'tmp'}" in shop.log
    assert "It starts and sees the processor." in shop.log
    assert stat.S_IMODE((shop.home / "logs" / LOG_NAME).stat().st_mode) == 0o600


def test_a_failed_try_is_one_sentence_and_the_next_one_goes_on(shop: Shop) -> None:
    (shop.flags / "fail").touch()
    with pytest.raises(EngineError, match=r"failed: .*'half' was not declared in this scope") as caught:
        shop.install()
    assert LOG_NAME in caught.value.hint
    assert "g++ -c 3.cpp" in caught.value.detail
    assert found.site(shop.engines) is None or not (shop.engines / WORKER).exists()
    assert (shop.partial / "build-cpu").is_dir()

    (shop.flags / "fail").unlink()
    for file in shop.links.iterdir():  # nothing can be fetched a second time
        file.unlink()
    shop.install()
    assert (shop.engines / WORKER / found.MANIFEST).is_file()


def test_cancelling_ends_the_compilers_and_keeps_what_is_there(shop: Shop) -> None:
    (shop.flags / "hang").touch()
    child = shop.flags / "child"

    def cancel_when_it_compiles() -> None:
        while not (child.exists() and child.read_text()):
            pass
        shop.cancel.cancel()

    waiter = threading.Thread(target=cancel_when_it_compiles)
    waiter.start()
    with pytest.raises(Cancelled):
        shop.install()
    waiter.join()
    process = int(child.read_text())
    assert not psutil.pid_exists(process) or psutil.Process(process).status() == psutil.STATUS_ZOMBIE
    assert (shop.partial / "source").is_dir()
    assert not (shop.engines / WORKER).exists()
    discard(shop.engines)
    assert not shop.partial.exists()


def test_a_ready_wheel_is_taken_without_a_compiler(shop: Shop) -> None:
    write_wheel(shop.links)
    shop.plan = build_plan(VERSION, replace(TOOLS, compiler=""), ())
    shop.install()
    assert (shop.engines / WORKER / found.MANIFEST).is_file()
    assert not any("compiling" in step for step in shop.steps())


def test_a_ready_wheel_that_does_not_start_here_is_compiled_instead(shop: Shop) -> None:
    write_wheel(shop.links, library="raise ImportError('libcudart.so.12: cannot open shared object file')\n")
    shop.install()
    assert (shop.engines / WORKER / found.MANIFEST).is_file()
    assert "compiling, step 4 of 4" in shop.steps()
    assert "libcudart.so.12" in shop.log


def test_another_source_than_the_known_one_is_refused(shop: Shop) -> None:
    shop.lock = replace(shop.lock, source=f"llama-cpp-python=={VERSION} --hash=sha256:{'0' * 64}")
    with pytest.raises(DownloadError, match="other files than Workbench knows"):
        shop.install()
    assert not (shop.partial / "source").exists()


def test_an_engine_that_is_there_stays_until_the_new_one_starts(shop: Shop) -> None:
    (shop.engines / WORKER / "site").mkdir(parents=True)
    (shop.engines / WORKER / "site" / "old").touch()
    (shop.flags / "fail").touch()
    with pytest.raises(EngineError):
        shop.install()
    assert (shop.engines / WORKER / "site" / "old").exists()
    (shop.flags / "fail").unlink()
    shop.install()
    assert not (shop.engines / WORKER / "site" / "old").exists()


def test_what_is_missing_is_said_before_anything_is_fetched(shop: Shop) -> None:
    shop.plan = replace(build_plan(VERSION, replace(TOOLS, compiler=""), ()), indexes=())
    with pytest.raises(EngineError, match=r"has not got a C\+\+ compiler") as caught:
        shop.install()
    assert "sudo apt-get install g++" in caught.value.hint
    shop.plan = build_plan(VERSION, replace(TOOLS, python=""), ())
    with pytest.raises(EngineError, match=r"Python 3\.11 or newer with pip") as caught:
        shop.install()
    assert "python3-pip" in caught.value.hint
    assert shop.steps() == []


def test_a_disk_without_room_is_told_before(shop: Shop) -> None:
    shop.plan = replace(shop.plan, indexes=())
    shop.free = lambda _folder: 1000
    with pytest.raises(NoRoomError, match="too full"):
        shop.install()
    assert shop.steps() == []


def test_two_at_once_do_not_meet(shop: Shop) -> None:
    (shop.engines / ".partial").mkdir(parents=True, mode=0o700)
    with locked(shop.engines / ".partial" / WORKER):
        with pytest.raises(BusyError):
            shop.install()
        with pytest.raises(BusyError):
            discard(shop.engines)


def test_a_log_that_cannot_be_written_is_told(shop: Shop) -> None:
    (shop.home / "logs" / LOG_NAME).mkdir(parents=True)
    with pytest.raises(StorageError, match=LOG_NAME):
        shop.install()


def test_the_frozen_programs_libraries_are_not_for_others(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    inherited = {"LD_LIBRARY_PATH": "/app", "LD_LIBRARY_PATH_ORIG": "/mine", "PYTHONHOME": "/app", "PATH": "/usr/bin"}
    made = child_environment(inherited, shop.plan, shop.home)
    assert made["LD_LIBRARY_PATH"] == "/mine"
    assert "PYTHONHOME" not in made
    assert "LD_LIBRARY_PATH" not in child_environment({"LD_LIBRARY_PATH": "/app"}, shop.plan, shop.home)
    mine = child_environment({"CMAKE_BUILD_PARALLEL_LEVEL": "1"}, shop.plan, shop.home)
    assert mine["CMAKE_BUILD_PARALLEL_LEVEL"] == "1"  # the person's own counts


def test_flags_of_the_plan_come_before_the_persons_own(shop: Shop) -> None:
    plan = replace(shop.plan, compiler_flags=("-U__ONE__",))
    made = child_environment({"CXXFLAGS": "-O2"}, plan, shop.home)
    assert (made["CFLAGS"], made["CXXFLAGS"]) == ("-U__ONE__", "-U__ONE__ -O2")

"""The engine service over the real engine: killed, stopped and orphaned in the middle of an answer."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from workbench.cancel import CancelToken
from workbench.clock import SystemClock
from workbench.engine.connection import State
from workbench.engine.launching.launcher import NativeLauncher
from workbench.engine.launching.plan import EngineSettings
from workbench.engine.service import EngineService
from workbench.engine.watchdog import WatchLimits
from workbench.errors import Cancelled, EngineError, WorkbenchError
from workbench.events import Bus
from workbench.messages import ChatRequest, Finished, Sampling, StreamEvent, TextDelta, user
from workbench.paths import Paths
from workbench.ports import ChatBackend

pytestmark = [
    pytest.mark.engine,
    pytest.mark.skipif(os.name != "posix", reason="signals of POSIX"),
    pytest.mark.timeout(240),
]

ROOT = Path(__file__).parent.parent.parent.parent
LONG = ChatRequest((user("Count from 1 to 500, with commas."),), sampling=Sampling(temperature=0), max_tokens=600)
QUICK_WATCH = WatchLimits(look_seconds=0.3, answer_seconds=2.0, failures=2)  # for an engine that hangs
PATIENT_WATCH = WatchLimits(look_seconds=0.3, answer_seconds=30.0)
SHORT = ChatRequest((user("Hi"),), sampling=Sampling(temperature=0), max_tokens=4)


def make(paths: Paths, watch: WatchLimits = PATIENT_WATCH) -> EngineService:
    return EngineService(
        NativeLauncher(paths, SystemClock()),
        paths,
        SystemClock(),
        Bus(),
        settings=lambda: EngineSettings(context_tokens=1024),
        watch=watch,
    )


@pytest.fixture
def paths(home: Path) -> Paths:
    paths = Paths(home)
    paths.prepare()
    return paths


@pytest.fixture
def service(paths: Paths) -> Iterator[EngineService]:
    service = make(paths)
    yield service
    service.close()
    assert not list(paths.sockets().iterdir())


def signalled_while_answering(
    backend: ChatBackend, process_id: int | None, number: int
) -> tuple[list[str], EngineError]:
    """What had been said, and the error, when the engine gets a signal at the third token."""
    assert process_id is not None
    said: list[str] = []
    with pytest.raises(EngineError) as raised:
        for event in backend.stream(LONG, CancelToken()):
            if isinstance(event, TextDelta):
                said.append(event.text)
            if len(said) == 3:
                os.kill(process_id, number)
    return said, raised.value


def finished(events: Iterator[StreamEvent]) -> Finished:
    end = list(events)[-1]
    assert isinstance(end, Finished)
    return end


def test_killed_while_answering(service: EngineService, starter_model: Path) -> None:
    backend = service.backend(starter_model, "SmolLM2", CancelToken())
    before = service.status()
    assert before.memory_bytes
    said, error = signalled_while_answering(backend, before.process_id, signal.SIGKILL)
    assert len(said) >= 3
    assert "ended from outside" in error.message
    assert error.detail
    finished(backend.stream(SHORT, CancelToken()))
    assert service.status().process_id not in (None, before.process_id)


def test_stopped_while_answering(paths: Paths, starter_model: Path) -> None:
    with closing(make(paths, QUICK_WATCH)) as service:
        backend = service.backend(starter_model, "SmolLM2", CancelToken())
        said, error = signalled_while_answering(backend, service.status().process_id, signal.SIGSTOP)
        assert len(said) >= 3
        assert "stopped answering" in error.message
        finished(backend.stream(SHORT, CancelToken()))


def test_a_file_that_is_cut_under_a_running_engine(service: EngineService, starter_model: Path, tmp_path: Path) -> None:
    """The engine dies of what it maps; asked again, the file itself is found to be incomplete."""
    model = tmp_path / "model.gguf"
    shutil.copyfile(starter_model, model)
    backend = service.backend(model, "Cut", CancelToken())
    finished(backend.stream(SHORT, CancelToken()))
    os.truncate(model, 1 << 20)
    with pytest.raises(WorkbenchError) as raised:
        list(backend.stream(ChatRequest((user("Something else entirely, please."),), max_tokens=8), CancelToken()))
    assert "incomplete" in raised.value.message or "changed" in raised.value.message
    assert any("changed or became unreadable" in words for words in (*service.news(), raised.value.message))


def test_stopping_a_long_prompt_frees_the_engine(service: EngineService, starter_model: Path) -> None:
    backend = service.backend(starter_model, "SmolLM2", CancelToken())
    cancel = CancelToken()
    stream = backend.stream(ChatRequest((user("word " * 900),), max_tokens=4), cancel)
    next(stream)
    cancel.cancel()
    with pytest.raises(Cancelled):
        list(stream)
    process_id = service.status().process_id
    assert process_id is not None
    process = psutil.Process(process_id)
    deadline = time.monotonic() + 60
    while process.cpu_percent(0.3) > 5:
        assert time.monotonic() < deadline, "the engine goes on reading a prompt that nobody waits for"


OWNER = """
import sys, time
from pathlib import Path
from tests.unit.engine.test_native_service import make
from workbench.cancel import CancelToken
from workbench.paths import Paths
paths = Paths(Path(sys.argv[1]))
service = make(paths)
service.backend(Path(sys.argv[2]), "SmolLM2", CancelToken())
print(service.status().process_id, flush=True)
time.sleep(120)
"""


def test_a_guest_survives_the_sudden_end_of_the_owner(
    service: EngineService, paths: Paths, starter_model: Path
) -> None:
    command = [sys.executable, "-c", OWNER, str(paths.home), str(starter_model)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as owner:
        assert owner.stdout is not None
        process_id = int(owner.stdout.readline())
        backend = service.backend(starter_model, "SmolLM2", CancelToken())
        assert service.status().process_id == process_id
        finished(backend.stream(SHORT, CancelToken()))
        owner.kill()
    finished(backend.stream(SHORT, CancelToken()))
    assert service.status().process_id != process_id
    assert not psutil.pid_exists(process_id) or psutil.Process(process_id).status() == psutil.STATUS_ZOMBIE
    service.close()
    assert service.status().state is State.STOPPED


def test_who_computes_is_told_here_and_to_who_attaches(
    service: EngineService, paths: Paths, starter_model: Path
) -> None:
    own = service.backend(starter_model, "starter", CancelToken()).info
    assert own.build.startswith("llama.cpp, xllamacpp ")
    assert own.devices == "processor"
    with closing(make(paths)) as guest:
        attached = guest.backend(starter_model, "starter", CancelToken()).info
    assert (attached.build, attached.devices) == (own.build, own.devices)

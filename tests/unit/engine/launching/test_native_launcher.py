"""The native launcher and what goes wrong with real children: each failure is named, nothing is left behind."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.patience import PATIENCE
from workbench import ownership
from workbench.cancel import CancelToken
from workbench.clock import SystemClock
from workbench.engine import records
from workbench.engine.asking.client import LlamaBackend
from workbench.engine.launching import native_child
from workbench.engine.launching.launcher import NativeLauncher
from workbench.engine.launching.oom import oom_kills
from workbench.engine.launching.patience import Patience
from workbench.engine.records import ProcessRecord
from workbench.errors import EngineError, ModelError
from workbench.http import make_client
from workbench.messages import ChatRequest, user
from workbench.paths import Paths
from workbench.ports import BackendInfo, LaunchPlan

POSIX = pytest.mark.skipif(os.name != "posix", reason="signals and modes of POSIX")
ROOT = Path(__file__).parents[4]


@pytest.fixture
def paths(home: Path) -> Paths:
    paths = Paths(home)
    paths.prepare()
    return paths


@pytest.fixture
def plan(starter_model: Path) -> LaunchPlan:
    return LaunchPlan(starter_model, context_tokens=512, slots=1, threads=2, batch_tokens=128, cache_ram_bytes=1 << 20)


def acting(
    paths: Paths, script: str, *, patience: tuple[float, float] = (30, 180), tcp: bool = False
) -> NativeLauncher:
    """A launcher whose child runs ``script`` instead of an engine."""
    return NativeLauncher(
        paths,
        SystemClock(),
        command=[sys.executable, "-c", script],
        patience=lambda: Patience(*patience),
        use_socket=not tcp,
    )


def failing(launcher: NativeLauncher, plan: LaunchPlan) -> EngineError:
    with pytest.raises(EngineError) as raised:
        launcher.start(plan, CancelToken())
    return raised.value


def leftovers(paths: Paths) -> list[str]:
    return [file.name for folder in (paths.run, paths.sockets()) for file in folder.iterdir() if file.is_file()]


# Files that are no models: no engine is started -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda model, path: None, "not there"),
        (lambda model, path: path.write_bytes(b"GIF89a nonsense"), "not a GGUF"),
        (lambda model, path: path.write_bytes(model.read_bytes()[:20_000_000]), "incomplete"),
    ],
    ids=["missing", "other", "truncated"],
)
def test_bad_files_are_named_and_never_started(
    paths: Paths, plan: LaunchPlan, tmp_path: Path, make: Any, words: str
) -> None:
    bad = tmp_path / "bad.gguf"
    make(plan.model_path, bad)
    started = tmp_path / "started"
    launcher = acting(paths, f"open({str(started)!r}, 'w')")
    with pytest.raises(ModelError, match=words) as raised:
        launcher.start(replace(plan, model_path=bad), CancelToken())
    assert str(bad) in raised.value.message
    assert not started.exists()


# Children that fail ---------------------------------------------------------------------------------------------------


def test_a_child_that_dies_is_explained_by_its_log(paths: Paths, plan: LaunchPlan) -> None:
    error = failing(
        acting(paths, "import sys; sys.exit('E error loading model: unknown model architecture: \\'x1\\'')"), plan
    )
    assert "x1" in error.message
    assert "unknown model architecture" in error.detail
    assert leftovers(paths) == []


@POSIX
@pytest.mark.parametrize(
    ("number", "words"),
    [(signal.SIGKILL, "ended from outside"), (signal.SIGSEGV, "template"), (signal.SIGABRT, "gave up")],
)
def test_a_child_that_is_killed_is_explained_by_its_signal(
    paths: Paths, plan: LaunchPlan, number: int, words: str
) -> None:
    assert words in failing(acting(paths, f"import os; os.kill(os.getpid(), {int(number)})"), plan).message


def test_a_silent_child_is_given_up(paths: Paths, plan: LaunchPlan) -> None:
    error = failing(acting(paths, "import time; time.sleep(60)", patience=(1.0, 60)), plan)
    assert "no progress" in error.message


def test_a_child_that_only_computes_is_given_up(paths: Paths, plan: LaunchPlan) -> None:
    error = failing(acting(paths, "while True: pass", patience=(60, 2.0)), plan)
    assert "computed for" in error.message


def test_a_child_that_makes_progress_is_waited_for(paths: Paths, plan: LaunchPlan) -> None:
    script = (
        "import sys, time\nfor i in range(10): print(i, file=sys.stderr, flush=True); time.sleep(0.5)\nsys.exit('end')"
    )
    started = time.monotonic()
    error = failing(acting(paths, script, patience=(4.0, 4.0)), plan)
    assert time.monotonic() - started > 4.9
    assert "ended unexpectedly" in error.message


def test_a_child_that_swells_is_ended(paths: Paths, plan: LaunchPlan) -> None:
    script = "import time; a = bytearray(b'x' * (300 << 20)); time.sleep(60)"
    error = failing(acting(paths, script), replace(plan, memory_limit_bytes=200 << 20))
    assert "MB of memory" in error.message


@pytest.mark.parametrize("answer", ["{}", '{"address": "http://192.0.2.1:80"}', '{"address": "unix:///x"}'])
def test_an_address_that_was_not_asked_for_is_refused(paths: Paths, plan: LaunchPlan, answer: str) -> None:
    error = failing(acting(paths, f"print({answer!r}, flush=True); import time; time.sleep(60)", tcp=True), plan)
    assert "unexpected address" in error.message
    assert leftovers(paths) == []


def test_a_program_that_is_not_there(paths: Paths, plan: LaunchPlan) -> None:
    launcher = NativeLauncher(paths, SystemClock(), command=[str(paths.home / "no-such-engine")])
    assert "cannot be started" in failing(launcher, plan).message


@pytest.mark.engine
def test_a_template_that_kills_the_engine(paths: Paths, plan: LaunchPlan) -> None:
    bomb = "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}"
    error = failing(NativeLauncher(paths, SystemClock()), replace(plan, options={"chat_template": bomb}))
    assert "template" in error.message


@pytest.mark.engine
def test_a_template_that_cannot_be_read(paths: Paths, plan: LaunchPlan) -> None:
    error = failing(NativeLauncher(paths, SystemClock()), replace(plan, options={"chat_template": "{% if %}"}))
    assert "template cannot be read" in error.message


# Doors ----------------------------------------------------------------------------------------------------------------


@pytest.mark.engine
def test_tcp_answers_nobody_without_the_key(paths: Paths, plan: LaunchPlan) -> None:
    engine = NativeLauncher(paths, SystemClock(), use_socket=False).start(plan, CancelToken())
    try:
        with make_client(system_proxy=False, keep_alive=False) as client:
            base = engine.endpoint.base_url
            evil = {"Origin": "https://evil.example", "Host": "evil.example"}
            for path in ("/v1/models", "/models", "/props", "/slots", "/metrics", "/lora-adapters", "/tools"):
                assert client.get(base + path, headers=evil).status_code == 401, path
            for path in ("/v1/chat/completions", "/completion", "/tokenize", "/apply-template", "/v1/embeddings"):
                assert client.post(base + path, json={}, headers=evil).status_code == 401, path
            for path in ("/health", "/v1/health", "/"):
                assert client.get(base + path, headers=evil).status_code in (200, 404), path
            answer = client.options(
                base + "/v1/chat/completions", headers=evil | {"Access-Control-Request-Method": "POST"}
            )
            assert answer.headers["access-control-allow-origin"] == native_child.UNMATCHABLE_ORIGIN
            assert answer.headers.get("access-control-allow-credentials") != "true"
        assert engine.endpoint.key is not None
        wrong = LlamaBackend(replace(engine.endpoint, key="wrong"), BackendInfo("x", "x", local=True, context_tokens=9))
        with pytest.raises(EngineError, match="refused the key"):
            list(wrong.stream(ChatRequest((user("Hi"),)), CancelToken()))
        child = psutil.Process(engine.process_id)
        assert engine.endpoint.key not in " ".join([*child.cmdline(), *child.environ().values()])
        listening = {connection.laddr.ip for connection in child.net_connections() if connection.status == "LISTEN"}
        assert listening == {"127.0.0.1"}
    finally:
        engine.stop()
    assert leftovers(paths) == []


@POSIX
@pytest.mark.engine
def test_the_socket_is_in_a_private_folder_and_nothing_listens_on_tcp(
    paths: Paths, plan: LaunchPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOME_API_KEY", "canary")
    engine = NativeLauncher(paths, SystemClock()).start(plan, CancelToken())
    try:
        path = engine.endpoint.socket_path
        assert path is not None
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        assert stat.S_IMODE((paths.logs / "engine.log").stat().st_mode) == 0o600
        child = psutil.Process(engine.process_id)
        assert [c for c in child.net_connections(kind="inet") if c.status == "LISTEN"] == []
        assert "canary" not in child.environ().values()
        assert child.rlimit(psutil.RLIMIT_CORE) == (0, 0)
    finally:
        engine.stop()


# Ends -----------------------------------------------------------------------------------------------------------------


@POSIX
@pytest.mark.engine
def test_a_killed_engine_is_noticed_at_once(paths: Paths, plan: LaunchPlan) -> None:
    engine = NativeLauncher(paths, SystemClock()).start(plan, CancelToken())
    os.kill(engine.process_id, signal.SIGKILL)
    assert engine.wait(PATIENCE)
    assert "ended from outside" in (engine.exit_cause() or "")
    counted = oom_kills() is not None  # then the system says that it was not for memory
    assert ("Try again" if counted else "smaller model") in engine.exit_hint()
    engine.stop()


@POSIX
@pytest.mark.engine
def test_a_stopped_engine_is_killed_after_the_grace(paths: Paths, plan: LaunchPlan) -> None:
    engine = NativeLauncher(paths, SystemClock()).start(plan, CancelToken())
    os.kill(engine.process_id, signal.SIGSTOP)
    started = time.monotonic()
    engine.stop(0.5)
    assert time.monotonic() - started < 20
    assert not psutil.pid_exists(engine.process_id)


ORPHANING = """
import sys, time
from pathlib import Path
from workbench.cancel import CancelToken
from workbench.clock import SystemClock
from workbench.engine.launching.launcher import NativeLauncher
from workbench.paths import Paths
from workbench.ports import LaunchPlan
paths = Paths(Path(sys.argv[1]))
plan = LaunchPlan(Path(sys.argv[2]), 512, 1, 2, 128, cache_ram_bytes=1 << 20)
def tell(text):
    if sys.argv[3] == "loading" and text.startswith("Loading"):
        record = next(paths.run.glob("*.process"))
        print(record.name.removeprefix("engine-").removesuffix(".process"), flush=True)
        time.sleep(60)
engine = NativeLauncher(paths, SystemClock()).start(plan, CancelToken(), tell)
print(engine.process_id, flush=True)
time.sleep(60)
"""


@POSIX
@pytest.mark.engine
@pytest.mark.parametrize("moment", ["loading", "ready"])
def test_no_orphan_when_the_parent_is_killed(paths: Paths, plan: LaunchPlan, moment: str) -> None:
    command = [sys.executable, "-c", ORPHANING, str(paths.home), str(plan.model_path), moment]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as parent:
        assert parent.stdout is not None
        engine = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
    engine.wait(PATIENCE)


@POSIX
def test_the_child_ends_with_its_input(paths: Paths) -> None:
    """What ends it where the system has no death signal: here without one, in the child's own watching thread."""
    script = "import threading; from workbench.engine.launching.native_child import _end_with_stdin; _end_with_stdin()"
    with subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, cwd=ROOT) as child:
        assert child.stdin is not None
        assert child.poll() is None
        child.stdin.close()
        assert child.wait(PATIENCE) == 0


def test_sweep_ends_only_engines_without_an_owner(paths: Paths) -> None:
    gone = f"{2**22 + 1}@1.00"
    sleepers = [subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) for _ in range(3)]
    orphan, owned, reused = sleepers
    try:
        (paths.sockets() / "e-orphan.sock").touch()
        ProcessRecord(gone, ownership.of(orphan.pid), ("e-orphan.sock", "../../config.toml")).write(paths)
        ProcessRecord(ownership.this_process(), ownership.of(owned.pid)).write(paths)
        ProcessRecord(gone, f"{reused.pid}@1.00").write(paths)  # the id belongs to another process by now
        paths.config.touch()
        assert records.sweep(paths) == 1
        assert orphan.wait(PATIENCE) != 0
        assert owned.poll() is None
        assert reused.poll() is None
        assert paths.config.exists()
        assert leftovers(paths) == [f"engine-{owned.pid}.process"]
    finally:
        for sleeper in sleepers:
            sleeper.kill()
            sleeper.wait()


@POSIX
@pytest.mark.parametrize("spoil", [lambda path: path.chmod(0o644), lambda path: path.write_text("[]")])
def test_records_that_others_could_have_written_are_not_trusted(paths: Paths, spoil: Any) -> None:
    path = paths.run / "record"
    records.write_private(path, json.dumps({"owner": "x"}))
    assert records.read_private_json(path) == {"owner": "x"}
    spoil(path)
    assert records.read_private_json(path) == {}
    link = paths.run / "link"
    link.symlink_to(path)
    assert records.read_private(link) is None


@POSIX
def test_no_socket_where_paths_are_too_long() -> None:
    """The premise of `Paths.sockets`: longer names do not bind."""
    with socket.socket(socket.AF_UNIX) as listener, pytest.raises(OSError, match="too long"):
        listener.bind("/tmp/" + "x" * 110)

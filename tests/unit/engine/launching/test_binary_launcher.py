"""Starting a `llama-server` binary: its arguments, its doors, its end, and binaries that are no good."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from tests.fakes.server_binary import write_binary
from tests.patience import PATIENCE, until
from workbench.cancel import CancelToken
from workbench.clock import SystemClock
from workbench.engine.launching import binary_child
from workbench.engine.launching.binary_launcher import BinaryLauncher, command_line, listening_port
from workbench.engine.launching.launcher import Place
from workbench.engine.launching.native_child import UNMATCHABLE_ORIGIN
from workbench.engine.launching.patience import Patience
from workbench.engine.runtimes.probe_engine import Capabilities, parse_flags, probe
from workbench.errors import EngineError, ModelError
from workbench.http import make_client
from workbench.models.sizing import placement
from workbench.paths import Paths
from workbench.ports import LaunchPlan

POSIX = pytest.mark.skipif(os.name != "posix", reason="signals, modes and scripts of POSIX")
ROOT = Path(__file__).parents[4]
FLAGS = parse_flags(
    (Path(__file__).parents[1] / "runtimes" / "captures" / "help-b10434.txt").read_text(encoding="utf-8")
)
PLAN = LaunchPlan(Path("/m.gguf"), context_tokens=512, slots=2, threads=3, batch_tokens=128, cache_ram_bytes=64 << 20)
SOCKET = Place(Path("/run/e-1.sock"), None)
TCP = Place(Path("/run/engine-1.key"), "the-key")


@pytest.fixture
def paths(home: Path) -> Paths:
    paths = Paths(home)
    paths.prepare()
    return paths


@pytest.fixture
def plan(starter_model: Path) -> LaunchPlan:
    return LaunchPlan(starter_model, context_tokens=512, slots=1, threads=2, batch_tokens=128, cache_ram_bytes=1 << 20)


def made(binary: Path, paths: Paths, *, tcp: bool = False, patience: tuple[float, float] = (30, 180)) -> BinaryLauncher:
    return BinaryLauncher(
        paths,
        SystemClock(),
        binary,
        probe(binary, CancelToken()),
        patience=lambda: Patience(*patience),
        use_socket=not tcp,
    )


def leftovers(paths: Paths) -> list[str]:
    return [file.name for folder in (paths.run, paths.sockets()) for file in folder.iterdir() if file.is_file()]


# The command line -----------------------------------------------------------------------------------------------------


def test_the_whole_command_line() -> None:
    expected = (
        "--model /m.gguf --log-verbosity 4 --alias model"
        " --ctx-size 1024 --parallel 2 --no-kv-unified --batch-size 128 --ubatch-size 128"
        " --threads 3 --threads-batch 3 --cache-type-k f16 --cache-type-v f16 --flash-attn auto"
        f" --cache-ram 64 --fit-target 512 --host /run/e-1.sock --port 0"
        f" --cors-origins {UNMATCHABLE_ORIGIN} --no-cors-credentials --no-ui --no-slots --offline --jinja"
        " --reasoning-format auto"
    )
    assert " ".join(command_line(PLAN, FLAGS, SOCKET)) == expected


@pytest.mark.parametrize(
    ("plan", "there", "absent"),
    [
        (replace(PLAN, gpu_layers=0), ["--n-gpu-layers", "0"], []),
        (replace(PLAN, gpu_layers=99), ["--n-gpu-layers", "99"], []),
        (
            PLAN,
            ["--fit-target"],
            ["--n-gpu-layers", "-ngl", "--fit", "--n-cpu-moe"],
        ),  # the build's own fit, left in peace
        (replace(PLAN, use_mmap=False), ["--load-mode", "none"], ["--no-mmap"]),
        (replace(PLAN, lock_memory=True), ["--load-mode", "mmap+mlock"], ["--mlock"]),
        (replace(PLAN, use_mmap=False, lock_memory=True), ["--load-mode", "mlock"], ["--mlock"]),
        (replace(PLAN, gpu_layers=999, expert_layers_on_cpu=7), ["--n-cpu-moe", "7"], ["--fit-target"]),
        (replace(PLAN, cache_type="q8_0", flash_attention=True), ["--cache-type-k", "q8_0"], []),
        (replace(PLAN, cache_type="q8_0", flash_attention=True), ["--cache-type-v", "q8_0", "--flash-attn", "on"], []),
        (replace(PLAN, flash_attention=False), ["--flash-attn", "off"], []),
        (replace(PLAN, repack=False), ["--no-repack"], []),
        (PLAN, [], ["--no-repack", "--mmproj", "--slot-save-path", "--embeddings", "--ctx-checkpoints", "--load-mode"]),
        (replace(PLAN, projector_path=Path("/p.gguf")), ["--mmproj", "/p.gguf"], []),
        (replace(PLAN, state_folder=Path("/states")), ["--slot-save-path", f"/states{os.sep}"], []),
        (replace(PLAN, context_checkpoints=0), ["--ctx-checkpoints", "0"], []),
        (replace(PLAN, embeddings=True, options={"pooling": "cls"}), ["--embeddings", "--pooling", "cls"], []),
        (replace(PLAN, options={"chat_template": "{{ x }}\n"}), ["--chat-template", "{{ x }}\n"], []),
        (
            replace(PLAN, options={"stops": ["\nQ:", "End"]}),
            ["--reverse-prompt", "\nQ:", "--reverse-prompt", "End"],
            [],
        ),
    ],
)
def test_what_a_plan_adds(plan: LaunchPlan, there: list[str], absent: list[str]) -> None:
    line = command_line(plan, FLAGS, SOCKET)
    assert any(line[at : at + len(there)] == there for at in range(len(line)))
    assert not set(absent) & set(line)


def test_over_tcp_the_key_is_only_in_a_file() -> None:
    line = command_line(PLAN, FLAGS, TCP)
    assert line[line.index("--host") + 1] == "127.0.0.1"
    assert line[line.index("--api-key-file") + 1] == "/run/engine-1.key"
    assert "the-key" not in " ".join(line)


def test_old_builds_get_no_value_for_a_mere_flag() -> None:
    """Before the engine's own fit `--flash-attn` took none, and without it no values were compressed."""
    plan = replace(PLAN, cache_type="q8_0", flash_attention=True, use_mmap=False, lock_memory=True)
    line = command_line(plan, FLAGS - {"--fit-target", "--load-mode"}, SOCKET)
    assert not {"--flash-attn", "--cache-type-k", "--cache-type-v"} & set(line)
    assert {"--no-mmap", "--mlock"} <= set(line)


def test_only_flags_that_the_build_names() -> None:
    old = frozenset({"--model", "--host", "--port", "--ctx-size", "--no-mmap", "--no-webui"})
    line = command_line(replace(PLAN, use_mmap=False, gpu_layers=3), old, SOCKET)
    assert line == [
        *("--model", "/m.gguf", "--ctx-size", "1024", "--no-mmap", "--host", "/run/e-1.sock", "--port", "0"),
        "--no-webui",
    ]


# Real doors -----------------------------------------------------------------------------------------------------------


@pytest.mark.engine
def test_tcp_answers_nobody_without_the_key(paths: Paths, plan: LaunchPlan, llama_server: Path) -> None:
    engine = made(llama_server, paths, tcp=True).start(plan, CancelToken())
    try:
        evil = {"Origin": "https://evil.example", "Host": "evil.example"}
        with make_client(system_proxy=False, keep_alive=False) as client:
            base = engine.endpoint.base_url
            for path in ("/props", "/slots", "/metrics", "/lora-adapters", "/tools"):
                assert client.get(base + path, headers=evil).status_code == 401, path
            for path in ("/v1/chat/completions", "/completion", "/tokenize", "/apply-template", "/v1/embeddings"):
                assert client.post(base + path, json={}, headers=evil).status_code == 401, path
            answer = client.get(f"{base}/health", headers=evil)
            assert answer.headers["access-control-allow-origin"] == UNMATCHABLE_ORIGIN
            assert answer.headers.get("access-control-allow-credentials") != "true"
        child = psutil.Process(engine.process_id)
        assert child.name() == "llama-server"
        assert engine.endpoint.key is not None
        assert engine.endpoint.key not in " ".join([*child.cmdline(), *child.environ().values()])
        listening = {connection.laddr.ip for connection in child.net_connections() if connection.status == "LISTEN"}
        assert listening == {"127.0.0.1"}
        assert child.rlimit(psutil.RLIMIT_CORE) == (0, 0)
    finally:
        engine.stop()
    assert leftovers(paths) == []


@pytest.mark.engine
def test_over_a_socket_nothing_listens_on_tcp(paths: Paths, plan: LaunchPlan, llama_server: Path) -> None:
    engine = made(llama_server, paths).start(plan, CancelToken())
    try:
        child = psutil.Process(engine.process_id)
        assert [c for c in child.net_connections(kind="inet") if c.status == "LISTEN"] == []
    finally:
        engine.stop()
    assert leftovers(paths) == []


ORPHANING = """
import sys, time
from pathlib import Path
from workbench.cancel import CancelToken
from workbench.clock import SystemClock
from workbench.engine.launching.binary_launcher import BinaryLauncher
from workbench.engine.runtimes.probe_engine import probe
from workbench.paths import Paths
from workbench.ports import LaunchPlan
binary = Path(sys.argv[3])
plan = LaunchPlan(Path(sys.argv[2]), 512, 1, 2, 128, cache_ram_bytes=1 << 20)
launcher = BinaryLauncher(Paths(Path(sys.argv[1])), SystemClock(), binary, probe(binary, CancelToken()))
engine = launcher.start(plan, CancelToken())
print(engine.process_id, flush=True)
time.sleep(60)
"""


@pytest.mark.engine
def test_no_orphan_when_the_parent_is_killed(paths: Paths, plan: LaunchPlan, llama_server: Path) -> None:
    command = [sys.executable, "-c", ORPHANING, str(paths.home), str(plan.model_path), str(llama_server)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as parent:
        assert parent.stdout is not None
        engine = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
    engine.wait(PATIENCE)


@pytest.mark.engine
def test_a_killed_engine_is_noticed_at_once(paths: Paths, plan: LaunchPlan, llama_server: Path) -> None:
    engine = made(llama_server, paths).start(plan, CancelToken())
    os.kill(engine.process_id, signal.SIGKILL)
    assert engine.wait(PATIENCE)
    assert "ended from outside" in (engine.exit_cause() or "")
    engine.stop()


@pytest.mark.engine
def test_a_template_that_kills_it(paths: Paths, plan: LaunchPlan, llama_server: Path) -> None:
    bomb = "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}"
    with pytest.raises(EngineError, match="template"):
        made(llama_server, paths).start(replace(plan, options={"chat_template": bomb}), CancelToken())


# Binaries that are no good --------------------------------------------------------------------------------------------


@POSIX
@pytest.mark.parametrize("tcp", [False, True])
def test_a_binary_that_answers(paths: Paths, plan: LaunchPlan, tmp_path: Path, *, tcp: bool) -> None:
    told: list[str] = []
    engine = made(write_binary(tmp_path / "llama-server"), paths, tcp=tcp).start(plan, CancelToken(), told.append)
    assert engine.exit_cause() is None
    assert any("Loading" in text for text in told)
    engine.stop()
    assert leftovers(paths) == []


@POSIX
@pytest.mark.parametrize(
    ("serve", "words"),
    [
        ("sys.exit('error: invalid argument: --offline')", "does not know the option --offline"),
        ("sys.exit(0)", "ended unexpectedly"),
        ("import os; os.kill(os.getpid(), 9)", "ended from outside"),
        ("sys.exit('ggml_backend_cuda: CUDA error: out of memory')", "graphics card"),
        ("import time; time.sleep(60)", "no progress"),
        ("open(sys.argv[sys.argv.index('--host') + 1], 'w'); import time; time.sleep(60)", "no progress"),
    ],
)
def test_servers_that_fail(paths: Paths, plan: LaunchPlan, tmp_path: Path, serve: str, words: str) -> None:
    binary = write_binary(tmp_path / "s", serve=serve)
    with pytest.raises(EngineError, match=words):
        made(binary, paths, patience=(1.0, 60)).start(plan, CancelToken())
    assert leftovers(paths) == []


@POSIX
def test_a_binary_that_has_gone(paths: Paths, plan: LaunchPlan, tmp_path: Path) -> None:
    binary = write_binary(tmp_path / "s")
    launcher = made(binary, paths)
    binary.chmod(0o600)
    with pytest.raises(EngineError, match="may not be run"):
        launcher.start(plan, CancelToken())
    binary.unlink()
    with pytest.raises(EngineError, match="not there any more"):
        launcher.start(plan, CancelToken())


@POSIX
def test_a_binary_that_is_no_program_any_more(paths: Paths, plan: LaunchPlan, tmp_path: Path) -> None:
    launcher = made(write_binary(tmp_path / "s"), paths)
    (tmp_path / "s").write_bytes(b"\x7fELF nonsense")
    with pytest.raises(EngineError, match="another kind of machine"):
        launcher.start(plan, CancelToken())


@POSIX
def test_a_build_without_a_key_file_is_not_started_over_tcp(paths: Paths, plan: LaunchPlan, tmp_path: Path) -> None:
    flags = frozenset({"--model", "--host", "--port"})
    launcher = BinaryLauncher(paths, SystemClock(), write_binary(tmp_path / "s"), Capabilities("1", flags))
    with pytest.raises(EngineError, match="too old"):
        launcher.start(plan, CancelToken())
    assert leftovers(paths) == []


@POSIX
def test_a_file_that_is_no_model_starts_nothing(paths: Paths, plan: LaunchPlan, tmp_path: Path) -> None:
    (tmp_path / "bad.gguf").write_bytes(b"nonsense")
    launcher = made(write_binary(tmp_path / "s", serve="open(__file__ + '.started', 'w')"), paths)
    with pytest.raises(ModelError):
        launcher.start(replace(plan, model_path=tmp_path / "bad.gguf"), CancelToken())
    assert not (tmp_path / "s.started").exists()


# The process ----------------------------------------------------------------------------------------------------------


@POSIX
def test_only_this_process_own_port_counts() -> None:
    assert listening_port((1 << 22) + 1) is None
    script = "import socket; s = socket.create_server(('127.0.0.1', 0)); print(s.getsockname()[1], flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        port = int(other.stdout.readline())
        assert listening_port(other.pid) == port
        assert listening_port(os.getpid()) != port
        other.kill()


@POSIX
@pytest.mark.parametrize("ends_first", ["parent", "engine"])
def test_the_watcher_of_systems_without_a_death_signal(ends_first: str) -> None:
    script = (
        "import os; from workbench.engine.launching.binary_child import leave_a_watcher; leave_a_watcher()\n"
        "os.execv('/bin/sleep', ['sleep', '60'])"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, cwd=ROOT) as engine:
        until(psutil.Process(engine.pid).children)
        watchers = psutil.Process(engine.pid).children()
        assert engine.stdin is not None
        if ends_first == "parent":
            engine.stdin.close()
            assert engine.wait(PATIENCE) == -signal.SIGKILL
        else:
            engine.kill()
            engine.wait(PATIENCE)
        psutil.wait_procs(watchers, timeout=PATIENCE)
        assert not any(watcher.is_running() for watcher in watchers)


def test_a_frozen_apps_libraries_are_not_for_the_binary(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LD_LIBRARY_PATH", "/the/app")
    assert binary_child.environment()["LD_LIBRARY_PATH"] == "/the/app"
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert "LD_LIBRARY_PATH" not in binary_child.environment()
    monkeypatch.setenv("LD_LIBRARY_PATH_ORIG", "/the/persons")
    assert binary_child.environment()["LD_LIBRARY_PATH"] == "/the/persons"


def test_a_build_that_fits_by_itself_leaves_what_the_sum_leaves() -> None:
    line = command_line(PLAN, FLAGS, SOCKET)
    assert int(line[line.index("--fit-target") + 1]) << 20 == placement.CARD_RESERVE_BYTES
    assert "--fit-target" not in command_line(replace(PLAN, gpu_layers=3), FLAGS, SOCKET)

"""What a launch plan says is what the engine does: each option starts both real engines, and is read from their logs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.patience import until
from workbench.cancel import CancelToken
from workbench.clock import SystemClock
from workbench.engine.asking.client import LlamaBackend
from workbench.engine.launching.binary_launcher import BinaryLauncher
from workbench.engine.launching.launcher import ChildLauncher, NativeLauncher
from workbench.engine.runtimes.probe_engine import probe
from workbench.http import make_client, open_stream
from workbench.messages import ChatRequest, Finished, user
from workbench.paths import Paths
from workbench.ports import BackendInfo, LaunchPlan, RunningEngine

pytestmark = pytest.mark.engine


@pytest.fixture(params=["native", "binary"])
def launcher(request: pytest.FixtureRequest, home: Path) -> ChildLauncher:
    paths = Paths(home)
    paths.prepare()
    if request.param == "native":
        return NativeLauncher(paths, SystemClock())
    binary = request.getfixturevalue("llama_server")
    return BinaryLauncher(paths, SystemClock(), binary, probe(binary, CancelToken()))


@contextmanager
def started(launcher: ChildLauncher, plan: LaunchPlan) -> Iterator[tuple[RunningEngine, str]]:
    """The engine, and all that it has said."""
    engine = launcher.start(plan, CancelToken())
    try:
        yield engine, (launcher._paths.logs / "engine.log").read_text(encoding="utf-8", errors="replace")
    finally:
        engine.stop(1)


def answers(engine: RunningEngine) -> int:
    """Tokens of a short answer."""
    info = BackendInfo("here", "m", local=True, context_tokens=512)
    backend = LlamaBackend(engine.endpoint, info)
    events = list(backend.stream(ChatRequest((user("Say hello."),), max_tokens=8), CancelToken()))
    ended = events[-1]
    assert isinstance(ended, Finished)
    return ended.usage.completion_tokens or 0


def plan_of(model: Path) -> LaunchPlan:
    return LaunchPlan(model, context_tokens=512, slots=1, threads=2, batch_tokens=128, cache_ram_bytes=1 << 20)


def test_the_cache_is_compressed_with_flash_attention(launcher: ChildLauncher, starter_model: Path) -> None:
    plan = replace(plan_of(starter_model), cache_type="q8_0", flash_attention=True)
    with started(launcher, plan) as (engine, log):
        assert re.search(r"K \(q8_0\):.*V \(q8_0\)", log)
        assert re.search(r"flash_attn\s*= (enabled|1)", log)
        assert answers(engine)


def test_flash_attention_is_off_where_the_plan_says_so(launcher: ChildLauncher, starter_model: Path) -> None:
    with started(launcher, replace(plan_of(starter_model), flash_attention=False)) as (engine, log):
        assert re.search(r"flash_attn\s*= (disabled|0)", log)
        assert re.search(r"K \(f16\):.*V \(f16\)", log)
        assert answers(engine)


@pytest.mark.parametrize("repack", [True, False])
def test_repacked_weights(launcher: ChildLauncher, gemma_model: Path, repack: bool) -> None:
    """Of the file's types Q4_K is one that the processor has a form of its own for."""
    with started(launcher, replace(plan_of(gemma_model), repack=repack)) as (engine, log):
        assert bool(re.search(r"(?:CPU_REPACK|AMX) model buffer size", log)) is repack
        assert answers(engine)


def test_experts_on_the_processor(launcher: ChildLauncher, tiny_gpt_oss: Path) -> None:
    """Which tensors were moved is told only to developers; that some were, and that the model speaks as before, to all."""
    plan = replace(plan_of(tiny_gpt_oss), gpu_layers=999)
    with started(launcher, plan) as (_engine, log):
        assert "tensor overrides to CPU" not in log
    with started(launcher, replace(plan, expert_layers_on_cpu=2)) as (engine, log):
        assert "tensor overrides to CPU" in log
        assert answers(engine)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="locked memory is told by Linux")
def test_locked_memory(launcher: ChildLauncher, starter_model: Path) -> None:
    def locked(engine: RunningEngine) -> int:
        status = Path(f"/proc/{engine.process_id}/status").read_text(encoding="ascii")
        found = re.search(r"VmLck:\s+(\d+) kB", status)
        return int(found[1]) << 10 if found else 0

    plan = replace(plan_of(starter_model), repack=False)
    with started(launcher, plan) as (engine, _log):
        assert locked(engine) == 0
    with started(launcher, replace(plan, lock_memory=True)) as (engine, _log):
        assert locked(engine) > starter_model.stat().st_size // 2


def test_slots_are_saved_in_the_folder_and_nowhere_else(launcher: ChildLauncher, starter_model: Path) -> None:
    folder = launcher._paths.home / "states"
    with started(launcher, replace(plan_of(starter_model), state_folder=folder)) as (engine, _log):
        answers(engine)
        assert _post(engine, "/slots/0?action=save", {"filename": "one.bin"}) == 200
        assert _post(engine, "/slots/0?action=save", {"filename": "../two.bin"}) == 400
        assert [file.name for file in folder.iterdir()] == ["one.bin"]
    assert folder.stat().st_mode & 0o077 == 0


def test_vectors_instead_of_words(launcher: ChildLauncher, starter_model: Path) -> None:
    """Any model gives vectors when it is asked to: pooled, and for each text one."""
    plan = replace(plan_of(starter_model), embeddings=True, options={"pooling": "mean"}, batch_tokens=512)
    with started(launcher, plan) as (engine, _log):
        assert _post(engine, "/v1/embeddings", {"input": ["One.", "Two."]}) == 200


def test_checkpoints_are_counted(launcher: ChildLauncher, gemma_model: Path) -> None:
    log = launcher._paths.logs / "engine.log"
    with started(launcher, replace(plan_of(gemma_model), context_checkpoints=3)) as (engine, _log):
        assert answers(engine)
        until(lambda: re.search(r"(?:n_ctx_checkpoints|checkpoints)\D{0,20}3\b", log.read_text(errors="replace")))


def test_a_projector_that_is_none_is_told(launcher: ChildLauncher, starter_model: Path, gemma_model: Path) -> None:
    """The engine is given the projector: another model in its place is refused, by name."""
    from workbench.errors import EngineError

    with pytest.raises(EngineError) as raised:
        launcher.start(replace(plan_of(starter_model), projector_path=gemma_model), CancelToken())
    assert "mmproj" in raised.value.detail or "clip" in raised.value.detail


def _post(engine: RunningEngine, path: str, body: Any) -> int:
    endpoint = engine.endpoint
    with (
        make_client(socket_path=endpoint.socket_path, timeout_seconds=30, system_proxy=False) as client,
        open_stream(client, "POST", f"{endpoint.base_url}{path}", CancelToken(), json=body) as response,
    ):
        response.read()
        return int(response.status_code)

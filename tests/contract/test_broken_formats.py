"""A text that breaks its model's own format is shown as it is: real engines, and models that break theirs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.contract.conftest import running
from workbench.cancel import CancelToken
from workbench.clock import SystemClock
from workbench.engine.launching.binary_launcher import BinaryLauncher
from workbench.engine.launching.launcher import NativeLauncher
from workbench.engine.runtimes.probe_engine import probe
from workbench.engine.worker.worker_launcher import WorkerLauncher
from workbench.errors import EngineError
from workbench.messages import ChatRequest, Finished, Sampling, Unparsed, UnparsedText, fold_events, user
from workbench.paths import Paths
from workbench.ports import EngineLauncher

pytestmark = pytest.mark.engine


def native(paths: Paths, _request: pytest.FixtureRequest) -> EngineLauncher:
    return NativeLauncher(paths, SystemClock())


def binary(paths: Paths, request: pytest.FixtureRequest) -> EngineLauncher:
    server = request.getfixturevalue("llama_server")
    return BinaryLauncher(paths, SystemClock(), server, probe(server, CancelToken()))


def worker(paths: Paths, request: pytest.FixtureRequest) -> EngineLauncher:
    return WorkerLauncher(paths, SystemClock(), request.getfixturevalue("worker_site"))


@pytest.mark.parametrize("make", [native, binary, worker])
def test_it_is_shown_raw(
    make: Callable[[Paths, pytest.FixtureRequest], EngineLauncher],
    tiny_model: Callable[..., Path],
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    model = tiny_model("gpt_oss", answer="A secret that only the person may read.", broken="channel")
    with running(model, tmp_path / "home", lambda paths: make(paths, request)) as backend:
        asked = ChatRequest((user("Hi"),), max_tokens=200, sampling=Sampling(temperature=0))
        events = list(backend.stream(asked, CancelToken()))
        assert isinstance(events[-1], Finished)
        (raw,) = (part for part in fold_events(events) if isinstance(part, Unparsed))
        assert "A secret that only the person may read." in raw.text
        assert "<|channel|>" in raw.text
        after = list(backend.stream(asked, CancelToken()))
        assert any(isinstance(event, UnparsedText) for event in after)
    log = (tmp_path / "home" / "logs" / "engine.log").read_text(encoding="utf-8", errors="replace")
    assert "secret" not in log


def test_a_well_formed_text_is_not(tiny_gpt_oss: Path, tmp_path: Path) -> None:
    with running(tiny_gpt_oss, tmp_path / "home") as backend:
        events = list(backend.stream(ChatRequest((user("Hi"),)), CancelToken()))
    assert not any(isinstance(event, UnparsedText) for event in events)


def test_an_engine_that_breaks_off_is_no_broken_format(tiny_gpt_oss: Path, tmp_path: Path) -> None:
    with running(tiny_gpt_oss, tmp_path / "home") as backend, pytest.raises(EngineError):
        list(backend.stream(ChatRequest((user("x " * 9000),)), CancelToken()))

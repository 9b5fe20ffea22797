"""A model's vocabulary alone counts as the whole model does: over fifty histories, tools, and each kind of tokenizer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.contract.conftest import running
from tests.fakes.histories import HISTORIES
from workbench.cancel import CancelToken
from workbench.clock import SystemClock
from workbench.engine.counting.vocabulary import Vocabularies, VocabularyEngine, start_vocabulary
from workbench.engine.launching.launcher import NativeLauncher
from workbench.errors import ModelError
from workbench.messages import ChatRequest, Tool, user
from workbench.paths import Paths

pytestmark = [pytest.mark.engine, pytest.mark.timeout(300)]

TOOL = Tool("add", "Adds two numbers.", {"type": "object", "properties": {"a": {"type": "integer"}}})
REQUESTS = [ChatRequest(history) for history in HISTORIES]
HARD = ChatRequest((user("Hello wörld 你好 🙂 12345\n\n\tdef f(x): <|im_end|> <eos>"),))


@contextmanager
def vocabulary(model: Path, home: Path) -> Iterator[VocabularyEngine]:
    paths = Paths(home)
    paths.prepare()
    engine = start_vocabulary(model, NativeLauncher(paths, SystemClock()), paths, CancelToken())
    try:
        yield engine
    finally:
        engine.close()
    assert [*paths.run.glob("vocabulary-*")] == []


@pytest.mark.parametrize("name", ["starter_model", "gemma_model"])
def test_fifty_histories(name: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    model = request.getfixturevalue(name)
    with vocabulary(model, tmp_path / "a") as alone, running(model, tmp_path / "b") as whole:
        for asked in (*REQUESTS, HARD):
            assert alone.count(asked, CancelToken()) == whole.count_tokens(asked, CancelToken())


@pytest.mark.parametrize("family", ["gpt_oss", "qwen3moe", "gemma4"])
def test_tools_in_each_template(family: str, tiny_model: Callable[..., Path], tmp_path: Path) -> None:
    model = tiny_model(family)
    with vocabulary(model, tmp_path / "a") as alone, running(model, tmp_path / "b") as whole:
        for asked in (HARD, ChatRequest(HARD.messages, tools=(TOOL,))):
            assert alone.count(asked, CancelToken()) == whole.count_tokens(asked, CancelToken())


def test_another_model_takes_its_place(starter_model: Path, tiny_gpt_oss: Path, tmp_path: Path) -> None:
    paths = Paths(tmp_path / "home")
    paths.prepare()
    launcher = NativeLauncher(paths, SystemClock())
    kept = Vocabularies(lambda model, cancel: start_vocabulary(model, launcher, paths, cancel))
    try:
        first = kept.count((starter_model, HARD), CancelToken())
        second = kept.count((tiny_gpt_oss, HARD), CancelToken())
        assert first != second
        assert kept.count((starter_model, HARD), CancelToken()) == first
    finally:
        kept.close()
    assert [*paths.run.glob("engine-*")] == []


def test_a_file_that_is_no_model_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    paths = Paths(tmp_path / "home")
    paths.prepare()
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(b"GGUF" + b"\xff" * 60)
    with pytest.raises(ModelError, match=r"broken\.gguf"):
        start_vocabulary(broken, NativeLauncher(paths, SystemClock()), paths, CancelToken())
    assert [*paths.run.glob("vocabulary-*")] == []

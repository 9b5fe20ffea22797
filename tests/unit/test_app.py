"""The composition root: what holds for the whole program."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.fakes.launcher import FakeLauncher
from workbench.app import build
from workbench.errors import HardwareError
from workbench.jobs import quiet_job
from workbench.paths import Paths


def test_a_larger_context_is_twice_what_the_model_has_as_far_as_it_goes(tmp_path: Path, tiny_qwen3moe: Path) -> None:
    workbench = build(Paths(tmp_path / "home"), launcher=FakeLauncher("Hello."))
    try:
        workbench.change_setting("chat.model", str(tiny_qwen3moe))
        workbench.change_setting("engine.context_tokens", 1024)
        _model, plan = workbench.launch_plan()
        assert plan.context_tokens == 1024
        assert workbench.enlarge_context(quiet_job()) == 2048
        assert workbench.launch_plan()[1].context_tokens == 2048
        with pytest.raises(HardwareError, match="as large a context as fits"):
            for _ in range(20):
                workbench.enlarge_context(quiet_job())
    finally:
        workbench.close()


def test_a_deleted_chat_leaves_no_state(tmp_path: Path, tiny_qwen3moe: Path) -> None:
    workbench = build(Paths(tmp_path / "home"), launcher=FakeLauncher("Hello."))
    try:
        workbench.change_setting("chat.model", str(tiny_qwen3moe))
        workbench.chat.send(None, "Hi", quiet_job())
        chat = workbench.chat.list()[0].id
        states = tmp_path / "home" / "states"
        states.mkdir(exist_ok=True)
        label = {"engine": "e", "prefix": chat, "chain": ["a"], "tokens": 600, "name": "s"}
        (states / "s.json").write_text(json.dumps(label))
        (states / "s.state").write_bytes(b"state")
        workbench.chat.delete(chat)
        assert list(states.iterdir()) == []
    finally:
        workbench.close()

"""Checks of tool calls on a real engine: killed and gone on with; and who is offered tools by itself after them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.contract.test_tools_in_chats import CLOCK, kinds, opened
from workbench.app import Workbench
from workbench.chat.asking.options import Options
from workbench.clock import SystemClock
from workbench.engine.effort.service import file_key
from workbench.jobs import quiet_job
from workbench.messages import Text, ToolCall, ToolResult
from workbench.paths import HOME_VARIABLE
from workbench.tools.checking.case import Kind
from workbench.tools.checking.report import CaseResult
from workbench.tools.checking.store import ToolCheckStore

pytestmark = pytest.mark.engine

CASES = 6


def start(home: Path, model: Path, *more: str) -> subprocess.Popen[str]:
    code = "import sys; from workbench.cli.main import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", code, "tools", "check", "-m", str(model), "--cases", str(CASES), *more]
    return subprocess.Popen(
        command,
        cwd=Path(__file__).parent.parent.parent,
        env={**os.environ, HOME_VARIABLE: str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def kept(home: Path, model: Path) -> dict[str, Any]:
    with opened(home) as workbench:
        rows = workbench._database.rows("SELECT case_id, at, result FROM tool_check_results")
        return {row["case_id"]: (row["at"], row["result"]) for row in rows}


def test_killed_in_the_middle_it_goes_on_and_asks_nothing_twice(home: Path, tiny_model: Callable[..., Path]) -> None:
    model = tiny_model("gpt_oss")
    process = start(home, model)
    try:
        assert process.stderr is not None
        deadline = time.monotonic() + 120
        answered = 0
        while answered < 2 and time.monotonic() < deadline and (line := process.stderr.readline()):
            answered += f"/{CASES}  " in line
    finally:
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=60)
    before = kept(home, model)
    assert 2 <= len(before) < CASES
    process = start(home, model, "--json")
    out, told = process.communicate(timeout=200)
    assert process.returncode == 0, told
    report = json.loads(out)
    assert (report["ended"], report["success"]["asked"], len(report["results"])) == (True, CASES, CASES)
    after = kept(home, model)
    assert len(after) == CASES
    assert {case: after[case] for case in before} == before


@pytest.mark.parametrize(("passed", "offered"), [(20, True), (5, False)])
def test_what_was_measured_decides_who_is_offered_tools_by_itself(
    passed: int, offered: bool, home: Path, tiny_model: Callable[..., Path]
) -> None:
    model = tiny_model("qwen3moe", **CLOCK)
    with opened(home) as workbench:
        assert workbench.tool_checks.capable(str(model)) is None
        answer = workbench.chat.send(None, "What time is it?", quiet_job(), Options(model=str(model)))
        assert kinds(answer) == [Text]  # nobody knows: nothing is offered
        keep(workbench, model, passed)
        assert workbench.tool_checks.capable(str(model)) is offered
        answer = workbench.chat.send(None, "What time is it?", quiet_job(), Options(model=str(model)))
        assert kinds(answer) == ([ToolCall, ToolResult, Text] if offered else [Text])


def keep(workbench: Workbench, model: Path, passed: int) -> None:
    """A check of 20 cases, of which so many passed."""
    store = ToolCheckStore(workbench._database, SystemClock())
    check = store.begin(file_key(model), "tiny", "some cases", 20, anew=False)
    for number in range(20):
        kind = list(Kind)[number % 5]
        store.save(check.id, CaseResult(f"{number}", kind, number < passed, calls=1, valid=1))
    store.end(check.id, "")

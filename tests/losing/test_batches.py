"""A batch whose process is killed again and again: every input is answered, and what was answered is never asked again."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.losing.batching import open_batches, work
from workbench.prompts.prompt import Prompt, Step, Variable
from workbench.prompts.running.batches.batch import BatchState, Input
from workbench.prompts.running.run import RunState

ROOT = Path(__file__).parents[2]
INPUTS, KILLS = 100, 3
PROMPT = Prompt(
    "Two",
    "two",
    variables=(Variable("text"),),
    steps=(Step("first", "first {{ text }}"), Step("second", "second {{ steps.first }}")),
)


@pytest.mark.timeout(300)
def test_a_hundred_inputs_killed_and_resumed_with_nothing_done_twice(tmp_path: Path) -> None:
    parts, batches = open_batches(tmp_path)
    inputs = [Input(f"number {place}", {"text": f"number {place}"}) for place in range(INPUTS)]
    batch = batches.start(PROMPT, inputs)
    chance = random.Random(20261123)
    command = [sys.executable, "-m", "tests.losing.batching", str(tmp_path), batch.id]
    answered = tmp_path / "answered"
    for kill in range(KILLS):
        process = subprocess.Popen(command, cwd=ROOT)
        until = 2 * INPUTS * (kill + 1) // (KILLS + 2) + chance.randint(0, 9)
        while process.poll() is None and _lines(answered) < until:
            time.sleep(0.001)
        process.kill()
        assert process.wait() == -9, "it was still at it"
        assert batches.get(batch.id).state is BatchState.INTERRUPTED
    before = Counter(answered.read_text().splitlines())
    assert work(str(tmp_path), batch.id).state is BatchState.DONE

    runs = batches.results(batch.id, 0, INPUTS + 1)
    assert [run.label for run in runs] == [one.label for one in inputs]
    assert all(run.state is RunState.DONE for run in runs)
    assert [run.answer for run in runs] == [f"SECOND FIRST {one.label.upper()}" for one in inputs]
    acknowledged = Counter(answered.read_text().splitlines())
    assert max(acknowledged.values()) == 1, "no answer came twice"
    assert len(before) > KILLS, "the kills fell into the work"
    asked = Counter((tmp_path / "asked").read_text().splitlines())
    assert len(asked) == 2 * INPUTS
    assert sum(asked.values()) <= 2 * INPUTS + KILLS, "each kill costs at most the answer that it cut off"
    parts.database.close()


def _lines(file: Path) -> int:
    return file.read_bytes().count(b"\n") if file.exists() else 0

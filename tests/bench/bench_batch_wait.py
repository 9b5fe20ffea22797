"""How long a person waits for the first token while another process works on a batch with the same model.

Prints one JSON object a line. Run: ``python -m tests.bench batch_wait``. The real engine and the real starter model; the
batch is `workbench prompts batch` in a process of its own.
"""

from __future__ import annotations

import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from workbench.app import Workbench, build
from workbench.jobs import Job, JobEvent
from workbench.messages import TextDelta
from workbench.paths import Paths
from workbench.prompts.prompt import Prompt, Variable
from workbench.prompts.running.batches.batch import BatchState

MODEL = Path(__file__).parents[2] / ".cache" / "test-home" / "models" / "SmolLM2-135M-Instruct.Q4_1.gguf"
INPUTS, ROUNDS = 400, 15
QUESTION = "What is the colour of the sea on a bright day, and why? Answer in one sentence."


def row(name: str, value: float, unit: str, aim: str = "") -> None:
    print(json.dumps({"name": name, "value": round(value, 3), "unit": unit, "aim": aim}), flush=True)


def asked(workbench: Workbench) -> tuple[float, float]:
    """Seconds to the first word, and to the end."""
    moments: list[float] = []

    def heard(event: JobEvent) -> None:
        if isinstance(event.payload, TextDelta):
            moments.append(time.perf_counter())

    began = time.perf_counter()
    workbench.chat.send(None, QUESTION, Job(heard))
    return moments[0] - began, time.perf_counter() - began


def told(name: str, measured: list[tuple[float, float]]) -> None:
    firsts, wholes = zip(*measured, strict=True)
    row(f"first word, {name}: half within", statistics.median(firsts), "s")
    row(f"first word, {name}: the longest", max(firsts), "s")
    row(f"whole answer, {name}: half within", statistics.median(wholes), "s")


def running(workbench: Workbench, child: subprocess.Popen[bytes]) -> int:
    """Inputs that the batch has answered, once it is under way."""
    while not (found := workbench.batches.list()) or found[0].done < 1:
        time.sleep(0.1)
        assert child.poll() is None
    return found[0].done


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        paths = Paths(home)
        paths.prepare()
        (paths.models / MODEL.name).symlink_to(MODEL)
        (home / "config.toml").write_text("[chat]\nmax_tokens = 24\n")
        workbench = build(paths)
        workbench.prompts.save(
            Prompt("Long", "long", "Tell a long story about {{ text }}.", variables=(Variable("text"),))
        )
        asked(workbench)
        told("nobody else asks", [asked(workbench) for _ in range(ROUNDS)])
        lines = home / "lines.txt"
        lines.write_text("".join(f"the sea, the wind and the harbour of town {place}\n" * 3 for place in range(INPUTS)))
        command = [sys.executable, "-m", "workbench.entry", "prompts", "batch", "long", "--lines", str(lines)]
        environment = {**os.environ, "WORKBENCH_HOME": str(home)}
        child = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
        before = running(workbench, child)
        began, measured = time.monotonic(), []
        for _ in range(ROUNDS):
            measured.append(asked(workbench))
            time.sleep(0.5)
        told("while another process works on a batch", measured)
        batch = workbench.batches.list()[0]
        assert batch.state is BatchState.RUNNING
        row("inputs answered meanwhile", (batch.done - before) / (time.monotonic() - began), "a second")
        child.send_signal(signal.SIGINT)
        child.wait()
        workbench.close()


if __name__ == "__main__":
    main()

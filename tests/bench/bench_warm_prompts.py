"""First token of a question made with a favourite prompt: read anew, kept warm in a running engine, and after a restart.

Prints one JSON object a line. Run: ``python -m tests.bench warm_prompts``; to measure one runtime with so many words of
the prompt and so many rounds: ``python -m tests.bench.bench_warm_prompts native 700 1``.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from statistics import median

from tests.bench.bench_engine import MODEL
from tests.bench.bench_states import first_token, service_of
from tests.bench.runtimes import here
from workbench.cancel import CancelToken
from workbench.diagnostics.bench.prompts import words
from workbench.messages import ChatRequest, Sampling, system, user
from workbench.paths import Paths
from workbench.ports import EngineLauncher

WORDS, ROUNDS = 700, 3
QUESTION = "\n\nThe text:\nThe harbour was quiet this morning. Nobody had come but the cook and his dog."


def row(name: str, value: float, unit: str, aim: str = "") -> None:
    print(json.dumps({"name": name, "value": round(value, 4), "unit": unit, "aim": aim}), flush=True)


def measure(name: str, launcher: EngineLauncher, paths: Paths, size: int, rounds: int) -> None:
    cold, warm, restored, told, tokens = [], [], [], [], 0
    for number in range(rounds):
        rules, text = system("You are a careful editor."), words(size, number)
        asked = (rules, user(text + QUESTION))
        service = service_of(launcher, paths)
        try:
            cold.append(first_token(service, asked, f"chat-{number}")[0])
        finally:
            service.close()
        for state in service_folder(paths).glob("*"):
            state.unlink()
        service = service_of(launcher, paths)
        try:
            service.backend(MODEL, "Small", CancelToken())
            beginning = ChatRequest(
                (rules, user(text)), max_tokens=1, sampling=Sampling(temperature=0), prefix="prompt:1", background=True
            )
            found = service.warm(MODEL, beginning, CancelToken())
            assert found is not None
            tokens = found.tokens
            told.append(found.warm_seconds)
            warm.append(first_token(service, asked, f"other-{number}")[0])
        finally:
            service.close()
        service = service_of(launcher, paths)
        try:
            seconds, cached = first_token(service, asked, f"later-{number}")
            restored.append(seconds)
            assert cached > tokens // 2
        finally:
            service.close()
        for state in service_folder(paths).glob("*"):
            state.unlink()
    row(f"{name}: tokens of the prompt's beginning", tokens, "")
    row(f"{name}: first token, read anew", median(cold), "s")
    row(f"{name}: first token, kept warm", median(warm), "s")
    row(f"{name}: first token, after a restart", median(restored), "s")
    row(f"{name}: as it is told", median(told), "s")
    row(f"{name}: warm / anew", median(warm) / median(cold), "ratio")


def service_folder(paths: Paths) -> Path:
    return paths.home / "states"


def main() -> int:
    only = sys.argv[1] if len(sys.argv) > 1 else ""
    size = int(sys.argv[2]) if len(sys.argv) > 2 else WORDS
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else ROUNDS
    for name, make in here().items():
        if only in ("", name):
            with tempfile.TemporaryDirectory(prefix="wb-bench-") as home:
                paths = Paths(Path(home))
                paths.prepare()
                measure(name, make(paths), paths, size, rounds)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

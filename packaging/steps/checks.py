"""`test`, `lint` and `bench`: every check runs, whatever the one before found; the worst status is ours."""

import os
from collections.abc import Callable

from steps import environment, system, testing, worker
from steps.places import PYTHON, ROOT, script
from steps.process import call, say, timed
from steps.testing import Suite

Check = tuple[str, list[str] | Callable[[], int]]  # a name, and a command or what gives an exit status

LINT: tuple[Check, ...] = (
    ("formatting", [script("ruff"), "format", "--check", "."]),
    ("ruff", [script("ruff"), "check", "."]),
    ("types", [str(PYTHON), "-m", "mypy"]),
    ("layers", [script("lint-imports"), "--no-cache"]),
)
# The real models that tests talk to, kept in the repository's cache: name for `models pull` -> file.
TEST_HOME = ROOT / ".cache" / "test-home"
TEST_MODELS = {
    "starter": "SmolLM2-135M-Instruct.Q4_1.gguf",
    "gemma-3-270m": "gemma-3-270m-q4_k_m.gguf",
}
# First on the engine that is built for it: what every engine promises, and what only this one has.
OF_THE_WORKER = ("-k", "worker", "tests/contract", "tests/unit/engine/worker")


def lint() -> int:
    """Formatting, lint rules, types and import contracts."""
    environment.ensure(environment.DEVELOPMENT)
    return run_all(LINT)


def test() -> int:
    """Every check and every test, on llama-cpp-python first.

    Where that engine cannot be had (no compiler, no network) it is left out, and said so at the end; that it does not
    build although it could is a failure like any other.
    """
    _prepare()
    missing, status = worker.ensure()
    if missing and status != worker.OFFLINE:
        say(missing)
    engine = Suite(OF_THE_WORKER)
    others = Suite(() if missing else ("--worker-is-tested",), testing.parts())
    result = run_all((() if missing else ((worker.NAME, engine),)) + LINT + (("tests", others),))
    engine.tell()
    others.tell()
    if not missing:
        return result
    say(f"{'NOT CHECKED' if status == worker.OFFLINE else 'FAILED'}: {worker.NAME}. {missing}")
    return result if status == worker.OFFLINE else max(result, status)


def bench() -> int:
    """The benchmarks of tests/bench, as one table."""
    _prepare()
    return call([str(PYTHON), "-m", "tests.bench"])


def _prepare() -> None:
    system.ensure(system.WINDOW + system.TESTS, "the tests")
    environment.ensure(environment.DEVELOPMENT)
    for name, file in TEST_MODELS.items():
        if not (TEST_HOME / "models" / file).exists():
            _pull(name)


def _pull(name: str) -> None:
    command = [str(PYTHON), "-m", "workbench.entry", "models", "pull", name]
    if call(command, {**os.environ, "WORKBENCH_HOME": str(TEST_HOME)}) != 0:
        say(f"The test model {name!r} could not be fetched: the tests that talk to it will fail.")


def run_all(checks: tuple[Check, ...]) -> int:
    """Run each check, print a summary with times, and return the worst exit status."""
    results = [(name, *timed(name, work)) for name, work in checks]
    say("")
    for name, status, seconds in results:
        say(f"{'ok    ' if status == 0 else 'FAILED'} {name:<12}{seconds:7.1f} s")
    failed = [name for name, status, _ in results if status != 0]
    say(f"FAILED: {', '.join(failed)}." if failed else "All checks and tests passed.")
    return max(abs(status) for _, status, _ in results)

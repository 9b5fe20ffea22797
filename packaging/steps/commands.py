"""The command line of packaging/bootstrap.py."""

import argparse
import shutil
from collections.abc import Callable

from steps import checks, launch, lock, package, worker
from steps.places import ROOT
from steps.process import StepError, say

LEFTOVERS = ("build", "dist", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".import_linter_cache", ".hypothesis")


def clean() -> int:
    """Remove what builds and checks leave behind; the environment and fetched models stay."""
    for name in LEFTOVERS:
        shutil.rmtree(ROOT / name, ignore_errors=True)
    return 0


COMMANDS: dict[str, tuple[Callable[[], int], str]] = {
    "run": (launch.run, "set up, fetch the starter model, open Workbench"),
    "test": (checks.test, "run all checks and tests"),
    "lint": (checks.lint, "run the checks without the tests"),
    "bench": (checks.bench, "measure, and print one table"),
    "llama-cpp-python": (worker.main, "build that engine for the tests, once"),
    "package": (package.package, "build the double-click program and try it out"),
    "lock": (lock.lock, "write the lock files again after a change in pyproject.toml"),
    "upgrade": (lambda: lock.lock(upgrade=True), "write the lock files with the newest versions"),
    "clean": (clean, "remove what builds and checks leave behind"),
}


def main(arguments: list[str]) -> int:
    """Do one command; returns the exit status."""
    lines = [f"  {name:<18}{text}" for name, (_, text) in COMMANDS.items()]
    parser = argparse.ArgumentParser(
        prog="python packaging/bootstrap.py",
        description="Workbench for developers.",
        epilog="commands:\n" + "\n".join(lines) + "\n\nexample:\n  python packaging/bootstrap.py run",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", choices=COMMANDS, metavar="command")
    command, _ = COMMANDS[parser.parse_args(arguments).command]
    try:
        return command()
    except StepError as error:
        say(str(error))
        return error.status
    except KeyboardInterrupt:
        return 130

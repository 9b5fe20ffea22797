"""The tests of `tests/`: red when one fails twice, loud when one fails once."""

import json
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from steps.places import PYTHON, ROOT
from steps.process import call, say

PYTEST = (str(PYTHON), "-m", "pytest")
NOTED = Path(".pytest_cache") / "v" / "cache" / "lastfailed"  # where pytest notes what failed
TESTS_FAILED = 1  # pytest's status; any other is no matter of single tests: a crash, a file that does not load, Ctrl-C
FEW = 5  # more do not fail by chance
WORKERS = "WORKBENCH_TEST_WORKERS"


class Suite:
    """One run of all tests; call it for the exit status, then ask what was unsteady."""

    def __init__(
        self,
        options: Sequence[str] = (),
        runs: Sequence[Sequence[str]] = (("--cache-clear",),),
        run: Callable[[Sequence[str]], int] = call,
        root: Path = ROOT,
    ) -> None:
        """``options`` of pytest are for every one of the ``runs`` that it consists of; see `parts`."""
        self.unsteady: list[str] = []
        self._options = options
        self._runs = runs
        self._run = run
        self._root = root

    def __call__(self) -> int:
        """Run every test, and the few that failed once more by themselves; returns the exit status."""
        status = max((self._run([*PYTEST, *self._options, *part]) for part in self._runs), key=abs)
        failed = self._failed() if status == TESTS_FAILED else []
        if not 0 < len(failed) <= FEW:
            return status
        say(f"\n== once more, by themselves: {', '.join(failed)}")
        status = self._run([*PYTEST, "--last-failed", "--last-failed-no-failures=none"])
        still = self._failed()
        self.unsteady = [name for name in failed if name not in still]
        return status

    def tell(self) -> None:
        """Say which tests cannot be relied on."""
        for name in self.unsteady:
            say(
                f"UNSTEADY: {name} failed, and passed when it ran by itself. It must be mended: it hides real failures."
            )

    def _failed(self) -> list[str]:
        try:
            noted = json.loads((self._root / NOTED).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return []
        return sorted(noted)


def parts(environ: Mapping[str, str] = os.environ) -> list[list[str]]:
    """The options of each run of pytest that the suite consists of: one, or with several processes two.

    Then what needs the machine for itself runs after the others. A process that crashes is not replaced: the run is red.
    """
    workers = environ.get(WORKERS, "1")
    if not workers.isdecimal() or int(workers) < 2:
        return [["--cache-clear"]]
    beside = ["--numprocesses", workers, "--dist=loadfile", "--max-worker-restart=0"]
    return [["--cache-clear", "-m", "not alone", *beside], ["-m", "alone"]]

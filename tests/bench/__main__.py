"""`make bench`: every `bench_*.py` beside this file, each in a process of its own, and one table of what they measured.

A benchmark prints one JSON object a line: {"name", "value", "unit", "aim"}. Names of files select: `-m tests.bench chat`.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


def measured(name: str) -> Iterator[dict[str, Any]]:
    """The figures of one benchmark, as they come. Raises `CalledProcessError` when it fails."""
    command = [sys.executable, "-m", f"tests.bench.{name}"]
    with subprocess.Popen(command, cwd=HERE.parents[1], stdout=subprocess.PIPE, text=True) as child:
        for line in child.stdout or ():
            if line.startswith("{"):
                yield json.loads(line)
    if child.returncode != 0:
        raise subprocess.CalledProcessError(child.returncode, command)


def row(figure: dict[str, Any]) -> str:
    """One line of the table."""
    return f"{figure['name']:<58}{figure['value']:>10,.2f} {figure['unit']:<10}{figure.get('aim', '')}"


def main(chosen: list[str]) -> int:
    """Run them all, or the chosen ones; returns 1 when one failed."""
    names = [path.stem for path in sorted(HERE.glob("bench_*.py"))]
    wanted = [name for name in names if not chosen or name.removeprefix("bench_") in chosen]
    failed = []
    print(f"{'measured':<58}{'value':>10} {'unit':<10}aim\n{'-' * 88}")
    for name in wanted:
        try:
            for figure in measured(name):
                print(row(figure), flush=True)
        except subprocess.CalledProcessError:
            failed.append(name)
    if failed:
        print(f"FAILED: {', '.join(failed)}")
    return 1 if failed or not wanted else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

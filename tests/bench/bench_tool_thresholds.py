"""What the thresholds of `workbench tools check` promise: exact, from binomials; nothing is asked of a model.

Prints one JSON object a line. Run: ``python -m tests.bench tool_thresholds``.
"""

from __future__ import annotations

import json
import math

from workbench.prompts.running.interval import Share
from workbench.tools.checking.report import LEAST_QUIET, LEAST_SUCCESS, LEAST_VALID


def row(name: str, value: float, unit: str = "%") -> None:
    print(json.dumps({"name": name, "value": round(100 * value, 1), "unit": unit, "aim": ""}), flush=True)


def reaches(least: float, asked: int, true: float) -> float:
    """The chance that a model which does a share of ``true`` reaches ``least`` of ``asked`` cases."""
    first = math.ceil(least * asked - 1e-9)
    return sum(math.comb(asked, k) * true**k * (1 - true) ** (asked - k) for k in range(first, asked + 1))


def two_calls_broken(valid: float) -> float:
    """An answer of two calls with one that nobody can make: each may be written again once."""
    once = (1 - valid) ** 2
    return 1 - (1 - once) ** 2


def main() -> None:
    for asked, quiet in ((100, 20), (20, 4)):
        low = Share(math.ceil(LEAST_SUCCESS * asked - 1e-9), asked).low
        row(f"{asked} cases, just enough done: may be as few as", low)
        for true in (0.4, 0.5, 0.6, 0.7, 0.8):
            row(f"{asked} cases: a model that does {true:.0%} passes", reaches(LEAST_SUCCESS, asked, true))
        valid = Share(math.ceil(LEAST_VALID * asked - 1e-9), asked)
        row(f"{asked} calls, just enough valid: two-call answers broken", two_calls_broken(LEAST_VALID))
        row(f"{asked} calls, at the lower bound: two-call answers broken", two_calls_broken(valid.low))
        row(f"{quiet} of none, just enough: may be as few as", Share(math.ceil(LEAST_QUIET * quiet), quiet).low)
        for true in (0.0, 0.5, 0.75, 0.9):
            row(f"{quiet} of none: a model silent in {true:.0%} passes", reaches(LEAST_QUIET, quiet, true))


if __name__ == "__main__":
    main()

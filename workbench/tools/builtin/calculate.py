"""The tool that calculates: exact arithmetic, units and dates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from workbench.tools.tool import Call, Harm, Outcome, Place, ToolSpec

CALCULATE: Final = ToolSpec(
    "calculate",
    "Calculate",
    "Exact arithmetic, units, dates. E.g. 15% of 80; sqrt(2)*3^5; 5 km in miles; 2026-03-01 + 45 days;"
    " days between DATE and DATE; weekday(DATE)",
    {
        "type": "object",
        "properties": {"expression": {"type": "string"}},
        "required": ["expression"],
    },
    Harm.READ,
)
_TOLD_CHARACTERS: Final = 300


class Calculate:
    """``seconds``: since 1970, for “today”."""

    spec = CALCULATE

    def __init__(self, seconds: Callable[[], float]) -> None:
        self._seconds = seconds

    def is_there(self, place: Place) -> bool:  # noqa: ARG002
        return True

    def call(self, arguments: Mapping[str, Any], _call: Call) -> Outcome:
        """Raises `CalculationError`."""
        now = datetime.fromtimestamp(self._seconds(), UTC).astimezone().replace(tzinfo=None)
        return Outcome(calculation(str(arguments.get("expression", "")), now))


def calculation(expression: str, now: datetime) -> str:
    """ "15% of 80 = 12", with what was understood in one of several ways. Raises `CalculationError`."""
    from workbench.tools.builtin.calculating.evaluating import calculated
    from workbench.tools.builtin.calculating.telling import told
    from workbench.tools.builtin.calculating.values import Work

    work = Work()
    result = told(calculated(expression, now, work))
    shown = " ".join(expression.split()).rstrip("=? ")
    shown = shown if len(shown) <= _TOLD_CHARACTERS else f"{shown[:_TOLD_CHARACTERS]}…"
    notes = f" ({'; '.join(work.notes)})" if work.notes else ""
    return f"{shown} {result}{notes}"

"""Prompts filled in: plain variables, conditions in the child that is kept warm, the start of that child, and the problems
of a text that is being written.

Prints one JSON object a line. Run: ``python -m tests.bench filling``.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable
from datetime import UTC, date, datetime

from workbench.cancel import CancelToken
from workbench.prompts.filling import naming, parsing
from workbench.prompts.filling.fill import Filler, Ground
from workbench.prompts.filling.problems import problems
from workbench.prompts.filling.values import NO_SOURCES
from workbench.prompts.filling.worker import Renderer
from workbench.prompts.prompt import Prompt, Variable

LINES, VARIABLES = 20, 20
TIMES = 300
CODE = "{% if v0 %}{% for x in v1.split() %}{{ loop.index }}: {{ x | upper }}\n{% endfor %}{% endif %}"


def row(name: str, value: float, unit: str, aim: str = "") -> None:
    print(json.dumps({"name": name, "value": round(value, 4), "unit": unit, "aim": aim}), flush=True)


def text(code: str = "") -> str:
    """20 kB with 20 variables."""
    words = "Words that stand around variables, as people write them. " * 17
    return "".join(f"{words}{{{{ v{number} }}}}\n" for number in range(VARIABLES)) + code


def milliseconds(name: str, work: Callable[[], object], aim: str = "") -> None:
    taken = []
    for _time in range(TIMES):
        begun = time.perf_counter()
        work()
        taken.append((time.perf_counter() - begun) * 1000)
    row(f"{name}, p50", statistics.median(taken), "ms", aim)
    row(f"{name}, p95", statistics.quantiles(taken, n=20)[-1], "ms")


def anew(work: Callable[[], object]) -> Callable[[], object]:
    """As at a key: the text is another one each time."""

    def done() -> object:
        parsing._parsed.cache_clear()
        naming._kept.cache_clear()
        return work()

    return done


def main() -> None:
    renderer, cancel = Renderer(), CancelToken()
    begun = time.perf_counter()
    renderer.warm(cancel)
    row("start of the child", (time.perf_counter() - begun) * 1000, "ms")
    filler = Filler(lambda: Ground(datetime.now(UTC)), NO_SOURCES, renderer)
    variables = tuple(Variable(f"v{number}") for number in range(VARIABLES))
    values = {one.name: f"value {one.name}" for one in variables}
    plain, code = (Prompt("Title", "title", text(more), "", variables) for more in ("", CODE))
    row("length", len(plain.text), "characters")
    milliseconds("plain variables", lambda: filler.fill(plain, values, cancel))
    milliseconds("plain variables, another text each time", anew(lambda: filler.fill(plain, values, cancel)))
    milliseconds("conditions, the same text", lambda: filler.fill(code, values, cancel))
    numbers = iter(range(1 << 30))
    milliseconds(
        "conditions, another text each time",
        lambda: filler.fill(Prompt("T", "t", f"{code.text}{next(numbers)}", "", variables), values, cancel),
    )
    milliseconds("problems", anew(lambda: problems(code, date(2026, 11, 23))), "5")
    renderer.close()


if __name__ == "__main__":
    main()

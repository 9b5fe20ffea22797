"""What is found of what should be hidden: recall and precision by kind on the labelled texts, with Wilson's intervals; the
texts that were held back while the rules were made, on their own; hard prose that no rule was made for; and the time for
100 kB.

Prints one JSON object a line. Run: ``python -m tests.bench redaction``. What was missed and what was wrong is told by
``python -m tests.bench.bench_redaction missed``.
"""

from __future__ import annotations

import json
import sys
import time

from tests.unit.cloud.hiding.measuring import HELD_BACK, Measured, all_names, measure, read, unseen
from workbench.cloud.hiding.redacting import TextRedactor

LENGTH = 100_000


def row(name: str, value: float, unit: str, aim: str = "") -> None:
    print(json.dumps({"name": name, "value": round(value, 2), "unit": unit, "aim": aim}), flush=True)


def told(name: str, measured: Measured) -> None:
    for word, shares in (("recall", measured.recall), ("precision", measured.precision)):
        for kind, share in shares.items():
            interval = f"{share.passed}/{share.asked}, {100 * share.low:.0f} to {100 * share.high:.0f} %"
            row(f"{name}: {word} of {kind}", 100 * share.passed / share.asked, "%", interval)


def main(wanted: list[str]) -> None:
    names = all_names()
    seen, held = (
        [name for name in names if not name.startswith(HELD_BACK)],
        [name for name in names if name.startswith(HELD_BACK)],
    )
    for name, files in (
        ("texts the rules were made with", seen),
        ("texts held back", held),
        ("hard prose, unseen", unseen()),
    ):
        measured = measure(read(files))
        told(name, measured)
        if "missed" in wanted:
            print(*(f"missed {one}" for one in measured.missed), *(f"wrong {one}" for one in measured.wrong), sep="\n")
    text = ("\n\n".join(labelled.text for labelled in read(names)) * 10)[:LENGTH]
    TextRedactor().redact([text[:1000]])
    times, busy = [], []
    for _again in range(5):
        started, worked = time.perf_counter(), time.process_time()
        TextRedactor().redact([text])
        times.append(time.perf_counter() - started)
        busy.append(time.process_time() - worked)
    row("100 kB full of what is hidden", 1000 * min(times), "ms", "100")
    row("the same, time of the processor", 1000 * min(busy), "ms")


if __name__ == "__main__":
    main(sys.argv[1:])

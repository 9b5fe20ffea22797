"""`workbench bench`: measured speed here, at several depths, against the prediction; several models or engines compared."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from workbench.cli import output
from workbench.cli.commands import add_action, positive
from workbench.errors import UsageError
from workbench.jobs import Job, JobEvent
from workbench.sizes import memory_words

if TYPE_CHECKING:
    from workbench.app import Workbench
    from workbench.diagnostics.bench.result import BenchResult, Speed
    from workbench.models.sizing.estimate import Range

DEPTHS = "0,2048,8192"
ROUNDS = 5


def register(commands: Any) -> None:
    bench = add_action(
        commands,
        "bench",
        "measure the speed of a model here, against the prediction",
        "workbench bench -m starter --depth 0,2048 --rounds 5",
        run,
        "one JSON document; with several models or engines, a list of them",
    )
    bench.add_argument(
        "-m", "--model", action="append", default=[], metavar="MODEL", help="again for another to compare"
    )
    bench.add_argument("--runtime", action="append", default=[], metavar="ENGINE", help="an engine of `engines list`")
    bench.add_argument("--depth", default=DEPTHS, metavar="TOKENS,...", help=f"tokens in the context before ({DEPTHS})")
    bench.add_argument("--rounds", type=positive, default=ROUNDS, metavar="N", help=f"rounds at each depth ({ROUNDS})")
    bench.add_argument("--list", action="store_true", help="show what was measured before instead")


def run(arguments: argparse.Namespace, workbench: Workbench) -> int:
    if arguments.list:
        return _show(workbench.bench.last(), as_json=arguments.json)
    from workbench.diagnostics.bench.service import Bench

    bench = Bench(depths(arguments.depth), arguments.rounds)
    job = Job(_narrate)
    results = [
        workbench.bench.run(workbench.bench_candidate(model, runtime), job, bench)
        for model in arguments.model or [""]
        for runtime in arguments.runtime or [""]
    ]
    if arguments.json and len(results) == 1:
        output.document(results[0].as_json())
        return output.OK
    return _show(tuple(results), as_json=arguments.json)


def depths(text: str) -> tuple[int, ...]:
    """The depths of a list such as ``0,2048``. Raises `UsageError`."""
    try:
        found = tuple(int(part) for part in text.split(","))
    except ValueError:
        found = (-1,)
    if any(depth < 0 for depth in found):
        raise UsageError(f"--depth {text!r} is no list of numbers of tokens.", hint=f"For example: --depth {DEPTHS}")
    return found


def _narrate(event: JobEvent) -> None:
    from workbench.diagnostics.bench.measuring import BenchStep

    step = event.payload
    if isinstance(step, BenchStep) and step.done < step.total:
        output.say(f"Measuring at {step.depth:,} tokens: round {step.done + 1} of {step.total}")
    elif isinstance(step, str):
        output.say(step)


def _show(results: tuple[BenchResult, ...], *, as_json: bool) -> int:
    if as_json:
        output.document([result.as_json() for result in results])
        return output.OK
    for result in results:
        output.write("\n".join(_lines(result)) + "\n\n")
    if not results:
        output.say("Nothing was measured on this machine yet. `workbench bench` does it.")
    return output.OK


def _lines(result: BenchResult) -> list[str]:
    predicted = dict(result.predicted.generation)
    memory = "unknown" if result.memory_bytes is None else memory_words(result.memory_bytes)
    return [
        f"{output.safe(result.model)} · {output.safe(result.runtime)}",
        f"  {'depth':>8}  {'reads':>12} {'spread':>7}  {'writes':>12} {'spread':>7}  predicted",
        *(
            f"  {reading.depth:>8,}  {_speed(reading)}  {_speed(writing)}  {_range(predicted.get(writing.depth))}"
            for reading, writing in zip(result.prompt, result.generation, strict=True)
        ),
        f"  first token {result.first_token_seconds:.2f} s · loaded in {result.load_seconds:.1f} s · memory {memory}",
    ]


def _speed(speed: Speed) -> str:
    return f"{speed.tokens_per_second:>8.1f} t/s {100 * speed.spread:>5.0f} %"


def _range(predicted: Range | None) -> str:
    return "-" if predicted is None else f"{predicted.low:.1f} to {predicted.high:.1f} t/s"

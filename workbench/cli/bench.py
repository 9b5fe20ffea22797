"""`workbench bench`: measured speed here, at several depths, against the prediction; several models or engines compared."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from workbench import __version__
from workbench.cli import output
from workbench.cli.commands import add_action, positive
from workbench.errors import UsageError
from workbench.jobs import Job, JobEvent
from workbench.sizes import memory_words

if TYPE_CHECKING:
    from workbench.app import Workbench
    from workbench.diagnostics.bench.comparing import Comparison, Ratio
    from workbench.diagnostics.bench.result import BenchResult, Speed
    from workbench.models.sizing.estimate import Range

DEPTHS = "0,2048,8192"
ROUNDS = 5


def register(commands: Any) -> None:
    bench = add_action(
        commands,
        "bench",
        "measure the speed of a model here, against the prediction",
        "workbench bench -m starter --depth 0,2048 --rounds 5 --json > my-machine.json",
        run,
        "one JSON document: the machine, a result each, and how they compare",
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
        return _show(workbench, workbench.bench.last(), as_json=arguments.json)
    from workbench.diagnostics.bench.service import Bench

    bench = Bench(depths(arguments.depth), arguments.rounds)
    job = Job(_narrate)
    candidates = [
        workbench.bench_candidate(model, runtime)
        for model in arguments.model or [""]
        for runtime in arguments.runtime or [""]
    ]
    if len(candidates) == 1:
        return _show(workbench, (workbench.bench.run(candidates[0], job, bench),), as_json=arguments.json)
    compared = workbench.bench.compare(candidates, job, bench)
    return _show(workbench, compared.results, compared, as_json=arguments.json)


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


def _show(
    workbench: Workbench, results: tuple[BenchResult, ...], compared: Comparison | None = None, *, as_json: bool
) -> int:
    if as_json:
        output.document(
            {
                **(results[0].as_json() if results else {}),  # the one that was asked for, or the first to compare
                "workbench": __version__,
                "machine": workbench.hardware.machine().as_json(),
                "results": [result.as_json() for result in results],
                "comparison": None if compared is None else compared.as_json(),
            }
        )
        return output.OK
    for result in results:
        output.write("\n".join(_lines(result)) + "\n\n")
    if compared is not None:
        output.write("\n".join(_compared_lines(compared)) + "\n")
    if not results:
        output.say("Nothing was measured on this machine yet. `workbench bench` does it.")
    return output.OK


def _compared_lines(compared: Comparison) -> list[str]:
    """Each of the others against the first, with what is certain of it."""
    first = compared.results[0]
    how = compared.because or "asked in turns"
    lines = [f"Against {output.safe(first.model)} · {output.safe(first.runtime)} ({how.rstrip('.')})"]
    for other in compared.others:
        lines.append(f"  {output.safe(other.result.model)} · {output.safe(other.result.runtime)}")
        for word, ratios in (("reads", other.prompt), ("writes", other.generation)):
            lines += [f"    {word:<6} at {ratio.depth:>7,}: {_ratio(ratio)}" for ratio in ratios]
    return lines


def _ratio(ratio: Ratio) -> str:
    interval = f"{ratio.mean:.2f} times as fast (95 %: {ratio.low:.2f} to {ratio.high:.2f})"
    return interval if ratio.clear else f"{interval}, which may be chance"


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

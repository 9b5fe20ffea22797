"""Benchmarks as people read them: the drawing, the facts, one line for each earlier run. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ui.translation import marked, tr
from ui.widgets.plot import Drawing, Expected, Point
from workbench.diagnostics.bench.measuring import BenchStep
from workbench.diagnostics.bench.result import BenchResult, Speed
from workbench.sizes import memory_words

EMPTY = marked("Not measured on this computer yet. It takes a few minutes; close what works hard beside it.")
LOADING = marked("Looking for earlier runs…")
BEGINNING = marked("Measuring: loading…")
LEGEND = marked("Tokens a second written, by what is in the context. Bars: most rounds. Band: predicted.")


def step_words(step: BenchStep) -> str:
    return tr("Measuring at {count} tokens: round {round} of {rounds}…").format(
        count=f"{step.depth:,}", round=min(step.done + 1, step.total), rounds=step.total
    )


def drawing_of(result: BenchResult) -> Drawing:
    """Speed of writing over the depth, with what was predicted."""
    band = tuple(
        Expected(float(depth), speed.low, speed.high)
        for depth, speed in result.predicted.generation
        if speed is not None
    )
    return Drawing(tuple(_point(speed) for speed in result.generation), band, plot_words(result))


def plot_words(result: BenchResult) -> str:
    """ "At 0 tokens 21.4 tokens a second (predicted 19 to 28); at 2,048 tokens 18.0." """
    predicted = dict(result.predicted.generation)
    pieces = []
    for speed in result.generation:
        piece = tr("at {count} tokens {rate} tokens a second").format(
            count=f"{speed.depth:,}", rate=f"{speed.tokens_per_second:.1f}"
        )
        if (range_ := predicted.get(speed.depth)) is not None:
            band = tr("(predicted {low} to {high})").format(low=f"{range_.low:.1f}", high=f"{range_.high:.1f}")
            piece = f"{piece} {band}"
        pieces.append(piece)
    told = "; ".join(pieces)
    return f"{told[:1].upper()}{told[1:]}."


def facts(result: BenchResult) -> tuple[tuple[str, str], ...]:
    """Titles and what is known, in the order of interest."""
    memory = "" if result.memory_bytes is None else memory_words(result.memory_bytes)
    first = tr("after {seconds} s; loaded in {loaded} s").format(
        seconds=f"{result.first_token_seconds:.2f}", loaded=f"{result.load_seconds:.1f}"
    )
    return (
        (tr("Writes"), _rates(result.generation)),
        (tr("Reads"), _rates(result.prompt)),
        (tr("First word"), first),
        (tr("Memory"), memory),
        (tr("Engine"), result.runtime),
    )


def run_line(result: BenchResult) -> str:
    """One earlier run: "2026-11-22 21:04 · 21.4 tokens/s · llama.cpp"."""
    when = datetime.fromtimestamp(result.at).astimezone()
    first = result.generation[0]
    rate = tr("{rate} tokens/s").format(rate=f"{first.tokens_per_second:.1f}")
    return f"{when:%Y-%m-%d %H:%M} · {rate} · {result.runtime}"


def _rates(speeds: Sequence[Speed]) -> str:
    """ "21.4 tokens/s · 18.2 at 2,048" """
    first, *others = speeds
    pieces = [
        tr("{rate} tokens/s").format(rate=f"{first.tokens_per_second:.1f}"),
        *(_at(speed) for speed in others),
    ]
    return " · ".join(pieces)


def _at(speed: Speed) -> str:
    return tr("{rate} at {depth}").format(rate=f"{speed.tokens_per_second:.1f}", depth=f"{speed.depth:,}")


def _point(speed: Speed) -> Point:
    """The bar holds the middle half of the rounds; with few rounds, all of them."""
    ordered = sorted(speed.rounds)
    cut = len(ordered) // 4
    return Point(float(speed.depth), speed.tokens_per_second, ordered[cut], ordered[-1 - cut])

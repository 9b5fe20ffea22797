"""Sentences beside passages, labelled by hand over public texts: what the checker of citations is measured on.

``python -m tests.unit.documents.citation_pairs`` prints the figures of `docs/citations.md`, ``--wrong`` what is
wrong in the tuning half.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.documents.citing.check import verdict
from workbench.messages import Passage, Verdict

FILE = Path(__file__).with_suffix(".json")
NEIGHBOURS = 3  # of the right sentences of a passage, so many stand beside the next one too


@dataclass(frozen=True, slots=True)
class Pair:
    """``half``: `tuning` or `held out`. ``kind``: `right`, `neighbour`, or what was changed."""

    half: str
    kind: str
    sentence: str
    passage: str

    @property
    def marked(self) -> bool:
        """Whether the checker should mark it."""
        return self.kind != "right"


def pairs() -> tuple[Pair, ...]:
    """All of them."""
    return tuple(pair for text in json.loads(FILE.read_text("utf-8")) for pair in _pairs(text))


def _pairs(text: dict[str, Any]) -> Iterable[Pair]:
    passages = text["passages"]
    for place, passage in enumerate(passages):
        beside = passages[(place + 1) % len(passages)]["text"]
        for number, sentence in enumerate(passage["right"]):
            yield Pair(text["half"], "right", sentence, passage["text"])
            if number < NEIGHBOURS:
                yield Pair(text["half"], "neighbour", sentence, beside)
        for kind, sentence in passage["changed"]:
            yield Pair(text["half"], kind, sentence, passage["text"])


def judged(pair: Pair) -> tuple[Verdict, str]:
    return verdict(pair.sentence, Passage(1, "/text.txt", "c", "s", 0, len(pair.passage), pair.passage))


@dataclass(frozen=True, slots=True)
class Figures:
    """``precision`` and ``recall`` of marking; ``marked``: by kind, how many of how many were marked; ``exact``: share of
    pairs with the very verdict: supported, changed, unsupported."""

    pairs: int
    precision: float
    recall: float
    exact: float
    marked: dict[str, tuple[int, int]]


def measured(chosen: Sequence[Pair]) -> Figures:
    """The figures over these pairs."""
    verdicts = [(pair, judged(pair)[0]) for pair in chosen]
    marked = [pair for pair, found in verdicts if found is not Verdict.SUPPORTED]
    right = sum(pair.marked for pair in marked)
    of_kind, counts = Counter(pair.kind for pair in marked), Counter(pair.kind for pair in chosen)
    return Figures(
        len(chosen),
        right / len(marked) if marked else 1.0,
        right / sum(pair.marked for pair in chosen),
        sum(found is _expected(pair) for pair, found in verdicts) / len(chosen),
        {kind: (of_kind[kind], counts[kind]) for kind in sorted(counts)},
    )


def _expected(pair: Pair) -> Verdict:
    return {"right": Verdict.SUPPORTED, "neighbour": Verdict.UNSUPPORTED}.get(pair.kind, Verdict.CHANGED)


def main(arguments: Sequence[str]) -> None:
    for half in ("tuning", "held out"):
        figures = measured([pair for pair in pairs() if pair.half == half])
        kinds = ", ".join(f"{kind} {found}/{count}" for kind, (found, count) in figures.marked.items())
        print(
            f"{half}: {figures.pairs} pairs, precision {figures.precision:.3f}, recall {figures.recall:.3f},"
            f" verdicts {figures.exact:.3f}; marked: {kinds}"
        )
    if "--wrong" in arguments:
        for pair in pairs():
            found, reason = judged(pair)
            if pair.half == "tuning" and (found is not Verdict.SUPPORTED) != pair.marked:
                print(f"  {pair.kind}: {pair.sentence} -> {found.value} {reason}")


if __name__ == "__main__":
    main(sys.argv[1:])

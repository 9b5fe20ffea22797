"""What was found in the labelled texts, and what not: by kind, with Wilson's intervals.

A text of `labelled/*.txt` has its labels in it: ``{{name|Anna}}``. ``either`` marks what may be found or not. A label
is found when all its letters and digits are hidden, by whatever kind: nothing of it leaves. A find is right when it lies
within labels: a word hidden too much makes it wrong.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from workbench.cloud.hiding.found import Found
from workbench.cloud.hiding.redacting import find_all
from workbench.cloud.hiding.redaction import Hidden
from workbench.prompts.running.interval import Share

FOLDER = Path(__file__).parent / "labelled"
HELD_BACK = "held_back"
UNSEEN = "unseen"
"""Written before rules that were made later, measured once before and once after them, and never looked at for a rule."""
_LABEL = re.compile(r"\{\{(\w+)\|(.*?)\}\}(?!\})", re.DOTALL)
Find = Callable[[Sequence[str]], list[list[Found]]]


@dataclass(frozen=True, slots=True)
class Labelled:
    """``labels``: start, end and kind in ``text``; the kind is None where either is right."""

    text: str
    labels: tuple[tuple[int, int, Hidden | None], ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """``recall``: of the labels, how many are wholly hidden. ``precision``: of the finds, how many hide nothing else."""

    recall: dict[Hidden, Share]
    precision: dict[Hidden, Share]
    missed: tuple[str, ...]
    wrong: tuple[str, ...]


def read(names: Iterable[str]) -> list[Labelled]:
    """The texts of these files, by their names without ending."""
    return [_parsed(text) for name in names for text in (FOLDER / f"{name}.txt").read_text("utf-8").split("\n----\n")]


def all_names() -> list[str]:
    """Those that rules may learn from, and those held back; without the unseen ones, which are hard on purpose."""
    return sorted(path.stem for path in FOLDER.glob("*.txt") if not path.stem.startswith(UNSEEN))


def unseen() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob(f"{UNSEEN}*.txt"))


def measure(texts: Sequence[Labelled], find: Find = find_all) -> Measured:
    """Each text as a request of its own."""
    asked, hidden, found, right = Counter[Hidden](), Counter[Hidden](), Counter[Hidden](), Counter[Hidden]()
    missed, wrong = [], []
    for labelled in texts:
        finds = find([labelled.text])[0]
        covered = {place for one in finds for place in range(one.start, one.end)}
        marked = {place for start, end, _kind in labelled.labels for place in range(start, end)}
        for start, end, kind in labelled.labels:
            if kind is None:
                continue
            asked[kind] += 1
            if all(place in covered for place in range(start, end) if labelled.text[place].isalnum()):
                hidden[kind] += 1
            else:
                missed.append(_shown(labelled.text, start, end, kind))
        for one in finds:
            found[one.kind] += 1
            if all(place in marked for place in range(one.start, one.end) if labelled.text[place].isalnum()):
                right[one.kind] += 1
            else:
                wrong.append(_shown(labelled.text, one.start, one.end, one.kind))
    return Measured(
        {kind: Share(hidden[kind], asked[kind]) for kind in Hidden if asked[kind]},
        {kind: Share(right[kind], found[kind]) for kind in Hidden if found[kind]},
        tuple(missed),
        tuple(wrong),
    )


def _parsed(text: str) -> Labelled:
    plain, labels, place = "", [], 0
    for match in _LABEL.finditer(text):
        plain += text[place : match.start()]
        kind = None if match[1] == "either" else Hidden(match[1])
        labels.append((len(plain), len(plain) + len(match[2]), kind))
        plain += match[2]
        place = match.end()
    return Labelled(plain + text[place:], tuple(labels))


def _shown(text: str, start: int, end: int, kind: Hidden) -> str:
    return f"{kind}: {text[start:end]!r} in {text[max(0, start - 30) : end + 20]!r}"

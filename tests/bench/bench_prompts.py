"""A library of 1,000 prompts of several versions each: open it, list it, find in it letter by letter, save into it.

Prints one JSON object a line. Run: ``python -m tests.bench prompts``; ``python -m tests.bench.bench_prompts 10000`` for
more prompts. The `/` of the composer asks `find` for 50, as is measured here. Beside the clock's time there is that of the
processor: what else the machine does not count there.
"""

from __future__ import annotations

import gc
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from workbench import migrations
from workbench.clock import SystemClock
from workbench.db import Database
from workbench.events import Bus
from workbench.prompts.prompt import Origin, Preferences, Prompt, SavedPrompt, Variable, VariableKind
from workbench.prompts.rows import Stamp
from workbench.prompts.service import PromptLibrary
from workbench.prompts.store import PromptStore
from workbench.prompts.tidy import tidied
from workbench.prompts.word_diff import changes

PROMPTS, VERSIONS = 1000, 5
AIM = "<= 50"
VERBS = ("Summarise", "Translate", "Rewrite", "Explain", "Extract", "Compare", "Plan", "Review", "Reply to", "Critique",
         "Classify", "Outline", "Shorten", "Expand", "Proofread", "Brainstorm", "Convert", "Test", "Übersetze",
         "Résume")  # fmt: skip
THINGS = ("meeting notes", "a mail", "legal contract", "code", "a paper", "customer feedback", "an invoice", "a CV",
          "unit tests", "SQL query", "release notes", "a lesson", "recipe", "travel plan", "bug report", "Größen",
          "a speech", "poem", "research question", "interview")  # fmt: skip
FOR = (
    "",
    " for the team",
    " in plain English",
    " as JSON",
    " in three sentences",
    " for a child of ten",
    " step by step",
)
TAGS = ("mail", "work", "code", "writing", "reading", "data", "languages", "planning", "study", "law", "to do")
SENTENCES = (
    "You are given {{ text }} and work for {{ reader }}.",
    "Keep every name, number and date exactly as it is written.",
    "Write in {{ language }}, in short sentences, without jargon and without praise.",
    "Where something is not said, say so; never guess and never fill a gap.",
    "Begin with the point that matters most, then the reasons, then what is open.",
    "Answer as a table with one row for each item and the columns that are named below.",
    "If there are several readings, give the two most likely ones and how they differ.",
)


def row(name: str, value: float, unit: str, aim: str = "") -> None:
    print(json.dumps({"name": name, "value": round(value, 3), "unit": unit, "aim": aim}), flush=True)


Times = tuple[float, float]
"""Milliseconds by the clock, and of this thread's processor time."""


def timed(work: Callable[[], Any]) -> Times:
    clock, processor = time.perf_counter(), time.thread_time()
    work()
    return (time.perf_counter() - clock) * 1000, (time.thread_time() - processor) * 1000


def told(name: str, times: list[Times], aim: str = AIM) -> None:
    at = min(len(times) - 1, int(len(times) * 0.95))
    by_clock, on_processor = (sorted(one[kind] for one in times) for kind in (0, 1))
    row(f"{name}, p50", by_clock[len(times) // 2], "ms")
    row(f"{name}, p95", by_clock[at], "ms", aim)
    row(f"{name}, p95, processor", on_processor[at], "ms")


def written(pick: random.Random, number: int) -> Prompt:
    """As people write them: most of a paragraph or two, some of pages."""
    title = f"{pick.choice(VERBS)} {pick.choice(THINGS)}{pick.choice(FOR)}"
    text = "\n".join(pick.choices(SENTENCES, k=pick.choice((3, 4, 6, 8, 12, 60))))
    names = ("text", "reader", "language")
    variables = tuple(Variable(name, VariableKind.LONG_TEXT, help="What to work on.") for name in names)
    tags = tuple(pick.sample(TAGS, pick.randint(0, 3)))
    return tidied(
        Prompt(title, f"p{number}-{title}", text, "You are careful.", variables, tags, Preferences(temperature=0.3))
    )


def fill(store: PromptStore, count: int) -> None:
    pick = random.Random(1)
    prompts = [written(pick, number) for number in range(count)]
    ids = store.add(prompts, Origin.WRITTEN)
    for version in range(1, VERSIONS):
        for prompt_id, prompt in zip(ids, prompts, strict=True):
            if pick.random() < 0.6:
                store.put(
                    replace(prompt, text=f"{prompt.text}\nVersion {version}."), prompt_id, None, Stamp(Origin.WRITTEN)
                )
    for prompt_id in pick.sample(ids, count // 5):
        store.used(prompt_id, {"text": "some", "language": "English"})


def typings(pick: random.Random, titles: list[str]) -> Iterator[str]:
    """What stands behind `/`, letter by letter: beginnings, words from the middle, initials, slips."""
    for title in titles:
        words = title.lower().split()
        typo = words[0][:2] + words[0][3:4] + words[0][2:3] + words[0][4:]
        for typed in (
            " ".join(words[:2]),
            " ".join(reversed(words[:2])),
            typo,
            "".join(word[0] for word in words),
            "zzzqx",
        ):
            yield from (typed[:length] for length in range(len(typed) + 1))
    yield from ("#mail", "#mail plan", pick.choice(titles), "never guess")


def find(library: PromptLibrary) -> None:
    pick = random.Random(2)
    titles = [one.prompt.title for one in pick.sample(library.all(), 20)]
    times = []
    worst: tuple[str, Times] = ("", (0.0, 0.0))
    for typed in typings(pick, titles):
        times.append(timed(partial(library.find, typed)))
        worst = max(worst, (typed, times[-1]), key=lambda one: one[1][1])
    told(f"find, letter by letter ({len(times)} times)", times)
    row("find, slowest", worst[1][0], "ms", AIM)
    row("find, slowest, processor", worst[1][1], "ms")
    print(f"slowest: {worst[0]!r}", file=sys.stderr)


def opened(store: PromptStore, work: Callable[[PromptLibrary], Any]) -> Times:
    """A program opens one library: those of the rounds before are cleared away first."""
    gc.collect()
    return timed(partial(work, PromptLibrary(store, Bus())))


def measure(home: Path, count: int) -> None:
    path = home / "workbench.db"
    database = Database(path, migrations.workbench, backups=home)
    store = PromptStore(database, SystemClock())
    fill(store, count)
    row("prompts", count, "")
    row("versions", database.rows("SELECT count(*) FROM prompt_versions")[0][0], "")
    row("database", path.stat().st_size / 1e6, "MB")

    told("open: a new library's first list", [opened(store, PromptLibrary.all) for _ in range(15)])
    told("open: with its first find", [opened(store, lambda library: library.find("s")) for _ in range(15)])
    library = PromptLibrary(store, Bus())
    library.find("")
    told("list again", [timed(library.all) for _ in range(200)])
    find(library)

    some = random.Random(3).sample(library.all(), 60)
    told("save a version", [timed(partial(library.save, replace(one.prompt, text="New."), one.id)) for one in some])
    told("find after a save", [_after_a_save(library, one) for one in some])
    told("count a use", [timed(partial(library.used, one.id, {"text": "x"})) for one in some])
    told("get by name", [timed(partial(library.get, one.prompt.name)) for one in some])
    told("tags", [timed(library.tags) for _ in range(30)])
    told("history", [timed(partial(library.history, one.id)) for one in some])
    old = some[0].prompt.text * 20
    told(
        f"differences of {len(old):,} characters",
        [timed(lambda: changes(old, old.replace("never", "do not"))) for _ in range(15)],
    )
    database.close()


def _after_a_save(library: PromptLibrary, one: SavedPrompt) -> Times:
    library.save(replace(one.prompt, text="Another."), one.id)
    return timed(lambda: library.find("s"))


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else PROMPTS
    with tempfile.TemporaryDirectory(prefix="wb-bench-") as home:
        measure(Path(home), count)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

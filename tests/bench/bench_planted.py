"""Are planted facts found? Forty of them, each in one of many real mixed files, and each beside others of the same names
and of the same things, so that only the right passage answers.

Prints one JSON object a line. Run: ``python -m tests.bench planted`` (200 files), or ``python -m tests.bench.bench_planted
--files 2000``. The files are those of `bench_index`; half of the facts stand in them, the others in office files, PDF, EPUB
and mail that are made here.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from tests.bench.bench_index import collected, row
from tests.fakes.documents import docx, paragraph, pdf, pptx, xlsx
from tests.fakes.other_documents import epub
from workbench.app import Workbench, build
from workbench.cancel import CancelToken
from workbench.documents.retrieval.hit import Hit, Query
from workbench.jobs import quiet_job
from workbench.paths import Paths

NAMES = (
    "Marguerite Delacroix",
    "Tobias Hvidt",
    "Ines Quintela",
    "Rowan Ashdown",
    "Yusuf Karabulut",
    "Petra Novotna",
    "Aoife Brannigan",
    "Lorenzo Vitale",
)
THINGS = ("kayak", "piano", "greenhouse", "telescope", "wedding dress")
MORE_LINES = 12  # of another file's text, before and behind a fact in a file that is made here
TEXTS = (".txt", ".md", ".rst", ".html", ".py", ".c")


@dataclass(frozen=True, slots=True)
class Fact:
    said: str
    asked: str
    answer: str


def facts() -> list[Fact]:
    """Forty: every name with every thing, and what was paid."""
    chance = random.Random(11)
    prices = chance.sample(range(1_000, 9_999), len(NAMES) * len(THINGS))
    return [
        Fact(
            f"The {thing} that {name} bought cost {price} euros.",
            f"How much did {name} pay for the {thing}?",
            f"{price} euros",
        )
        for (name, thing), price in zip(product(NAMES, THINGS), prices, strict=True)
    ]


def lines_of(paths: Sequence[Path], chance: random.Random) -> list[str]:
    """Lines of some real text, which a PDF by hand can hold."""
    texts = [path for path in paths if path.suffix in (".txt", ".md")]
    words = chance.choice(texts).read_bytes().decode("ascii", "ignore") if texts else ""
    return ["".join(c for c in line if c.isalnum() or c in " ,.")[:90] for line in words.splitlines() if line.strip()]


def written(fact: Fact, ending: str, around: Sequence[str]) -> bytes:
    """A file of this format with the fact in the midst of other lines."""
    lines = [*around[:MORE_LINES], fact.said, *around[MORE_LINES : 2 * MORE_LINES]]
    match ending:
        case "docx":
            return docx("".join(map(paragraph, lines)))
        case "xlsx":
            return xlsx({"Notes": {f"A{number}": line for number, line in enumerate(lines, 1)}})
        case "pptx":
            return pptx(["\n".join(around[:MORE_LINES]) or "First", fact.said])
        case "pdf":
            return pdf(["\n".join(around[:MORE_LINES]) or "First", "\n".join(lines)])
        case "epub":
            return epub(["".join(f"<p>{line}</p>" for line in lines)])
    return f"From: someone@example.org\nSubject: notes\nContent-Type: text/plain\n\n{chr(10).join(lines)}\n".encode()


def insert(fact: Fact, path: Path) -> None:
    """The fact as a paragraph or a comment in the middle of a real file."""
    lines = path.read_bytes().split(b"\n")
    wrapped = {".html": "<p>{}</p>", ".py": "# {}", ".c": "/* {} */"}.get(path.suffix, "\n{}\n").format(fact.said)
    lines.insert(len(lines) // 2, wrapped.encode())
    path.write_bytes(b"\n".join(lines))


def plant(folder: Path, count: int) -> list[Fact]:
    """``count`` files of those that `collected` put into ``folder`` stay; the facts are put into and between them."""
    chance = random.Random(5)
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    chance.shuffle(paths)
    for path in paths[count:]:
        path.unlink()
    paths = paths[:count]
    hosts = [path for path in paths if path.suffix in TEXTS]
    planted = facts()
    for number, fact in enumerate(planted):
        if number % 2 and hosts:
            insert(fact, hosts.pop())
        else:
            ending = ("docx", "xlsx", "pptx", "pdf", "epub", "eml")[number // 2 % 6]
            (folder / f"notes {number}.{ending}").write_bytes(written(fact, ending, lines_of(paths, chance)))
    return planted


def rank(hits: Sequence[Hit], answer: str) -> int:
    """The place of the passage with the answer, from 1; 0 where it is not among them."""
    return next((place for place, hit in enumerate(hits, 1) if answer in " ".join(hit.chunk.text.split())), 0)


def measure(workbench: Workbench, folder: Path, planted: Sequence[Fact]) -> None:
    collection = workbench.documents.add(folder)
    workbench.documents.sync(quiet_job(), collection.id)
    places = []
    for fact in planted:
        found = rank(workbench.documents.search(Query(fact.asked), CancelToken()).hits, fact.answer)
        places.append(found)
        if found != 1:
            print(f"{found or 'not found'}: {fact.asked}", file=sys.stderr)
    row("files", workbench.documents.state(collection.id).files, "files")
    row(f"of {len(planted)} planted facts, found among 10 passages", sum(map(bool, places)), "facts", str(len(planted)))
    row("found first of all", places.count(1), "facts")


def main(count: int) -> None:
    home, folder = (Path(tempfile.mkdtemp(prefix="workbench-bench-")) for _twice in range(2))
    try:
        collected(folder)
        planted = plant(folder, count)
        workbench = build(Paths(home))
        try:
            measure(workbench, folder, planted)
        finally:
            workbench.close()
    finally:
        shutil.rmtree(home)
        shutil.rmtree(folder)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=200)
    main(parser.parse_args().files)

"""PPTX: the text of each slide, in the order they are shown."""

from __future__ import annotations

from typing import BinaryIO

from workbench.documents.extract.document import Extracted, Limits, put_together
from workbench.documents.extract.opening import cannot
from workbench.documents.extract.readers.archive import RELATION_ID, Archive, local, number_in

_PART = "ppt/presentation.xml"
MOST_SLIDES = 2_000


def prepare() -> None:
    import lxml.etree  # noqa: F401


def read(file: BinaryIO, name: str, kind: str, limits: Limits) -> Extracted:
    archive = Archive(file, name, limits)
    order = _order(archive)
    slides = [(f"Slide {number}", _text(archive, part)) for number, part in enumerate(order[:MOST_SLIDES], 1)]
    if not any(text.strip() for _label, text in slides):
        raise cannot(name, "has no text")
    more = len(order) - MOST_SLIDES
    notes = [f"Only the first {MOST_SLIDES:,} of {len(order):,} slides were read."] if more > 0 else []
    return put_together(slides, kind, limits, notes)


def _order(archive: Archive) -> list[str]:
    """The slides' parts; those that the presentation does not name are not shown, unless it names none."""
    targets = archive.relations(_PART)
    named = [
        targets.get(str(element.get(RELATION_ID)), "")
        for _event, element in archive.elements(_PART)
        if local(element.tag) == "sldId"
    ]
    there = [part for part in named if part in archive.names]
    others = [part for part in archive.names if part.startswith("ppt/slides/slide") and part.endswith(".xml")]
    return there or sorted(others, key=number_in)


def _text(archive: Archive, part: str) -> str:
    lines: list[str] = []
    for _event, element in archive.elements(part):
        if local(element.tag) != "p":
            continue
        lines.append("".join(run.text or "" for run in element.iter("{*}t")))
        element.clear()
    return "\n".join(line for line in lines if line.strip())

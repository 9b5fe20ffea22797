"""PPTX: the text of each slide, in the order they are shown."""

from __future__ import annotations

from typing import Any, BinaryIO

from workbench.documents.extract.document import Extracted, Limits, Why, put_together
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
        raise cannot(name, "has no text", why=Why.SKIPPED)
    more = len(order) - MOST_SLIDES
    notes = [f"Only the first {MOST_SLIDES:,} of {len(order):,} slides were read."] if more > 0 else []
    return put_together(slides, kind, limits, notes, title=archive.title(), numbered=True)


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
    """A slide's words, its title as a heading, its tables as rows; then what the speaker noted."""
    lines = _lines(archive, part)
    notes = next((one for one in archive.relations(part).values() if "notesSlide" in one), "").replace("slides/../", "")
    if notes in archive.names:
        said = [line for line in _lines(archive, notes, notes=True) if line.strip()]
        lines += ["", "Notes:", *said] if said else []
    return "\n".join(lines).strip("\n")


def _lines(archive: Archive, part: str, *, notes: bool = False) -> list[str]:
    lines: list[str] = []
    for _event, element in archive.elements(part):
        tag = local(element.tag)
        if tag == "sp" and (not notes or _place(element) == "body"):
            said = [text for text in map(_said, element.iter("{*}p")) if text.strip()]
            heading = "# " if _place(element) in ("title", "ctrTitle") else ""
            lines += [heading + " ".join(said)] if heading and said else said
        elif tag == "tr":
            lines.append(" | ".join(" ".join(map(_said, cell.iter("{*}p"))) for cell in element.iter("{*}tc")))
        elif tag == "p" and not _within(element):
            lines.append(_said(element))
        if tag in ("sp", "tr"):
            element.clear()
    return [line for line in lines if line.strip()]


def _place(shape: Any) -> str:
    """What the shape is for, as the layout says: title, body..."""
    return next((str(one.get("type", "body")) for one in shape.iter("{*}ph")), "")


def _within(paragraph: Any) -> bool:
    """Whether what stands around it says it."""
    return any(local(above.tag) in ("sp", "tr") for above in paragraph.iterancestors())


def _said(paragraph: Any) -> str:
    return "".join("\n" if local(run.tag) == "br" else run.text or "" for run in paragraph.iter("{*}t", "{*}br"))

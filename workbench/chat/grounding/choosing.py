"""What was found, as numbered passages: an earlier one keeps its number, new ones go on after the last. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from workbench.documents.collection import Collection, Document
from workbench.documents.extract.document import Section
from workbench.documents.retrieval.hit import Hit
from workbench.documents.service import DocumentText
from workbench.messages import Passage

LEAST_COSINE: Final = 0.2  # of a passage that has no word of the question
PIECE_CHARACTERS: Final = 1_600  # of a document that is given whole

Place = tuple[str, str, int, int]


def alternating(found: Sequence[Sequence[Hit]], limit: int) -> tuple[Hit, ...]:
    """Hits of several searches, the best of each first: scores can be compared only within one."""
    ranked = [hit for rank in range(limit) for hits in found for hit in hits[rank : rank + 1]]
    return tuple({hit.chunk_id: hit for hit in ranked}.values())[:limit]


def telling(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """Without those that are near in meaning to nothing: there is always a nearest one."""
    return tuple(hit for hit in hits if "words" in hit.methods or hit.methods.get("vectors", 1.0) >= LEAST_COSINE)


def passages_of(hits: Sequence[Hit]) -> tuple[Passage, ...]:
    """Without numbers yet (0). What stands inside of a better hit is left out."""
    kept: list[Passage] = []
    for hit in hits:
        chunk = hit.chunk
        passage = _passage(
            hit.collection,
            hit.document,
            (chunk.start, chunk.end),
            chunk.text,
            page=chunk.page,
            label=chunk.label,
            context=_context(chunk.headings, chunk.context),
            score=hit.score,
        )
        if not any(_inside(passage, other) for other in kept):
            kept.append(passage)
    return tuple(kept)


def whole(read: DocumentText) -> tuple[Passage, ...]:
    """A document in passages that follow each other, none across pages; without numbers yet (0)."""
    sections = read.sections or (Section("", 0),)
    ends = (*(section.start for section in sections[1:]), len(read.text))
    made = []
    for section, end in zip(sections, ends, strict=True):
        for start, stop in pieces(read.text, section.start, end):
            text = read.text[start:stop]
            label, page = section.label, _page(section)
            made.append(_passage(read.collection, read.document, (start, stop), text, page=page, label=label))
    return tuple(made)


def pieces(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Spans of about a page's half, cut at empty lines, lines, sentences or words, without white space at their ends."""
    found = []
    while start < end:
        stop = end if end - start <= PIECE_CHARACTERS else _cut(text, start, min(end, start + PIECE_CHARACTERS))
        piece = text[start:stop]
        if piece.strip():
            first = start + len(piece) - len(piece.lstrip())
            found.append((first, first + len(piece.strip())))
        start = stop
    return found


def numbered(new: Sequence[Passage], earlier: Sequence[Passage]) -> tuple[Passage, ...]:
    """``new`` with numbers; ``earlier``: those of the branch."""
    given = {place(passage): passage.number for passage in earlier}
    number = max((passage.number for passage in earlier), default=0)
    made = []
    for passage in new:
        known = given.get(place(passage))
        if known is None:
            number += 1
        made.append(replace(passage, number=number if known is None else known))
    return tuple(made)


def place(passage: Passage) -> Place:
    """What makes it the same passage."""
    return passage.path, passage.sha256, passage.start, passage.end


def _cut(text: str, start: int, stop: int) -> int:
    half = start + (stop - start) // 2
    for end in ("\n\n", "\n", ". ", " "):
        found = text.rfind(end, half, stop)
        if found >= 0:
            return found + len(end)
    return stop


def _inside(passage: Passage, other: Passage) -> bool:
    same = (passage.path, passage.sha256) == (other.path, other.sha256)
    return same and other.start <= passage.start and passage.end <= other.end


def _context(headings: Sequence[str], context: str) -> str:
    return "\n".join(piece for piece in (" > ".join(headings), context.strip()) if piece)


def _page(section: Section) -> int | None:
    """As the section tells, or its label does."""
    if section.page is not None:
        return section.page
    found = re.fullmatch(r"(?:Page|Slide) (\d+)", section.label)
    return int(found[1]) if found else None


def _passage(
    collection: Collection,
    document: Document,
    span: tuple[int, int],
    text: str,
    *,
    page: int | None,
    label: str,
    context: str = "",
    score: float = 0.0,
) -> Passage:
    path = str(collection.path / document.path)
    return Passage(
        0, path, collection.id, document.sha256, *span, text, page, label, score, context, collection.private
    )

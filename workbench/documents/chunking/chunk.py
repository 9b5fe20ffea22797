"""Cuts what was read of a file into passages that can be found, quoted and understood. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.documents.chunking.block import CODE, Block
from workbench.documents.chunking.packing import packed
from workbench.documents.chunking.structure import structure
from workbench.documents.collection import Chunk
from workbench.documents.extract.document import Extracted, Section

READER_VERSION = 1  # raised when files are read or cut in another way: what was read before is read again

MOST_LINES = 200_000  # a text of more, a word or a number each, has no structure worth its time


def chunks(extracted: Extracted, name: str) -> tuple[Chunk, ...]:
    """The passages of a text, in its order: none overlaps another, and all that is no white space is in one of them.

    A passage stands within one page, slide or sheet, and keeps to about 1,200 characters. ``name``: of the file, for its
    ending. Takes time in proportion to the text.
    """
    text = extracted.text
    blocks = structure(extracted.media_type, name) if text.count("\n") <= MOST_LINES else _as_it_is
    found: list[Chunk] = []
    for section, start, end in _sections(extracted):
        page, label = getattr(section, "page", None), "" if section is None else section.label
        for block in packed(text, blocks(text, start, end)):
            found.append(_chunk(len(found), text, block, page, label))
    return tuple(found)


def _as_it_is(_text: str, start: int, end: int) -> Iterator[Block]:
    yield Block(start, end, CODE)


def _chunk(ordinal: int, text: str, block: Block, page: int | None, label: str) -> Chunk:
    return Chunk(
        ordinal=ordinal,
        start=block.start,
        end=block.end,
        text=text[block.start : block.end],
        page=page,
        label=label,
        headings=block.path,
        kind=block.kind,
        context=block.context,
    )


def _sections(extracted: Extracted) -> Iterator[tuple[Section | None, int, int]]:
    """Each with where it begins and ends; what stands before the first one belongs to none."""
    sections = extracted.sections
    first = sections[0].start if sections else len(extracted.text)
    if first:
        yield None, 0, first
    for number, section in enumerate(sections):
        end = sections[number + 1].start if number + 1 < len(sections) else len(extracted.text)
        yield section, section.start, end

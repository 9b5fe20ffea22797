"""What the viewer shows of a document: where the passage stands in it now, and what must be told of it. Pure."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from ui.chat.words import shortened
from ui.documents.viewer.face import MOST_RENDERED, Face, face_of, language_of
from ui.documents.viewer.shown_text import ShownText, section_at, span_of_page
from ui.documents.viewer.tables import TableRow, table_rows
from ui.translation import tr
from ui.widgets.highlight import warm
from workbench.documents.service import DocumentText
from workbench.markup import Splitter
from workbench.messages import Passage

MOST_QUOTED = 600  # characters of a passage that is not in its file any more


@dataclass(frozen=True)
class Opened:
    """``span``: the passage, as characters of ``text``; None: it does not stand there any more. ``document_id`` None: no
    folder has the file now. ``labels`` and ``starts``: of its pages, sheets or slides."""

    name: str
    path: str
    text: str
    face: Face
    span: tuple[int, int] | None = None
    labels: tuple[str, ...] = ()
    starts: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    quotation: str = ""
    document_id: int | None = None

    @cached_property
    def shown(self) -> ShownText:
        """For a view of text."""
        return ShownText(self.text)

    @cached_property
    def split(self) -> Splitter:
        """The blocks of a Markdown document."""
        made = Splitter()
        made.feed(self.text)
        return made

    @cached_property
    def language(self) -> str:
        """What it is coloured as, with what that needs loaded; empty: plain."""
        found = language_of(self.name) if self.face in (Face.CODE, Face.MARKDOWN) else ""
        if found:
            warm((found,))
        return found

    @cached_property
    def first_rows(self) -> tuple[TableRow, ...]:
        """Of the sheet with the passage."""
        return self.rows(self.section)

    def prepared(self) -> Opened:
        """With all that takes long done: for the thread that read it."""
        if self.face is Face.TABLE:
            _ = self.first_rows
        elif self.is_rendered:
            _ = self.split
        elif self.face is not Face.PAGES:
            _ = (self.shown.shown, self.shown.folded, self.shown.position(0), self.language)
        return self

    @property
    def section(self) -> int:
        """The place of the section with the passage."""
        return section_at(list(self.starts), self.span[0]) if self.span is not None and self.starts else 0

    def section_span(self, place: int) -> tuple[int, int]:
        return span_of_page(list(self.starts), place, len(self.text)) if self.starts else (0, len(self.text))

    def passage_in(self, place: int) -> str:
        """The part of the passage that stands in a section."""
        begin, end = self.section_span(place)
        if self.span is None:
            return ""
        return self.text[max(begin, self.span[0]) : min(end, self.span[1])]

    def rows(self, place: int) -> tuple[TableRow, ...]:
        """Of a sheet."""
        return table_rows(self.text, *self.section_span(place))

    @cached_property
    def is_rendered(self) -> bool:
        """Whether it is shown as Markdown at first."""
        return self.face is Face.MARKDOWN and len(self.text) <= MOST_RENDERED


def opened(read: DocumentText, start: int, end: int) -> Opened:
    """A document at a passage that a search found in it; with ``end`` 0 at its begin."""
    notes = (*((_changed(),) if read.changed else ()), *read.notes)
    span = (start, end) if end > start else None
    return _of(read, span, notes, read.text[start:end])


def opened_cited(read: DocumentText, passage: Passage) -> Opened:
    """A document at a passage that an answer was given: where it stands now, told if that is not as it was."""
    span = located(read.text, passage)
    notes = list(read.notes)
    if span is None:
        notes.insert(0, tr("This file has changed: the passage does not stand in it any more. It said:"))
        notes.insert(1, f"“{shortened(passage.text, MOST_QUOTED)}”")
    elif read.changed or read.document.sha256 != passage.sha256:
        notes.insert(0, tr("This file has changed since the answer was written. The passage still stands in it."))
    return _of(read, span, tuple(notes), passage.text)


def opened_gone(passage: Passage) -> Opened:
    """The passage alone, where its file is in no folder any more."""
    note = tr("This file is in none of your folders any more. This is the passage as it was read.")
    face = face_of("", passage.name)
    return Opened(
        passage.name,
        passage.path,
        passage.text,
        face if face is not Face.PAGES else Face.TEXT,
        span=(0, len(passage.text)),
        notes=(note,),
        quotation=passage.text,
    )


def located(text: str, passage: Passage) -> tuple[int, int] | None:
    """Where the passage stands: at its place, else where the same words stand nearest to it."""
    if not passage.text:
        return None
    if text[passage.start : passage.end] == passage.text:
        return passage.start, passage.end
    places: list[int] = []
    at = text.find(passage.text)
    while at >= 0 and len(places) < 1_000:
        places.append(at)
        at = text.find(passage.text, at + 1)
    if not places:
        return None
    nearest = min(places, key=lambda place: abs(place - passage.start))
    return nearest, nearest + len(passage.text)


def shown_path(path: str) -> str:
    """A path as it can be shown: what is no text in it becomes a question mark."""
    return os.fspath(path).encode("utf-8", "replace").decode("utf-8")


def quoted(words: str, name: str, where: str) -> str:
    """A quotation to paste elsewhere, with its source."""
    source = " · ".join(one for one in (name, where) if one)
    return f"“{words.strip()}” ({source})"


def _of(read: DocumentText, span: tuple[int, int] | None, notes: Sequence[str], quotation: str) -> Opened:
    return Opened(
        read.document.name,
        str(read.path),
        read.text,
        face_of(read.document.media_type, read.document.name),
        span,
        tuple(section.label for section in read.sections),
        tuple(section.start for section in read.sections),
        tuple(notes),
        quotation,
        read.document.id,
    )


def _changed() -> str:
    return tr("This file has changed since it was read. It is read again when its folder is looked at.")

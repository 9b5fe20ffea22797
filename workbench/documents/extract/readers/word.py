"""DOCX: paragraphs, headings and tables of the body."""

from __future__ import annotations

import re
import time
from contextlib import suppress
from typing import Any, BinaryIO

from workbench.documents.extract.document import DocumentError, Extracted, Limits, Why, put_together
from workbench.documents.extract.opening import cannot
from workbench.documents.extract.readers.archive import Archive, local, number_in

_PART = "word/document.xml"
_STYLES = "word/styles.xml"
_HEADING = re.compile(r"heading [1-9]")
_LEVELS = frozenset("012345678")
_BREAKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


def prepare() -> None:
    import lxml.etree  # noqa: F401


def read(file: BinaryIO, name: str, kind: str, limits: Limits) -> Extracted:
    until = time.monotonic() + limits.reading_seconds
    archive = Archive(file, name, limits)
    body = _Body(limits.characters, _levels(archive))
    notes = []
    for event, element in archive.elements(_PART, starts=True):
        if body.full:
            break
        if time.monotonic() > until:
            notes.append("Only its beginning was read: the rest would have taken too long.")
            break
        body.take(event, element)
    text = "\n".join([*body.lines, *_notes(archive)])
    if not text.strip():
        raise cannot(name, "has no text", why=Why.SKIPPED)
    return put_together([("", text)], kind, limits, notes, title=archive.title())


def _levels(archive: Archive) -> dict[str, int]:
    """The level of each style that headings have, by its id: what it is called is English in every language's program."""
    found: dict[str, int] = {}
    if _STYLES not in archive.names:
        return found
    with suppress(DocumentError):
        for _event, element in archive.elements(_STYLES):
            if local(element.tag) != "style":
                continue
            named = next((_value(child).lower() for child in element.iter("{*}name")), "")
            outline = next((_value(child) for child in element.iter("{*}outlineLvl")), "")
            level = 1 if named == "title" else number_in(named) if _HEADING.fullmatch(named) else 0
            if not level and outline in _LEVELS:
                level = int(outline) + 1
            if level:
                found[next((str(value) for key, value in element.attrib.items() if local(key) == "styleId"), "")] = (
                    level
                )
            element.clear()
    return found


def _notes(archive: Archive) -> list[str]:
    """Footnotes and endnotes, after the text."""
    lines = []
    for part in ("word/footnotes.xml", "word/endnotes.xml"):
        if part not in archive.names:
            continue
        with suppress(DocumentError):
            for _event, element in archive.elements(part):
                if local(element.tag) == "p" and (said := "".join(_runs(element)).strip()):
                    lines.append(said)
    return ["", *lines] if lines else []


def _value(element: Any) -> str:
    return next((str(value) for key, value in element.attrib.items() if local(key) == "val"), "")


class _Body:
    """Grows by elements; what was taken is let go of."""

    def __init__(self, most: int, levels: dict[str, int]) -> None:
        self._levels = levels
        self.lines: list[str] = []
        self._most = most
        self._length = 0
        self._rows: list[list[str]] = []  # cells of the rows that are open, the innermost last
        self._cells: list[list[str]] = []  # paragraphs of the cells that are open

    @property
    def full(self) -> bool:
        return self._length > self._most

    def take(self, event: str, element: Any) -> None:
        tag = local(element.tag)
        if event == "start":
            if tag == "tr":
                self._rows.append([])
            elif tag == "tc":
                self._cells.append([])
        elif tag == "p":
            self._paragraph(element)
        elif tag == "tc" and self._cells:
            said = " ".join(text for text in self._cells.pop() if text)
            if self._rows:
                self._rows[-1].append(said)
        elif tag == "tr" and self._rows:
            self._say(" | ".join(self._rows.pop()))

    def _paragraph(self, element: Any) -> None:
        text = "".join(_runs(element))
        if text.strip() and not self._cells:
            text = _prefix(element, self._levels) + text
        if _is_copy(element):
            text = ""
        element.clear()
        while element.getprevious() is not None:  # what was read before it takes no memory any more
            del element.getparent()[0]
        self._say(text)

    def _say(self, text: str) -> None:
        if self._cells:
            self._cells[-1].append(text)
        else:
            self.lines.append(text)
            self._length += len(text) + 1


def _runs(paragraph: Any) -> list[str]:
    pieces = []
    for element in paragraph.iter():
        tag = local(element.tag)
        if tag == "t":
            pieces.append(element.text or "")
        elif tag in _BREAKS and local(element.getparent().tag) == "r":
            pieces.append(_BREAKS[tag])
    return pieces


def _is_copy(paragraph: Any) -> bool:
    """What stands in a frame is written twice, the second time for programs that know no frames."""
    return any(local(above.tag) == "Fallback" for above in paragraph.iterancestors())


def _prefix(paragraph: Any, levels: dict[str, int]) -> str:
    """Headings and points of lists as Markdown writes them."""
    before = ""
    for element in paragraph.iter("{*}pStyle", "{*}numPr", "{*}outlineLvl"):
        tag, value = local(element.tag), _value(element)
        level = levels.get(value) or _named(value.lower()) if tag == "pStyle" else 0
        if tag == "outlineLvl" and value in _LEVELS:
            level = int(value) + 1
        if level:
            return "#" * min(level, 6) + " "
        if tag == "numPr":
            before = "- "
    return before


def _named(style: str) -> int:
    """The level of a style that is not described, by its id; 0: it is no heading's."""
    if style != "title" and not style.startswith(("heading", "berschrift", "überschrift", "titre")):
        return 0
    return int(style[-1]) if style[-1:] in ("1", "2", "3", "4", "5", "6") else 1

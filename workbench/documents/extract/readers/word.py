"""DOCX: paragraphs, headings and tables of the body."""

from __future__ import annotations

import time
from typing import Any, BinaryIO

from workbench.documents.extract.document import Extracted, Limits, put_together
from workbench.documents.extract.opening import cannot
from workbench.documents.extract.readers.archive import Archive, local

_PART = "word/document.xml"
_BREAKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


def prepare() -> None:
    import lxml.etree  # noqa: F401


def read(file: BinaryIO, name: str, kind: str, limits: Limits) -> Extracted:
    until = time.monotonic() + limits.reading_seconds
    body = _Body(limits.characters)
    notes = []
    for event, element in Archive(file, name, limits).elements(_PART, starts=True):
        if body.full:
            break
        if time.monotonic() > until:
            notes.append("Only its beginning was read: the rest would have taken too long.")
            break
        body.take(event, element)
    text = "\n".join(body.lines)
    if not text.strip():
        raise cannot(name, "has no text")
    return put_together([("", text)], kind, limits, notes)


class _Body:
    """Grows by elements; what was taken is let go of."""

    def __init__(self, most: int) -> None:
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
        text = _prefix(element) + "".join(_runs(element))
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


def _prefix(paragraph: Any) -> str:
    """Headings and points of lists as Markdown writes them."""
    for element in paragraph.iter("{*}pStyle", "{*}numPr"):
        if local(element.tag) == "numPr":
            return "- "
        style = next((str(value) for key, value in element.attrib.items() if local(key) == "val"), "").lower()
        if style == "title" or style.startswith(("heading", "berschrift", "überschrift", "titre")):
            level = style[-1:]
            return "#" * (int(level) if level in ("1", "2", "3", "4", "5", "6") else 1) + " "
    return ""

"""OpenDocument texts, sheets and slides: what LibreOffice saves."""

from __future__ import annotations

import time
from typing import Any, BinaryIO

from workbench.documents.extract import media_types
from workbench.documents.extract.document import Extracted, Limits, Why, put_together
from workbench.documents.extract.opening import cannot
from workbench.documents.extract.readers.archive import Archive, local

_PART = "content.xml"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_NOT_SHOWN = frozenset({"annotation", "tracked-changes", "forms", "master-styles", "automatic-styles", "notes"})
_CELLS = frozenset({"table-cell", "covered-table-cell"})
MOST_SPACES = 200
MOST_CELLS_OF_ONE = 100


def prepare() -> None:
    import lxml.etree  # noqa: F401


def read(file: BinaryIO, name: str, kind: str, limits: Limits) -> Extracted:
    archive = Archive(file, name, limits)
    until = time.monotonic() + limits.reading_seconds
    body, notes = _Body(kind), []
    for event, element in archive.elements(_PART, starts=True):
        if body.length > limits.characters:
            break
        if time.monotonic() > until:
            notes.append("Only its beginning was read: the rest would have taken too long.")
            break
        body.take(event, element)
    pieces = body.finished()
    if not any(text.strip() for _label, text in pieces):
        raise cannot(name, "has no text" if kind != media_types.ODS else "has no values", why=Why.SKIPPED)
    numbered = kind == media_types.ODP
    return put_together(pieces, kind, limits, notes, title=archive.title("meta.xml"), numbered=numbered)


class _Body:
    """Grows by elements: paragraphs become lines, rows become cells between bars; what was taken is let go of."""

    def __init__(self, kind: str) -> None:
        self.length = 0
        self._kind = kind
        self._pieces: list[tuple[str, list[str]]] = [("", [])]
        self._hidden = 0
        self._lists = 0
        self._slides = 0
        self._rows: list[list[str]] = []
        self._cells: list[list[str]] = []

    def take(self, event: str, element: Any) -> None:
        tag = local(element.tag)
        if tag in _NOT_SHOWN:
            self._hidden += 1 if event == "start" else -1
        if self._hidden:
            return
        if event == "start":
            self._begin(tag, element)
        else:
            self._end(tag, element)

    def finished(self) -> list[tuple[str, str]]:
        return [(label, "\n".join(lines)) for label, lines in self._pieces if label or lines]

    def _begin(self, tag: str, element: Any) -> None:
        if tag == "table" and self._kind == media_types.ODS:
            self._pieces.append((f"Sheet: {element.get(_TABLE + 'name', '')}", []))
        elif tag == "page" and self._kind == media_types.ODP:
            self._slides += 1
            self._pieces = [piece for piece in self._pieces if piece[0]]
            self._pieces.append((f"Slide {self._slides}", []))
        elif tag == "table-row":
            self._rows.append([])
        elif tag in _CELLS:
            self._cells.append([])
        elif tag == "list":
            self._lists += 1

    def _end(self, tag: str, element: Any) -> None:
        if tag in ("p", "h"):
            self._paragraph(tag, element)
        elif tag == "list":
            self._lists -= 1
        elif tag in _CELLS and self._cells:
            said = " ".join(text for text in self._cells.pop() if text)
            if self._rows:
                self._rows[-1] += [said] * _repeated(element, said)
            _let_go(element)
        elif tag == "table-row" and self._rows:
            self._say(" | ".join(self._rows.pop()).rstrip(" |"))
            _let_go(element)

    def _paragraph(self, tag: str, element: Any) -> None:
        if any(local(above.tag) in ("p", "h") for above in element.iterancestors()):
            return  # in a frame within another paragraph, which says it
        before = "- " if self._lists and tag == "p" else ""
        if tag == "h":
            level = str(element.get(_TEXT + "outline-level", "1"))
            before = "#" * (int(level) if level in ("1", "2", "3", "4", "5", "6") else 6) + " "
        said = "".join(_runs(element))
        self._say(before + said if said.strip() and not self._cells else said)
        _let_go(element)

    def _say(self, text: str) -> None:
        if self._cells:
            self._cells[-1].append(text)
        elif text.strip() or self._kind == media_types.ODT:
            self._pieces[-1][1].append(text)
            self.length += len(text) + 1


def _runs(element: Any) -> list[str]:
    """The words of a paragraph, with its spaces, tabs and ends of lines; without what is noted beside them."""
    pieces = [element.text or ""]
    for child in element:
        tag = local(child.tag)
        if tag == "s":
            count = str(child.get(_TEXT + "c", "1"))
            pieces.append(" " * min(int(count) if count.isdigit() else 1, MOST_SPACES))
        elif tag in ("tab", "line-break"):
            pieces.append("\t" if tag == "tab" else "\n")
        elif tag == "note":
            pieces.append(" (" + " ".join("".join(_runs(child)).split()) + ")")
        elif tag not in _NOT_SHOWN and tag not in ("note-citation", "bookmark", "desc", "title"):
            pieces += _runs(child)
        pieces.append(child.tail or "")
    return pieces


def _repeated(element: Any, said: str) -> int:
    """A cell may stand for many: those that are empty only keep the place of what follows."""
    count = str(element.get(_TABLE + "number-columns-repeated", "1"))
    wanted = int(count[:9]) if count.isdigit() else 1
    return min(wanted, MOST_CELLS_OF_ONE) if said else min(wanted, 20)


def _let_go(element: Any) -> None:
    tail = element.tail
    element.clear()
    element.tail = tail

"""XLSX: the values of each sheet, as lines of cells.

The reader of cells lays a sheet out from its first cell to its last one: a single cell in the far corner would be seventeen
thousand million. So the range is looked at first, in the packed XML, and such a sheet is left out.
"""

from __future__ import annotations

import re
from datetime import datetime, time
from typing import Any, BinaryIO

from workbench.documents.extract.document import Extracted, Limits, put_together
from workbench.documents.extract.opening import cannot
from workbench.documents.extract.readers.archive import RELATION_ID, Archive, local

_PART = "xl/workbook.xml"
_PLACE = re.compile(rb"<(?:\w+:)?(?:c|row)\b[^>]*?\br=[\"']([A-Z]{0,3})(\d{1,7})[\"']")
_OVERLAP = 512
MOST_SHEETS = 500


def prepare() -> None:
    import lxml.etree  # noqa: F401
    import python_calamine  # noqa: F401


def read(file: BinaryIO, name: str, kind: str, limits: Limits) -> Extracted:
    """Raises `DocumentError` where no sheet has a value."""
    import python_calamine

    archive = Archive(file, name, limits)
    title_of_book = archive.title()
    notes, wanted = [], []
    for title, part in _sheets(archive)[:MOST_SHEETS]:
        cells = _cells(archive, part)
        if cells > limits.cells:
            notes.append(f"Sheet “{title}” was left out: it spreads over {cells:,} cells.")
        else:
            wanted.append(title)
    file.seek(0)
    book = python_calamine.CalamineWorkbook.from_filelike(file)
    sheets, length = [], 0
    for title in wanted:
        if length > limits.characters:
            notes.append(f"Sheet “{title}” and those after it were left out: there is too much before them.")
            break
        text = _lines(book.get_sheet_by_name(title))
        length += len(text)
        sheets.append((f"Sheet: {title}", text))
    if not any(text.strip() for _label, text in sheets):
        raise cannot(name, "has no values" if not notes else f"has no sheet that can be read. {notes[0].rstrip('.')}")
    return put_together(sheets, kind, limits, notes, title=title_of_book)


def _sheets(archive: Archive) -> list[tuple[str, str]]:
    """Titles and parts, in the order of the tabs."""
    targets = archive.relations(_PART)
    found = []
    for _event, element in archive.elements(_PART):
        if local(element.tag) == "sheet":
            part = targets.get(str(element.get(RELATION_ID)), "")
            if part in archive.names and part.startswith("xl/worksheets"):
                found.append((str(element.get("name", "")), part))
    return found


def _cells(archive: Archive, part: str) -> int:
    """How many cells the range from the first to the last one has."""
    file = archive.open(part)
    rows, columns = _Span(), _Span()
    rest = b""
    while piece := file.read(1 << 18):
        rest = rest[-_OVERLAP:] + piece
        for letters, digits in _PLACE.findall(rest):
            rows.take(int(digits))
            if letters:
                columns.take(_column(letters))
    return rows.length * max(1, columns.length)


class _Span:
    def __init__(self) -> None:
        self._first, self._last = 1 << 30, 0

    def take(self, place: int) -> None:
        self._first, self._last = min(self._first, place), max(self._last, place)

    @property
    def length(self) -> int:
        return max(0, self._last - self._first + 1)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _lines(sheet: Any) -> str:
    rows = (" | ".join(map(_cell, row)).rstrip(" |") for row in sheet.iter_rows())
    return "\n".join(row for row in rows if row)


def _cell(value: Any) -> str:
    """Whole numbers without a point, days without an hour."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    return " ".join(str(value).split())

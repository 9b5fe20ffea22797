"""A page of a PDF as people see it: its picture, and where on it a passage stands."""

from __future__ import annotations

import ctypes
import struct
import unicodedata
import zlib
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Any, BinaryIO

from workbench.documents.extract.answer import Box
from workbench.documents.extract.document import DocumentError
from workbench.documents.extract.opening import cannot
from workbench.documents.extract.readers import pdf

MOST_WIDTH = 4_000
MOST_PIXELS = 24_000_000
MOST_CHARACTERS = 40_000
_LEAST_MATCH = 12


def draw(file: BinaryIO, name: str, page: int, width: int) -> bytes:
    """The page, from 1, as PNG of this width in pixels. Raises `DocumentError`."""
    sheet = _page(file, name, page)
    across, down = sheet.get_size()
    if across <= 0 or down <= 0:
        raise cannot(name, f"has no size on page {page}")
    scale = min(max(16, width), MOST_WIDTH) / across
    scale = min(scale, (MOST_PIXELS / (across * down)) ** 0.5)
    bitmap = sheet.render(scale=scale, rev_byteorder=True, force_bitmap_format=_bgr(), maybe_alpha=False)
    return png(bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride)


def boxes(file: BinaryIO, name: str, page: int, passage: str) -> list[Box]:
    """Where the passage stands on the page, line by line: left, top, right, bottom as parts of its width and height.

    What stands on another page is passed over; empty where nothing of it is found. Raises `DocumentError`.
    """
    sheet = _page(file, name, page)
    text = sheet.get_textpage()
    found = place(_characters(text), passage)
    return [] if found is None else [_on(sheet, box) for box in _rectangles(text, *found)]


def place(characters: list[str], passage: str) -> tuple[int, int] | None:
    """First and last place of the passage among these characters, whatever stands between its letters. Pure."""
    letters = [(letter, index) for index, one in enumerate(characters) for letter in _letters(one)]
    wanted = "".join(letter for one in passage[:MOST_CHARACTERS] for letter in _letters(one))
    there = "".join(letter for letter, _index in letters)
    if not wanted or not there:
        return None
    start, size = there.find(wanted), len(wanted)
    if start < 0:
        match = SequenceMatcher(None, there, wanted, autojunk=False).find_longest_match()
        start, size = match.a, match.size
        if size < min(_LEAST_MATCH, len(wanted)):
            return None
    return letters[start][1], letters[start + size - 1][1]


def png(rows: bytes, width: int, height: int, stride: int) -> bytes:
    """RGB rows as a PNG. Pure."""
    lines = b"".join(b"\0" + rows[row * stride : row * stride + 3 * width] for row in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(lines, 3)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in parts
    )


def _page(file: BinaryIO, name: str, page: int) -> Any:
    import pypdfium2

    document = pdf.opened(file, name)
    if not 1 <= page <= len(document):
        raise cannot(name, f"has no page {page}: it has {len(document)}")
    try:
        return document[page - 1]
    except pypdfium2.PdfiumError as error:
        raise _broken(name, page) from error


def _broken(name: str, page: int) -> DocumentError:
    return cannot(name, f"cannot be shown: page {page} is broken")


def _bgr() -> int:
    import pypdfium2.raw as pdfium

    return int(pdfium.FPDFBitmap_BGR)


def _letters(character: str) -> str:
    return "".join(one for one in unicodedata.normalize("NFKC", character).casefold() if one.isalnum())


def _characters(text: Any) -> list[str]:
    import pypdfium2.raw as pdfium

    count = min(text.count_chars(), MOST_CHARACTERS)
    codes = (int(pdfium.FPDFText_GetUnicode(text, index)) for index in range(count))
    return [chr(code) if 32 <= code < 0xD800 or 0xE000 <= code < 0x110000 else " " for code in codes]


def _rectangles(text: Any, first: int, last: int) -> Iterator[Box]:
    import pypdfium2.raw as pdfium

    sides = [ctypes.c_double() for _side in range(4)]
    for index in range(pdfium.FPDFText_CountRects(text, first, last - first + 1)):
        if pdfium.FPDFText_GetRect(text, index, *sides):
            left, top, right, bottom = (side.value for side in sides)
            yield left, top, right, bottom


def _on(sheet: Any, box: Box) -> Box:
    """From the page's own measures, which may be turned and moved, to parts of what is seen."""
    import pypdfium2.raw as pdfium

    fine = 10_000
    corners = []
    for x, y in ((box[0], box[1]), (box[2], box[3])):
        across, down = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDF_PageToDevice(sheet, 0, 0, fine, fine, 0, x, y, across, down)
        corners.append((across.value / fine, down.value / fine))
    (left, top), (right, bottom) = corners
    return min(left, right), min(top, bottom), max(left, right), max(top, bottom)

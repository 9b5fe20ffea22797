"""PDF files, with the text of each page."""

from __future__ import annotations

import codecs
import re
import time
from typing import Any, BinaryIO

from workbench.documents.extract.document import Extracted, Limits, put_together
from workbench.documents.extract.opening import cannot

MOST_PAGES = 5_000
_SOFT_HYPHEN = re.compile("\x02[ \t]*\r?\n?")
_ENDS = re.compile("[\ufffe\uffff]")


def prepare() -> None:
    """What Python imports when it is first used is used here."""
    import pypdfium2  # noqa: F401

    codecs.lookup("utf_16_le")


def read(file: BinaryIO, name: str, kind: str, limits: Limits) -> Extracted:
    """Raises `DocumentError` for a file with a password, a broken one, and one without any text (a scan)."""
    until = time.monotonic() + limits.reading_seconds
    document = _opened(file, name)
    count = len(document)
    pages: list[tuple[str, str]] = []
    notes, length, unreadable = [], 0, 0
    for number in range(count):
        if time.monotonic() > until or number >= MOST_PAGES or length > limits.characters:
            notes.append(f"Only the first {number:,} of {count:,} pages were read.")
            break
        text = _text(document, number)
        unreadable += text is None
        pages.append((f"Page {number + 1}", text or ""))
        length += len(text or "")
    if unreadable:
        notes.append(f"{unreadable:,} of {count:,} pages are broken and were left out.")
    if not any(text.strip() for _label, text in pages):
        raise cannot(name, "has no text: its pages may be pictures", "Attach a page as a picture to a model that sees.")
    return put_together(pages, kind, limits, notes)


def _opened(file: BinaryIO, name: str) -> Any:
    import pypdfium2

    try:
        return pypdfium2.PdfDocument(file)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            raise cannot(name, "is protected by a password", "Save it without one, and attach that.") from error
        raise cannot(name, "is broken, or no PDF") from error


def _text(document: Any, number: int) -> str | None:
    """None for a page that cannot be read."""
    import pypdfium2

    try:
        page = document[number]
        found = page.get_textpage().get_text_bounded()
        page.close()
    except pypdfium2.PdfiumError:
        return None
    return repaired(found)


def repaired(text: str) -> str:
    """The reader marks the hyphen at the end of a line that divides a word: the word is put together again."""
    return _ENDS.sub("", _SOFT_HYPHEN.sub("", text))

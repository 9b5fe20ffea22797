"""PDF files, with the text of each page."""

from __future__ import annotations

import codecs
import re
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any, BinaryIO

from workbench.documents.extract.document import Extracted, Limits, Why, put_together
from workbench.documents.extract.opening import cannot

MOST_PAGES = 5_000
_LETTERS = r"[^\W\d_]"
_DIVIDED = re.compile(
    rf"(?<!{_LETTERS})({_LETTERS}++)(\x02|\u00ad|[-\u2010](?=[ \t]*\r?\n))[ \t]*+\r?\n?[ \t]*+({_LETTERS}++)"
)
_LEFT_OVER = re.compile("[\x02\u00ad\ufffe\uffff]")
_NO_TITLE = re.compile(
    r"^(untitled|microsoft (word|powerpoint|excel)\b|slide 1$|.*\.(docx?|pptx?|xlsx?|tex|dvi|indd|qxd)$)", re.IGNORECASE
)


def prepare() -> None:
    """What Python imports when it is first used is used here."""
    import pypdfium2
    import pypdfium2.raw  # noqa: F401

    codecs.lookup("utf_16_le")


def read(file: BinaryIO, name: str, kind: str, limits: Limits) -> Extracted:
    """Raises `DocumentError` for a file with a password, a broken one, and one that is empty. A scan has no text either,
    but tells its pages."""
    until = time.monotonic() + limits.reading_seconds
    document = opened(file, name)
    count = len(document)
    pages: list[str | None] = []
    notes, length = [], 0
    for number in range(count):
        if time.monotonic() > until or number >= MOST_PAGES or length > limits.characters:
            notes.append(f"Only the first {number:,} of {count:,} pages were read.")
            break
        pages.append(_text(document, number))
        length += len(pages[-1] or "")
    if unreadable := pages.count(None):
        notes.append(f"{unreadable:,} of {count:,} pages are broken and were left out.")
    texts = [page or "" for page in pages]
    pictures = [number for number, page in enumerate(pages) if page is not None and not page.strip()]
    scanned = [number + 1 for number in pictures if _is_picture(document, number)]
    if len(pictures) + unreadable == len(pages) and not scanned:
        raise cannot(name, "has no text", why=Why.SKIPPED)
    if scanned:
        notes.append(scan_note(len(scanned)))
    mended = repaired_pages(texts)
    labelled = [(f"Page {number}", text) for number, text in enumerate(mended, 1)]
    made = put_together(labelled, kind, limits, notes, title=_title(document), numbered=True)
    return replace(made, scanned=tuple(scanned))


def scan_note(count: int) -> str:
    if count == 1:
        return "1 page has no text: it is a picture."
    return f"{count:,} pages have no text: they are pictures."


def opened(file: BinaryIO, name: str) -> Any:
    """Raises `DocumentError`."""
    import pypdfium2

    try:
        return pypdfium2.PdfDocument(file)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            raise cannot(name, "is protected by a password", "Save it without one, and attach that.") from error
        raise cannot(name, "is broken, or no PDF") from error


def repaired_pages(pages: list[str]) -> list[str]:
    """Words that the end of a line divides are put together again. Pure.

    The reader marks such hyphens, whether they belong to the word or not. A word that is written with its hyphen elsewhere
    keeps it; where neither form is seen elsewhere it goes, but before a capital letter.
    """
    words = _Words(pages)
    return [_LEFT_OVER.sub("", _DIVIDED.sub(words.joined, page)) for page in pages]


class _Words:
    """Which words the whole file has, looked at once and only when a line divides one."""

    def __init__(self, pages: list[str]) -> None:
        self._pages = pages
        self._seen: frozenset[str] | None = None

    def joined(self, match: re.Match[str]) -> str:
        before, mark, after = match.groups()
        if match.string[max(0, match.start() - 1)] in "-\u2010":  # as in state-of-the-art
            return f"{before}-{after}"
        whole, hyphened = before + after, f"{before}-{after}"
        if self._has(whole):
            return whole
        kept = self._has(hyphened) or after[:1].isupper() or (mark in "-\u2010" and not before.islower())
        return hyphened if kept else whole

    def _has(self, word: str) -> bool:
        if self._seen is None:
            found: set[str] = set()
            for page in self._pages:
                found.update(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)?", page.lower()))
            self._seen = frozenset(found)
        return word.lower() in self._seen


def _text(document: Any, number: int) -> str | None:
    """None for a page that cannot be read."""
    return _of_page(document, number, lambda page: str(page.get_textpage().get_text_bounded()))


def _is_picture(document: Any, number: int) -> bool:
    """Whether an empty page shows something."""
    import pypdfium2.raw as pdfium

    def shows(page: Any) -> str:
        return "yes" if any(True for _one in page.get_objects([pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3)) else ""

    return bool(_of_page(document, number, shows))


def _of_page(document: Any, number: int, look: Callable[[Any], str]) -> str | None:
    import pypdfium2

    try:
        page = document[number]
        found = look(page)
        page.close()
    except pypdfium2.PdfiumError:
        return None
    return found


def _title(document: Any) -> str:
    """As the file says, where it says one that a person gave."""
    said = str(document.get_metadata_value("Title")).strip()
    return "" if len(said) < 3 or _NO_TITLE.match(said) else said

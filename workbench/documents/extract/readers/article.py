"""Pages of the web as somebody reads them: the article, without menus, notices and what else stands around it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, BinaryIO

from workbench.documents.extract.document import Extracted, Limits, put_together
from workbench.documents.extract.readers import html

LEAST_CHARACTERS = 200  # a shorter article may be a notice: then all that stands on the page is told
MOST_BYTES = 8 << 20  # finding the article takes longer than reading all
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_CODE = re.compile(r"(```.*?```|`[^`\n]*`)", re.DOTALL)
_ESCAPED = re.compile(r"\\([*_\[\]#>+.~|$-])")


def prepare() -> None:
    """What is used is imported by using it: afterwards no file can be opened."""
    html.prepare()
    _article("<html><body><article><p>" + "A sentence with a few words in it. " * 20 + "</p></article></body></html>")


def read(file: BinaryIO, name: str, kind: str, limits: Limits) -> Extracted:
    """Raises `DocumentError` as `html.read`."""
    raw = file.read(MOST_BYTES + 1)
    file.seek(0)
    whole = html.read(file, name, kind, limits)
    if len(raw) > MOST_BYTES:
        return whole
    source, _guessed = html.decoded(raw, name)
    try:
        found = _article(source)
    except Exception:  # noqa: BLE001 - whatever the library meets there, the page is still told as it stands
        return whole
    text = "" if found is None else _plain(str(found.text or ""))
    title = str(getattr(found, "title", None) or whole.title)
    said = _DATE.match(str(getattr(found, "date", None) or ""))
    date = said[0] if said else ""
    if len(text) < min(LEAST_CHARACTERS, len(whole.text) // 2):
        return _dated(whole, title, date)
    return _dated(put_together([("", text)], kind, limits, whole.notes, title=title), title, date)


def _dated(extracted: Extracted, title: str, date: str) -> Extracted:
    return replace(extracted, title=title, date=date)


def _plain(text: str) -> str:
    """Without the backslashes that keep signs from meaning something in Markdown: a page is quoted as it was written."""
    pieces = _CODE.split(text)
    pieces[::2] = [_ESCAPED.sub(r"\1", piece) for piece in pieces[::2]]
    return "".join(pieces)


def _article(source: str) -> Any:
    from trafilatura import bare_extraction

    return bare_extraction(
        source,
        output_format="python",
        with_metadata=True,
        fast=True,  # what it tries after that would open files
        include_comments=False,
        include_tables=True,
        include_formatting=True,
        include_links=False,
        favor_recall=True,
        date_extraction_params={"extensive_search": False, "original_date": True},
    )

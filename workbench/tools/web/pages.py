"""A page of the public web as text: fetched with bounds, unpacked with bounds, read in a confined child."""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit

from workbench.cancel import CancelToken
from workbench.errors import DownloadError, RefusedError, ToolError, UsageError
from workbench.sizes import size_words
from workbench.tools.web.shown import Page, site
from workbench.tools.web.unpacking import TooLargeError, unpacked
from workbench.tools.web.visible import one_line, visible
from workbench.web.public import Fetched

MOST_BYTES: Final = 20 << 20
ACCEPT: Final = "text/html, application/xhtml+xml, text/plain, application/pdf, application/json;q=0.9, */*;q=0.1"
_TITLE, _NAME = 200, 80
_ENDINGS: Final = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "application/json": ".json",
    "text/csv": ".csv",
    "text/markdown": ".md",
    "application/xml": ".xml",
    "text/xml": ".xml",
}


@dataclass(frozen=True, slots=True)
class Readable:
    """What a file of the web says. ``title`` and ``date``: as it says itself; ``notes``: what was left out."""

    text: str
    title: str = ""
    date: str = ""
    notes: tuple[str, ...] = ()


Fetch = Callable[[str, CancelToken], Fetched]
Read = Callable[[bytes, str, CancelToken], Readable]
"""Of a content and what it is called. Raises `UsageError` with a plain reason."""


def read_page(url: str, cancel: CancelToken, fetch: Fetch, read: Read) -> Page:
    """Raises `ToolError` with a plain sentence for whatever goes wrong, `Cancelled`."""
    try:
        found = fetch(url, cancel)
        content = _unpacked(found)
        readable = read(_recoded(content, found.charset), _named(found), cancel)
    except (RefusedError, DownloadError, UsageError) as error:
        raise ToolError(error.message, hint=error.hint, detail=error.detail) from error
    text = visible(readable.text).strip()
    if not text:
        raise ToolError(f"{site(found.url)} sent a page without a text: a script would have to write it.")
    title = one_line(readable.title, _TITLE) or site(found.url)
    digest = hashlib.sha256(content).hexdigest()
    return Page(found.url, url, title, text, one_line(readable.date, 40), digest, readable.notes)


def _unpacked(found: Fetched) -> bytes:
    """Raises `DownloadError` for what is packed in an unknown way, broken, or grows too large."""
    try:
        return unpacked(found.content, found.encoding, MOST_BYTES)
    except TooLargeError as error:
        raise DownloadError(f"What {site(found.url)} sent unpacks to more than {size_words(MOST_BYTES)}.") from error
    except ValueError as error:
        raise DownloadError(f"What {site(found.url)} sent is broken, or packed in an unknown way.") from error


def _recoded(content: bytes, charset: str) -> bytes:
    """As UTF-8, where the server says which encoding it is."""
    try:
        known = codecs.lookup(charset).name if charset else "utf-8"
        return content if known == "utf-8" else content.decode(known, "replace").encode()
    except (LookupError, ValueError):
        return content


def _named(found: Fetched) -> str:
    """The end of its address, with the ending that its kind has."""
    name = visible(unquote(urlsplit(found.url).path.rstrip("/").rpartition("/")[2]))[-_NAME:] or site(found.url)
    ending = _ENDINGS.get(found.media_type, "")
    return name if name.lower().endswith(ending) else name + ending

"""EPUB books, chapter by chapter in the order they are read."""

from __future__ import annotations

import posixpath
from typing import BinaryIO
from urllib.parse import unquote

from workbench.documents.extract.document import DocumentError, Extracted, Limits, Why, put_together
from workbench.documents.extract.opening import cannot
from workbench.documents.extract.readers import html
from workbench.documents.extract.readers.archive import Archive, local

_CONTAINER = "META-INF/container.xml"
_LOCKED = "META-INF/encryption.xml"
MOST_CHAPTERS = 5_000
MOST_TITLE = 120


def prepare() -> None:
    import lxml.etree  # noqa: F401

    html.prepare()


def read(file: BinaryIO, name: str, kind: str, limits: Limits) -> Extracted:
    """Raises `DocumentError` for a book without text, and one that may only be read by the shop's own program."""
    archive = Archive(file, name, limits)
    title, parts = _spine(archive)
    pieces: list[tuple[str, str]] = []
    broken = length = 0
    for part in parts[:MOST_CHAPTERS]:
        if length > limits.characters:
            break
        try:
            chapter, body = html.plain(archive.whole(part).decode("utf-8", "replace"), name)
        except DocumentError:
            if archive.spent:
                raise
            broken += 1
            continue
        if body.strip():
            pieces.append((_label(chapter, body, len(pieces) + 1), body))
            length += len(body)
    if not pieces:
        locked = _LOCKED in archive.names
        why = "is protected: only the program it was bought for can read it" if locked else "has no text"
        raise cannot(name, why, why=Why.SKIPPED)
    notes = [f"{broken:,} of {len(parts):,} chapters are broken and were left out."] if broken else []
    return put_together(pieces, kind, limits, notes, title=title)


def _spine(archive: Archive) -> tuple[str, list[str]]:
    """The title, and the parts in the order they are read."""
    package = next(
        (
            str(element.get("full-path", ""))
            for _event, element in archive.elements(_CONTAINER)
            if local(element.tag) == "rootfile"
        ),
        "",
    )
    folder = posixpath.dirname(package)
    title, files, order = "", {}, []
    for _event, element in archive.elements(package):
        tag = local(element.tag)
        if tag == "title" and not title:
            title = " ".join((element.text or "").split())
        elif tag == "item" and "html" in str(element.get("media-type", "")):
            files[element.get("id")] = posixpath.normpath(posixpath.join(folder, unquote(str(element.get("href", "")))))
        elif tag == "itemref" and element.get("linear") != "no":
            order.append(element.get("idref"))
    there = frozenset(archive.names)
    return title, [files[one] for one in order if files.get(one) in there]


def _label(title: str, body: str, number: int) -> str:
    """A chapter's first heading, else what its page calls itself, else its number."""
    first = body.lstrip().partition("\n")[0]
    said = first.lstrip("#").strip() if first.startswith("#") else title
    return said[:MOST_TITLE] or f"Chapter {number}"

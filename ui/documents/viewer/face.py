"""How a document is best looked at, and what is safe to hand to the system. Pure."""

from __future__ import annotations

from enum import StrEnum

from workbench.documents.extract import media_types
from workbench.documents.formats import FORMATS

MOST_RENDERED = 200_000  # characters of Markdown that are shown rendered at once
_MARKDOWN = frozenset({"text/markdown"})
_TABLES = frozenset({*FORMATS["sheets"].media_types, *FORMATS["tables"].media_types})
_CODE = frozenset({*FORMATS["code"].endings, *FORMATS["data"].endings})
_HANDED_OVER = ("pdf", "word", "slides", "sheets", "tables", "epub", "html", "mail", "markdown")
_READERS = frozenset({"txt", "text", *(ending for name in _HANDED_OVER for ending in FORMATS[name].endings)})


class Face(StrEnum):
    TEXT = "text"
    MARKDOWN = "markdown"
    CODE = "code"
    TABLE = "table"
    PAGES = "pages"


def face_of(media_type: str, name: str) -> Face:
    """By what was read of it, then by its name."""
    if media_type == media_types.PDF:
        return Face.PAGES
    if media_type in _TABLES:
        return Face.TABLE
    if media_type in _MARKDOWN:
        return Face.MARKDOWN
    return Face.CODE if ending(name) in _CODE else Face.TEXT


def ending(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""


def language_of(name: str) -> str:
    """The language to colour it in, as pygments calls it; empty: none."""
    from pygments.lexers import find_lexer_class_for_filename

    found = find_lexer_class_for_filename(name)
    return found.aliases[0] if found is not None and found.aliases else ""


def may_be_opened(name: str) -> bool:
    """Whether the system's program for such a file only reads it. A script would be run: its folder is opened instead."""
    return ending(name) in _READERS

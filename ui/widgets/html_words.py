"""The words of a piece of HTML that another program put on the clipboard, in time that grows with its length. Pure."""

from __future__ import annotations

import re
from html import unescape
from typing import Final

LINES: Final = frozenset(
    {"address", "blockquote", "br", "dd", "div", "dl", "dt", "h1", "h2", "h3", "h4", "h5", "h6"}
    | {"hr", "li", "ol", "p", "pre", "table", "tr", "ul"}
)
UNSEEN: Final = frozenset({"head", "script", "style", "template", "title"})
CELLS: Final = frozenset({"td", "th"})
_NAME = re.compile(r"/?([a-zA-Z][a-zA-Z0-9]*)")


def words_of_html(html: str) -> str:
    """Its text, with a line for each block and a tab between cells. Nothing is loaded.

    Nothing is nested either: Qt's own reader takes minutes for some hundred kilobytes of tables in tables.
    """
    first, *rest = html.split("<")
    found, unseen = [_plain(first)], ""
    for piece in rest:
        tag, _closed, text = piece.partition(">")
        match = _NAME.match(tag)
        name = match[1].lower() if match else ""
        if unseen:
            unseen = "" if name == unseen and tag.startswith("/") else unseen
        elif name in UNSEEN and not tag.startswith("/"):
            unseen = name
        if unseen:
            continue
        if name in LINES:
            found.append("\n")
        elif name in CELLS and tag.startswith("/"):
            found.append("\t")
        found.append(_plain(text))
    lines = re.sub(r" {2,}", " ", "".join(found)).split("\n")
    cells = ("\t".join(cell.strip() for cell in line.split("\t")).rstrip() for line in lines)
    return "\n".join(line for line in cells if line)


def _plain(text: str) -> str:
    """Between two tags: runs of white space are one space."""
    return unescape(re.sub(r"\s+", " ", text))

"""A message for the clipboard: as Markdown, as plain text, and as formatted text for a word processor."""

from __future__ import annotations

import re
from html import escape, unescape
from typing import TYPE_CHECKING

from workbench.markup import Kind, blocks, to_html, to_text, unfolded

if TYPE_CHECKING:
    from PySide6.QtCore import QMimeData

_FORMULA = re.compile(r'<img alt="([^"]*)"(?: title="display")?>')
_TABLE = '<table border="1" cellspacing="0" cellpadding="6">'


def plain(markdown: str) -> str:
    """What a reader sees of it, without a mark."""
    return "\n\n".join(text for block in blocks(markdown) if (text := unfolded(to_text(block)).strip("\n")))


def formatted(markdown: str) -> str:
    """HTML that loads nothing and runs nothing; formulas are their LaTeX."""
    pieces: list[str] = []
    joined = False
    for block in blocks(markdown):
        html = unfolded(to_html(block))
        html = _FORMULA.sub(lambda match: f"<code>{escape(unescape(match[1]), quote=False)}</code>", html)
        joined = bool(block.head) and bool(pieces) and block.kind is Kind.TABLE  # further rows of the table above
        if joined:
            rows = html.removeprefix("<table>").removesuffix("</table>")
            pieces[-1] = pieces[-1].removesuffix("</table>") + rows + "</table>"
        else:
            pieces.append(html.replace("<table>", _TABLE, 1))
    return "\n".join(pieces)


def mime(markdown: str) -> QMimeData:
    """All three, for whatever it is pasted into."""
    from PySide6.QtCore import QByteArray, QMimeData

    data = QMimeData()
    data.setText(plain(markdown))
    data.setHtml(formatted(markdown))
    data.setData("text/markdown", QByteArray(markdown.encode()))
    return data

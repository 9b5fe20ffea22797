"""From untrusted Markdown to what may be shown: the only caller of the Markdown library and of the sanitizer.

``Splitter`` cuts a growing text into blocks, of which only the last ones can still change; ``to_html`` turns one block into
sanitised HTML without any style (colours and sizes are the window's), ``to_text`` into plain text. Pure: no I/O, no clock.
"""

from workbench.markup.blocks import Block, Kind, Splitter, blocks, table_columns
from workbench.markup.links import safe_url
from workbench.markup.marks import Link, Mark
from workbench.markup.render import text_html, to_html, to_text, unfolded

__all__ = [
    "Block",
    "Kind",
    "Link",
    "Mark",
    "Splitter",
    "blocks",
    "safe_url",
    "table_columns",
    "text_html",
    "to_html",
    "to_text",
    "unfolded",
]

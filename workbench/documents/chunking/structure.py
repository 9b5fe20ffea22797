"""Which structure a kind of file has. Pure."""

from __future__ import annotations

from functools import partial

from workbench.documents.chunking import definitions, outline, table
from workbench.documents.chunking.block import Structure
from workbench.documents.formats import ending_of, format_of, format_of_type

_KEYS = frozenset({"json", "jsonl", "ndjson", "json5", "geojson", "yaml", "yml"})
_SETTINGS = frozenset({"toml", "ini", "cfg", "conf", "properties", "env"})
_SEPARATORS = {"text/csv": ",", "text/tab-separated-values": "\t", "csv": ",", "tsv": "\t", "tab": "\t"}
_OUTLINES = {
    "markdown": outline.Outline(marks=True),
    "notebook": outline.Outline(marks=True),
    "mail": outline.Outline(marks=True),
    "word": outline.Outline(marks=True, lines=True),
    "html": outline.Outline(marks=True, lines=True),
    "epub": outline.Outline(marks=True, lines=True),
    "slides": outline.Outline(underlines="", lines=True),
    "pdf": outline.Outline(underlines=""),
}


def structure(media_type: str, name: str) -> Structure:
    """What finds the blocks of such a file; its content says more than its name does."""
    kind = format_of_type(media_type) if media_type not in ("", "text/plain") else ""
    kind = kind or format_of(name)
    if kind == "data":
        return _data(ending_of(name.lower()), media_type)
    if kind in ("sheets", "tables"):
        return partial(table.rows, separator=_separator(ending_of(name.lower()), media_type))
    if kind == "code":
        return partial(definitions.blocks, opening=definitions.OPENING)
    return _OUTLINES.get(kind, outline.Outline(underlines=outline.UNDERLINES)).blocks


def _data(ending: str, media_type: str) -> Structure:
    if ending in _KEYS or media_type.endswith(("json", "yaml")):
        return partial(definitions.blocks, opening=definitions.KEY)
    if ending in _SETTINGS or media_type.endswith("toml"):
        return partial(definitions.blocks, opening=definitions.SECTION)
    return partial(definitions.blocks, opening=definitions.NOTHING)


def _separator(ending: str, media_type: str) -> str:
    """Of the cells of a row: readers of sheets put bars between them."""
    return _SEPARATORS.get(media_type) or _SEPARATORS.get(ending, " | ")

"""Notebooks: the words and the code of each cell, and what it said, in short."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from workbench.documents.extract import media_types
from workbench.documents.extract.document import Extracted, Limits, Why, put_together
from workbench.documents.extract.opening import cannot
from workbench.documents.extract.readers import text as texts

MOST_BYTES = 64 << 20
MOST_OUTPUT = 1_500
_FENCE = "`" * 3


def prepare() -> None:
    texts.prepare()


def read(file: BinaryIO, name: str, kind: str, limits: Limits) -> Extracted:
    """As Markdown. One that is no notebook is read as what it is, a text."""
    raw = file.read(MOST_BYTES)
    if file.read(1):
        raise cannot(name, f"is larger than {MOST_BYTES >> 20} MB")
    source, notes = texts.decoded(raw, name)
    try:
        cells = _cells(json.loads(source))
    except (ValueError, TypeError, KeyError, AttributeError):
        return put_together([("", source)], media_types.PLAIN, limits, [*notes, "It is no whole notebook."])
    text = "\n\n".join(piece for piece in cells if piece.strip())
    if not text.strip():
        raise cannot(name, "has no text", why=Why.SKIPPED)
    return put_together([("", text)], kind, limits, notes, title=_title(text))


def _cells(book: dict[str, Any]) -> list[str]:
    language = str(book.get("metadata", {}).get("kernelspec", {}).get("language", "python"))
    listed = book["cells"] if "cells" in book else [cell for sheet in book["worksheets"] for cell in sheet["cells"]]
    return [piece for cell in listed for piece in _cell(cell, language)]


def _cell(cell: dict[str, Any], language: str) -> Iterator[str]:
    source = _joined(cell.get("source", cell.get("input", "")))
    if cell.get("cell_type") != "code":
        yield source
        return
    if source.strip():
        yield f"{_FENCE}{language}\n{source}\n{_FENCE}"
    said = "\n".join(piece for piece in map(_output, cell.get("outputs", ())) if piece.strip())
    if said:
        kept = said if len(said) <= MOST_OUTPUT else said[:MOST_OUTPUT] + "\n…"
        yield f"{_FENCE}text\n{kept}\n{_FENCE}"


def _output(output: dict[str, Any]) -> str:
    """Its text: pictures and web pages are not read."""
    if output.get("output_type") in ("error", "pyerr"):
        return f"{output.get('ename', '')}: {output.get('evalue', '')}"
    return _joined(output.get("text") or output.get("data", {}).get("text/plain", ""))


def _joined(lines: Any) -> str:
    return "".join(map(str, lines)) if isinstance(lines, list) else str(lines)


def _title(text: str) -> str:
    first = text.lstrip().partition("\n")[0]
    return first.removeprefix("# ") if first.startswith("# ") else ""

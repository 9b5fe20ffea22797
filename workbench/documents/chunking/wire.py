"""Passages as a child process says them: without their text, which the whole text has already. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from workbench.documents.collection import Chunk


def said(chunks: Sequence[Chunk]) -> list[list[Any]]:
    """For JSON; what `heard` takes."""
    return [[one.start, one.end, one.page, one.label, list(one.headings), one.kind, one.context] for one in chunks]


def heard(rows: Sequence[Sequence[Any]], text: str) -> tuple[Chunk, ...]:
    """The passages of this text."""
    return tuple(
        Chunk(number, start, end, text[start:end], page, label, tuple(headings), kind, context)
        for number, (start, end, page, label, headings, kind, context) in enumerate(rows)
    )

"""Cuts a piece that is too long, at the best place near its middle or end: between paragraphs, sentences, words. Pure."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator

CAPACITY = 1_200  # characters of a passage, about: some 250 tokens of an English text
_MOST_INDENT = 60
_SLACK = 1.15  # a piece may be so much longer than the even share, where a better place to cut comes of it
_PARAGRAPH = re.compile(r"\n[ \t]*\n")
_SENTENCE = re.compile(r"[.!?…:][\"'”’»)\]]*\s|[。！？；]")
_PUNCTUATION = re.compile(r"[,;:)}\]>、，]")
_LINE = re.compile(r"\n")
_SPACE = re.compile(r"\s")
_PROSE = (_PARAGRAPH, _SENTENCE, _LINE, _SPACE, _PUNCTUATION)
_LINES = (_PARAGRAPH, _LINE, _SPACE, _PUNCTUATION)
_JOINERS = "\u200d\ufe0f"


def split(
    text: str, start: int, end: int, *, lines: bool = False, capacity: int = CAPACITY
) -> Iterator[tuple[int, int]]:
    """Pieces of about the same length, none longer than ``capacity``, without the white space around them. ``lines``: they
    matter more than sentences do, as in code."""
    start, end = trimmed(text, start, end)
    while end - start > capacity:
        share = math.ceil((end - start) / math.ceil((end - start) / capacity))
        most = min(capacity, int(share * _SLACK))
        cut = _place(text, start + most // 2, start + most, _LINES if lines else _PROSE)
        yield _without_spaces_at_end(text, start, cut)
        start, end = trimmed(text, cut, end)
    if end > start:
        yield start, end


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Without white space at both ends; but the first line keeps what indents it."""
    first = start
    while first < end and text[first].isspace():
        first += 1
    line = first
    while line > start and text[line - 1] in " \t" and first - line < _MOST_INDENT:
        line -= 1
    return _without_spaces_at_end(text, line, end)


def _without_spaces_at_end(text: str, start: int, end: int) -> tuple[int, int]:
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _place(text: str, least: int, most: int, boundaries: tuple[re.Pattern[str], ...]) -> int:
    """The last place of the best kind; where there is none, one that tears no character apart."""
    window = text[least:most]
    for boundary in boundaries:
        last = 0
        for match in boundary.finditer(window):
            last = match.end()
        if last:
            return least + last
    cut = most
    while cut > least and (unicodedata.combining(text[cut]) or text[cut] in _JOINERS or text[cut - 1] in _JOINERS):
        cut -= 1
    return cut if cut > least else most

"""Rows of a table, as many as fit into a passage, each passage with the header. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workbench.documents.chunking.block import TABLE, Block, lines
from workbench.documents.chunking.splitting import CAPACITY

_MOST_HEADER = 400
_MOST_LINES_OF_A_ROW = 50
_NUMBER = re.compile(r"[-+\s\d.,:/%€$£]*")


def rows(text: str, start: int, end: int, *, separator: str) -> Iterator[Block]:
    """``separator``: between the cells of a row; for a comma, a semicolon or a tab may stand instead. In quotes a cell may
    hold several lines."""
    header, first = "", start
    for place, row in _rows(text, start, end, quoted=separator != " | "):
        if place == start:
            header = header_of(row, separator)
        elif place + len(row) - first > CAPACITY:
            yield _block(first, place, header, first == start)
            first = place
    yield _block(first, end, header, first == start)


def header_of(row: str, separator: str = " | ") -> str:
    """The row, if it looks like one that names the columns; else nothing."""
    if separator == ",":
        separator = max(",;\t", key=row.count)
    cells = [cell.strip(" \"'\t|") for cell in row.strip().split(separator)]
    named = [cell for cell in cells if cell and not _NUMBER.fullmatch(cell)]
    return row.strip() if len(cells) > 1 and 2 * len(named) >= len(cells) and len(row) <= _MOST_HEADER else ""


def _block(start: int, end: int, header: str, has_header: bool) -> Block:
    return Block(start, end, TABLE, level=1, context="" if has_header else header, continued=header)


def _rows(text: str, start: int, end: int, *, quoted: bool) -> Iterator[tuple[int, str]]:
    """Each row and where it begins: a line, or several where a cell has quotes around them."""
    begun, taken = start, 0
    is_open = False
    for place, line in lines(text, start, end):
        if not is_open:
            begun, taken = place, 0
        taken += 1
        is_open ^= quoted and line.count('"') % 2 == 1
        if is_open and taken >= _MOST_LINES_OF_A_ROW:  # one quotation mark that is nothing but itself
            is_open = False
        if not is_open:
            yield begun, text[begun : place + len(line)]
    if is_open:
        yield begun, text[begun:end]

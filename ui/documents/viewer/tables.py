"""The text of a table as rows and cells again, each row with its place in the text. Pure."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass

BESIDE = " | "  # between the cells of a spreadsheet, as it is read
_SEPARATORS = ("\t", ";", ",")
MOST_CELLS = 200  # of a row
LONGEST_CELL = 2_000
_NUMBER = re.compile(r"[-+\s\d.,:/%€$£]*")


@dataclass(frozen=True, slots=True)
class TableRow:
    """``text[begin:end]`` of the document."""

    cells: tuple[str, ...]
    begin: int
    end: int


def table_rows(text: str, begin: int, end: int) -> tuple[TableRow, ...]:
    """The rows of ``text[begin:end]``, a sheet or a whole file."""
    piece = text[begin:end].rstrip("\n")
    separator = separator_of(piece)
    return tuple(_plain(piece, begin) if separator == BESIDE else _quoted(piece, begin, separator))


def names_columns(row: TableRow) -> bool:
    """Whether the first row of a table says what stands below: as passages of tables take it."""
    named = [cell for cell in row.cells if cell.strip() and not _NUMBER.fullmatch(cell.strip())]
    return len(row.cells) > 1 and 2 * len(named) >= len(row.cells)


def separator_of(piece: str) -> str:
    """What stands between cells, by the first lines."""
    head = piece[:4_000].split("\n")[:20]
    if sum(BESIDE in line for line in head) * 2 > len(head):
        return BESIDE
    counts = {sign: sum(line.count(sign) for line in head) for sign in _SEPARATORS}
    best = max(_SEPARATORS, key=lambda sign: counts[sign])
    return best if counts[best] else ","


def _plain(piece: str, begin: int) -> Iterator[TableRow]:
    for line in piece.split("\n"):
        cells = line.split(BESIDE, MOST_CELLS)
        yield TableRow(tuple(cell[:LONGEST_CELL] for cell in cells), begin, begin + len(line))
        begin += len(line) + 1


def _quoted(piece: str, begin: int, separator: str) -> Iterator[TableRow]:
    """A quoted cell may have lines of its own; what is no proper CSV is shown as its lines."""
    lines = [f"{line}\n" for line in piece.split("\n")]
    reader = csv.reader(lines, delimiter=separator)
    used = 0
    while used < len(lines):
        try:
            cells = next(reader, None)
        except csv.Error:
            yield from _plain("".join(lines[used:]).removesuffix("\n"), begin)
            return
        if cells is None:
            return
        length = sum(map(len, lines[used : reader.line_num]))
        used = reader.line_num
        yield TableRow(tuple(cell[:LONGEST_CELL] for cell in cells[:MOST_CELLS]), begin, begin + length - 1)
        begin += length

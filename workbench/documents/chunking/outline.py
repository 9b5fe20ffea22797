"""Titles, paragraphs, fenced code and tables: of Markdown, of plain text, and of what readers write as Markdown. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from workbench.documents.chunking.block import CODE, TABLE, TEXT, Block, lines
from workbench.documents.chunking.table import header_of

UNDERLINES = "=-~^\"'`#*+:.<>_"
_TITLE = re.compile(r" {0,3}(#{1,6})[ \t]+(\S.{0,300})")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_UNDERLINE = re.compile(r"([!-/:-@\[-`{-~])\1{2,}[ \t]*")
_RULE_OF_TABLE = re.compile(r"[ \t]*\|?[ \t]*:?-{2,}:?[ \t]*(\|[ \t:-]*)*")
_MOST_TITLE = 120


@dataclass(frozen=True, slots=True)
class Outline:
    """``marks``: lines that begin with "#" are titles. ``underlines``: what a line under a title is made of, as in Markdown
    or, with more characters than two, as in reStructuredText. ``lines``: each line is a paragraph."""

    marks: bool = False
    underlines: str = "=-"
    lines: bool = False

    def blocks(self, text: str, start: int, end: int) -> Iterator[Block]:
        walk = _Walk(self, text)
        for place, line in lines(text, start, end):
            yield from walk.take(place, line)
        yield from walk.flush(end)


@dataclass(slots=True)
class _Walk:
    """What is open while the lines go by: a block from ``begun`` on, of a kind; None: nothing is."""

    outline: Outline
    text: str
    begun: int | None = None
    kind: str = TEXT
    fence: str = ""
    lines: list[tuple[int, str]] = field(default_factory=list)
    titles: list[tuple[int, str]] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)

    def take(self, place: int, line: str) -> Iterator[Block]:
        if self.fence:
            yield from self._in_fence(place, line)
        elif not line or line.isspace():
            yield from self.flush(place)
        elif self.outline.marks and (title := _TITLE.match(line)):
            yield from self.flush(place)
            yield self._title(len(title[1]), title[2].rstrip("# \t"), place, place + len(line))
        elif self._is_underline(line):
            yield from self._underlined(place, line)
        elif fence := _FENCE.match(line):
            yield from self.flush(place)
            self._open(place, CODE)
            self.fence = fence[1]
        else:
            yield from self._more(place, line)

    def flush(self, place: int) -> Iterator[Block]:
        """What is open ends before ``place``."""
        if self.begun is not None:
            header = header_of(self.lines[0][1]) if self.kind == TABLE else ""
            yield Block(self.begun, place, self.kind, self._path, continued=header)
        self.begun, self.fence = None, ""
        self.lines.clear()

    def _open(self, place: int, kind: str) -> None:
        self.begun, self.kind = place, kind

    def _in_fence(self, place: int, line: str) -> Iterator[Block]:
        stripped = line.strip()
        if stripped.startswith(self.fence) and not stripped.strip(self.fence[0]):
            yield from self.flush(place + len(line))

    def _more(self, place: int, line: str) -> Iterator[Block]:
        """Another line of the paragraph or table that is open, or the first one of a new one."""
        kind = TABLE if line.lstrip().startswith("|") or " | " in line else TEXT
        if self.begun is not None and (kind != self.kind or (self.outline.lines and kind == TEXT)):
            yield from self.flush(place)
        if self.begun is None:
            self._open(place, kind)
        if len(self.lines) > 2:  # only the first of a table and the last two of a paragraph are asked for
            del self.lines[1]
        self.lines.append((place, line))

    # Titles -----------------------------------------------------------------------------------------------------------

    @property
    def _path(self) -> tuple[str, ...]:
        return tuple(title for _level, title in self.titles)

    def _title(self, level: int, title: str, start: int, end: int) -> Block:
        while self.titles and self.titles[-1][0] >= level:
            self.titles.pop()
        self.titles.append((level, title.strip()[:_MOST_TITLE]))
        return Block(start, end, TEXT, self._path, level)

    def _is_underline(self, line: str) -> bool:
        if self.begun is None or self.kind != TEXT or line[0] not in self.outline.underlines or not self.lines:
            return False
        title = self.lines[-1][1].strip()
        long_enough = len(line.strip()) >= min(len(title), 3 if len(self.outline.underlines) == 2 else len(title))
        return bool(_UNDERLINE.fullmatch(line)) and long_enough and 0 < len(title) <= _MOST_TITLE and not _ruled(title)

    def _underlined(self, place: int, line: str) -> Iterator[Block]:
        """The last line of the paragraph was a title, and the one above it may be a part of it."""
        start, title = self.lines[-1]
        style = line[0]
        if len(self.lines) > 1 and self.lines[-2][1].strip() == line.strip():
            start, style = self.lines[-2][0], line[0] * 2
        if self.begun is not None and self.begun < start:
            yield from self.flush(start)
        self.begun = None
        self.lines.clear()
        yield self._title(self._level(style), title, start, place + len(line))

    def _level(self, style: str) -> int:
        if len(self.outline.underlines) == 2:
            return 1 if style[0] == "=" else 2
        if style not in self.styles:
            self.styles.append(style)
        return self.styles.index(style) + 1


def _ruled(title: str) -> bool:
    return bool(_UNDERLINE.fullmatch(title)) or bool(_RULE_OF_TABLE.fullmatch(title))

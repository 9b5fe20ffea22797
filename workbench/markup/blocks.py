"""Cuts Markdown into blocks while it arrives.

A *closed* block never changes again, whatever follows; the *open* ones at the end still may. Because references and
underlined headings are off (see ``parser``), Markdown's blocks are decided line by line, so a block is closed as soon as a
finished line has begun the next one, or a blank line has ended it. Very long lists, tables and paragraphs are cut into
several blocks by rules that look only at their beginning: the cuts do not depend on how the text arrives.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from workbench.markup.parser import outline_parser

if TYPE_CHECKING:
    from markdown_it.token import Token


class Kind(StrEnum):
    PARAGRAPH = "paragraph"
    HEADING = "heading"
    LIST = "list"
    CODE = "code"
    TABLE = "table"
    QUOTE = "quote"
    RULE = "rule"
    FORMULA = "formula"


@dataclass(frozen=True, slots=True)
class Block:
    """One block: its Markdown is ``text[begin:end]`` of the whole, without the blank lines around it.

    ``code`` and ``language`` are set for CODE. A long list or table is several blocks: ``number`` is the first number of a
    numbered list's block, ``head`` the header lines of the table that a block of further rows belongs to, ``columns`` the
    widths in characters that all its blocks share.
    """

    kind: Kind
    source: str
    begin: int
    language: str = ""
    code: str = ""
    number: int | None = None
    head: str = ""
    columns: tuple[int, ...] = ()

    @property
    def end(self) -> int:
        return self.begin + len(self.source)


LINE_LIMIT = 6_000  # characters of a paragraph, heading or table row: beyond, a layout takes longer than a frame
NESTED_LIMIT = 24_000  # characters of one list item or quote
GROUP_CHARACTERS = {Kind.LIST: 800, Kind.TABLE: 1_500}  # cut before the item or row that begins after so many

_KINDS = {
    "paragraph_open": Kind.PARAGRAPH,
    "heading_open": Kind.HEADING,
    "bullet_list_open": Kind.LIST,
    "ordered_list_open": Kind.LIST,
    "blockquote_open": Kind.QUOTE,
    "table_open": Kind.TABLE,
    "fence": Kind.CODE,
    "code_block": Kind.CODE,
    "hr": Kind.RULE,
    "formula_block": Kind.FORMULA,
}
_ENDS_AT_BLANK = {Kind.PARAGRAPH, Kind.TABLE, Kind.QUOTE}
_CANNOT_CONTINUE = re.compile(r"[^\s\d*+-]")  # what, after a blank line, is neither inside a list nor its next item
_ENDS_BLANK = re.compile(r"\n[ \t]*\n\Z")
_ITEM = re.compile(r"(?:[-*+]|(\d{1,9})[.)]) (?:[\[(\"'“`]|\*{1,2})?[^\W\d_]")
"""The first line of a list item that begins with a word: as a line of its own it ends the item above, whatever follows."""
_FENCE = re.compile(r"( {0,3})(`{3,}|~{3,})(.*)")


class _Head(NamedTuple):
    """What the later blocks of a table need of its beginning."""

    lines: str
    columns: tuple[int, ...]


_NO_HEAD = _Head("", ())


class _Span(NamedTuple):
    """A top-level block of a window, in lines; ``parts`` are the first lines of a list's items or a table's body rows."""

    kind: Kind
    begin: int
    end: int
    token: Token
    parts: tuple[int, ...]

    @property
    def is_undecided(self) -> bool:
        """It would be a formula if its end came."""
        return self.token.type == "formula_block" and not self.token.meta["closed"]


@dataclass(frozen=True, slots=True)
class _Fence:
    """An open code fence at the head of the tail, so that its lines are not parsed again with every update."""

    indent: int
    marker: str
    info: str
    code_begin: int

    @property
    def closing(self) -> re.Pattern[str]:
        """The finished line that closes it."""
        return re.compile(rf"^ {{0,3}}{self.marker[0]}{{{len(self.marker)},}}[ \t]*\n", re.MULTILINE)


class Splitter:
    """``feed`` it the text as it arrives: the blocks so far are ``closed`` followed by ``open``.

    An update costs the length of the delta and of the open block, not of the message.
    """

    def __init__(self) -> None:
        self.closed: list[Block] = []
        self.open: tuple[Block, ...] = ()
        self._tail = ""
        self._begin = 0  # where the tail begins in the whole text
        self._number: int | None = None  # the tail goes on with a numbered list, at this number
        self._head = _NO_HEAD  # the tail goes on with a table that has this header
        self._fence: _Fence | None = None
        self._scanned = 0  # the tail's lines before this offset do not close the fence

    def feed(self, delta: str) -> int:
        """Take more text; return how many closed blocks are unchanged since before: what lies behind is new or open."""
        unchanged = len(self.closed)
        self._tail += _plain_newlines(delta)
        while self._advance():
            pass
        self.open = self._open_blocks()
        return unchanged

    @property
    def blocks(self) -> tuple[Block, ...]:
        return (*self.closed, *self.open)

    @property
    def length(self) -> int:
        """Characters taken so far, carriage returns not counted: what the blocks' offsets count."""
        return self._begin + len(self._tail)

    # One step: close what can be closed at the head of the tail -------------------------------------------------------

    def _advance(self) -> bool:
        self._drop_blank_lines()
        if self._fence is not None:
            return self._close_fence(self._fence)
        if fence := _opening(self._tail):
            self._fence, self._scanned = fence, fence.code_begin
            return True
        limit = LINE_LIMIT
        window = self._window(limit)
        cuts = window.rows() or window.items() or list(window.cuts())
        if not cuts and len(self._tail) > limit and window.is_nested:
            limit = NESTED_LIMIT
            window = self._window(limit)
            cuts = list(window.cuts())
        if not cuts and len(self._tail) >= limit:
            cuts = [window.forced_cut()]
        self.closed += [cut.block for cut in cuts]
        if cuts:
            self._drop(cuts[-1].end, number=cuts[-1].number, head=cuts[-1].head)
        return bool(cuts)

    def _window(self, limit: int) -> _Window:
        return _Window(self._tail[:limit], self._begin, self._number, self._head)

    def _close_fence(self, fence: _Fence) -> bool:
        closing = fence.closing.search(self._tail, self._scanned)
        if closing is None:
            self._scanned = max(self._scanned, self._tail.rfind("\n") + 1)
            return False
        code = _dedent(self._tail[fence.code_begin : closing.start()], fence.indent)
        self.closed.append(_code(self._tail[: closing.end() - 1], self._begin, fence.info, code))
        self._fence = None
        self._drop(closing.end())
        return True

    def _drop(self, characters: int, *, number: int | None = None, head: _Head = _NO_HEAD) -> None:
        self._tail = self._tail[characters:]
        self._begin += characters
        self._number, self._head = number, head

    def _drop_blank_lines(self) -> None:
        if self._fence is None and self._tail[:1] in ("\n", " ", "\t"):
            blank = _leading_blank_lines(self._tail)
            if blank:
                self._drop(blank)

    # What is still open ----------------------------------------------------------------------------------------------

    def _open_blocks(self) -> tuple[Block, ...]:
        if not self._tail.strip():
            return ()
        if self._fence is not None:
            return (self._open_fence(self._fence),)
        return tuple(_Window(self._tail, self._begin, self._number, self._head).blocks())

    def _open_fence(self, fence: _Fence) -> Block:
        code = self._tail[fence.code_begin :]
        last = code.rpartition("\n")[2]
        if last.strip() and not last.strip().strip(fence.marker[0]):  # perhaps the first marks of the closing fence
            code = code[: len(code) - len(last)]
        return _code(self._tail.rstrip("\n"), self._begin, fence.info, _dedent(code, fence.indent))


def blocks(text: str) -> tuple[Block, ...]:
    """All blocks of a finished text: the same as a ``Splitter`` has after being fed it in any pieces."""
    splitter = Splitter()
    splitter.feed(text)
    return splitter.blocks


class _Cut(NamedTuple):
    """A block that closes, with where the tail goes on, and what the tail goes on with."""

    block: Block
    end: int
    number: int | None = None
    head: _Head = _NO_HEAD


class _Window:
    """The beginning of the tail, parsed into top-level spans: only its finished lines decide what is closed."""

    def __init__(self, text: str, begin: int, number: int | None, head: _Head) -> None:
        self._text, self._begin, self._number, self._head = text, begin, number, head
        self._head_lines = head.lines.count("\n")
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self._finished = text[: self._starts[-1]]

    @cached_property
    def _spans(self) -> list[_Span]:
        return _spans(self._head.lines + self._text)

    @property
    def is_nested(self) -> bool:
        return bool(self._spans) and self._spans[0].kind in (Kind.LIST, Kind.QUOTE)

    def blocks(self) -> list[Block]:
        number, head = self._number, self._head
        found = []
        for span in self._spans:
            found.append(self._block(span, self._offset(span.begin), self._offset(span.end), number, head))
            number, head = None, _NO_HEAD
        return found

    def cuts(self) -> Iterator[_Cut]:
        """The closed blocks, in order: those that the next one ends, those that end by themselves, and whole groups."""
        spans = self._spans if self._finished == self._text else _spans(self._head.lines + self._finished)
        number, head = self._number, self._head
        for index, span in enumerate(spans):
            begin, end = self._offset(span.begin), self._offset(span.end)
            for cut in self._groups(span, begin, number, head):
                yield cut
                begin, number, head = cut.end, cut.number, cut.head
            if index == len(spans) - 1 and not self._is_ended(span):
                return
            if index == len(spans) - 2 and spans[-1].is_undecided and spans[-1].begin <= span.end:
                return  # if that is no formula, it goes on with this block
            yield _Cut(self._block(span, begin, end, number, head), end)
            number, head = None, _NO_HEAD

    def rows(self) -> list[_Cut]:
        """What ``cuts`` finds, quickly, while a long table goes on: nothing but a row begins with a bar there."""
        if not self._head.lines:
            return []
        found: list[_Cut] = []
        begin = 0
        for at in self._starts[:-1]:
            if self._text[at] != "|":
                break
            if at - begin >= GROUP_CHARACTERS[Kind.TABLE]:
                source = self._text[begin:at].rstrip(" \t\n")
                found.append(
                    _Cut(
                        Block(
                            Kind.TABLE, source, self._begin + begin, head=self._head.lines, columns=self._head.columns
                        ),
                        at,
                        head=self._head,
                    )
                )
                begin = at
        return found

    def items(self) -> list[_Cut]:
        """What ``cuts`` finds first, quickly, while a list goes on whose items are single lines that begin with words."""
        first = None if self._head.lines else _ITEM.match(self._finished)
        if first is None:
            return []
        marker = self._text[first.end(1) if first[1] else 0]
        number = None if not first[1] else int(first[1]) if self._number is None else self._number
        found: list[_Cut] = []
        begin = count = 0
        for at in self._starts[:-1]:
            item = _ITEM.match(self._text, at)
            if item is None or self._text[item.end(1) if item[1] else at] != marker:
                break
            if at - begin >= GROUP_CHARACTERS[Kind.LIST]:
                source = self._text[begin:at].rstrip(" \t\n")
                block = Block(Kind.LIST, source, self._begin + begin, number=number)
                number = None if number is None else number + count
                found.append(_Cut(block, at, number))
                begin, count = at, 0
            count += 1
        return found

    def forced_cut(self) -> _Cut:
        """Cut an overlong block where it hurts least: before its last line, or its last word, or just here."""
        at = self._text.rfind("\n", 1) + 1 or self._text.rfind(" ", 1) + 1 or len(self._text)
        kind = self._spans[0].kind if self._spans else Kind.PARAGRAPH
        return _Cut(Block(kind, self._text[:at].rstrip(" \t\n"), self._begin), at)

    def _groups(self, span: _Span, begin: int, number: int | None, head: _Head) -> Iterator[_Cut]:
        items = 0
        for line in span.parts[1:]:
            items += 1
            at = self._offset(line)
            if at - begin >= GROUP_CHARACTERS[span.kind]:
                if span.kind is Kind.TABLE and not head.lines:
                    head = self._head_of(span, at)
                    block = replace(self._block(span, begin, at, number, _NO_HEAD), columns=head.columns)
                else:
                    block = self._block(span, begin, at, number, head)
                number = None if block.number is None else block.number + items
                yield _Cut(block, at, number, head)
                begin, items = at, 0

    def _is_ended(self, span: _Span) -> bool:
        """Whether the last of the finished blocks can take no further line. Only its own mark ends a fence."""
        kind = span.kind
        if span.token.type == "fence" or span.is_undecided:
            return False
        if kind in (Kind.HEADING, Kind.RULE, Kind.FORMULA):
            return True
        blank = _ENDS_BLANK.search(self._finished) is not None
        unfinished = self._text[len(self._finished) :]
        return blank and (kind in _ENDS_AT_BLANK or _CANNOT_CONTINUE.match(unfinished) is not None)

    def _head_of(self, span: _Span, end: int) -> _Head:
        """The header lines of a long table, and how wide its columns are by the text above ``end``."""
        begin = self._offset(span.begin)
        lines = self._text[begin : self._offset(span.begin + 2)]
        return _Head(lines, _widths(self._text[begin:end].splitlines()))

    def _offset(self, line: int) -> int:
        """Where a line of the parsed text, in which the head's lines come first, begins in the window's own text."""
        line = max(0, line - self._head_lines)
        return self._starts[line] if line < len(self._starts) else len(self._text)

    def _block(self, span: _Span, begin: int, end: int, number: int | None, head: _Head) -> Block:
        source = self._text[begin:end].rstrip(" \t\n")
        if span.kind is Kind.CODE:
            return _code(source, self._begin + begin, span.token.info, span.token.content)
        if span.token.type != "ordered_list_open":
            number = None
        elif number is None:
            number = int(span.token.attrs.get("start", 1))
        head = head if span.kind is Kind.TABLE else _NO_HEAD
        return Block(span.kind, source, self._begin + begin, number=number, head=head.lines, columns=head.columns)


def _spans(text: str) -> list[_Span]:
    spans: list[_Span] = []
    parts: list[int] = []
    for token in outline_parser().parse(text):
        if token.level == 0 and token.type in _KINDS and token.map:
            parts = []
            span = _Span(_KINDS[token.type], token.map[0], token.map[1], token, ())
            spans.append(span._replace(kind=Kind.PARAGRAPH) if span.is_undecided else span)
        elif (token.type, token.level) in (("list_item_open", 1), ("tr_open", 2)) and token.map:
            parts.append(token.map[0])
        elif token.level == 0 and token.nesting < 0 and parts:
            spans[-1] = spans[-1]._replace(
                parts=tuple(line for line in parts if token.type != "table_close" or line > spans[-1].begin)
            )
    return spans


def _opening(tail: str) -> _Fence | None:
    """The code fence that the tail begins with, once its first line is complete."""
    newline = tail.find("\n", 0, LINE_LIMIT)
    match = _FENCE.fullmatch(tail[:newline]) if newline > 0 else None
    if match is None or (match[2][0] == "`" and "`" in match[3]):
        return None
    return _Fence(len(match[1]), match[2], match[3], newline + 1)


def _code(source: str, begin: int, info: str, code: str) -> Block:
    words = info.split()
    language = words[0].strip("{}.").lower() if words else ""
    return Block(Kind.CODE, source, begin, language=language, code=code.removesuffix("\n"))


def _dedent(code: str, indent: int) -> str:
    return re.sub(rf"^ {{1,{indent}}}", "", code, flags=re.MULTILINE) if indent else code


def table_columns(block: Block) -> tuple[int, ...]:
    """How wide the columns of a table want to be, in characters."""
    return block.columns or _widths(block.source.splitlines())


def _widths(rows: list[str]) -> tuple[int, ...]:
    """The length of the longest cell of each column, within limits: none disappears, none takes all."""
    cells = [row.strip().strip("|").split("|") for row in rows]
    count = len(cells[0])
    longest = [max((len(row[at].strip()) for row in cells if at < len(row)), default=1) for at in range(count)]
    return tuple(min(max(length, 4), 40) for length in longest)


def _plain_newlines(text: str) -> str:
    """Dropping carriage returns gives the same text however a ``\\r\\n`` was cut in two."""
    return text.replace("\r", "").replace("\0", "\N{REPLACEMENT CHARACTER}")


def _leading_blank_lines(text: str) -> int:
    match = re.match(r"(?:[ \t]*\n)+", text)
    return match.end() if match else 0

"""Definitions of source code and keys of data, by how their lines are indented: no language is parsed. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from workbench.documents.chunking.block import CODE, Block, lines

OPENING = re.compile(
    r"(?:(?:export|default|public|private|protected|internal|static|final|abstract|async|unsafe|pub(?:\([\w: ]*\))?|inline"
    r"|extern|virtual|override|sealed|partial|open|data|suspend|const|declare|local|template *<[^>]*>)\s+)*"
    r"(?:(?:def|class|interface|enum|struct|trait|impl|fn|func|function|fun|module|namespace|object|record|protocol|extension"
    r"|package|sub|union|macro_rules!|defmodule|defp|procedure|subroutine|type|contract|message|service)\b[ <*(]"
    r"|(?:const|let|var)\s+\w+\s*=\s*(?:async\s*)?(?:function\b|\([^)]*\)\s*=>|\w+\s*=>)"
    r"|CREATE\s|create\s)"
    r"|(?!(?:if|for|while|switch|else|catch|return|do|try|with|elif|unless|until|when|case|foreach|lock|using)\b)"
    r"[A-Za-z_~@][\w:<>,.*&?\[\]~@ \t]*\([^;]*\)[^;=()]*\{\s*$"
)
KEY = re.compile(r"(?:- )?[\"']?[^\"'#:{}\[\],]{1,100}[\"']?\s*:\s*[{\[|>]?[-+]?\s*(?:#.*)?$")
SECTION = re.compile(r"\[{1,2}[^\]]{1,200}\]{1,2}\s*(?:[#;].*)?$")
NOTHING = re.compile(r"(?!)")
_LEADING = ("@", "#", "//", "/*", "*", "--", ";", '"""', "%")
_CLOSING = re.compile(r"[)\]}>]|(?:end|else|elif|except|finally|catch|then|fi|done|esac|rescue|ensure)\b")
_KEEPS_OPEN = (")", "]", "{")
_ITEM = re.compile(r"[{\[]$|- ")
_LONGEST = 300  # a longer line defines nothing that a person would call so
_MOST_CONTEXT = 3
_MOST_SHOWN = 160
_TAB = 4


def blocks(text: str, start: int, end: int, *, opening: re.Pattern[str]) -> Iterator[Block]:
    """``opening``: what a line looks like, without what indents it, that others belong to when they are indented more."""
    walk = _Walk(opening, start)
    for place, line in lines(text, start, end):
        yield from walk.take(place, line)
    yield from walk.end(end)


@dataclass(slots=True)
class _Walk:
    """``stack``: the definitions that are open, with how far each is indented. ``lead``: where comments and decorators
    begin that stand right above, and how far they are indented."""

    opening: re.Pattern[str]
    begun: int
    stack: list[tuple[int, str]] = field(default_factory=list)
    level: int | None = 1
    context: str = ""
    defines: str = ""
    lead: tuple[int, int] | None = None
    after_blank: bool = True

    def take(self, place: int, line: str) -> Iterator[Block]:
        stripped = line.strip()
        if not stripped:
            self.after_blank, self.lead = True, None
            return
        indent = _indent(line)
        self._close(indent, stripped)
        defines = len(stripped) <= _LONGEST and self.opening.match(stripped) is not None
        start = place if self.lead is None or self.lead[1] != indent else self.lead[0]
        if self._begins(stripped, indent, defines=defines):
            yield from self._cut(start, defines=defines, indent=indent)
        elif defines:  # comments above it have begun the block
            self.level = len(self.stack) + 1
        if defines:
            self.defines = self.defines or stripped[:_MOST_SHOWN]
            self.stack.append((-1 if self.opening is SECTION else indent, stripped[:_MOST_SHOWN]))
        self._note(place, stripped, indent)

    def end(self, place: int) -> Iterator[Block]:
        if place > self.begun:
            continued = "\n".join(piece for piece in (self.context, self.defines) if piece)
            yield Block(self.begun, place, CODE, (), self.level, self.context, continued)

    def _close(self, indent: int, stripped: str) -> None:
        if stripped.startswith(_KEEPS_OPEN):  # the rest of a definition's own first line
            return
        if self.opening is SECTION and not SECTION.match(stripped):
            return
        while self.stack and self.stack[-1][0] >= (-1 if self.opening is SECTION else indent):
            self.stack.pop()

    def _begins(self, stripped: str, indent: int, *, defines: bool) -> bool:
        if _CLOSING.match(stripped) and not defines:
            return False
        if defines:
            return not (self.lead is not None and self.lead[1] == indent and self.lead[0] == self.begun)
        return self.after_blank or (self.opening is KEY and _ITEM.match(stripped) is not None)

    def _cut(self, place: int, *, defines: bool, indent: int) -> Iterator[Block]:
        """A block ends, and another begins."""
        yield from self.end(place)
        self.begun = place
        self.level = len(self.stack) + 1 if defines or not indent else None
        self.context = "\n".join(line for _indent, line in self.stack[-_MOST_CONTEXT:])
        self.defines = ""

    def _note(self, place: int, stripped: str, indent: int) -> None:
        self.after_blank = False
        if not stripped.startswith(_LEADING):
            self.lead = None
        elif self.lead is None or self.lead[1] != indent:
            self.lead = (place, indent)


def _indent(line: str) -> int:
    width = len(line) - len(line.lstrip())
    return len(line[:width].expandtabs(_TAB)) if "\t" in line[:width] else width

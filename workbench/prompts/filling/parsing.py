"""The text of a prompt, in pieces: words, variables, results of steps, and what only a template engine understands. Pure.

Braces that are none of these (JSON, LaTeX, other template languages) are words like all others: they come out as they
went in. All together, the pieces are the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from workbench.prompts.filling import lexing
from workbench.prompts.filling.lexing import NAME, Token

MOST_CHARACTERS: Final = 1 << 20
MOST_OPENINGS: Final = 5_000
MOST_TOKENS: Final = 20_000
"""A text that is longer, or has more braces than so many variables would have, or more words of code, is no prompt: it is
not looked into."""

STEPS: Final = "steps"
RESERVED: Final = frozenset(
    {"and", "or", "not", "in", "is", "if", "elif", "else", "true", "false", "none", "True", "False", "None"}
    | {"loop", "self", "super", "caller", "varargs", "kwargs", STEPS}
)
"""What cannot be a variable's name."""

TAGS: Final = frozenset(
    {"if", "elif", "else", "endif", "for", "endfor", "set", "endset", "macro", "endmacro", "call", "endcall"}
    | {"filter", "endfilter", "with", "endwith", "block", "endblock", "include", "import", "from", "extends"}
)
_MOST_ODD: Final = 100
_KEPT_TEXTS: Final = 16
KEPT_CHARACTERS: Final = 100_000
"""What was found in a text that is no longer is remembered for a while."""

_OPENING: Final = re.compile(r"\{\{(?!\{)|\{[%#]")
_VARIABLE: Final = re.compile(rf"\{{\{{\s*+({NAME})\s*+\}}\}}")
_STEP: Final = re.compile(rf"\{{\{{\s*+{STEPS}((?:\.\w+)+)\s*+\}}\}}")
_BRACES: Final = re.compile(r"\{\{\s*+(?:'([{}%#]+)'|\"([{}%#]+)\")\s*+\}\}")
_RAW: Final = re.compile(r"\{%([-+]?)\s*+raw\s*+([-+]?)%\}")
_END_OF_RAW: Final = re.compile(r"\{%([-+]?)\s*+endraw\s*+([-+]?)%\}")
_COMMENT: Final = re.compile(r"\{#(?:[-+]|\s|(?=#\}))")
_TAG: Final = re.compile(rf"\{{%[-+]?\s*+({NAME})")


class Kind(StrEnum):
    """``braces``: braces in quotes, ``{{ '{{' }}``; ``raw``: between ``{% raw %}`` and ``{% endraw %}``; ``code``: an
    expression, ``{{ name | upper }}``; ``tag``: ``{% if name %}``; ``comment``: ``{# for me #}``."""

    TEXT = "text"
    VARIABLE = "variable"
    STEP = "step"
    BRACES = "braces"
    RAW = "raw"
    CODE = "code"
    TAG = "tag"
    COMMENT = "comment"


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece, from character ``start`` to before ``end``. ``says``: a variable's name; of a step's result its way,
    ``extract.items``; of braces and raw what they come out as; of a tag its word. ``tokens``: of code and tags."""

    kind: Kind
    start: int
    end: int
    says: str = ""
    tokens: tuple[Token, ...] = ()


class Oddity(StrEnum):
    """``open``: nothing closes it; ``other``: no expression that is known here; ``tag``: no tag that is known here."""

    OPEN = "open"
    OTHER = "other"
    TAG = "tag"


@dataclass(frozen=True, slots=True)
class Odd:
    """Braces that look as if they were meant to be filled in, and stay words."""

    why: Oddity
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Template:
    """``segments``: in order, without gaps. ``needs_jinja``: something in it only a template engine understands. ``odd``:
    the first hundred of them. ``too_long``: it was not looked into, all of it is words."""

    text: str
    segments: tuple[Segment, ...] = ()
    needs_jinja: bool = False
    odd: tuple[Odd, ...] = ()
    too_long: bool = False


def parse(text: str) -> Template:
    """Never raises; in time linear to the text. The last few texts are remembered."""
    if len(text) > MOST_CHARACTERS or sum(map(text.count, ("{{", "{%", "{#"))) > MOST_OPENINGS:
        return _too_long(text)
    return _parsed(text) if len(text) <= KEPT_CHARACTERS else _read(text)


@lru_cache(_KEPT_TEXTS)
def _parsed(text: str) -> Template:
    return _read(text)


def _read(text: str) -> Template:
    reader = _Reader(text)
    segments = tuple(reader.segments())
    if reader.tokens_left < 0:
        return _too_long(text)
    return Template(text, segments, reader.needs_jinja, tuple(reader.odd))


def _too_long(text: str) -> Template:
    return Template(text, (Segment(Kind.TEXT, 0, len(text)),), too_long=True)


def escaped(text: str) -> str:
    """A prompt's text that comes out as this text, whatever stands in it."""
    return re.sub(r"\{+(?=[{%#]|\Z)", _in_quotes, text) if "{" in text else text


def jinja_source(template: Template) -> str:
    """What the template engine is given: the same lines, with the braces that are words in quotes."""
    text = template.text
    pieces = (
        escaped(text[one.start : one.end]) if one.kind is Kind.TEXT else text[one.start : one.end]
        for one in template.segments
    )
    return "".join(pieces)


def _in_quotes(found: re.Match[str]) -> str:
    return "{{ '" + found[0] + "' }}"


class _Reader:
    """Goes through a text once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.needs_jinja = False
        self.odd: list[Odd] = []
        self.tokens_left = MOST_TOKENS
        self._nothing_closes: set[str] = set()

    def segments(self) -> Iterator[Segment]:
        done = position = 0
        while self.tokens_left >= 0 and (opening := _OPENING.search(self._text, position)):
            found = self._at(opening.start(), opening[0])
            if found is None:
                position = opening.end()
                continue
            if found.start > done:
                yield Segment(Kind.TEXT, done, found.start)
            yield found
            done = position = found.end
        if done < len(self._text):
            yield Segment(Kind.TEXT, done, len(self._text))

    def _at(self, start: int, opening: str) -> Segment | None:
        if opening == "{{":
            return self._plain(start) or self._code(start)
        return self._comment(start) if opening == "{#" else self._raw(start) or self._tag(start)

    def _plain(self, start: int) -> Segment | None:
        text = self._text
        if (found := _VARIABLE.match(text, start)) and found[1] not in RESERVED:
            return Segment(Kind.VARIABLE, start, found.end(), found[1])
        if found := _STEP.match(text, start):
            return Segment(Kind.STEP, start, found.end(), found[1][1:])
        if found := _BRACES.match(text, start):
            return Segment(Kind.BRACES, start, found.end(), found[1] or found[2])
        return None

    def _code(self, start: int) -> Segment | None:
        found = lexing.expression(self._text, start, self.tokens_left)
        self._spend(found)
        if found is None or (len(found[0]) == 1 and found[0][0].text in RESERVED):
            self._note_odd(start)
            return None
        self.needs_jinja = True
        return Segment(Kind.CODE, start, found[1], "", found[0])

    def _tag(self, start: int) -> Segment | None:
        word = _TAG.match(self._text, start)
        if word is None:
            return None
        found = lexing.tag(self._text, start, self.tokens_left) if word[1] in TAGS else None
        self._spend(found)
        if found is None:
            self._note(Oddity.OPEN if word[1] in TAGS else Oddity.TAG, start, word.end())
            return None
        self.needs_jinja = True
        return Segment(Kind.TAG, start, found[1], word[1], found[0])

    def _spend(self, found: tuple[tuple[Token, ...], int] | None) -> None:
        self.tokens_left -= 0 if found is None else len(found[0])

    def _comment(self, start: int) -> Segment | None:
        opening = _COMMENT.match(self._text, start)
        if opening is None or (end := self._find("#}", start + 2)) < 0:
            return None
        self.needs_jinja |= opening[0][-1] in "-+" or self._text[end - 1] in "-+"
        return Segment(Kind.COMMENT, start, end + 2)

    def _raw(self, start: int) -> Segment | None:
        opening = _RAW.match(self._text, start)
        if opening is None or "endraw" in self._nothing_closes:
            return None
        closing = _END_OF_RAW.search(self._text, opening.end())
        if closing is None:
            self._nothing_closes.add("endraw")
            self._note(Oddity.OPEN, start, opening.end())
            return None
        self.needs_jinja |= any((*opening.groups(), *closing.groups()))
        return Segment(Kind.RAW, start, closing.end(), self._text[opening.end() : closing.start()])

    def _find(self, closing: str, start: int) -> int:
        """Where it stands first; once it was not found it is not looked for again."""
        found = -1 if closing in self._nothing_closes else self._text.find(closing, start)
        if found < 0:
            self._nothing_closes.add(closing)
        return found

    def _note_odd(self, start: int) -> None:
        """Braces on one line, else an opening that nothing on its line closes."""
        if len(self.odd) >= _MOST_ODD:
            return
        line_end = self._text.find("\n", start, start + 500)
        until = line_end if line_end >= 0 else start + 500
        closing = self._text.find("}}", start + 2, until)
        if closing >= 0:
            self._note(Oddity.OTHER, start, closing + 2)
        else:
            self._note(Oddity.OPEN, start, start + 2)

    def _note(self, why: Oddity, start: int, end: int) -> None:
        if len(self.odd) < _MOST_ODD:
            self.odd.append(Odd(why, start, end))

"""The words of what stands between braces: where an expression or a tag of Jinja ends, or that it is none. Pure.

Time is linear in the text, whatever stands in it: an expression ends at the next opening brace, a tag at the next tag.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

NAME: Final = r"[^\W\d]\w*"
_STRING = r"'[^'\\]*+(?:\\.[^'\\]*+)*+'|\"[^\"\\]*+(?:\\.[^\"\\]*+)*+\""
_TOKEN: Final = re.compile(
    rf"""\s*+(?:(?P<name>{NAME})
    |(?P<number>\d[\d_]*+(?:\.\d++)?(?:[eE][-+]?\d++)?)
    |(?P<string>{_STRING})
    |(?P<sign>\*\*|//|==|!=|<=|>=|[-+*/%~|.,:()\[\]{{}}<>=]))""",
    re.VERBOSE | re.DOTALL,
)
_END_OF_EXPRESSION: Final = re.compile(r"\s*+[-+]?\}\}")
_END_OF_TAG: Final = re.compile(r"\s*+[-+]?%\}")
_JOINING: Final = frozenset({"and", "or", "in", "is", "if", "else"})
_BETWEEN: Final = frozenset({"**", "//", "==", "!=", "<=", ">=", "<", ">", "*", "/", "%", "~", "+", "-", "|", "."})
_OPEN_ENDED: Final = frozenset({"(", "[", ",", ":"})


class Kind(StrEnum):
    NAME = "name"
    NUMBER = "number"
    STRING = "string"
    SIGN = "sign"


@dataclass(frozen=True, slots=True)
class Token:
    """``start`` and ``end``: characters of the whole text."""

    kind: Kind
    text: str
    start: int
    end: int


def expression(text: str, start: int, most: int) -> tuple[tuple[Token, ...], int] | None:
    """The words of the expression whose ``{{`` stands at ``start``, and where it ends; None where none stands there. What
    has more than ``most`` words ends after them."""
    shape, tokens = _Shape(), list[Token]()
    position = _after_opening(text, start)
    while True:
        if shape.whole and (end := _END_OF_EXPRESSION.match(text, position)):
            return tuple(tokens), end.end()
        if len(tokens) > most:
            return tuple(tokens), position
        token = _token(text, position)
        if token is None or not shape.takes(token):
            return None
        tokens.append(token)
        position = token.end


def tag(text: str, start: int, most: int) -> tuple[tuple[Token, ...], int] | None:
    """As `expression`, of the tag whose ``{%`` stands at ``start``."""
    tokens = list[Token]()
    position = _after_opening(text, start)
    while True:
        if (end := _END_OF_TAG.match(text, position)) or len(tokens) > most:
            return tuple(tokens), end.end() if end else position
        token = _token(text, position)
        if token is None or (token.text == "{" and text.startswith("%", token.end)):
            return None
        tokens.append(token)
        position = token.end


def _after_opening(text: str, start: int) -> int:
    return start + (3 if text[start + 2 : start + 3] in ("-", "+") else 2)


def _token(text: str, position: int) -> Token | None:
    found = _TOKEN.match(text, position)
    if found is None or found.lastgroup is None:
        return None
    kind = Kind(found.lastgroup)
    return Token(kind, found[kind], found.start(kind), found.end(kind))


class _Shape:
    """Whether words could be an expression, one after the other: values, and what stands between values. It refuses
    prose, JSON and other languages' braces early; what it lets through may still be wrong."""

    def __init__(self) -> None:
        self._depth = 0
        self._wants = True  # a value comes next
        self._after_test = False  # `x is divisibleby 3`: a value may follow the test's name
        self._before = ""

    @property
    def whole(self) -> bool:
        return self._depth == 0 and not self._wants

    def takes(self, token: Token) -> bool:
        word = token.text
        if token.kind is not Kind.SIGN:
            fits = self._word(word, named=token.kind is Kind.NAME)
        elif word in "()[]":
            fits = self._bracket(word)
        else:
            fits = self._sign(word)
        self._before = word
        return fits

    def _word(self, word: str, *, named: bool) -> bool:
        if named and word == "not":
            self._wants = True
            return True
        if named and word in _JOINING and self._before not in (".", "|"):
            fits, self._wants = not self._wants, True
            return fits
        fits = self._wants or self._after_test
        self._after_test = self._before == "is" or (self._before == "not" and not self._after_test and named)
        self._wants = False
        return fits

    def _bracket(self, sign: str) -> bool:
        if sign in "([":
            self._depth += 1
            self._wants, self._after_test = True, False
            return True
        fits = self._depth > 0 and (not self._wants or self._before in _OPEN_ENDED)
        self._depth -= 1
        self._wants, self._after_test = False, False
        return fits

    def _sign(self, sign: str) -> bool:
        self._after_test = False
        if sign in _BETWEEN:
            fits, self._wants = not self._wants or sign in "+-", True
            return fits
        if sign in (",", ":", "="):
            fits = self._depth > 0 and (not self._wants or self._before in _OPEN_ENDED)
            self._wants = True
            return fits
        return False

"""Colours for code, line by line: a line is lexed once, from the state in which the line before it ended."""

from __future__ import annotations

import sys
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QColor, QSyntaxHighlighter, QTextCharFormat, QTextDocument

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pygments.lexer import Lexer

_LONGEST_LINE = 1_000  # characters: minified code is not worth its lexing
_COMMENTS = {"/*": "*/", "<!--": "-->"}
_COMMENT = "Token.Comment.Multiline"

# Token names of pygments, the longest prefix wins. Both sets keep 4.5:1 on their code ground.
_LIGHT = {
    "Comment": "#6B6860",
    "Keyword": "#8B2A73",
    "Operator.Word": "#8B2A73",
    "Name.Function": "#1D55A5",
    "Name.Class": "#1D55A5",
    "Name.Decorator": "#8A4B0F",
    "Name.Builtin": "#0B6E5B",
    "Name.Tag": "#8B2A73",
    "Name.Attribute": "#1D55A5",
    "Literal.String": "#3F6B12",
    "Literal.Number": "#9A4A00",
    "Generic.Deleted": "#B42318",
    "Generic.Inserted": "#3F6B12",
    "Generic.Heading": "#1D55A5",
}
_DARK = {
    "Comment": "#95918A",
    "Keyword": "#E09CCB",
    "Operator.Word": "#E09CCB",
    "Name.Function": "#8AB8F0",
    "Name.Class": "#8AB8F0",
    "Name.Decorator": "#F0B27A",
    "Name.Builtin": "#5CC7AC",
    "Name.Tag": "#E09CCB",
    "Name.Attribute": "#8AB8F0",
    "Literal.String": "#A9CF7F",
    "Literal.Number": "#F0A868",
    "Generic.Deleted": "#F97066",
    "Generic.Inserted": "#A9CF7F",
    "Generic.Heading": "#8AB8F0",
}


def warm(languages: tuple[str, ...] = ("python", "bash", "javascript", "json")) -> None:
    """Load the lexers ahead of the first code block. Touches no Qt: for a worker thread, once the window stands."""
    for language in languages:
        _lexer(language)


def ready() -> bool:
    """Whether the lexers are loaded already: the first use costs a noticeable fraction of a second."""
    return "pygments.lexers" in sys.modules


class CodeHighlighter(QSyntaxHighlighter):
    """Colours ``document`` as ``language``; an unknown language stays plain."""

    def __init__(self, document: QTextDocument, language: str, *, dark: bool) -> None:
        self._lexer = _lexer(language)
        self._comments = _comments(language)
        self._dark = dark
        self._stacks: list[tuple[str, ...]] = [("root",)]
        super().__init__(document)

    def highlightBlock(self, text: str) -> None:
        before = self._stacks[max(0, self.previousBlockState())]
        if self._lexer is None or len(text) > _LONGEST_LINE:
            return
        stack = before
        for at, token, value in self._tokens(text, before):
            if type(token) is tuple:  # a pygments token is a tuple too, of a type of its own
                stack = token
            elif form := _format(str(token), self._dark):
                self.setFormat(at, len(value), form)
        self.setCurrentBlockState(self._number(stack))

    def _tokens(self, text: str, stack: tuple[str, ...]) -> Iterator[tuple[int, Any, str]]:
        """(position, token, text) of a line; last the stack of states that the line ends in, in place of a token.

        Lexers take a comment of several lines in one piece, which a line does not have: an open one is a state of ours.
        """
        begin = 0
        if stack[-1] in _COMMENTS:
            end = text.find(_COMMENTS[stack[-1]])
            begin = len(text) if end < 0 else end + len(_COMMENTS[stack[-1]])
            yield 0, _COMMENT, text[:begin]
            if end < 0:
                yield len(text), stack, ""
                return
            stack = stack[:-1]
        for at, token, value in lex_line(self._lexer, text[begin:] + "\n", stack):
            if type(token) is tuple:
                stack = token
            elif opening := self._opened_comment(text, begin + at):
                yield begin + at, _COMMENT, text[begin + at :]
                yield len(text), (*stack, opening), ""
                return
            else:
                yield begin + at, token, value
        yield len(text), stack, ""

    def _opened_comment(self, text: str, at: int) -> str:
        """What opens a comment at this token, if this line does not close it."""
        for opening in self._comments:
            if text.startswith(opening, at) and _COMMENTS[opening] not in text[at:]:
                return opening
        return ""

    def _number(self, stack: tuple[str, ...]) -> int:
        if stack not in self._stacks:
            self._stacks.append(stack)
        return self._stacks.index(stack)


def lex_line(lexer: Lexer | None, line: str, stack: tuple[str, ...]) -> Iterator[tuple[int, Any, str]]:
    """What pygments' own loop does, for one line, and with the final stack of states as the last thing it yields.

    Lexers that keep more than a stack of states are asked for each line by itself.
    """
    from pygments.lexer import DelegatingLexer, ExtendedRegexLexer, RegexLexer
    from pygments.token import Error

    if lexer is None:
        return
    if not isinstance(lexer, RegexLexer) or isinstance(lexer, (ExtendedRegexLexer, DelegatingLexer)):
        yield from lexer.get_tokens_unprocessed(line)
        return
    rules: dict[str, Any] = lexer._tokens  # type: ignore[attr-defined]  # noqa: SLF001 - no public way to stop and go on
    states, at = list(stack), 0
    while at < len(line):
        for match_at, action, change in rules.get(states[-1], rules["root"]):
            if match := match_at(line, at):
                if action is not None:
                    yield from _acted(lexer, action, match)
                at = match.end()
                _change(states, change)
                break
        else:
            if line[at] == "\n":
                states = ["root"]
            yield at, Error, line[at]
            at += 1
    yield len(line), tuple(states), ""


def _acted(lexer: Lexer, action: Any, match: Any) -> Iterator[tuple[int, Any, str]]:
    from pygments.token import _TokenType

    if type(action) is _TokenType:
        yield match.start(), action, match.group()
    else:
        yield from action(lexer, match)


def _change(states: list[str], change: Any) -> None:
    """Apply a rule's change of state: one name or several, a number to pop, or "#push"."""
    if change is None:
        return
    for step in change if isinstance(change, tuple) else (change,):
        if isinstance(step, int):
            del states[max(1, len(states) + step) :]
        elif step == "#pop":
            del states[max(1, len(states) - 1) :]
        else:
            states.append(states[-1] if step == "#push" else step)


@lru_cache(maxsize=32)
def _lexer(language: str) -> Lexer | None:
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    if not language or language in ("text", "plain", "plaintext", "txt", "output"):
        return None
    try:
        return get_lexer_by_name(language)
    except ClassNotFound:
        return None


@lru_cache(maxsize=32)
def _comments(language: str) -> tuple[str, ...]:
    """Which comments of several lines a language has, as its lexer says."""
    lexer = _lexer(language)
    if lexer is None:
        return ()
    return tuple(
        opening
        for opening, end in _COMMENTS.items()
        if any(
            value.startswith(opening) and "Comment" in str(kind) for kind, value in lexer.get_tokens(f"{opening}x{end}")
        )
    )


def colours(token: str, *, dark: bool) -> str | None:
    """The colour, as #rrggbb, of a pygments token by its name ("Token.Keyword"); None for plain text."""
    known = _DARK if dark else _LIGHT
    name = token.removeprefix("Token.")
    while name and name not in known:
        name = name.rpartition(".")[0]
    return known[name].lower() if name else None


@lru_cache(maxsize=512)
def _format(token: str, dark: bool) -> QTextCharFormat | None:
    colour = colours(token, dark=dark)
    if colour is None:
        return None
    form = QTextCharFormat()
    form.setForeground(QColor(colour))
    if "Comment" in token:
        form.setFontItalic(True)
    return form

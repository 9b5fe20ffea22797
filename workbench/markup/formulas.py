r"""Where LaTeX stands in Markdown: ``$$..$$``, ``\[..\]``, ``\begin{align}..`` on own lines, ``\(..\)``, ``$..$`` within.

Only a closed formula is one. A formula on lines of its own ends at its closing mark or, before that, at a blank line: then
it was none. So a few lines decide it, and an open one at the end of a growing text is not decided yet.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_inline import StateInline

MOST_CHARACTERS = 2_000  # of one formula
_MOST_LINES = 80
_MOST_OF_DOLLARS = 300  # between single dollars
_ENVIRONMENTS = "equation|align|aligned|gather|gathered|multline|cases|matrix|pmatrix|bmatrix|split"
_OPENING = re.compile(rf"\$\$|\\\[|\\begin\{{(?P<environment>(?:{_ENVIRONMENTS})\*?)\}}")
_CLOSING = {"$$": "$$", "\\[": "\\]", "\\(": "\\)"}
_SIGNS = re.compile(r"[\\^_=<>+{}]")
_WORD = re.compile(r"[^\W\d_]{3,}")


def allow_formulas(markdown: MarkdownIt, *, undecided: bool = False) -> MarkdownIt:
    """Let a parser find formulas. Tokens: ``formula_block`` and ``formula`` (``meta["display"]``).

    ``undecided``: one that is open where the text stops is a ``formula_block`` too (``meta["closed"]`` is False).
    """

    def block(state: StateBlock, first: int, last: int, silent: bool) -> bool:
        return _block(state, first, last, silent, undecided)

    markdown.block.ruler.before(
        "blockquote", "formula_block", block, {"alt": ["paragraph", "reference", "blockquote", "list"]}
    )
    markdown.inline.ruler.before("escape", "formula", _inline)
    return markdown


# On lines of their own ------------------------------------------------------------------------------------------------


def _block(state: StateBlock, first: int, last: int, silent: bool, undecided: bool) -> bool:
    found = None if state.is_code_block(first) else _opened(state, first)
    if found is None:
        return False
    opening, closing = found
    end = _closing_line(state, first, last, opening, closing)
    if end is None or not (end[1] or undecided):
        return False
    if silent:
        return True
    line, closed = end
    source = state.getLines(first, line + 1, state.sCount[first], keepLastLF=False).strip()
    token = state.push("formula_block", "", 0)
    token.map, token.markup, token.meta = [first, line + 1], source, {"closed": closed, "display": True}
    keep = opening.startswith("\\begin")
    token.content = source if keep else source.removeprefix(opening).removesuffix(closing if closed else "").strip()
    state.line = line + 1
    return True


def _opened(state: StateBlock, line: int) -> tuple[str, str] | None:
    begin = state.bMarks[line] + state.tShift[line]
    match = _OPENING.match(state.src, begin, state.eMarks[line])
    if match is None:
        return None
    environment = match["environment"]
    return match.group(), f"\\end{{{environment}}}" if environment else _CLOSING[match.group()]


def _closing_line(state: StateBlock, first: int, last: int, opening: str, closing: str) -> tuple[int, bool] | None:
    """The line with the closing mark at its end; the last line, open, where the text stops before; None: no formula."""
    begin = state.bMarks[first] + state.tShift[first]
    for line in range(first, last):
        start = state.bMarks[line] + state.tShift[line] + (len(opening) if line == first else 0)
        end = state.eMarks[line]
        blank = not state.src[start:end].strip() and line > first
        if blank or end - begin > MOST_CHARACTERS or (line > first and state.sCount[line] < state.blkIndent):
            return None
        again = opening == "\\[" and state.src.find(opening, start, end) >= 0
        if again or line - first > _MOST_LINES:
            return None
        at = state.src.find(closing, start, end)
        if at >= 0:
            empty = line == first and not state.src[start:at].strip()
            return None if empty or state.src[at + len(closing) : end].strip() else (line, True)
    reaches_the_end = last == len(state.bMarks) - 1  # of the text, not only of the list item or quote around it
    return (last - 1, False) if reaches_the_end else None


# Within a line --------------------------------------------------------------------------------------------------------


def _inline(state: StateInline, silent: bool) -> bool:
    found = _found(state.src, state.pos, state.posMax)
    if found is None:
        return False
    opening, end = found
    if not silent:
        token = state.push("formula", "", 0)
        token.markup = state.src[state.pos : end]
        token.content = token.markup[len(opening) : -len(opening)].strip()
        token.meta = {"display": opening in ("$$", "\\[")}
    state.pos = end
    return True


def _found(text: str, at: int, limit: int) -> tuple[str, int] | None:
    """(opening mark, where the formula ends) of a closed formula that begins at ``at``."""
    if text[at] not in "$\\":
        return None
    mark = text[at : at + 2]
    if mark in _CLOSING:
        end = text.find(_CLOSING[mark], at + 2, min(limit, at + MOST_CHARACTERS))
        return (mark, end + 2) if end >= 0 and text[at + 2 : end].strip() else None
    if text[at] != "$" or (at and (text[at - 1].isalnum() or text[at - 1] == "$")):
        return None
    closing = _closing_dollar(text, at + 1, min(limit, at + _MOST_OF_DOLLARS))
    if closing is None or not _is_mathematics(text[at + 1 : closing]):
        return None
    return "$", closing + 1


def _closing_dollar(text: str, begin: int, end: int) -> int | None:
    at = text.find("$", begin, end)
    while at >= 0 and text[at - 1] == "\\":
        at = text.find("$", at + 1, end)
    if at < 0 or text[at + 1 : at + 2].isalnum() or text[at + 1 : at + 2] == "$":
        return None
    return at


def _is_mathematics(inside: str) -> bool:
    """Between two dollars may stand anything, as in "from $5 to 10$": a formula has a sign, or is short and one piece."""
    if not inside or inside != inside.strip() or "\n" in inside or "`" in inside:
        return False
    if _SIGNS.search(inside):
        return len(_WORD.findall(re.sub(r"\\[a-zA-Z]+|\{[^{}]*\}", "", inside))) < 4
    return " " not in inside and len(_WORD.findall(inside)) == 0

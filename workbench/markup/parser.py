"""The Markdown parser as this program uses it: CommonMark and tables, tuned to what models write.

Off: raw HTML (shown as text), reference definitions (a later line would change an earlier, finished block) and underlined
headings (models mean a rule by ``---``, and a line would flash as a heading while its list streams in).
On: tables, ~~strike~~, formulas, a line break where the model broke the line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from html import escape
from typing import TYPE_CHECKING

from workbench.markup.formulas import allow_formulas

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.renderer import RendererHTML
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

_MAX_NESTING = 24
_LINE_BREAK = re.compile(r"<br ?/?>", re.IGNORECASE)
_OFF = ["reference", "lheading", "html_block", "html_inline"]


@cache
def parser() -> MarkdownIt:
    """The one that reads everything, inline marks included. Imported late: it costs the start of the window 40 ms."""
    markdown = allow_formulas(_configured())
    markdown.inline.ruler.before("autolink", "line_break_tag", _line_break_tag)
    markdown.add_render_rule("code_block", _code_within)
    markdown.add_render_rule("formula", _formula)
    markdown.add_render_rule("formula_block", _formula_block)
    return markdown


@cache
def outline_parser() -> MarkdownIt:
    """The one that finds only the blocks: what the splitter asks for on every update."""
    markdown = allow_formulas(_configured(), undecided=True)
    markdown.core.ruler.enableOnly(["block"])
    return markdown


def _configured() -> MarkdownIt:
    from markdown_it import MarkdownIt

    options = {"html": False, "breaks": True, "maxNesting": _MAX_NESTING}
    markdown = MarkdownIt("commonmark", options).enable(["table", "strikethrough"]).disable(_OFF)
    # Everything parses as a link, so that the text of a forbidden one can be kept; render drops its address.
    markdown.validateLink = lambda url: len(url) < 10_000  # type: ignore[method-assign]
    return markdown


def _line_break_tag(state: StateInline, silent: bool) -> bool:
    """``<br>`` is the one tag models need: it is how they break a line within a table's cell."""
    match = _LINE_BREAK.match(state.src, state.pos)
    if match is None:
        return False
    if not silent:
        state.push("hardbreak", "br", 0)
    state.pos = match.end()
    return True


def _code_within(_renderer: RendererHTML, tokens: Sequence[Token], at: int, _options: object, _env: object) -> str:
    """Code inside a list item or a quote; at the top level it is a block of its own kind."""
    return f"<pre>{escape(tokens[at].content, quote=False)}</pre>"


def _formula(_renderer: RendererHTML, tokens: Sequence[Token], at: int, _options: object, _env: object) -> str:
    """An image without a source; ``title`` "display" when it was written to stand by itself."""
    display = ' title="display"' if tokens[at].meta["display"] else ""
    return f'<img alt="{escape(tokens[at].content)}"{display}>'


def _formula_block(renderer: RendererHTML, tokens: Sequence[Token], at: int, options: object, env: object) -> str:
    return f"<p>{_formula(renderer, tokens, at, options, env)}</p>"

"""One block of Markdown to sanitised HTML, or to plain text.

The HTML is bare: a closed list of tags, and of attributes only addresses, a list's first number, alignments and widths.
A formula is an ``img`` without a source: its LaTeX is the ``alt``; its ``title`` says if it stands by itself.
What it looks like is decided by whoever shows it. Nothing in it can make a viewer fetch anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from html import escape
from typing import TYPE_CHECKING

from workbench.markup.blocks import Block, Kind
from workbench.markup.links import bare_urls, image_label, safe_url
from workbench.markup.marks import CLASSES, SCHEME, Mark, filled, in_address, with_slots, without_slots
from workbench.markup.parser import parser

if TYPE_CHECKING:
    import nh3
    from markdown_it.token import Token

_TAGS = (
    "p br hr h1 h2 h3 h4 h5 h6 strong em s code pre blockquote ul ol li a table thead tbody tr th td img".split()  # noqa: SIM905
)
_ATTRIBUTES = {
    "a": {"href"},
    "ol": {"start"},
    "th": {"align", "width"},
    "td": {"align", "width"},
    "img": {"alt", "title"},
}
_SCHEMES = {"http", "https", "mailto", SCHEME}  # the last one only in marks: no text can write such a link
_WORD_LIMIT = 120
_MOST_BRACKETS = 300
_FOLD_AT = "\N{ZERO WIDTH SPACE}"
_LONG_WORD = re.compile(rf"\S{{{_WORD_LIMIT}}}(?=\S)")
_TICKED, _UNTICKED = "☑", "☐"
_TASK = re.compile(r"\[([ xX])\](?=\s)")
_ALIGN = {"text-align:left": "left", "text-align:center": "center", "text-align:right": "right"}


def to_html(block: Block, marks: Sequence[Mark] = ()) -> str:
    """The HTML to show for a block. Long words get zero-width spaces to break at; see ``unfolded``.

    ``marks``: numbers in ``block.source`` that are shown as links, in their order; in code they stay as they are.
    """
    if block.kind is Kind.CODE:
        return _cleaner().clean(f"<pre>{_escaped(block.code)}</pre>")
    if _is_tangled(block):
        return text_html(block.source)
    markdown = parser()
    tokens = _tokens(replace(block, source=with_slots(block.source, marks))) if marks else _tokens(block)
    if marks and any(in_address(token) for token in tokens):
        tokens, marks = _tokens(block), ()
    tokens = _shown(tokens, fold=True, source=block.source, marks=marks)
    html = _cleaner().clean(markdown.renderer.render(tokens, markdown.options, {}))
    return html.replace(">\n", ">")  # for reading the source only; a viewer may show them as blanks


def to_text(block: Block) -> str:
    """What a reader sees of a block, as plain text: for copying, searching and reading aloud."""
    if block.kind is Kind.CODE:
        return block.code
    if _is_tangled(block):
        return block.source
    return _plain(_shown(_tokens(block), fold=False)).strip("\n")


def text_html(text: str) -> str:
    """Plain text, as a person typed it, as HTML: line breaks and blanks stay, nothing in it is Markdown."""
    folded = _LONG_WORD.sub(lambda match: match.group() + _FOLD_AT, text)
    return _cleaner().clean("<p>" + _escaped(folded).replace("\r", "").replace("\n", "<br>") + "</p>")


def unfolded(text: str) -> str:
    """Shown text without the marks that ``to_html`` put into long words."""
    return text.replace(_FOLD_AT, "")


@cache
def _cleaner() -> nh3.Cleaner:
    import nh3

    return nh3.Cleaner(
        tags=set(_TAGS),
        attributes=_ATTRIBUTES,
        allowed_classes={"a": set(CLASSES)},
        url_schemes=_SCHEMES,
        link_rel=None,
        strip_comments=True,
    )


def _is_tangled(block: Block) -> bool:
    """More opening brackets than any text has; the parser looks for the end of each, so such a block stays as written."""
    return block.source.count("[") > _MOST_BRACKETS


def _escaped(text: str) -> str:
    return escape(text, quote=False)


def _tokens(block: Block) -> list[Token]:
    tokens = parser().parse(block.head + block.source)
    if block.number is not None and tokens and tokens[0].type == "ordered_list_open":
        tokens[0].attrs = {"start": block.number} if block.number != 1 else {}
    tokens = _without_head(tokens) if block.head else tokens
    cells = (token for token in tokens if token.type in ("th_open", "td_open"))
    for token, characters in zip(cells, block.columns, strict=False):
        token.meta = {"width": f"{max(1, round(100 * characters / sum(block.columns)))}%"}
    return tokens


def _without_head(tokens: list[Token]) -> list[Token]:
    """A table's later rows are parsed under its header, which gives them their columns, and shown without it."""
    kinds = [token.type for token in tokens]
    if "thead_close" not in kinds:
        return tokens
    return tokens[: kinds.index("thead_open")] + tokens[kinds.index("thead_close") + 1 :]


# What of the parser's tokens is shown ---------------------------------------------------------------------------------


def _shown(tokens: list[Token], *, fold: bool, source: str = "", marks: Sequence[Mark] = ()) -> list[Token]:
    """The tokens without styles, forbidden links and images; with boxes for tasks and links for bare addresses."""
    for at, token in enumerate(tokens):
        token.content = without_slots(token.content, source, marks) if marks else token.content
        if token.type == "inline":
            children = list(_with_bare_links(_allowed(token.children or [])))
            children = list(filled(children, source, marks)) if marks else children
            token.children = [_folded(child) for child in children] if fold else children
        elif token.type in ("th_open", "td_open"):
            align = _ALIGN.get(str(token.attrs.get("style", "")))
            token.attrs = {**token.meta, "align": align} if align else {**token.meta}
        elif token.type in ("fence", "code_block"):
            token.type, token.content = "code_block", token.content.removesuffix("\n")
        elif token.type == "list_item_open" and tokens[at + 1].type == "paragraph_open":
            _join_to_item(*tokens[at + 1 : at + 4])
    return tokens


def _join_to_item(opening: Token, inline: Token, closing: Token) -> None:
    """An item's first paragraph stands beside its bullet, also in a loose list; ``[x]`` before it becomes a box."""
    opening.hidden = closing.hidden = True
    text = (inline.children or [])[:1]
    if text and (task := _TASK.match(text[0].content)):
        text[0].content = (_UNTICKED if task[1] == " " else _TICKED) + text[0].content[task.end() :]


def _allowed(children: list[Token]) -> Iterator[Token]:
    """Only links that may be clicked keep their address; an image becomes a link to it, or words where it may not."""
    linked: list[str | None] = []
    for child in children:
        if child.type == "link_open":
            url = safe_url(str(child.attrs.get("href", "")))
            linked.append(url)
            if url is None:
                continue
            child.attrs = {"href": url}
        elif child.type == "link_close":
            if linked.pop() is None:
                continue
        elif child.type == "image":
            yield from _image(child, inside_link=any(linked))
            continue
        yield child


def _image(image: Token, *, inside_link: bool) -> Iterator[Token]:
    source = str(image.attrs.get("src", ""))
    url = None if inside_link else safe_url(source)
    label = _text(image_label(_plain(image.children or []), source))
    yield from (label,) if url is None else _link(url, label)


def _with_bare_links(children: Iterator[Token]) -> Iterator[Token]:
    depth = 0
    for child in children:
        depth += child.nesting if child.type in ("link_open", "link_close") else 0
        spans = bare_urls(child.content) if child.type == "text" and not depth else []
        at = 0
        for begin, end in spans:
            yield _text(child.content[at:begin])
            yield from _link(child.content[begin:end], _text(child.content[begin:end]))
            at = end
        if at:
            child.content = child.content[at:]
        yield child


def _link(url: str, label: Token) -> Iterator[Token]:
    from markdown_it.token import Token

    yield Token("link_open", "a", 1, attrs={"href": url})
    yield label
    yield Token("link_close", "a", -1)


def _text(content: str) -> Token:
    from markdown_it.token import Token

    return Token("text", "", 0, content=content)


def _folded(token: Token) -> Token:
    if token.type != "formula" and len(token.content) > _WORD_LIMIT:
        token.content = _LONG_WORD.sub(lambda match: match.group() + _FOLD_AT, token.content)
    return token


# Plain text -----------------------------------------------------------------------------------------------------------


def _plain(tokens: list[Token]) -> str:
    """Words, with a bullet or number before each item, a tab between cells, and a line for each line."""
    return "".join(_plain_pieces(tokens))


def _plain_pieces(tokens: list[Token]) -> Iterator[str]:
    lists: list[int | None] = []
    for token in tokens:
        if token.type == "inline":
            yield _plain(token.children or [])
        elif token.type == "bullet_list_open":
            lists.append(None)
        elif token.type == "ordered_list_open":
            lists.append(int(token.attrs.get("start", 1)))
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            lists.pop()
        elif token.type == "list_item_open":
            yield _bullet(lists)
        elif token.type in ("formula", "formula_block"):
            yield token.markup + ("\n" if token.type == "formula_block" else "")
        else:
            yield _PLAIN.get(token.type, token.content)


def _bullet(lists: list[int | None]) -> str:
    indent = "  " * (len(lists) - 1)
    number = lists[-1]
    if number is None:
        return f"{indent}• "
    lists[-1] = number + 1
    return f"{indent}{number}. "


_PLAIN = {
    "softbreak": "\n",
    "hardbreak": "\n",
    "paragraph_close": "\n",
    "heading_close": "\n",
    "hr": "———\n",
    "th_close": "\t",
    "td_close": "\t",
    "tr_close": "\n",
}

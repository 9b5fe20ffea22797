"""Web pages: what stands on them, without scripts, styles and what else is not read."""

from __future__ import annotations

import codecs
import re
from typing import Any, BinaryIO

from workbench.documents.extract.document import Extracted, Limits, Why, put_together
from workbench.documents.extract.opening import cannot
from workbench.documents.extract.readers import text as texts

MOST_DEPTH = 2_000
MOST_BYTES = 32 << 20
_TAG = re.compile(rb"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_NO_END = frozenset(
    b"area base br col embed hr img input link meta source track wbr p li td th tr dt dd option html head body".split()
)
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset=[\"']?([a-zA-Z0-9_-]{2,40})", re.IGNORECASE)
_DROPPED = ["script", "style", "noscript", "template", "svg", "iframe", "object", "canvas", "head"]
_BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "br", "div", "dl", "dd", "dt", "fieldset", "figure", "footer"),
        *("form", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "table", "tr", "ul"),
        *("h1", "h2", "h3", "h4", "h5", "h6"),
    )
)
_BEFORE = {"li": "- ", "h1": "# ", "h2": "## ", "h3": "### ", "h4": "#### ", "h5": "##### ", "h6": "###### "}


def prepare() -> None:
    import selectolax.lexbor  # noqa: F401

    texts.prepare()


def read(file: BinaryIO, name: str, kind: str, limits: Limits) -> Extracted:
    """Raises `DocumentError` for pages without a text and those that nest without end."""
    raw = file.read(MOST_BYTES)
    notes = [f"Only the first {MOST_BYTES >> 20} MB were read."] if file.read(1) else []
    source, guessed = decoded(raw, name)
    title, body = plain(source, name)
    if not body.strip():
        raise cannot(name, "has no text: a script would have to write it", why=Why.SKIPPED)
    said = f"{title}\n\n{body}" if title else body
    return put_together([("", said)], kind, limits, [*notes, *guessed], title=title)


def plain(source: str, name: str) -> tuple[str, str]:
    """Title and text of a page; headings as Markdown writes them. Raises `DocumentError` for one that nests without end."""
    from selectolax.lexbor import LexborHTMLParser

    if depth(source.encode("utf-8", "replace")) > MOST_DEPTH:
        raise cannot(name, "nests its elements too deeply: it may be made to do harm")
    page = LexborHTMLParser(source)
    named = page.css_first("title")
    title = "" if named is None else " ".join(named.text().split())
    page.strip_tags(_DROPPED)
    return title, _plain(page.body or page.root)


def depth(raw: bytes) -> int:
    """How deeply the elements nest, at most; those that may be left open do not count."""
    deepest = now = 0
    for closing, tag in _TAG.findall(raw):
        if tag.lower() in _NO_END:
            continue
        now = max(0, now - 1) if closing else now + 1
        deepest = max(deepest, now)
    return deepest


def decoded(raw: bytes, name: str) -> tuple[str, list[str]]:
    """As the page says, where its own bytes do not."""
    try:
        return raw.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        pass
    said = _CHARSET.search(raw[:4096])
    if said:
        try:
            return raw.decode(codecs.lookup(said[1].decode("ascii")).name, "replace"), []
        except (LookupError, OSError):
            pass
    return texts.decoded(raw, name)


def _plain(root: Any) -> str:
    """Walks the tree without recursion: lines for blocks, bars between cells, preformatted text as it is."""
    page = _Page()
    node, entering = root, True
    while node is not None:
        if entering:
            page.enter(node)
            if node.child is not None:
                node = node.child
                continue
        page.leave(node)
        if node.mem_id == root.mem_id:
            break
        entering = node.next is not None
        node = node.next if entering else node.parent
    return page.text()


class _Page:
    def __init__(self) -> None:
        self._lines: list[str] = []
        self._line: list[str] = []
        self._kept = 0  # open elements whose spaces count

    def enter(self, node: Any) -> None:
        tag = node.tag
        if tag == "-text":
            self._say(node.text_content or "")
            return
        if tag in _BLOCKS:
            self._end_line()
            self._line = [_BEFORE[tag]] if tag in _BEFORE else []
        elif tag in ("td", "th") and "".join(self._line).strip():
            self._line.append(" | ")
        self._kept += tag == "pre"

    def leave(self, node: Any) -> None:
        if node.tag in _BLOCKS:
            self._end_line()
        self._kept -= node.tag == "pre"

    def text(self) -> str:
        self._end_line()
        return re.sub("\n{3,}", "\n\n", "\n".join(self._lines))

    def _say(self, said: str) -> None:
        if not self._kept:
            said = re.sub(r"\s+", " ", said)
        self._line.append(said)

    def _end_line(self) -> None:
        line = "".join(self._line)
        self._line = []
        line = line.strip("\n") if self._kept else re.sub(" {2,}", " ", line).strip()
        if line not in ("", "-"):
            self._lines.append(line)

"""Numbers in a text that lead somewhere, such as "[1]" to the passage it cites.

Only the caller says where they stand: nothing that a text itself holds becomes one. They go through the parser as slots,
brackets around characters that no text has (Unicode's noncharacters), so that they change nothing of what stands around.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it.token import Token

SCHEME = "cite"
CLASSES = frozenset({"cite", "doubted"})
_OPEN, _CLOSE = "\ufdd0", "\ufdd1"
_ENCODED = "%EF%B7%90"  # the first one, as an address has it
_SLOT = re.compile(rf"[\[【]{_OPEN}(\d+){_CLOSE}[\]】]")
_INSIDE = re.compile(rf"{_OPEN}(\d+){_CLOSE}")  # its brackets may be those of a link
_FOREIGN = str.maketrans({_OPEN: "\N{REPLACEMENT CHARACTER}", _CLOSE: "\N{REPLACEMENT CHARACTER}"})


@dataclass(frozen=True, slots=True)
class Link:
    """``target``: what stands behind "cite:" in its address; ``text``: what is shown; ``doubted``: it looks different."""

    target: str
    text: str
    doubted: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """``source[begin:end]`` of a block, brackets included, is shown as these links."""

    begin: int
    end: int
    links: tuple[Link, ...]


def with_slots(source: str, marks: Sequence[Mark]) -> str:
    """``source`` with a slot for each mark; those that stand in no brackets, or in another one, are left as they are."""
    pieces, at = [], 0
    plain = source.translate(_FOREIGN)
    for number, mark in enumerate(marks):
        bracketed = plain[mark.begin : mark.begin + 1] + plain[mark.end - 1 : mark.end] in ("[]", "【】")
        if mark.begin >= at and bracketed and mark.end - mark.begin > 1:
            pieces += [plain[at : mark.begin + 1], f"{_OPEN}{number}{_CLOSE}{plain[mark.end - 1]}"]
            at = mark.end
    return "".join((*pieces, plain[at:]))


def without_slots(text: str, source: str, marks: Sequence[Mark]) -> str:
    """What stood there before: for code, addresses and formulas, in which no number leads anywhere."""
    if _OPEN not in text:
        return text
    return _INSIDE.sub(lambda slot: source[marks[int(slot[1])].begin + 1 : marks[int(slot[1])].end - 1], text)


def in_address(token: Token) -> bool:
    """Whether a slot stands where a link leads to: there it would be another address."""
    addresses = (str(value) for child in token.children or () for value in child.attrs.values())
    return any(_ENCODED in address or _OPEN in address for address in addresses)


def filled(children: Sequence[Token], source: str, marks: Sequence[Mark]) -> Iterator[Token]:
    """The tokens of a line with links in the slots of its words; within a link there is no other."""
    from markdown_it.token import Token

    depth = 0
    for child in children:
        depth += child.nesting if child.type in ("link_open", "link_close") else 0
        if child.type != "text" or depth or _OPEN not in child.content:
            child.content = without_slots(child.content, source, marks)
            yield child
            continue
        at = 0
        for slot in _SLOT.finditer(child.content):
            yield Token("text", "", 0, content=child.content[at : slot.start()])
            for link in marks[int(slot[1])].links:
                kind = "doubted" if link.doubted else "cite"
                yield Token("link_open", "a", 1, attrs={"href": f"{SCHEME}:{link.target}", "class": kind})
                yield Token("text", "", 0, content=link.text)
                yield Token("link_close", "a", -1)
            at = slot.end()
        yield Token("text", "", 0, content=child.content[at:])

"""What changed between two texts, word by word. Pure, and quick for texts of megabytes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

MOST_PAIRS: Final = 100_000_000  # words of one text times words of the other: a quarter of a second
_LETTERS: Final = 100  # of two words, more or less: texts with far more of them need not even be taken apart
_WORDS: Final = re.compile(r"\w+\s*|[^\w\s]\s*|\s+")  # with the space behind them: else spaces would be what is alike
_LINES: Final = re.compile(r"[^\n]*\n|[^\n]+")


class PieceKind(StrEnum):
    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Piece:
    kind: PieceKind
    text: str


Block = tuple[str, str, str]
"""What went, what came in its place, and what follows in both."""


def changes(old: str, new: str) -> tuple[Piece, ...]:
    """Both texts as one, in order: what went stands before what came in its place.

    ``same`` and ``removed`` pieces make up the old text, ``same`` and ``added`` ones the new. Texts that differ too much to
    be compared by words are compared by lines, and if need be as wholes.
    """
    return tuple(_joined(_trimmed(old, new, _compared)))


def _compared(old: str, new: str) -> Iterator[Piece]:
    if words := _words(old, new, MOST_PAIRS):
        yield from _by_words(*words)
    elif (old.count("\n") + 1) * (new.count("\n") + 1) <= MOST_PAIRS:
        yield from _by_lines(_LINES.findall(old), _LINES.findall(new))
    else:
        yield from _replaced(old, new)


def _words(old: str, new: str, most: int) -> tuple[list[str], list[str]] | None:
    """None where comparing them would take too long."""
    if len(old) * len(new) > most * _LETTERS:
        return None
    words = _WORDS.findall(old), _WORDS.findall(new)
    return words if len(words[0]) * len(words[1]) <= most else None


def _by_words(old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    for gone, came, same in _readable(_blocks(old, new)):
        yield from _trimmed(gone, came, _replaced)
        yield Piece(PieceKind.SAME, same)


def _by_lines(old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    """Lines in the place of others are compared by words, as long as that is quick in all."""
    left = MOST_PAIRS
    for gone, came, same in _blocks(old, new):
        if words := _words(gone, came, left):
            left -= len(words[0]) * len(words[1])
            yield from _by_words(*words)
        else:
            yield from _replaced(gone, came)
        yield Piece(PieceKind.SAME, same)


def _replaced(gone: str, came: str) -> Iterator[Piece]:
    yield Piece(PieceKind.REMOVED, gone)
    yield Piece(PieceKind.ADDED, came)


def _blocks(old: Sequence[str], new: Sequence[str]) -> Iterator[Block]:
    """As few words as can be went and came."""
    from rapidfuzz.distance import Indel  # only when somebody looks at changes

    numbers: dict[str, int] = {}
    old_numbers, new_numbers = ([numbers.setdefault(word, len(numbers)) for word in words] for words in (old, new))
    gone, came = "", ""
    for step in Indel.opcodes(old_numbers, new_numbers):
        if step.tag == "equal":
            yield gone, came, "".join(old[step.src_start : step.src_end])
            gone, came = "", ""
        else:
            gone += "".join(old[step.src_start : step.src_end])
            came += "".join(new[step.dest_start : step.dest_end])
    if gone or came:
        yield gone, came, ""


def _readable(blocks: Iterable[Block]) -> Iterator[Block]:
    """A comma that is alike between words that are not says nothing: it went and came with them."""
    before: Block = ("", "", "")
    for gone, came, same in blocks:
        old_gone, old_came, between = before
        if (old_gone or old_came) and not any(map(str.isalnum, between[:8])) and len(between) < 8:
            before = (old_gone + between + gone, old_came + between + came, same)
        else:
            yield before
            before = (gone, came, same)
    yield before


# What both begin and end with ------------------------------------------------------------------------------------------


def _trimmed(old: str, new: str, compare: Callable[[str, str], Iterator[Piece]]) -> Iterator[Piece]:
    """What both begin and end with stays as it is, in whole words; ``compare`` the rest."""
    begin = _whole_words(old, new, _common(old, new))
    old_rest, new_rest = old[begin:], new[begin:]
    end = _common(old_rest[::-1], new_rest[::-1])
    end = _whole_words(old_rest[::-1], new_rest[::-1], end)
    yield Piece(PieceKind.SAME, old[:begin])
    yield from compare(old_rest[: len(old_rest) - end], new_rest[: len(new_rest) - end])
    yield Piece(PieceKind.SAME, old_rest[len(old_rest) - end :])


def _common(one: str, other: str) -> int:
    """How many characters both begin with."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _whole_words(one: str, other: str, length: int) -> int:
    """Of what both begin with, as much as cuts no word in either."""
    if not (_goes_on(one, length) or _goes_on(other, length)):
        return length
    while length and _is_word(one[length - 1]):
        length -= 1
    return length


def _goes_on(text: str, at: int) -> bool:
    return 0 < at < len(text) and _is_word(text[at]) and _is_word(text[at - 1])


def _is_word(letter: str) -> bool:
    return letter.isalnum() or letter == "_"


def _joined(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Without empty ones; between two that stay there is at most one that went and one that came."""
    texts = {PieceKind.REMOVED: "", PieceKind.ADDED: "", PieceKind.SAME: ""}
    for piece in pieces:
        if piece.text and piece.kind is not PieceKind.SAME and texts[PieceKind.SAME]:
            yield from _told(texts)
        texts[piece.kind] += piece.text
    yield from _told(texts)


def _told(texts: dict[PieceKind, str]) -> Iterator[Piece]:
    for kind, text in texts.items():
        if text:
            yield Piece(kind, text)
        texts[kind] = ""

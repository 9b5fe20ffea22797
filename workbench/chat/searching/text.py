"""Words as the index sees them, where they stand in a text, and the piece of it to show. Pure.

The index folds case and the accents of Latin letters and splits at everything that is neither letter nor digit; so does
this module, no more and no less: else words would be asked for that no index has. The й of Russian, the ό of Greek and
the べ of Japanese are letters of their own to it. Chinese and Japanese write no spaces: there each character is a word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

BEFORE, LENGTH = 40, 160  # characters of a snippet before the first hit, and in all
LOOKED_AT = 100_000  # characters in which hits are marked
_UNSPACED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_UNSPACED_LETTER = re.compile(f"([{_UNSPACED}])")
_BEFORE_UNSPACED = re.compile(f"(?<=[^\\W_{_UNSPACED}])(?=[{_UNSPACED}])")  # "API仕様": a word ends there too
_WORD = re.compile(r"[^\W_]+")
_LETTER = f"[^\\W_{_UNSPACED}]"  # of a word that is written as one
_SAME_LETTER = (("ς", "σ"), ("ſ", "s"), ("ẛ", "s"))
_NOT_LATIN = "\u01e0\u01e1"  # which have a Latin letter at their base, and are kept whole by the index
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_SEPARATOR = "\u200b"  # invisible, and no letter to the index
_SIGNS: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = tuple(
    (re.compile(sign, re.MULTILINE), left)
    for sign, left in (
        (r"^[ \t]*(?:`{3,}|~{3,})[^\n`]*$", ""),
        (r"^[ \t]*\|?[ \t]*:?-{2,}:?[ \t]*(?:\|[ \t:|-]*)?$", ""),
        (r"^(?:[ \t]*>)+[ \t]?", ""),
        (r"^[ \t]*#{1,6}[ \t]+", ""),
        (r"^[ \t]*\|.*$", lambda row: " · ".join(cell.strip() for cell in row[0].strip(" \t|").split("|"))),
        (r"!?\[([^\[\]\n]{1,200})\]\([^()\s]{1,300}\)", r"\1"),
        (r"(\*\*\*|\*\*)(?=[^\s*])([^*\n]{1,300}?)(?<=\S)\1", r"\2"),
        (r"(?<![\w*])\*(?=[^\s*])([^*\n]{1,300}?)(?<=[^\s*])\*(?![\w*])", r"\1"),
        (r"`([^`\n]{1,300})`", r"\1"),
    )
)


@dataclass(frozen=True, slots=True)
class Term:
    """A word, or several that stand together; ``beginning``: its last word may go on."""

    text: str
    beginning: bool = False


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of a text on one line; ``marks``: begin and end of each hit in it."""

    text: str
    marks: tuple[tuple[int, int], ...] = ()


def folded(text: str) -> str:
    """Without case and accents; each character stays in its place."""
    if not text.isascii():
        text = _NOT_ASCII.sub(lambda found: _plain(found.group()), text)
    lower = text.lower()
    same = lower if len(lower) == len(text) else "".join(letter.lower()[0] for letter in text)
    if not same.isascii():
        for other, letter in _SAME_LETTER:
            same = same.replace(other, letter)
    return same


def tokens(text: str) -> list[str]:
    """The words of ``text`` as they stand in the index."""
    return _WORD.findall(indexed(folded(unicodedata.normalize("NFC", text))))


def indexed(text: str) -> str:
    """``text`` as it is given to the index: characters that are words of their own are told apart, and a letter with its
    accent behind it, as names of files come from a Mac, is one letter."""
    if text.isascii():
        return text
    apart = _BEFORE_UNSPACED.sub(_SEPARATOR, unicodedata.normalize("NFC", text))
    return _UNSPACED_LETTER.sub(rf"\1{_SEPARATOR}", apart)


def shown(text: str) -> str:
    """What `indexed` was given, but for how its accents were written."""
    return text if text.isascii() else text.replace(_SEPARATOR, "")


def places(text: str, terms: Sequence[Term]) -> list[tuple[int, int]]:
    """Begin and end of every hit, in order, without those inside another one."""
    plain = folded(text[:LOOKED_AT])
    found = sorted(
        hit.span() for term in terms for hit in _pattern(term.text, beginning=term.beginning).finditer(plain)
    )
    return list(_apart(found))


def snippet(text: str, terms: Sequence[Term]) -> Snippet:
    """The piece of ``text`` around its first hit, with all hits in it marked; its begin when there is none."""
    first = next(iter(places(text, terms)), None)
    begin = max(0, first[0] - BEFORE) if first else 0
    while begin and not text[begin - 1].isspace() and first and first[0] - begin < 2 * BEFORE:
        begin -= 1
    piece = " ".join(_as_read(text[begin : begin + 2 * LENGTH], terms).split())
    cut = piece[:LENGTH].rsplit(" ", 1)[0] if len(piece) > LENGTH else piece
    more = len(cut) < len(piece) or begin + 2 * LENGTH < len(text)
    line = f"{'…' if begin else ''}{cut}{'…' if more else ''}"
    return Snippet(line, tuple(places(line, terms)))


def _as_read(piece: str, terms: Sequence[Term]) -> str:
    """Without the signs of Markdown, as far as every hit stays: what was looked for may stand in an address."""
    hits = len(places(piece, terms))
    for sign, left in _SIGNS:
        plain = sign.sub(left, piece)
        if len(places(plain, terms)) == hits:
            piece = plain
    return piece


def relevance(text: str, terms: Sequence[Term]) -> float:
    """How well ``text`` speaks of ``terms``: how often, as whole words, close together, early. From 0 to about 3."""
    plain = folded(text[:LOOKED_AT])
    total = 0.0
    for term in terms:
        whole = len(_pattern(term.text, beginning=False).findall(plain))
        begun = len(_pattern(term.text, beginning=True).findall(plain)) - whole if term.beginning else 0
        count = whole + begun / 2
        total += count / (count + 1.5)
    score = total / max(1, len(terms)) / (1 + len(plain) / 8000)
    together = " ".join(term.text for term in terms)
    if len(terms) > 1 and _pattern(together, beginning=terms[-1].beginning).search(plain):
        score += 1.0
    return score


@lru_cache(maxsize=256)
def _pattern(words: str, *, beginning: bool) -> re.Pattern[str]:
    """The words of a term next to each other; ``beginning``: the last one may go on."""
    pieces: list[str] = []
    before = ""
    for word in words.split(" "):
        apart = _UNSPACED_LETTER.fullmatch(word) is not None
        gap = "" if not pieces else r"[\W_]*" if apart or _UNSPACED_LETTER.fullmatch(before) else r"[\W_]+"
        letters = re.escape(
            word
        )  # before a look back, so that the engine leaps from one place of the letters to the next
        pieces.append(gap + letters if apart else f"{gap}{letters}(?<!{_LETTER}{letters})")
        before = word
    if _UNSPACED_LETTER.fullmatch(before):
        return re.compile("".join(pieces))
    return re.compile("".join(pieces) + (f"{_LETTER}*" if beginning else f"(?!{_LETTER})"))


def _apart(found: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    end = -1
    for begin, stop in found:
        if begin >= end and stop > begin:
            yield begin, stop
            end = stop


@lru_cache(maxsize=4096)
def _plain(character: str) -> str:
    """A Latin letter without its accents."""
    letter, *rest = list(unicodedata.normalize("NFD", character))
    is_latin = letter.isascii() and character not in _NOT_LATIN
    return letter if is_latin and all(map(unicodedata.combining, rest)) else character

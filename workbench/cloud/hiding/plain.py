"""A text as it is read, where it is written otherwise: without invisible characters, in plain letters and digits, decoded.

A mail address with a soft hyphen in it, in full-width letters or as `anna%40example.org` is one all the same. Finds in the
copy are told as places of the text itself.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from workbench.cloud.hiding.found import Found

# Percent signs of addresses, entities of HTML, escapes of JSON and code, a word that is parted at the end of a line; markup
# inside of a word, letters of another alphabet among Latin ones; then every character that may be written otherwise.
_WRITTEN: Final = re.compile(
    r"(?P<percent>(?:%[0-9A-Fa-f]{2})++)|(?P<entity>&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]{2,8});)"
    r"|\\(?:u[{]?(?=[0-9A-Fa-f]{4})|x)(?P<code>[0-9A-Fa-f]{4}|[0-9A-Fa-f]{2})[}]?"
    r"|(?P<parted>(?<=[^\W\d_])[-\u00ad\u2010]\r?\n[ \t]{0,8}(?=[^\W\d_]))"
    r"|(?P<markup>(?<=[\w@.])</?(?:b|i|em|strong|u|span|wbr|font|mark)(?: [^<>]{0,100})?/?>(?=[\w@.])"
    r"|(?<=\w)(?:\*{1,2}(?=@|\.\w)|\\(?=[_@.-]\w))|(?<=@)\*{1,2}(?=\w)|(?<=[0-9])\*{1,2}(?=[ ][0-9]))"
    r"|(?P<thin>(?<=[0-9])\\[,;:](?=[0-9]))"
    r"|(?P<alike>(?<=[A-Za-z])[\u0370-\u052f]|[\u0370-\u052f](?=[A-Za-z]))"
    r"|(?P<dash>(?<=[0-9)])[\u2012-\u2015\u2212](?=[0-9(]))"
    r"|(?P<other>[\u00a0\u00ad]|[^\x00-\xff])"
)
# What each of them begins with: few signs of a text, so it is passed over ten times as fast.
_MAYBE: Final = re.compile(r"[%&\\\-*<\u00a0\u00ad\u0100-\U0010ffff]")
# Letters of Cyrillic and Greek that look like these, where a Latin one stands beside them.
_ALIKE: Final = dict(
    zip(
        "АВЕЗКМНОРСТУХаеорсухіјѕһԁԛԝІЈЅΑΒΕΖΗΙΚΜΝΟΡΤΥΧοναι",
        "ABE3KMHOPCTYXaeopcyxijshdqwIJSABEZHIKMNOPTYXovai",
        strict=True,
    )
)
_READ_AS: Final = {"dash": "-", "thin": " ", "markup": "", "parted": ""}
_KEPT: Final = ("<super>", "<sub>", "<fraction>", "<initial>", "<medial>", "<final>", "<isolated>")
_ELLIPSIS: Final = "\u2026"  # three dots say no more, and stand in many texts
_HYPHENS: Final = "\u2010\u2011"


@dataclass(frozen=True, slots=True)
class Plain:
    """``text`` is the copy; its character number i stands for ``starts[i]`` to ``ends[i]`` of the original."""

    text: str
    starts: array[int]
    ends: array[int]

    def found(self, find: Found) -> Found:
        """A find of the copy, as one of the original."""
        return Found(self.starts[find.start], self.ends[find.end - 1], find.kind)


def plain(text: str) -> Plain | None:
    """None where the copy would be the text itself, which is most often so."""
    changed = [change for change in _changes(text) if change[2] != text[change[0] : change[1]]]
    if not changed:
        return None
    pieces: list[str] = []
    starts, ends, place = array("q"), array("q"), 0
    for start, end, read in [*changed, (len(text), len(text), "")]:
        pieces += [text[place:start], read]
        starts.extend(range(place, start))
        ends.extend(range(place + 1, start + 1))
        starts.extend([start] * len(read))
        ends.extend([end] * len(read))
        place = end
    return Plain("".join(pieces), starts, ends)


def plain_text(text: str) -> str:
    """The copy alone."""
    copy = plain(text)
    return text if copy is None else copy.text


def _changes(text: str) -> Iterator[tuple[int, int, str]]:
    """Where something else is read, and what."""
    end = 0
    for sign in _MAYBE.finditer(text):
        match = _WRITTEN.match(text, sign.start()) if sign.start() >= end else None
        if match is None:
            continue
        end = match.end()
        match match.lastgroup:
            case "percent":
                yield from _percent(match)
            case "entity":
                yield match.start(), match.end(), _entity(match[0])
            case "code":
                yield match.start(), match.end(), _character(int(match["code"], 16))
            case "alike":
                yield match.start(), match.end(), _ALIKE.get(match[0]) or _read(match[0])
            case "dash" | "thin" | "markup" | "parted" as kind:
                yield match.start(), match.end(), _READ_AS[kind]
            case _:
                yield match.start(), match.end(), _read(match[0])


def _percent(match: re.Match[str]) -> Iterator[tuple[int, int, str]]:
    """Each character of a run such as `%C3%BC%40`; what is no UTF-8 stays."""
    try:
        decoded = bytes.fromhex(match[0].replace("%", "")).decode("utf-8")
    except UnicodeDecodeError:
        return
    start = match.start()
    for one in decoded:
        end = start + 3 * len(one.encode("utf-8"))
        yield start, end, _read(one)
        start = end


def _entity(written: str) -> str:
    import html

    decoded = html.unescape(written)
    return written if decoded == written else "".join(map(_read, decoded))


def _character(code: int) -> str:
    """Half a pair is nothing on its own."""
    return "" if 0xD800 <= code <= 0xDFFF else _read(chr(code))


@functools.lru_cache(maxsize=8192)
def _read(character: str) -> str:
    """As the rules know it: nothing for what is not seen, ASCII digits, plain letters of the compatible ones."""
    if unicodedata.category(character) == "Cf" or "\ufe00" <= character <= "\ufe0f" or character == "\u034f":
        return ""
    if character in _HYPHENS:
        return "-"
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    kind = unicodedata.decomposition(character).partition(" ")[0]
    if character == _ELLIPSIS or kind in _KEPT or (character < "\u0100" and character != "\u00a0"):
        return character
    return unicodedata.normalize("NFKC", character)

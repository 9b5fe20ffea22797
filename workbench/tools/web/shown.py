"""What the web gave, as a model reads it: numbered passages, each under its title, address and date. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit

from workbench.messages import Passage
from workbench.tools.tool import Outcome
from workbench.tools.web.search import Hit

CHARACTERS_OF_A_TOKEN: Final = 4
MOST_PASSAGES: Final = 20  # the numbers that one call may give
_PASSAGE: Final = 1_600
_LEAST: Final = 400
_PARAGRAPHS: Final = re.compile(r"\n+")


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it was read. ``url``: where it was in the end; ``asked``: where it was looked for. ``date``: as the page
    says when it was written. ``notes``: what was left out, in sentences."""

    url: str
    asked: str
    title: str
    text: str
    date: str = ""
    sha256: str = ""
    notes: tuple[str, ...] = ()


def site(url: str) -> str:
    """ "example.org" """
    return (urlsplit(url).hostname or url[:80]).removeprefix("www.")


def hits_shown(hits: Sequence[Hit], by: str, now: float, first: int, tokens: int) -> Outcome:
    """``by``: who found them. ``first``: the number of the first passage."""
    room, passages, pieces = tokens * CHARACTERS_OF_A_TOKEN, list[Passage](), list[str]()
    for number, hit in enumerate(hits[:MOST_PASSAGES], first):
        text = hit.snippet or hit.title
        head = _head(number, hit.title, hit.url, hit.date)
        if pieces and len(head) + len(text) > room:
            break
        room -= len(head) + len(text) + 2
        passages.append(_passage(number, hit.url, text, 0, hit.title, now))
        pieces.append(f"{head}\n{text}")
    if not pieces:
        return Outcome(f"{by} found nothing for this. Other words may find more.")
    last = f"Found by {by} on {_day(now)}. Cite as [{first}]; fetch_page reads a page whole."
    return Outcome("\n\n".join([*pieces, last]), tuple(passages), untrusted=True)


def page_shown(page: Page, part: int, now: float, first: int, tokens: int) -> Outcome:
    """``part``: from 1, of a page that is longer than a result may be."""
    parts = list(_parts(page.text, max(_LEAST, tokens * CHARACTERS_OF_A_TOKEN - 600)))
    chosen = min(max(part, 1), len(parts))
    passages, pieces = list[Passage](), list[str]()
    for number, (start, text) in enumerate(parts[chosen - 1], first):
        passages.append(_passage(number, page.url, text, start, page.title, now, page.sha256))
        pieces.append(f"{_head(number, page.title, page.url, page.date) if not pieces else f'[{number}]'}\n{text}")
    return Outcome("\n\n".join([*pieces, _said(page, chosen, len(parts), now)]), tuple(passages), untrusted=True)


def _said(page: Page, part: int, parts: int, now: float) -> str:
    said = [f"Fetched on {_day(now)}."]
    if page.url != page.asked:
        said.append(f"The address of {site(page.asked)} led to {page.url}.")
    if part < parts:
        said.append(f"This is part {part} of {parts}: call fetch_page with part={part + 1} to read on.")
    elif parts > 1:
        said.append(f"This is the last of {parts} parts.")
    return " ".join([*said, *page.notes])


def _head(number: int, title: str, url: str, date: str) -> str:
    return f"[{number}] {title}\n{url}" + (f" ({date})" if date else "")


def _parts(text: str, room: int) -> Iterator[list[tuple[int, str]]]:
    """Passages with their places in the text, as many together as have room."""
    part, left = list[tuple[int, str]](), room
    for start, end in _pieces(text, min(_PASSAGE, room)):
        if part and (end - start + 8 > left or len(part) == MOST_PASSAGES):
            yield part
            part, left = [], room
        part.append((start, text[start:end]))
        left -= end - start + 8
    if part:
        yield part


def _pieces(text: str, most: int) -> Iterator[tuple[int, int]]:
    """Neighbouring paragraphs together, long ones cut at a space."""
    start = end = 0
    for begin, stop in _paragraphs(text):
        if end > start and stop - start > most:
            yield start, end
            start = begin
        elif end == start:
            start = begin
        while stop - start > most:
            cut = text.rfind(" ", start + most // 2, start + most)
            cut = cut if cut > 0 else start + most
            yield start, cut
            start = cut + (text[cut] == " ")
        end = stop
    if end > start:
        yield start, end


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    begin = 0
    for gap in _PARAGRAPHS.finditer(text):
        if gap.start() > begin:
            yield begin, gap.start()
        begin = gap.end()
    if begin < len(text):
        yield begin, len(text)


def _passage(number: int, url: str, text: str, start: int, title: str, now: float, sha256: str = "") -> Passage:
    digest = sha256 or hashlib.sha256(text.encode()).hexdigest()
    return Passage(number, url, "", digest, start, start + len(text), text, label=site(url), context=title, at=now)


def _day(now: float) -> str:
    return datetime.fromtimestamp(now, UTC).date().isoformat()

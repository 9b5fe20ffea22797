"""The numbers of an answer and the passages behind them, in words. Pure.

While an answer is written, numbers of passages that were given are links at once, and others stay text: the next piece may
make something else of them. Once it is checked, each citation stands where the check found it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from ui.chat.steps import one_line
from ui.translation import marked, tr
from workbench.documents.citing.numbers import markers
from workbench.markup import Block, Kind, Link, Mark
from workbench.messages import Citation, Passage, Sources, Verdict

_SIGNS = {Verdict.CHANGED: "≠", Verdict.UNSUPPORTED: "?", Verdict.MISSING: "×"}
_WORDS = {
    Verdict.CHANGED: marked("The passage says something else."),
    Verdict.UNSUPPORTED: marked("The passage does not seem to say this."),
    Verdict.MISSING: marked("There is no passage of this number."),
}
QUOTED = 240  # characters of a passage that a tooltip shows
MOST_DOUBTS = 4  # told under an answer without being asked


@dataclass(frozen=True, slots=True)
class Cited:
    """The numbers at one place of an answer: ``text[start:end]``, brackets included."""

    start: int
    end: int
    citations: tuple[Citation, ...]


def cited(text: str, sources: Sources) -> tuple[Cited, ...]:
    """Where ``text`` cites, in order: as it was checked, else wherever numbers of given passages stand."""
    if sources.citations:
        places: dict[tuple[int, int], list[Citation]] = {}
        for one in sources.citations:
            places.setdefault((one.start, one.end), []).append(one)
        return tuple(Cited(start, end, tuple(at)) for (start, end), at in sorted(places.items()))
    given = {one.number for one in sources.passages}
    return tuple(_unchecked(text, given)) if given else ()


def _unchecked(text: str, given: set[int]) -> Iterator[Cited]:
    for found in markers(text):
        if given.issuperset(found.numbers):
            start, end = found.start, found.end
            yield Cited(start, end, tuple(Citation(start, end, one, Verdict.SUPPORTED) for one in found.numbers))


def marks_of(block: Block, begin: int, places: Sequence[Cited]) -> tuple[Mark, ...]:
    """Those of a block whose text begins at ``begin`` of the answer."""
    if block.kind is Kind.CODE:
        return ()
    end = begin + len(block.source)
    return tuple(
        Mark(one.start - begin, one.end - begin, tuple(_link(citation) for citation in one.citations))
        for one in places
        if begin <= one.start and one.end <= end
    )


def _link(citation: Citation) -> Link:
    sign = _SIGNS.get(citation.verdict, "")
    target = f"{citation.number}:{citation.start}"
    joined = f"\N{NO-BREAK SPACE}{sign}" if sign else ""
    return Link(target, f"[{citation.number}{joined}]", doubted=bool(sign))


def target_of(address: str) -> tuple[int, int] | None:
    """Number and place from an address that `marks_of` made ("cite:2:140"); None for any other."""
    found = re.fullmatch(r"cite:(\d{1,9}):(\d{1,9})", address)
    return (int(found[1]), int(found[2])) if found else None


# In words -------------------------------------------------------------------------------------------------------------


def kind_of(passage: Passage) -> Literal["page", "chat", "file"]:
    """Whether it is of a page of the web, of another chat, or of a file."""
    if passage.path.startswith(("https://", "http://")):
        return "page"
    return "chat" if passage.path.startswith("chat:") else "file"


def chat_of(passage: Passage) -> tuple[str, str]:
    """The chat and the message that a passage of another chat is of."""
    chat, _, message = passage.path.removeprefix("chat:").partition("#")
    return chat, message


def icon_of(passage: Passage) -> str:
    return {"page": "globe", "chat": "messages-square", "file": "file-text"}[kind_of(passage)]


def day_words(at: float | None) -> str:
    """The day on which something was fetched or said, here."""
    return "" if at is None else datetime.fromtimestamp(at).astimezone().date().isoformat()


def place_words(passage: Passage) -> str:
    """ "report.pdf · Page 3", "Potsdam · en.wikipedia.org · 2026-11-23", "Bread · you said · 2026-11-02"."""
    if kind_of(passage) != "file":
        title = one_line(passage.context) or (tr("A chat") if kind_of(passage) == "chat" else "")
        return " · ".join(words for words in (title, one_line(passage.label), day_words(passage.at)) if words)
    where = passage.label or (tr("Page {page}").format(page=passage.page) if passage.page else "")
    return " · ".join(words for words in (shown_name(passage.name), where) if words)


def shown_name(name: str) -> str:
    """A file's name as it can be shown: what is no text in it becomes a question mark."""
    return name.encode("utf-8", "replace").decode("utf-8")


def doubt_words(citation: Citation) -> str:
    """Why a citation is marked; empty for one that is right."""
    if citation.verdict is Verdict.SUPPORTED:
        return ""
    return citation.reason or tr(_WORDS[citation.verdict])


def citation_at(sources: Sources, number: int, start: int) -> Citation | None:
    """What the check said of this number at this place."""
    return next((one for one in sources.citations if (one.number, one.start) == (number, start)), None)


def passage_of(sources: Sources, number: int) -> Passage | None:
    return next((one for one in sources.passages if one.number == number), None)


def spoken(sources: Sources, number: int, start: int) -> str:
    """What a number says when it is pointed at or has the keyboard: file and page, what is doubted, the passage."""
    passage, citation = passage_of(sources, number), citation_at(sources, number, start)
    lines = [place_words(passage)] if passage is not None else []
    if citation is not None and (doubt := doubt_words(citation)):
        lines.append(doubt)
    if passage is not None:
        words = " ".join(passage.text.split())
        lines.append(f"“{words[:QUOTED]}{'…' if len(words) > QUOTED else ''}”")
    return "\n".join(lines)


# Under the answer -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Summary:
    """``cited``: the passages that the answer names, in the order of their numbers; ``others`` were given besides.
    ``doubts``: what a person should look at, each with the numbers it is about."""

    label: str
    cited: tuple[Passage, ...]
    others: tuple[Passage, ...]
    doubts: tuple[tuple[tuple[int, ...], str], ...] = ()


def summary(text: str, sources: Sources) -> Summary:
    """What an answer stands on, in words."""
    numbers = {one.number for place in cited(text, sources) for one in place.citations}
    named = tuple(one for one in sources.passages if one.number in numbers)
    others = tuple(one for one in sources.passages if one.number not in numbers)
    return Summary(_label(named, others), named, others, tuple(_doubts(sources)))


def _label(named: Sequence[Passage], others: Sequence[Passage]) -> str:
    if named:
        return tr("1 source") if len(named) == 1 else tr("{count} sources").format(count=len(named))
    if len(others) == 1:
        return tr("1 passage was given, the answer does not cite it")
    return tr("{count} passages were given, the answer cites none").format(count=len(others))


def _doubts(sources: Sources) -> Iterator[tuple[tuple[int, ...], str]]:
    """The same words once, for all the numbers they are said of."""
    told: dict[str, dict[int, None]] = {}
    for one in sources.citations:
        if words := doubt_words(one):
            told.setdefault(words, {})[one.number] = None
    for words, numbers in [*told.items()][:MOST_DOUBTS]:
        yield tuple(numbers), words


def doubt_line(numbers: Sequence[int], words: str) -> str:
    """ "[1] [3] The passage says something else."."""
    return " ".join((*(f"[{number}]" for number in numbers), words))

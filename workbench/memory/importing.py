"""What comes in beside what is remembered already: nothing is lost, nothing is there twice. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from workbench.memory.memory import AboutMe
from workbench.memory.wording import MOST_FACT_CHARACTERS, MOST_TEXT_CHARACTERS, one_line

_SENTENCE: Final = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True, slots=True)
class Imported:
    """``texts``: how many changed; ``facts``: how many are new; ``left_out``: what was not taken, and why, in sentences."""

    texts: int = 0
    facts: int = 0
    left_out: tuple[str, ...] = ()

    def told(self) -> str:
        texts = f"{self.texts} {'text' if self.texts == 1 else 'texts'}"
        facts = f"{self.facts} {'fact' if self.facts == 1 else 'facts'}"
        return f"{texts} and {facts} taken in."


def beside(there: AboutMe, coming: AboutMe) -> AboutMe:
    """What is there stays; what comes stands below it, unless it is there already, or there is no room for it."""
    return AboutMe(_beside(there.about, coming.about), _beside(there.how, coming.how))


def no_room(there: AboutMe, coming: AboutMe) -> bool:
    """Whether `beside` left something out."""
    merged = beside(there, coming)
    return coming.about.strip() not in merged.about or coming.how.strip() not in merged.how


def _beside(there: str, coming: str) -> str:
    coming = coming.strip()
    if not coming or coming in there:
        return there
    both = f"{there}\n\n{coming}" if there else coming
    return both if len(both) <= MOST_TEXT_CHARACTERS else there


def facts_of(prose: str) -> tuple[str, ...]:
    """Paragraphs and list items as facts, each on one line; long ones by their sentences. Headings say nothing alone."""
    found: list[str] = []
    for line in prose.splitlines():
        text = one_line(re.sub(r"^\s*(?:[-*+]|\d+[.)])\s+", "", line))
        if text and not _is_heading(text):
            found += _pieces(text.replace("**", ""))
    return tuple(dict.fromkeys(found))


def _is_heading(line: str) -> bool:
    return line.startswith("#") or bool(re.fullmatch(r"\*\*[^*]+\*\*:?", line))


def _pieces(text: str) -> list[str]:
    pieces = [""]
    for sentence in _SENTENCE.split(text):
        longer = f"{pieces[-1]} {sentence}".strip()
        if len(longer) <= MOST_FACT_CHARACTERS:
            pieces[-1] = longer
        else:
            pieces.append(sentence)
    return [piece[start : start + MOST_FACT_CHARACTERS].strip() for piece in pieces if piece
            for start in range(0, len(piece), MOST_FACT_CHARACTERS)]  # fmt: skip

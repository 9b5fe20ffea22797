"""Names in prose that no list has to know: who is kin, who said it, who smiled, who stands beside somebody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from workbench.cloud.hiding import person_cues as person
from workbench.cloud.hiding.found import Found
from workbench.cloud.hiding.given import Names, folded_word
from workbench.cloud.hiding.letters import lowered
from workbench.cloud.hiding.name_words import TITLES, WORD, chain, is_common, small_name
from workbench.cloud.hiding.redaction import Hidden

LONGEST_NAME: Final = 60  # characters of one word
_IN_SENTENCE: Final = re.compile(r"(?<!\w)[a-zà-ÿœ]{2,29},? \Z")  # a small word before: no title, no first word


def in_prose(text: str, known: Names) -> Iterator[Found]:
    """Who is kin, who said what stands in quotation marks, who smiled."""
    for match in person.KIN.finditer(f"\n{lowered(text)}"):
        place = match.end() - 1
        if text[place].isupper():
            yield from (find for find in chain(text, place) if person.ALONE_BEHIND.match(text, find.end))
        else:
            yield from small_name(text, place, known)
    for match in person.ASKED.finditer(f"\n{text}"):
        yield from (
            find for find in small_name(text, match.end() - 1, known) if not is_common(text[find.start : find.end])
        )
    for match in person.SAID.finditer(text):
        yield from (find for find in chain(text, match.end()) if person.ALONE_BEHIND.match(text, find.end))
    for match in person.ACTED.finditer(text):
        before = person.LAST_WORD.search(text, max(0, match.start() - LONGEST_NAME), match.start())
        if before and not (is_common(before[1]) or before[1].isupper()):
            yield Found(before.start(1), before.end(1), Hidden.NAME)


def joined_with(text: str, found: list[Found], known: Names) -> Iterator[Found]:
    """Who stands beside a person: "Anna and Torvik". One word that no list knows as anything else, in a sentence."""
    for find in found:
        yield from _behind(text, find.end, known)
        yield from _before(text, find.start, known)


def _behind(text: str, place: int, known: Names) -> Iterator[Found]:
    joins = person.JOINS.match(text, place)
    word = WORD.match(text, joins.end()) if joins else None
    if word and person.ALONE_BEHIND.match(text, word.end()) and _may_be_person(word[0], known):
        yield Found(word.start(), word.end() - 2 * word[0].endswith(("'s", "’s")), Hidden.NAME)


def _before(text: str, place: int, known: Names) -> Iterator[Found]:
    joins = person.JOINED.search(text, max(0, place - 8), place)
    word = person.LAST_WORD.search(text, max(0, joins.start() - LONGEST_NAME), joins.start()) if joins else None
    if word is None or not _may_be_person(word[1], known):
        return
    if _IN_SENTENCE.search(text, max(0, word.start() - 30), word.start()):
        yield Found(word.start(1), word.end(1), Hidden.NAME)


def _may_be_person(word: str, known: Names) -> bool:
    folded = folded_word(word)
    no_person = is_common(word) or word.isupper() or folded in TITLES
    return not (no_person or folded in known.doubtful or folded in known.family_words)

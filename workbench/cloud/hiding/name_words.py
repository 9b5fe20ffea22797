"""What words of names are, and where a name ends that was announced."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import Final

from workbench.cloud.hiding import name_cues as cues
from workbench.cloud.hiding.found import Found
from workbench.cloud.hiding.given import KEPT, Names, folded_word, known_names
from workbench.cloud.hiding.redaction import Hidden

_NO_NAME_ENDS: Final = (
    "ung",
    "ungen",
    "heit",
    "keit",
    "schaft",
    "tion",
    "tionen",
    "tät",
    "ismus",
    "chen",
    "ment",
    "ship",
    "ness",
    "nummer",
)
SHORTEST_OF_DOUBLE: Final = 4  # letters: shorter parts are words more often
WORD: Final = re.compile(cues.WORD)
# Behind the last word: a call, an attribute, a type, a path is code.
CODE_BEHIND: Final = re.compile(r"[(_\[{=/\\@$`]|::|\.[a-z_]|[ ]?[=:]=|-\d| ?\(\)")
TITLES: Final = frozenset(
    "dr prof professor herr herrn frau mr mrs ms miss mme mlle sr sra doktor doctor".split()  # noqa: SIM905
)


def family_parts(name: str, known: Names) -> list[str]:
    """What stands for the person on its own: "Schmidt" of "Anna Schmidt", and "Torvik" that a title led to; no words of a
    language."""
    words = (match[0] for match in WORD.finditer(name))
    return [
        word for word in words if len(word) >= 2 and not is_common(word) and folded_word(word) not in known.doubtful
    ]


@functools.lru_cache(KEPT)
def parts_of(name: str) -> tuple[str, ...]:
    """What stands for the person elsewhere: as `family_parts`, and "Meier" and "Kurz" of "Anna Meier-Kurz": one of them
    often stands for both."""
    known = known_names()
    return (*family_parts(name, known), *_parts_of_double(name, known))


def _parts_of_double(name: str, known: Names) -> Iterator[str]:
    doubles = (match[0] for match in WORD.finditer(name) if "-" in match[0])
    for part in (part for double in doubles for part in double.split("-")):
        if len(part) >= SHORTEST_OF_DOUBLE and not is_common(part) and folded_word(part) not in known.doubtful:
            yield part


def chain(text: str, place: int) -> Iterator[Found]:
    """The words with capitals that begin at ``place``, up to the first that is a common one."""
    capitals = cues.CHAIN.match(text, place)
    if capitals is None:
        return
    end = place
    for word in WORD.finditer(text, place, capitals.end()):
        if is_common(word[0]) or (
            word[0].isupper() and len(word[0]) > 3 and end > place and not text[place:end].isupper()
        ):
            break
        end = word.end()
        if word[0].endswith(("'s", "’s")):
            end -= 2
            break
    if end > place and not CODE_BEHIND.match(text, end):
        yield Found(place, end, Hidden.NAME)


def small_name(text: str, place: int, known: Names) -> Iterator[Found]:
    """A name in small letters where one is announced: "my name is anna"."""
    match = cues.LOWER.match(text, place)
    if match is None:
        return
    first, _space, second = match[0].partition(" ")
    if known.is_certain(first):
        yield Found(place, match.end() if known.is_family(second) else place + len(first), Hidden.NAME)


@functools.lru_cache(KEPT)
def is_common(word: str) -> bool:
    folded = folded_word(word)
    return folded in known_names().common or (len(folded) > 6 and folded.endswith(_NO_NAME_ENDS))
